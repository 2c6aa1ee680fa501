// Wall-clock times as people write them, and times as reports show them.

import { Unit } from "../../../hal/units";

const pattern = /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{3}))?)?)?$/;

/** The same for JSON Schema. */
export const WALL_PATTERN = "\\d{4}-\\d{2}-\\d{2}([ T]\\d{2}:\\d{2}(:\\d{2}(\\.\\d{3})?)?)?";

/** What a wall time looks like, for messages. */
export const WALL_EXPECTED = 'a date and time such as "2026-03-29 03:00"';

/**
 * "2026-03-29 03:00", with seconds and milliseconds if wanted, as WallMs; undefined if there is no such
 * day or time. The pump knows no time zones, so this is arithmetic and not a question to the host's clock.
 */
export function parseWall(text: string): number | undefined {
  const found = pattern.exec(text.trim());
  if (found === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, ms = 0] = found.slice(1).map((digits) => Number(digits ?? 0));
  if (month < 1 || month > 12 || day < 1 || day > monthDays(year, month) || hour > 23 || minute > 59 || second > 59) return undefined;
  return daysTo(year, month, day) * Unit.ms_per_day + ((hour * 60 + minute) * 60 + second) * 1000 + ms;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function monthDays(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days from 1970-01-01: years counted from March, so that the leap day is the last of a year. */
function daysTo(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const m = month <= 2 ? month + 9 : month - 3;
  return y * 365 + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + Math.floor((m * 153 + 2) / 5) + day - 719_469;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** Year, month and day of a WallMs. */
export function dateOf(wall_ms: number): { readonly year: number; readonly month: number; readonly day: number } {
  const days = Math.floor(wall_ms / Unit.ms_per_day);
  // A year that is surely not later than the right one.
  let year = 1970 + Math.floor(days / (days < 0 ? 365 : 366));
  while (daysTo(year + 1, 1, 1) <= days) year += 1;
  let month = 1;
  while (month < 12 && daysTo(year, month + 1, 1) <= days) month += 1;
  return { year, month, day: days - daysTo(year, month, 1) + 1 };
}

/** "08:30", with ":15" or ":15.250" only where there are any. */
function clockText(ms_of_day: number): string {
  const ms = ms_of_day % 1000;
  const second = Math.floor(ms_of_day / 1000) % 60;
  const minute = Math.floor(ms_of_day / Unit.ms_per_minute) % 60;
  const short = `${two(Math.floor(ms_of_day / Unit.ms_per_hour))}:${two(minute)}`;
  if (ms !== 0) return `${short}:${two(second)}.${String(ms).padStart(3, "0")}`;
  return second !== 0 ? `${short}:${two(second)}` : short;
}

/** A WallMs as it is written in a scenario: "2026-03-29 03:00". */
export function wallText(wall_ms: number): string {
  const { year, month, day } = dateOf(wall_ms);
  const of_day = wall_ms - Math.floor(wall_ms / Unit.ms_per_day) * Unit.ms_per_day;
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)} ${clockText(of_day)}`;
}

/** A duration in ms as it is written in a scenario: "30d 2h 5min", exact. */
export function durationText(duration_ms: number): string {
  if (duration_ms === 0) return "0s";
  const parts: string[] = [];
  let rest = Math.abs(duration_ms);
  for (const [name, size] of [["d", Unit.ms_per_day], ["h", Unit.ms_per_hour], ["min", Unit.ms_per_minute], ["s", 1000], ["ms", 1]] as const) {
    const count = Math.floor(rest / size);
    if (count > 0) parts.push(`${String(count)}${name}`);
    rest -= count * size;
  }
  return (duration_ms < 0 ? "-" : "") + parts.join(" ");
}

/** A decimal number of `digits` places from an integer: 17_750_000 with 6 is "17.75", no floating point. */
export function decimalText(value: number, digits: number): string {
  const padded = String(Math.abs(value)).padStart(digits + 1, "0");
  const fraction = padded.slice(padded.length - digits).replace(/0+$/, "");
  return (value < 0 ? "-" : "") + padded.slice(0, padded.length - digits) + (fraction === "" ? "" : `.${fraction}`);
}
