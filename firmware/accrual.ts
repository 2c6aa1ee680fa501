// Exact accumulation: how much is owed, when the next pulse is due.

import { Clock } from "../hal/clock";
import { Motion } from "../hal/motor";
import { Panic } from "../hal/panic";
import { ceilDiv, idiv, imod } from "../protocol/integers";
import { Dose, Pulse } from "./parameters";
import { put } from "./region";
import { takeStep } from "./schedule";
import { C, Pacing } from "./state";
import type { Pump } from "./state";

/**
 * Therapy accrues in dose: each ms adds rate_ng_per_day x 5, and a pulse is due at pulse_pL x concentration
 * x 432. Both sides are the physical quantities times the same factor, so nothing is ever rounded. At most
 * 4.8e7 x 5 x 3.6e7 = 8.64e15 in one step of 10 h, inside 2^53. The minimum rate accrues in volume instead:
 * rate_nL_per_day a ms, due at pulse_pL x 86 400. Each has its own fraction, which a change of pacing keeps.
 */

/** Accrual units a millisecond at the present rate. */
function perMs(p: Pump): number {
  const c = p.c;
  return c[C.pacing] === Pacing.volume ? c[C.rate] : c[C.rate] * Dose.accrual_per_ng;
}

/** Accrual units of one pulse in the present pacing. */
export function pulseDue(p: Pump): number {
  const c = p.c;
  if (c[C.pacing] === Pacing.volume) return c[C.pulse_pL] * Dose.due_per_pL_volume;
  return c[C.pulse_pL] * c[C.concentration] * Dose.due_per_pL_dose;
}

/** The fraction that belongs to the present pacing. */
export function fraction(p: Pump): number {
  return p.c[C.pacing] === Pacing.volume ? p.c[C.volume] : p.c[C.dose];
}

function putFraction(p: Pump, units: number): void {
  put(p, p.c[C.pacing] === Pacing.volume ? C.volume : C.dose, units);
}

/** Counts what a motor that is turned off did not deliver: whole ng or nL, and the rest. */
function miss(p: Pump, units: number): void {
  const c = p.c;
  const whole = c[C.pacing] === Pacing.volume ? Dose.units_per_nL : Dose.units_per_ng;
  const rest = c[C.missed_rest] + units;
  put(p, C.missed, c[C.missed] + idiv(rest, whole));
  put(p, C.missed_rest, imod(rest, whole));
}

/** Accrues at the present rate from where accrual stands up to `to_ms`. */
function accrue(p: Pump, to_ms: number): void {
  const c = p.c;
  if (to_ms < c[C.accrued_ms]) p.board.panic(Panic.time_backwards);
  const units_per_ms = perMs(p);
  while (units_per_ms > 0 && c[C.pacing] !== Pacing.none && c[C.accrued_ms] < to_ms) {
    const step_ms = Math.min(to_ms - c[C.accrued_ms], Clock.deadline_ahead_ms_max);
    if (c[C.motor_on] === 1) putFraction(p, fraction(p) + units_per_ms * step_ms);
    else miss(p, units_per_ms * step_ms);
    put(p, C.accrued_ms, c[C.accrued_ms] + step_ms);
  }
  put(p, C.accrued_ms, to_ms);
}

/**
 * Brings accrual up to `to_ms`, taking schedule steps that lie before it on the way. A step at `to_ms` itself
 * is left: a pulse due at that instant still belongs to the step that ends.
 */
export function advance(p: Pump, to_ms: number): void {
  const c = p.c;
  while (c[C.next_step_ms] !== 0 && c[C.next_step_ms] < to_ms) {
    const step_ms = c[C.next_step_ms];
    accrue(p, step_ms);
    takeStep(p, step_ms);
    if (c[C.next_step_ms] !== 0 && c[C.next_step_ms] <= step_ms) p.board.panic(Panic.no_progress);
  }
  accrue(p, to_ms);
}

/** Whole pulses of the present basal rate in `ms`, up to 10 h. */
export function basalPulses(p: Pump, ms: number): number {
  return idiv(perMs(p) * ms, pulseDue(p));
}

/** Takes a pulse's worth out of the fraction: done at its command, so that attempts never exceed the schedule. */
export function spendPulse(p: Pump): void {
  const due = pulseDue(p);
  const units = fraction(p) - due;
  if (due <= 0 || units < 0) p.board.panic(Panic.command_too_soon);
  putFraction(p, units);
}

/** Earliest pump time of the next command, from accrual alone and the least interval; 0 if there is none. */
export function nextPulse_ms(p: Pump): number {
  const c = p.c;
  if (c[C.motor_on] === 0 || c[C.pacing] === Pacing.none || c[C.in_flight] === 1) return 0;
  const earliest_ms = c[C.last_command_ms] + Motion.interval_ms_min;
  const missing = pulseDue(p) - fraction(p);
  if (missing <= 0) return Math.max(earliest_ms, c[C.accrued_ms]);
  const units_per_ms = perMs(p);
  if (units_per_ms === 0) return 0;
  return Math.max(earliest_ms, c[C.accrued_ms] + ceilDiv(missing, units_per_ms));
}

/**
 * A pulse that could have been given more than a second ago, by accrual and interval both, has had its deadline
 * dropped: nobody would notice, so it is a panic. To be asked after `advance` and before anything is commanded.
 */
export function assertNotOverdue(p: Pump): void {
  const c = p.c;
  if (c[C.motor_on] === 0 || c[C.pacing] === Pacing.none || c[C.in_flight] === 1) return;
  const late_ms = c[C.accrued_ms] - c[C.last_command_ms] - Motion.interval_ms_min;
  if (late_ms <= Pulse.overdue_ms_max) return;
  const excess = fraction(p) - pulseDue(p);
  if (excess > perMs(p) * Pulse.overdue_ms_max && excess > 0) p.board.panic(Panic.pulse_overdue);
}
