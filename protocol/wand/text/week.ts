// Weekday schedules as people write them: days, times of day and dose rates.

import { Prescribe } from "../../limits";

/** A schedule as it is staged (protocol/SERVICE.md, `stage` and `stage_steps`). */
export interface WeekSchedule {
  /** Which day schedule Monday to Sunday follow. */
  readonly week: readonly number[];
  /** Pairs of (schedule x 1440 + minute of day) and rate in ng/day, in the order in which they were written. */
  readonly steps: readonly number[];
}

/** Names of the weekdays, Monday first. */
export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/** What days and times look like, for messages. */
export const DAYS_EXPECTED = 'weekdays such as "mon-fri", "sat,sun" or "daily"';
export const TIMES_EXPECTED = 'times of day with dose rates, such as {"00:00": 200ug/day, "08:30": 350ug/day}';

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

/** "mon-fri", "sat,sun", "daily": the way back, in the fewest words. */
export function daysText(days: readonly number[]): string {
  if (days.length === DAYS.length) return "daily";
  const parts: string[] = [];
  for (let i = 0; i < days.length; i += 1) {
    let last = i;
    while (days[last + 1] === (days[last] ?? 0) + 1) last += 1;
    const [from = "", to = ""] = [DAYS[days[i] ?? 0], DAYS[days[last] ?? 0]];
    parts.push(last > i + 1 ? `${from}-${to}` : last > i ? `${from},${to}` : from);
    i = last;
  }
  return parts.join(",");
}

/** Minute of day of "08:30"; undefined if it is none. */
export function parseMinute(text: string): number | undefined {
  const found = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  return found === null ? undefined : Number(found[1]) * 60 + Number(found[2]);
}

/** "08:30" of 510. */
export function minuteText(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

/** A pair of a mapping as it was written; `place` is whatever the reader needs to point there, `value` undefined where nothing was written. */
export interface Written<Place> {
  readonly name: string;
  readonly place: Place;
  readonly value: Place | undefined;
}

/** How a file is read: what stands in it, and where to tell what is wrong. */
export interface WeekReader<Place> {
  /** The pairs of a mapping, or undefined if it is none. */
  readonly pairs: (place: Place) => readonly Written<Place>[] | undefined;
  /** A dose rate in ng/day; tells itself what is wrong, and is undefined then. */
  readonly rate: (place: Place) => number | undefined;
  readonly report: (place: Place, text: string) => void;
  /** What stands at a place, for messages. */
  readonly describe: (place: Place | undefined) => string;
  /** What a dose rate looks like, for messages. */
  readonly rate_expected: string;
}

function readDay<Place>(reader: WeekReader<Place>, day: Written<Place>, schedule: number): number[] {
  const steps: number[] = [];
  const times = day.value === undefined ? undefined : reader.pairs(day.value);
  if (times === undefined) {
    reader.report(day.value ?? day.place, `expected ${TIMES_EXPECTED}, found ${reader.describe(day.value)}`);
    return steps;
  }
  for (const { name, place, value } of times) {
    const minute = parseMinute(name);
    if (minute === undefined) reader.report(place, `"${name}" is not a time of day such as "08:30"`);
    else if (value === undefined) reader.report(place, `"${name}" has no value: expected ${reader.rate_expected}`);
    else {
      const rate = reader.rate(value);
      if (rate !== undefined) steps.push(schedule * Prescribe.minutes_per_day + minute, rate);
    }
  }
  return steps;
}

/** Notes which schedule the days of `entry` follow; each day may be named once. */
function takeDays<Place>(reader: WeekReader<Place>, entry: Written<Place>, week: (number | undefined)[], schedule: number): void {
  const days = parseDays(entry.name);
  if (days === undefined) {
    reader.report(entry.place, `"${entry.name}" is not ${DAYS_EXPECTED}`);
    return;
  }
  for (const day of days) {
    if (week[day] !== undefined) reader.report(entry.place, `${DAYS[day] ?? ""} already has a schedule`);
    week[day] = schedule;
  }
}

/**
 * Reads a mapping from weekdays to mappings from times of day to dose rates. Every weekday must be named once. What is wrong is reported, and days
 * that are missing only if nothing else is. Whether a day begins at 00:00, ascends and has at most 24 steps is for the pump to accept or refuse.
 */
export function readWeek<Place>(reader: WeekReader<Place>, root: Place, entries: readonly Written<Place>[]): WeekSchedule {
  let wrong = false;
  const noting: WeekReader<Place> = {
    ...reader,
    report: (place, text) => { wrong = true; reader.report(place, text); },
    rate: (place) => {
      const value = reader.rate(place);
      wrong = wrong || value === undefined;
      return value;
    },
  };
  const week: (number | undefined)[] = DAYS.map(() => undefined);
  const steps: number[] = [];
  entries.forEach((entry, schedule) => {
    takeDays(noting, entry, week, schedule);
    steps.push(...readDay(noting, entry, schedule));
  });
  const missing = DAYS.filter((_, day) => week[day] === undefined);
  if (!wrong && missing.length > 0) reader.report(root, `no schedule for ${missing.join(", ")}`);
  return { week: week.map((schedule) => schedule ?? 0), steps };
}
