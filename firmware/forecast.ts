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
 * Works on a prescription in either place, staged or in force: `list` from index `first` on is laid out as `Staged`. Doses are in
 * ng x min, rates times minutes, so that nothing is rounded on the way: a week of the greatest flow is 4.9e11 of them, a reservoir 1.2e11.
 */

const enum Minutes { day = 1440, week = 10_080 }

/** What a walk over the schedule has reached. */
const enum Walk { rate = 0, until = 1 }

/** At a minute of the week: the rate that holds, and the minute of the day up to which it does, into `reply`. */
function lookUp(p: Pump, list: readonly number[], first: number, minute_of_week: number): void {
  const day = idiv(minute_of_week, Minutes.day);
  const first_key = at(p.board, list, first + Staged.week + day) * Prescribe.minutes_per_day;
  const key = first_key + minute_of_week - day * Minutes.day;
  const end = first + Staged.step + at(p.board, list, first + Staged.step_count);
  p.reply[Walk.rate] = 0;
  p.reply[Walk.until] = Minutes.day;
  for (let i = first + Staged.step; i < end; i++) {
    const step = at(p.board, list, i);
    const step_key = idiv(step, Packed.rate_span);
    if (step_key > key) {
      p.reply[Walk.until] = Math.min(Minutes.day, step_key - first_key);
      return;
    }
    p.reply[Walk.rate] = imod(step, Packed.rate_span);
  }
}

/** The dose of `minutes` from a minute of the week on, in ng x min. */
function doseOf(p: Pump, list: readonly number[], first: number, minute_of_week: number, minutes: number): number {
  let dose = 0;
  let minute = minute_of_week;
  let left = minutes;
  while (left > 0) {
    lookUp(p, list, first, minute);
    const span = Math.min(left, at(p.board, p.reply, Walk.until) - imod(minute, Minutes.day));
    dose += at(p.board, p.reply, Walk.rate) * span;
    left -= span;
    minute = imod(minute + span, Minutes.week);
  }
  return dose;
}

/** Minutes until so many ng x min have been given; `week` is a week's dose, not 0. */
function minutesFor(p: Pump, list: readonly number[], first: number, minute_of_week: number, dose: number, week: number): number {
  const weeks = idiv(dose, week);
  let left = dose - weeks * week;
  let minute = minute_of_week;
  let minutes = weeks * Minutes.week;
  for (;;) {
    lookUp(p, list, first, minute);
    const rate = at(p.board, p.reply, Walk.rate);
    const span = at(p.board, p.reply, Walk.until) - imod(minute, Minutes.day);
    if (rate * span > left) return minutes + idiv(left, rate);
    left -= rate * span;
    minutes += span;
    minute = imod(minute + span, Minutes.week);
  }
}

function wall_ms(p: Pump): number {
  return p.w[W.now_ms] + p.c[C.wall_offset_ms];
}

/** Minute of the week now, from Monday 00:00. */
function minuteOfWeek(p: Pump): number {
  return imod(idiv(wall_ms(p), Unit.ms_per_minute) + Wall.epoch_weekday * Minutes.day, Minutes.week);
}

/** The largest dose of one wall-clock day, in ng, rounded up; 0 at the minimum rate, which is a volume. */
export function dailyDose_ng(p: Pump, list: readonly number[], first: number): number {
  if (list[first] !== Mode.schedule) return 0;
  let largest = 0;
  for (let day = 0; day < 7; day++) largest = Math.max(largest, doseOf(p, list, first, day * Minutes.day, Minutes.day));
  return ceilDiv(largest, Minutes.day);
}

/** The dose of the 24 h from now, to the minute, in ng, rounded up. */
export function firstDay_ng(p: Pump, list: readonly number[], first: number): number {
  return list[first] === Mode.schedule ? ceilDiv(doseOf(p, list, first, minuteOfWeek(p), Minutes.day), Minutes.day) : 0;
}

/** What it delivers now: ng/day, or nL/day at the minimum rate. */
export function rateNow(p: Pump, list: readonly number[], first: number): number {
  if (list[first] !== Mode.schedule) return Dose.minimum_nL_per_day;
  lookUp(p, list, first, minuteOfWeek(p));
  return at(p.board, p.reply, Walk.rate);
}

/** Volume of so many ng, in nL, rounded up. */
export function volume_nL(p: Pump, dose_ng: number): number {
  return p.c[C.concentration] === 0 ? 0 : ceilDiv(dose_ng * 1000, p.c[C.concentration]);
}

/** Minutes until the low-reservoir volume is reached, with the flow so many thousandths of what is asked; -1 for never. */
function minutesToLow(p: Pump, list: readonly number[], first: number, flow_permille: number): number {
  const mode = list[first];
  if (mode === Mode.none || p.c[C.fill_pL] === 0) return 0 - 1;
  const left_pL = idiv(Math.max(0, remainingLow_pL(p) - p.c[C.low_volume_pL]) * Fill.nominal_permille, flow_permille);
  if (mode === Mode.minimum_rate) return idiv(left_pL * Minutes.day, Dose.minimum_nL_per_day * Unit.pL_per_nL);
  // pL x ng/uL is a millionth of a ng; a ng is 1440 ng x min at one ng/day.
  const dose = idiv(left_pL * p.c[C.concentration] * 9, 6250);
  const week = doseOf(p, list, first, 0, Minutes.week);
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
  const high = minutesToLow(p, list, first, Fill.high_permille);
  const nominal = minutesToLow(p, list, first, Fill.nominal_permille);
  into[Forecast.by_ms] = 0;
  into[Forecast.decided] = 0;
  into[Forecast.nominal_ms] = nominal < 0 ? 0 : minute_ms + nominal * Unit.ms_per_minute;
  if (high >= 0) earliest(p, into, high === 0 ? RefillBy.already : RefillBy.low_reservoir, minute_ms + high * Unit.ms_per_minute);
  if (p.c[C.fill_pL] !== 0) earliest(p, into, RefillBy.drug_stability, p.c[C.filled_ms] + p.c[C.wall_offset_ms] + Fill.stable_ms);
  const eri_ms = p.c[C.eri_ms] === 0 ? Battery.eri_age_ms : p.c[C.eri_ms];
  earliest(p, into, RefillBy.battery_eri, eri_ms + p.c[C.wall_offset_ms]);
}
