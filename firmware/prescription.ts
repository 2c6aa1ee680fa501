// The prescription: what the pump accepts, and how it is kept.

import { Fault } from "../hal/faults";
import { idiv, imod } from "../protocol/integers";
import { Prescribe } from "../protocol/limits";
import { Mode } from "../protocol/states";
import { at } from "./list";
import { mark } from "./log";
import { Dose, Packed } from "./parameters";
import { put } from "./region";
import { C, Dirty, Staged } from "./state";
import type { Pump } from "./state";

/**
 * Flow limits (DOSE-2), cross-multiplied so that nothing is rounded: a rate in ng/day at a concentration in
 * ng/uL flows rate x 1000 / concentration nL/day. Zero is allowed.
 */
function checkFlow(rate: number, concentration: number): Fault {
  if (rate === 0) return Fault.ok;
  if (rate > Dose.rate_ng_per_day_max || rate * 1000 > Dose.flow_nL_per_day_max * concentration) return Fault.flow_above_maximum;
  return rate * 1000 < Dose.flow_nL_per_day_min * concentration ? Fault.flow_below_minimum : Fault.ok;
}

/** The end of what is staged, exclusive. */
function end(p: Pump): number {
  return Staged.step + at(p.board, p.staged, Staged.step_count);
}

/** True if the steps that are staged hold one at minute 0 of `schedule`. */
function hasMidnight(p: Pump, schedule: number): boolean {
  // Compared packed: a division a step would cost the chip ten times as much.
  const least = schedule * Prescribe.minutes_per_day * Packed.rate_span;
  const last = end(p);
  for (let i: number = Staged.step; i < last; i++) {
    const step = at(p.board, p.staged, i);
    if (step >= least && step < least + Packed.rate_span) return true;
  }
  return false;
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
    const fault = checkFlow(rate, p.c[C.concentration]);
    if (fault !== Fault.ok) return fault;
    if (schedule !== last_schedule) followed = isFollowed(p, schedule);
    if (followed) largest = Math.max(largest, rate);
    last_key = key;
    last_schedule = schedule;
  }
  return largest === 0 ? Fault.schedule_all_zero : Fault.ok;
}

/** Checks the prescription that is staged, whole, against the drug in the reservoir. Changes nothing. */
export function checkPrescription(p: Pump): Fault {
  if (at(p.board, p.staged, Staged.mode) === Mode.minimum_rate) return Fault.ok;
  if (p.c[C.concentration] === 0) return Fault.no_drug;
  const fault = checkSteps(p);
  return fault === Fault.ok ? checkWeek(p) : fault;
}

/** Puts the checked prescription that is staged in force; its version is one more than the last. */
export function acceptPrescription(p: Pump): void {
  put(p, C.version, p.c[C.version] + 1);
  const last = end(p);
  for (let i = 0; i < last; i++) put(p, C.mode + i, at(p.board, p.staged, i));
  mark(p, Dirty.prescription);
}

/** Drops the prescription: no valid copy of it is left. */
export function dropPrescription(p: Pump): void {
  for (let i: number = C.version; i < C.size; i++) put(p, i, 0);
}
