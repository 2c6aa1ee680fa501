// The kind of field for a weekday schedule: days, times of day, dose rates.

import { isMap } from "yaml";
import type { Node } from "yaml";
import { Prescribe } from "../../limits";
import { MEASURES } from "../text/quantity";
import { DAYS, DAYS_EXPECTED, parseDays, parseMinute, TIMES_EXPECTED } from "../text/week";
import type { WeekSchedule } from "../text/week";
import { quantity, wrong } from "./kinds";
import type { Kind } from "./kinds";
import { describeNode } from "./reader";
import type { Entry, Reader } from "./reader";

const rate = quantity(MEASURES.rate);

/** The steps of a day: pairs of (schedule x 1440 + minute) and rate. */
function readDay(reader: Reader, day: Entry, schedule: number): number[] {
  const steps: number[] = [];
  if (!isMap(day.value)) {
    reader.report(day.value ?? day.key, `expected ${TIMES_EXPECTED}, found ${describeNode(day.value)}`);
    return steps;
  }
  for (const { name, key, value } of reader.entries(day.value)) {
    const minute = parseMinute(name);
    if (minute === undefined) reader.report(key, `"${name}" is not a time of day such as "08:30"`);
    else if (value === null) reader.report(key, `"${name}" has no value: expected ${rate.expects}`);
    else {
      const read = rate.read(reader, value);
      if (read !== undefined) steps.push(schedule * Prescribe.minutes_per_day + minute, read);
    }
  }
  return steps;
}

/** Notes which schedule the days of `entry` follow; each day may be named once. */
function takeDays(reader: Reader, entry: Entry, week: (number | undefined)[], schedule: number): void {
  const days = parseDays(entry.name);
  if (days === undefined) {
    reader.report(entry.key, `"${entry.name}" is not ${DAYS_EXPECTED}`);
    return;
  }
  for (const day of days) {
    if (week[day] !== undefined) reader.report(entry.key, `${DAYS[day] ?? ""} already has a schedule`);
    week[day] = schedule;
  }
}

/**
 * Reads a mapping from weekdays to mappings from times of day to dose rates. Every weekday must be named once. What is wrong is reported, and days
 * that are missing only if nothing else is. Whether a day begins at 00:00, ascends and has at most 24 steps is for the pump to accept or refuse.
 */
function readWeek(reader: Reader, root: Node, entries: readonly Entry[]): WeekSchedule | undefined {
  const before = reader.problems.length;
  const week: (number | undefined)[] = DAYS.map(() => undefined);
  const steps: number[] = [];
  entries.forEach((entry, schedule) => {
    takeDays(reader, entry, week, schedule);
    steps.push(...readDay(reader, entry, schedule));
  });
  const missing = DAYS.filter((_, day) => week[day] === undefined);
  if (reader.problems.length === before && missing.length > 0) reader.report(root, `no schedule for ${missing.join(", ")}`);
  return reader.problems.length > before ? undefined : { week: week.map((schedule) => schedule ?? 0), steps };
}

/** A mapping from weekdays to a mapping from times of day to dose rates. */
export const weekSchedule: Kind<WeekSchedule> = {
  name: "week schedule", expects: `a mapping from ${DAYS_EXPECTED} to ${TIMES_EXPECTED}`,
  schema: { type: "object", additionalProperties: { type: "object", additionalProperties: rate.schema } },
  read(reader, node) {
    return isMap(node) ? readWeek(reader, node, reader.entries(node)) : wrong(reader, node, this.expects);
  },
};
