// Weekday schedules as scenarios write them: days, times of day and dose rates.

import { isMap } from "yaml";
import type { Node } from "yaml";
import { Prescribe } from "../../protocol/operations";
import { quantity, wrong } from "./kinds";
import type { Kind } from "./kinds";
import { MEASURES } from "./quantity";
import { describeNode } from "./reader";
import type { Entry, Reader } from "./reader";

/** A schedule as `Op.prescribe` takes it (protocol/operations.ts). */
export interface WeekSchedule {
  /** Which day schedule Monday to Sunday follow. */
  readonly week: readonly number[];
  /** Pairs of (schedule x 1440 + minute of day) and rate in ng/day, in the order of the file. */
  readonly steps: readonly number[];
}

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const days_expected = 'weekdays such as "mon-fri", "sat,sun" or "daily"';
const times_expected = 'times of day with dose rates, such as {"00:00": 200ug/day, "08:30": 350ug/day}';
const rate = quantity(MEASURES.rate);

/** The weekdays (0 is Monday) of "mon-fri", "mon,wed" or "daily"; undefined if it names none. */
export function parseDays(text: string): number[] | undefined {
  if (text === "daily") return [0, 1, 2, 3, 4, 5, 6];
  const days: number[] = [];
  for (const part of text.split(",")) {
    const [first = "", last = first, ...rest] = part.trim().split("-");
    const from = DAYS.indexOf(first);
    const to = DAYS.indexOf(last);
    if (from < 0 || to < from || rest.length > 0) return undefined;
    for (let day = from; day <= to; day += 1) days.push(day);
  }
  return days;
}

/** Minute of day of "08:30"; undefined if it is none. */
export function parseMinute(text: string): number | undefined {
  const found = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  return found === null ? undefined : Number(found[1]) * 60 + Number(found[2]);
}

function readDay(reader: Reader, node: Node | null, key: Node, schedule: number): number[] {
  const steps: number[] = [];
  if (!isMap(node)) {
    reader.report(node ?? key, `expected ${times_expected}, found ${describeNode(node)}`);
    return steps;
  }
  for (const entry of reader.entries(node)) {
    const minute = parseMinute(entry.name);
    if (minute === undefined) reader.report(entry.key, `"${entry.name}" is not a time of day such as "08:30"`);
    else if (entry.value === null) reader.report(entry.key, `"${entry.name}" has no value: expected ${rate.expects}`);
    else {
      const value = rate.read(reader, entry.value);
      if (value !== undefined) steps.push(schedule * Prescribe.minutes_per_day + minute, value);
    }
  }
  return steps;
}

/** Notes which schedule the days of `entry` follow; each day may be named once. */
function takeDays(reader: Reader, entry: Entry, week: (number | undefined)[], schedule: number): void {
  const days = parseDays(entry.name);
  if (days === undefined) {
    reader.report(entry.key, `"${entry.name}" is not ${days_expected}`);
    return;
  }
  for (const day of days) {
    if (week[day] !== undefined) reader.report(entry.key, `${DAYS[day] ?? ""} already has a schedule`);
    week[day] = schedule;
  }
}

/**
 * A mapping from weekdays to a mapping from times of day to dose rates. Every weekday must be named once.
 * Whether a day begins at 00:00, ascends and has at most 24 steps is for the pump to accept or refuse.
 */
export const weekSchedule: Kind<WeekSchedule> = {
  name: "week schedule", expects: `a mapping from ${days_expected} to ${times_expected}`,
  schema: { type: "object", additionalProperties: { type: "object", additionalProperties: rate.schema } },
  read(reader, node) {
    if (!isMap(node)) return wrong(reader, node, this.expects);
    const before = reader.problems.length;
    const week: (number | undefined)[] = DAYS.map(() => undefined);
    const steps: number[] = [];
    reader.entries(node).forEach((entry, schedule) => {
      takeDays(reader, entry, week, schedule);
      steps.push(...readDay(reader, entry.value, entry.key, schedule));
    });
    const missing = DAYS.filter((_, day) => week[day] === undefined);
    if (reader.problems.length === before && missing.length > 0) reader.report(node, `no schedule for ${missing.join(", ")}`);
    return reader.problems.length > before ? undefined : { week: week.map((schedule) => schedule ?? 0), steps };
  },
};
