// The prescription: what the pump accepts, and how it is kept.

import { Fault } from "../hal/faults";
import { idiv, imod } from "../protocol/integers";
import { Prescribe } from "../protocol/operations";
import { at } from "./list";
import { mark } from "./log";
import { Dose, Packed } from "./parameters";
import { put } from "./region";
import { C, Dirty, W } from "./state";
import type { Pump } from "./state";

/**
 * Flow limits (DOSE-2), cross-multiplied so that nothing is rounded: a rate in ng/day at a concentration in
 * ng/uL flows rate x 1000 / concentration nL/day. Zero is allowed.
 */
function checkFlow(rate: number, concentration: number): Fault {
  if (rate === 0) return Fault.ok;
  if (rate * 1000 < Dose.flow_nL_per_day_min * concentration) return Fault.flow_below_minimum;
  if (rate * 1000 > Dose.flow_nL_per_day_max * concentration) return Fault.flow_above_maximum;
  return Fault.ok;
}

/** True if the steps in `args` hold one at minute 0 of schedule `schedule`. */
function hasMidnight(p: Pump, schedule: number, count: number): boolean {
  for (let i: number = Prescribe.steps; i < count; i += 2) {
    if (p.args[i] === schedule * Prescribe.minutes_per_day) return true;
  }
  return false;
}

function checkWeek(p: Pump, count: number): Fault {
  for (let day = 0; day < 7; day++) {
    const schedule = at(p.board, p.args, Prescribe.week + day);
    if (schedule >= Prescribe.schedules_max) return Fault.malformed;
    if (!hasMidnight(p, schedule, count)) return Fault.no_step_at_midnight;
  }
  return Fault.ok;
}

/** True if a weekday follows the schedule that `key` belongs to. */
function isFollowed(p: Pump, key: number): boolean {
  const schedule = idiv(key, Prescribe.minutes_per_day);
  for (let day = 0; day < 7; day++) {
    if (p.args[Prescribe.week + day] === schedule) return true;
  }
  return false;
}

function checkSteps(p: Pump, count: number): Fault {
  let last_key = 0 - 1;
  let schedule: number = Prescribe.schedules_max;
  let in_day = 0;
  let largest = 0;
  for (let i: number = Prescribe.steps; i < count; i += 2) {
    const key = at(p.board, p.args, i);
    const rate = at(p.board, p.args, i + 1);
    if (key >= Prescribe.schedules_max * Prescribe.minutes_per_day) return Fault.malformed;
    if (key <= last_key) return Fault.steps_out_of_order;
    in_day = idiv(key, Prescribe.minutes_per_day) === schedule ? in_day + 1 : 1;
    schedule = idiv(key, Prescribe.minutes_per_day);
    if (in_day > Prescribe.steps_per_day_max) return Fault.too_many_steps;
    if (rate > Dose.rate_ng_per_day_max) return Fault.flow_above_maximum;
    const fault = checkFlow(rate, p.c[C.concentration]);
    if (fault !== Fault.ok) return fault;
    if (isFollowed(p, key)) largest = Math.max(largest, rate);
    last_key = key;
  }
  return largest === 0 ? Fault.schedule_all_zero : Fault.ok;
}

/** Checks the prescription in `args`, whole, against the drug in the reservoir. Changes nothing. */
export function checkPrescription(p: Pump): Fault {
  const count = p.w[W.held_count];
  const mode = at(p.board, p.args, Prescribe.mode);
  if (mode === Prescribe.minimum_rate) return count === 1 ? Fault.ok : Fault.malformed;
  if (mode !== Prescribe.schedule) return Fault.malformed;
  if (count < Prescribe.steps + 2 || imod(count - Prescribe.steps, 2) !== 0) return Fault.malformed;
  if (p.c[C.concentration] === 0) return Fault.no_drug;
  const fault = checkSteps(p, count);
  return fault === Fault.ok ? checkWeek(p, count) : fault;
}

/** Puts the checked prescription in `args` in force; its version is one more than the last. */
export function acceptPrescription(p: Pump): void {
  const mode = at(p.board, p.args, Prescribe.mode);
  put(p, C.version, p.c[C.version] + 1);
  put(p, C.mode, mode);
  let steps = 0;
  if (mode === Prescribe.schedule) {
    for (let day = 0; day < 7; day++) put(p, C.week + day, at(p.board, p.args, Prescribe.week + day));
    for (let i: number = Prescribe.steps; i < p.w[W.held_count]; i += 2) {
      put(p, C.step + steps, at(p.board, p.args, i) * Packed.rate_span + at(p.board, p.args, i + 1));
      steps++;
    }
  }
  put(p, C.step_count, steps);
  mark(p, Dirty.prescription);
}

/** Drops the prescription: no valid copy of it is left. */
export function dropPrescription(p: Pump): void {
  for (let i: number = C.version; i < C.size; i++) put(p, i, 0);
}
