// The prescription: what the pump accepts, and how it is kept.

import { Fault } from "../hal/faults";
import { idiv, imod } from "../protocol/integers";
import { Prescribe } from "../protocol/limits";
import { Skipped } from "../protocol/records";
import { Mode } from "../protocol/states";
import { doseOf_ng, minuteOf, minutesOf } from "./boluses";
import { firstNotBelow } from "./cursor";
import { acceptDaily, checkLimits, dailyStaged_ng, needs } from "./limits";
import { at } from "./list";
import { mark } from "./log";
import { Dose, Limit, Packed } from "./parameters";
import { checkStagedRefill, drugAfter, strongestAfter, weakestAfter } from "./refill";
import { put, slot } from "./region";
import { contentHash } from "./staging";
import { anchorPeriodic, dropWaiting } from "./timed";
import { beginTitration, daysOf, permilleOf, scaleOf } from "./titration";
import { C, Dirty, Staged, W } from "./state";
import type { Pump } from "./state";

/**
 * Flow limits (DOSE-2), cross-multiplied so that nothing is rounded: a rate in ng/day at a concentration in
 * ng/uL flows rate x 1000 / concentration nL/day. The least rate is held against the strongest drug that will pass the tip, the greatest against the
 * weakest, so that each leg of a bridge is within them.
 */
function checkFlow(p: Pump, least: number, greatest: number): Fault {
  const drug = drugAfter(p);
  const high = idiv(greatest * scaleOf(p, p.staged, 0, 1), 1000);
  const low = idiv(least * scaleOf(p, p.staged, 0, 0 - 1), 1000);
  const weakest = weakestAfter(p, drug);
  if (high > Dose.rate_ng_per_day_max || high * 1000 > Dose.flow_nL_per_day_max * weakest) return Fault.flow_above_maximum;
  return low * 1000 < Dose.flow_nL_per_day_min * strongestAfter(p, drug) ? Fault.flow_below_minimum : Fault.ok;
}

/** The end of what is staged, exclusive. */
function end(p: Pump): number {
  return Staged.step + at(p.board, p.staged, Staged.step_count);
}

/** True if the steps that are staged, which ascend, hold one at minute 0 of `schedule`. */
function hasMidnight(p: Pump, schedule: number): boolean {
  const least = schedule * Prescribe.minutes_per_day * Packed.rate_span;
  const last = end(p);
  const i = firstNotBelow(p, p.staged, Staged.step, last, least);
  return i < last && at(p.board, p.staged, i) < least + Packed.rate_span;
}

function checkWeek(p: Pump): Fault {
  for (let day = 0; day < 7; day++) {
    if (!hasMidnight(p, at(p.board, p.staged, Staged.week + day))) return Fault.no_step_at_midnight;
  }
  return Fault.ok;
}

/** True if a weekday follows `schedule`. */
function isFollowed(p: Pump, schedule: number): boolean {
  for (let day = 0; day < 7; day++) {
    if (p.staged[Staged.week + day] === schedule) return true;
  }
  return false;
}

function checkSteps(p: Pump): Fault {
  let last_key = 0 - 1;
  let last_schedule: number = Prescribe.schedules_max;
  let in_day = 0;
  let largest = 0;
  let least: number = Packed.rate_span;
  let greatest = 0;
  let followed = false;
  const last = end(p);
  for (let i: number = Staged.step; i < last; i++) {
    const key = idiv(at(p.board, p.staged, i), Packed.rate_span);
    const rate = imod(at(p.board, p.staged, i), Packed.rate_span);
    const schedule = idiv(key, Prescribe.minutes_per_day);
    if (schedule >= Prescribe.schedules_max) return Fault.malformed;
    if (key <= last_key) return Fault.steps_out_of_order;
    in_day = schedule === last_schedule ? in_day + 1 : 1;
    if (in_day > Prescribe.steps_per_day_max) return Fault.too_many_steps;
    if (rate > 0) least = Math.min(least, rate);
    greatest = Math.max(greatest, rate);
    if (schedule !== last_schedule) followed = isFollowed(p, schedule);
    if (followed) largest = Math.max(largest, rate);
    last_key = key;
    last_schedule = schedule;
  }
  p.w[W.staged_rate] = largest;
  return largest === 0 ? Fault.schedule_all_zero : checkFlow(p, least, greatest);
}

function isBetween(v: number, least: number, greatest: number): boolean {
  return v >= least && v <= greatest;
}

/** Timed boluses ascend through the day and do not overlap, also over midnight. */
function checkTimed(p: Pump): Fault {
  const count = at(p.board, p.staged, Staged.timed_count);
  for (let i = 0; i < count; i++) {
    const packed = at(p.board, p.staged, Staged.timed + i);
    const next = at(p.board, p.staged, Staged.timed + (i + 1 < count ? i + 1 : 0));
    const until = minuteOf(packed) + minutesOf(packed);
    const next_minute = minuteOf(next) + (i + 1 < count ? 0 : Prescribe.minutes_per_day);
    if (minuteOf(packed) >= Prescribe.minutes_per_day || minutesOf(packed) === 0 || doseOf_ng(packed) === 0 || until > next_minute) return Fault.bolus_out_of_range;
  }
  return Fault.ok;
}

function staged(p: Pump, place: Staged): number {
  return at(p.board, p.staged, place);
}

/** Periodic and patient boluses, and the titration plan: the form of each. A prescription has timed or periodic boluses, not both. */
function checkExtras(p: Pump): Fault {
  const interval = staged(p, Staged.extra);
  if (interval > 0) {
    const fits = isBetween(interval, Limit.interval_min_min, Limit.interval_min_max) && isBetween(staged(p, Staged.periodic_min), 1, Math.min(interval, Limit.bolus_min_max));
    if (!fits || staged(p, Staged.periodic_ng) === 0 || staged(p, Staged.timed_count) > 0) return Fault.bolus_out_of_range;
  } else if (staged(p, Staged.periodic_ng) + staged(p, Staged.periodic_min) > 0) {
    return Fault.bolus_out_of_range;
  }
  if (staged(p, Staged.patient_ng) > 0) {
    const fits = isBetween(staged(p, Staged.patient_min), 1, Limit.bolus_min_max) && isBetween(staged(p, Staged.lockout_min), Limit.lockout_min_min, Limit.lockout_min_max);
    if (!fits || !isBetween(staged(p, Staged.patient_max), 1, Limit.patient_max)) return Fault.patient_bolus_out_of_range;
  } else if (staged(p, Staged.patient_min) + staged(p, Staged.lockout_min) + staged(p, Staged.patient_max) > 0) {
    return Fault.patient_bolus_out_of_range;
  }
  const count = staged(p, Staged.titration_count);
  for (let i = 0; i < count; i++) {
    const packed = at(p.board, p.staged, Staged.titration + i);
    if (!isBetween(permilleOf(packed), 1, Limit.permille_max) || !isBetween(daysOf(packed), 1, Limit.days_max)) return Fault.titration_out_of_range;
  }
  return Fault.ok;
}

/** Checks the prescription that is staged, whole, against the drug that will be there. Changes nothing. */
export function checkPrescription(p: Pump): Fault {
  let fault = checkStagedRefill(p);
  if (fault !== Fault.ok || staged(p, Staged.mode) === Mode.minimum_rate) return fault;
  if (drugAfter(p) === 0) return Fault.no_drug;
  fault = checkExtras(p);
  if (fault === Fault.ok) fault = checkTimed(p);
  if (fault === Fault.ok) fault = checkSteps(p);
  if (fault === Fault.ok) fault = checkWeek(p);
  return fault === Fault.ok ? checkLimits(p) : fault;
}

/** Of a prescription that a review has found good: what time may have changed since, the reservoir and the doses of the last 24 h. */
export function checkAgain(p: Pump): Fault {
  const fault = checkStagedRefill(p);
  return fault === Fault.ok && needs(p) < 0 ? Fault.dose_step_too_large : fault;
}

/** When each timed bolus that is staged was given last, into `reply`: one at the same minute of the day is the same entry, so that it is not given twice (DOSE-5). */
function findGiven(p: Pump): void {
  for (let i = 0; i < Prescribe.timed_max; i++) {
    p.reply[i] = 0;
    for (let j = 0; j < p.c[C.timed_count] && i < staged(p, Staged.timed_count); j++) {
      if (minuteOf(slot(p, C.timed + j)) === minuteOf(at(p.board, p.staged, Staged.timed + i))) p.reply[i] = slot(p, C.timed_given + j);
    }
  }
}

function keepGiven(p: Pump): void {
  for (let i = 0; i < Prescribe.timed_max; i++) put(p, C.timed_given + i, at(p.board, p.reply, i));
}

/** Puts the checked prescription that is staged in force; its version is one more than the last. */
export function acceptPrescription(p: Pump): void {
  const interval = p.c[C.interval_min];
  const daily_ng = dailyStaged_ng(p);
  findGiven(p);
  dropWaiting(p, Skipped.replaced);
  put(p, C.version, p.c[C.version] + 1);
  const last = end(p);
  for (let i = 0; i < last; i++) {
    const v = at(p.board, p.staged, i);
    put(p, C.mode + i, v === Packed.missing ? 0 : v);
  }
  if (p.c[C.interval_min] !== interval) anchorPeriodic(p);
  keepGiven(p);
  beginTitration(p);
  if (daily_ng > 0) acceptDaily(p, daily_ng, contentHash(p));
  mark(p, Dirty.prescription);
}

/** Drops the prescription: no valid copy of it is left. */
export function dropPrescription(p: Pump): void {
  for (let i: number = C.version; i < C.size; i++) put(p, i, 0);
}
