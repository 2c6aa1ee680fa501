// The forecast: what a prescription delivers, and how long the drug lasts.

import { Unit } from "../hal/units";
import { ceilDiv, idiv, imod } from "../protocol/integers";
import { Prescribe } from "../protocol/limits";
import { RefillBy } from "../protocol/service";
import { Mode } from "../protocol/states";
import { remainingLow_pL } from "./books";
import { at } from "./list";
import { Battery, Dose, Fill, Packed, Wall } from "./parameters";
import { C, Staged, W } from "./state";
import type { Pump } from "./state";

/**
 * Works on a prescription in either place, staged or in force: `list` from index `first` on is laid out as `Staged`. Overwrites `reply` and the end of `args`. Doses are in
 * ng x min, rates times minutes, so that nothing is rounded on the way: a week of the greatest flow is 4.9e11 of them, a reservoir 1.2e11.
 */

const enum Minutes { day = 1440, week = 10_080 }

/** What a walk through a day leaves in `reply`. */
const enum Walk {
  /** Of the dose it was given: what the day did not use up. */
  left = 0,
  /** 1 if the dose was used up within the day. */
  done = 1,
  /** The rate that holds where it began. */
  rate = 2,
}

/** More than any dose: a walk with it adds up a day. */
const ENOUGH = 1_125_899_906_842_624;

/** The first place from `from` on, before `end`, whose step is `least` or more; `end` if there is none. Steps ascend. */
function firstNotBelow(p: Pump, list: readonly number[], from: number, end: number, least: number): number {
  let low = from;
  let high = end;
  while (low < high) {
    const middle = idiv(low + high, 2);
    if (at(p.board, list, middle) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Walks through a day from a minute on until `dose` is used up, or the day is over; returns how many minutes that took. The steps of a schedule stand together, so only
 * they are unpacked: a division costs the chip as much as ten of anything else.
 */
function walk(p: Pump, list: readonly number[], first: number, day: number, minute: number, dose: number): number {
  const first_key = at(p.board, list, first + Staged.week + day) * Prescribe.minutes_per_day;
  const least = first_key * Packed.rate_span;
  const beyond = least + Prescribe.minutes_per_day * Packed.rate_span;
  const end = first + Staged.step + at(p.board, list, first + Staged.step_count);
  const { reply } = p;
  let i = firstNotBelow(p, list, first + Staged.step, end, least);
  let rate = 0;
  let from = minute;
  let left = dose;
  reply[Walk.rate] = 0 - 1;
  for (; from < Minutes.day; i++) {
    const step = i < end ? at(p.board, list, i) : beyond;
    const key = step < beyond ? idiv(step, Packed.rate_span) : first_key + Minutes.day;
    const until = key - first_key;
    if (until > from) {
      if (reply[Walk.rate] < 0) reply[Walk.rate] = rate;
      if (rate * (until - from) > left) {
        reply[Walk.done] = 1;
        return from - minute + idiv(left, rate);
      }
      left -= rate * (until - from);
      from = until;
    }
    rate = step - key * Packed.rate_span;
  }
  reply[Walk.left] = left;
  reply[Walk.done] = 0;
  return Minutes.day - minute;
}

/** The dose of a day from a minute on. */
function restOf(p: Pump, list: readonly number[], first: number, day: number, minute: number): number {
  walk(p, list, first, day, minute, ENOUGH);
  return ENOUGH - at(p.board, p.reply, Walk.left);
}

/** Where in `args`, which readings leave free, the doses of the seven weekdays stand once `weigh` has been there. */
const DAYS = 8;

/** Adds up the seven days; returns the week's dose. A day that follows the same schedule as one before it is not walked again. */
function weigh(p: Pump, list: readonly number[], first: number): number {
  let week = 0;
  for (let day = 0; day < 7; day++) {
    let same = 0;
    while (at(p.board, list, first + Staged.week + same) !== at(p.board, list, first + Staged.week + day)) same++;
    p.args[DAYS + day] = same < day ? at(p.board, p.args, DAYS + same) : restOf(p, list, first, day, 0);
    week += at(p.board, p.args, DAYS + day);
  }
  return week;
}

/** Minutes until so many ng x min have been given; `week` is a week's dose, not 0, and the days have been weighed. */
function minutesFor(p: Pump, list: readonly number[], first: number, minute_of_week: number, dose: number, week: number): number {
  const weeks = idiv(dose, week);
  let day = idiv(minute_of_week, Minutes.day);
  let minutes = weeks * Minutes.week + walk(p, list, first, day, minute_of_week - day * Minutes.day, dose - weeks * week);
  while (p.reply[Walk.done] === 0) {
    const left = at(p.board, p.reply, Walk.left);
    day = day === 6 ? 0 : day + 1;
    const whole = at(p.board, p.args, DAYS + day);
    if (whole <= left) {
      p.reply[Walk.left] = left - whole;
      minutes += Minutes.day;
    } else {
      minutes += walk(p, list, first, day, 0, left);
    }
  }
  return minutes;
}

function wall_ms(p: Pump): number {
  return p.w[W.now_ms] + p.c[C.wall_offset_ms];
}

/** Minute of the week now, from Monday 00:00. */
function minuteOfWeek(p: Pump): number {
  return imod(idiv(wall_ms(p), Unit.ms_per_minute) + Wall.epoch_weekday * Minutes.day, Minutes.week);
}

/** The largest dose of one wall-clock day, in ng, rounded up; 0 at the minimum rate, which is a volume. To be asked after `forecast`, which weighs the days. */
export function dailyDose_ng(p: Pump, list: readonly number[], first: number): number {
  if (list[first] !== Mode.schedule) return 0;
  let largest = 0;
  for (let day = 0; day < 7; day++) largest = Math.max(largest, at(p.board, p.args, DAYS + day));
  return ceilDiv(largest, Minutes.day);
}

/** The dose of the 24 h from now, to the minute, in ng, rounded up. */
export function firstDay_ng(p: Pump, list: readonly number[], first: number): number {
  if (list[first] !== Mode.schedule) return 0;
  const now = minuteOfWeek(p);
  const day = idiv(now, Minutes.day);
  const next = day === 6 ? 0 : day + 1;
  const minute = now - day * Minutes.day;
  const today = restOf(p, list, first, day, minute);
  return ceilDiv(today + restOf(p, list, first, next, 0) - restOf(p, list, first, next, minute), Minutes.day);
}

/** What it delivers now: ng/day, or nL/day at the minimum rate. */
export function rateNow(p: Pump, list: readonly number[], first: number): number {
  if (list[first] !== Mode.schedule) return Dose.minimum_nL_per_day;
  const now = minuteOfWeek(p);
  const day = idiv(now, Minutes.day);
  walk(p, list, first, day, now - day * Minutes.day, ENOUGH);
  return at(p.board, p.reply, Walk.rate);
}

/** Volume of so many ng, in nL, rounded up. */
export function volume_nL(p: Pump, dose_ng: number): number {
  return p.c[C.concentration] === 0 ? 0 : ceilDiv(dose_ng * 1000, p.c[C.concentration]);
}

/** Minutes until the low-reservoir volume is reached, with the flow so many thousandths of what is asked; -1 for never. `week` is a week's dose. */
function minutesToLow(p: Pump, list: readonly number[], first: number, flow_permille: number, week: number): number {
  const mode = list[first];
  if (mode === Mode.none || p.c[C.fill_pL] === 0) return 0 - 1;
  const left_pL = idiv(Math.max(0, remainingLow_pL(p) - p.c[C.low_volume_pL]) * Fill.nominal_permille, flow_permille);
  if (mode === Mode.minimum_rate) return idiv(left_pL * Minutes.day, Dose.minimum_nL_per_day * Unit.pL_per_nL);
  // pL x ng/uL is a millionth of a ng; a ng is 1440 ng x min at one ng/day.
  const dose = idiv(left_pL * p.c[C.concentration] * 9, 6250);
  return week === 0 ? 0 - 1 : minutesFor(p, list, first, minuteOfWeek(p), dose, week);
}

/** Where `forecast` puts its three values. */
export const enum Forecast { by_ms = 0, nominal_ms = 1, decided = 2 }

function earliest(p: Pump, into: number[], decided: RefillBy, at_ms: number): void {
  const before_ms = at(p.board, into, Forecast.by_ms);
  if (before_ms !== 0 && before_ms <= at_ms) return;
  into[Forecast.by_ms] = at_ms;
  into[Forecast.decided] = decided;
}

/**
 * Until when the reservoir lasts by wall clock (FILL-5), into `into`: the earliest of the low-reservoir volume with the flow 14.5 % high, the drug's
 * stability and elective replacement by age; which of them; and the low-reservoir volume at nominal flow. 0 for never. Minutes are rounded down.
 */
export function forecast(p: Pump, list: readonly number[], first: number, into: number[]): void {
  const minute_ms = idiv(wall_ms(p), Unit.ms_per_minute) * Unit.ms_per_minute;
  const week = list[first] === Mode.schedule ? weigh(p, list, first) : 0;
  const high = minutesToLow(p, list, first, Fill.high_permille, week);
  const nominal = minutesToLow(p, list, first, Fill.nominal_permille, week);
  into[Forecast.by_ms] = 0;
  into[Forecast.decided] = 0;
  into[Forecast.nominal_ms] = nominal < 0 ? 0 : minute_ms + nominal * Unit.ms_per_minute;
  if (high >= 0) earliest(p, into, high === 0 ? RefillBy.already : RefillBy.low_reservoir, minute_ms + high * Unit.ms_per_minute);
  if (p.c[C.fill_pL] !== 0) earliest(p, into, RefillBy.drug_stability, p.c[C.filled_ms] + p.c[C.wall_offset_ms] + Fill.stable_ms);
  const eri_ms = p.c[C.eri_ms] === 0 ? Battery.eri_age_ms : p.c[C.eri_ms];
  earliest(p, into, RefillBy.battery_eri, eri_ms + p.c[C.wall_offset_ms]);
}
