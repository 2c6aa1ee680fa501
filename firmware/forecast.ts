// The forecast: what a prescription delivers, and how long the drug lasts.

import { Unit } from "../hal/units";
import { ceilDiv, idiv } from "../protocol/integers";
import { Prescribe } from "../protocol/limits";
import { RefillBy } from "../protocol/service";
import { Mode } from "../protocol/states";
import { dayOfBoluses_ng } from "./boluses";
import { firstNotBelow, minuteOfWeek } from "./cursor";
import { at } from "./list";
import { Battery, Dose, Fill, Packed } from "./parameters";
import { doseOf } from "./plugs";
import { C, Filled, Staged, W } from "./state";
import { scaleOf } from "./titration";
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

/** A week's dose, of days that have been weighed. */
function weekOf(p: Pump): number {
  let week = 0;
  for (let day = 0; day < 7; day++) week += at(p.board, p.args, DAYS + day);
  return week;
}

/** The largest dose of a weekday's basal, in ng x min. */
export function largestDay(p: Pump, list: readonly number[], first: number): number {
  weigh(p, list, first);
  let largest = 0;
  for (let day = 0; day < 7; day++) largest = Math.max(largest, at(p.board, p.args, DAYS + day));
  return largest;
}

/**
 * Minutes until so many ng x min have been given, basal scaled by so many thousandths and with `extra` of boluses each day, at its beginning; `week` is a week's
 * basal, and the days have been weighed. The two are not both 0.
 */
function minutesFor(p: Pump, list: readonly number[], first: number, dose: number, week: number, scale: number, extra: number): number {
  const of_week = ceilDiv(week * scale, 1000) + 7 * extra;
  const weeks = idiv(dose, of_week);
  const now = minuteOfWeek(p, 0);
  let day = idiv(now, Minutes.day);
  let minute = now - day * Minutes.day;
  let left = dose - weeks * of_week;
  let minutes = weeks * Minutes.week;
  for (;;) {
    const basal = minute === 0 ? at(p.board, p.args, DAYS + day) : restOf(p, list, first, day, minute);
    const whole = ceilDiv(basal * scale, 1000) + extra;
    if (whole > left) return minutes + walk(p, list, first, day, minute, idiv(Math.max(0, left - extra) * 1000, scale));
    left -= whole;
    minutes += Minutes.day - minute;
    minute = 0;
    day = day === 6 ? 0 : day + 1;
  }
}

/** The dose of the 24 h from now, to the minute, in ng, rounded up: a step of a titration plan lasts that long, and each timed bolus comes once. */
export function firstDay_ng(p: Pump, list: readonly number[], first: number): number {
  if (list[first] !== Mode.schedule) return 0;
  const now = minuteOfWeek(p, 0);
  const day = idiv(now, Minutes.day);
  const next = day === 6 ? 0 : day + 1;
  const minute = now - day * Minutes.day;
  const today = restOf(p, list, first, day, minute);
  const basal = today + restOf(p, list, first, next, 0) - restOf(p, list, first, next, minute);
  return ceilDiv(basal * scaleOf(p, list, first, 0), 1000 * Minutes.day) + dayOfBoluses_ng(p, list, first);
}

/** What it delivers now: ng/day, or nL/day at the minimum rate. */
export function rateNow(p: Pump, list: readonly number[], first: number): number {
  if (list[first] !== Mode.schedule) return Dose.minimum_nL_per_day;
  const now = minuteOfWeek(p, 0);
  const day = idiv(now, Minutes.day);
  walk(p, list, first, day, now - day * Minutes.day, ENOUGH);
  return idiv(at(p.board, p.reply, Walk.rate) * scaleOf(p, list, first, 0), 1000);
}

function filled(p: Pump, what: Filled): number {
  return at(p.board, p.w, W.filled + what);
}

/** Boluses of a day, in ng x min: timed and periodic ones, and at the worst all of the patient's. */
function extraOf(p: Pump, list: readonly number[], first: number, worst: boolean): number {
  const patient = worst ? at(p.board, list, first + Staged.patient_ng) * at(p.board, list, first + Staged.patient_max) : 0;
  return (dayOfBoluses_ng(p, list, first) + patient) * Minutes.day;
}

/** Minutes until the low-reservoir volume is reached, nominally or at the worst; -1 for never. `week` is a week's basal. */
function minutesToLow(p: Pump, list: readonly number[], first: number, worst: boolean, week: number): number {
  const mode = list[first];
  if (mode === Mode.none || filled(p, Filled.left_pL) === 0) return 0 - 1;
  const flow_permille = worst ? Fill.high_permille : Fill.nominal_permille;
  const left_pL = idiv(Math.max(0, filled(p, Filled.left_pL) - p.c[C.low_volume_pL]) * Fill.nominal_permille, flow_permille);
  if (mode === Mode.minimum_rate) return idiv(left_pL * Minutes.day, Dose.minimum_nL_per_day * Unit.pL_per_nL);
  const bridge_pL = filled(p, Filled.bridge_pL);
  const drug = filled(p, Filled.drug);
  const before_pL = Math.min(left_pL, bridge_pL);
  const mass = bridge_pL === 0 ? doseOf(p, left_pL, drug) : doseOf(p, before_pL, p.c[C.concentration]) + (left_pL - before_pL) * drug;
  const extra = extraOf(p, list, first, worst);
  if (week + extra === 0) return 0 - 1;
  // pL x ng/uL is a millionth of a ng; a ng is 1440 ng x min at one ng/day.
  return minutesFor(p, list, first, idiv(mass * 9, 6250), week, scaleOf(p, list, first, worst ? 1 : 0), extra);
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
 * stability and elective replacement by age; which of them; and the low-reservoir volume at nominal flow. 0 for never. Minutes are rounded down. `weighed` says that the days are (`largestDay`), in this entry.
 */
export function forecast(p: Pump, list: readonly number[], first: number, weighed: boolean, into: number[]): void {
  const minute_ms = idiv(p.w[W.now_ms] + p.c[C.wall_offset_ms], Unit.ms_per_minute) * Unit.ms_per_minute;
  const week = list[first] !== Mode.schedule ? 0 : weighed ? weekOf(p) : weigh(p, list, first);
  const high = minutesToLow(p, list, first, true, week);
  const nominal = minutesToLow(p, list, first, false, week);
  into[Forecast.by_ms] = 0;
  into[Forecast.decided] = 0;
  into[Forecast.nominal_ms] = nominal < 0 ? 0 : minute_ms + nominal * Unit.ms_per_minute;
  if (high >= 0) earliest(p, into, high === 0 ? RefillBy.already : RefillBy.low_reservoir, minute_ms + high * Unit.ms_per_minute);
  if (filled(p, Filled.left_pL) !== 0) earliest(p, into, RefillBy.drug_stability, filled(p, Filled.filled_ms) + p.c[C.wall_offset_ms] + Fill.stable_ms);
  const eri_ms = p.c[C.eri_ms] === 0 ? Battery.eri_age_ms : p.c[C.eri_ms];
  earliest(p, into, RefillBy.battery_eri, eri_ms + p.c[C.wall_offset_ms]);
}
