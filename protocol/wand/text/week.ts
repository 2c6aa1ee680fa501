// Weekdays and times of day as people write them.

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
