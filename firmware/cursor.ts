// A cursor in a week's schedule: the basal dose of any stretch of time.

import { Unit } from "../hal/units";
import { idiv, imod } from "../protocol/integers";
import { Prescribe } from "../protocol/limits";
import { Mode } from "../protocol/states";
import { at } from "./list";
import { Dose, Packed, Wall } from "./parameters";
import { C, Staged, W } from "./state";
import type { Pump } from "./state";

/**
 * Works on a prescription in either place, staged or in force: `list` from index `first` on is laid out as `Staged`. A cursor goes forward through the week, from
 * rate to rate, and adds up dose in ng/day x min, so that nothing is rounded: a week of the greatest flow is 4.9e11 of them. At the minimum rate the dose is that
 * of the drug at the tip. Its values are read in place and not by a function: a review goes through hundreds of rates, and a call costs the chip as much as ten
 * of anything else.
 */
export const enum Cursor {
  tail = 0,
  head = 4,
}

/** Values of a cursor. */
const enum At {
  /** The weekday it is in. */
  day = 0,
  /** Where the step stands that comes next. */
  next = 1,
  /** Its rate, and for how many minutes from here on that holds. */
  rate = 2,
  left = 3,
}

const MINUTES_PER_WEEK = 10_080;

/** Minute of the week, from Monday 00:00, by a wall clock that is `shift_ms` from the pump's. */
export function minuteOfWeek(p: Pump, shift_ms: number): number {
  const minute = idiv(p.w[W.now_ms] + p.c[C.wall_offset_ms] + shift_ms, Unit.ms_per_minute);
  return imod(minute + Wall.epoch_weekday * Prescribe.minutes_per_day, MINUTES_PER_WEEK);
}

/** The first place from `from` on, before `end`, whose step is `least` or more; `end` if there is none. Steps ascend. */
export function firstNotBelow(p: Pump, list: readonly number[], from: number, end: number, least: number): number {
  let low = from;
  let high = end;
  while (low < high) {
    const middle = idiv(low + high, 2);
    if (at(p.board, list, middle) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Takes up the step at `At.next`, which begins at `minute` of the day. */
function take(p: Pump, k: Cursor, list: readonly number[], first: number, minute: number): void {
  const i = at(p.board, p.w, W.cursor + k + At.next);
  const first_key = at(p.board, list, first + Staged.week + at(p.board, p.w, W.cursor + k + At.day)) * Prescribe.minutes_per_day;
  const end = first + Staged.step + at(p.board, list, first + Staged.step_count);
  const after = i + 1 < end ? idiv(at(p.board, list, i + 1), Packed.rate_span) - first_key : Prescribe.minutes_per_day;
  p.w[W.cursor + k + At.rate] = imod(at(p.board, list, i), Packed.rate_span);
  p.w[W.cursor + k + At.left] = Math.min(after, Prescribe.minutes_per_day) - minute;
  p.w[W.cursor + k + At.next] = after < Prescribe.minutes_per_day ? i + 1 : 0;
}

/** Puts the cursor at midnight of a day. */
function takeDay(p: Pump, k: Cursor, list: readonly number[], first: number, day: number): void {
  const least = at(p.board, list, first + Staged.week + day) * Prescribe.minutes_per_day * Packed.rate_span;
  const end = first + Staged.step + at(p.board, list, first + Staged.step_count);
  p.w[W.cursor + k + At.day] = day;
  p.w[W.cursor + k + At.next] = firstNotBelow(p, list, first + Staged.step, end, least);
  take(p, k, list, first, 0);
}

/** On to the next rate. */
function turn(p: Pump, k: Cursor, list: readonly number[], first: number): void {
  if (at(p.board, p.w, W.cursor + k + At.next) === 0) {
    takeDay(p, k, list, first, imod(at(p.board, p.w, W.cursor + k + At.day) + 1, 7));
    return;
  }
  const first_key = at(p.board, list, first + Staged.week + at(p.board, p.w, W.cursor + k + At.day)) * Prescribe.minutes_per_day;
  take(p, k, list, first, idiv(at(p.board, list, at(p.board, p.w, W.cursor + k + At.next)), Packed.rate_span) - first_key);
}

/** Goes on by `minutes`, which do not pass the end of the present rate. */
function pass(p: Pump, k: Cursor, list: readonly number[], first: number, minutes: number): void {
  const left = at(p.board, p.w, W.cursor + k + At.left) - minutes;
  p.w[W.cursor + k + At.left] = left;
  if (left === 0) turn(p, k, list, first);
}

/** Puts the cursor at a minute of the week. At the minimum rate it stands in one rate that does not end. */
export function seek(p: Pump, k: Cursor, list: readonly number[], first: number, minute_of_week: number): void {
  if (list[first] !== Mode.schedule) {
    p.w[W.cursor + k + At.rate] = idiv(Dose.minimum_nL_per_day * p.c[C.tip], 1000);
    p.w[W.cursor + k + At.left] = 0 - 1;
    return;
  }
  const day = idiv(minute_of_week, Prescribe.minutes_per_day);
  takeDay(p, k, list, first, imod(day, 7));
  give(p, k, list, first, minute_of_week - day * Prescribe.minutes_per_day);
}

/** Goes on by `minutes` and returns the dose of them, in ng/day x min. */
export function give(p: Pump, k: Cursor, list: readonly number[], first: number, minutes: number): number {
  let dose = 0;
  let rest = minutes;
  if (at(p.board, p.w, W.cursor + k + At.left) < 0) return at(p.board, p.w, W.cursor + k + At.rate) * minutes;
  while (rest > 0) {
    const part = Math.min(rest, at(p.board, p.w, W.cursor + k + At.left));
    dose += at(p.board, p.w, W.cursor + k + At.rate) * part;
    pass(p, k, list, first, part);
    rest -= part;
  }
  return dose;
}

/** The largest dose of a window of `window` minutes that begins within `span` minutes from a minute of the week on, in ng/day x min. */
export function worstWindow(p: Pump, list: readonly number[], first: number, minute_of_week: number, span: number, window: number): number {
  seek(p, Cursor.tail, list, first, minute_of_week);
  seek(p, Cursor.head, list, first, minute_of_week);
  let sum = give(p, Cursor.head, list, first, window);
  let largest = sum;
  let rest = at(p.board, p.w, W.cursor + Cursor.tail + At.left) < 0 ? 0 : span;
  while (rest > 0) {
    const part = Math.min(rest, Math.min(at(p.board, p.w, W.cursor + Cursor.tail + At.left), at(p.board, p.w, W.cursor + Cursor.head + At.left)));
    sum += (at(p.board, p.w, W.cursor + Cursor.head + At.rate) - at(p.board, p.w, W.cursor + Cursor.tail + At.rate)) * part;
    pass(p, Cursor.tail, list, first, part);
    pass(p, Cursor.head, list, first, part);
    largest = Math.max(largest, sum);
    rest -= part;
  }
  return largest;
}

/** The largest dose of a window anywhere in the week. */
export function worstOfWeek(p: Pump, list: readonly number[], first: number, window: number): number {
  return worstWindow(p, list, first, 0, MINUTES_PER_WEEK, window);
}
