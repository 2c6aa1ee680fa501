// Exact accumulation: how much is owed, when the next pulse is due.

import { Clock } from "../hal/clock";
import { Motion } from "../hal/motor";
import { Panic } from "../hal/panic";
import { ceilDiv, idiv, imod } from "../protocol/integers";
import { Dose, Pulse } from "./parameters";
import { put, slot } from "./region";
import { takeStep } from "./schedule";
import { C, Pacing } from "./state";
import type { Pump } from "./state";

/**
 * Therapy accrues in dose: each ms adds rate_ng_per_day x 5, and a pulse is due at pulse_pL x concentration
 * x 432. Both sides are the physical quantities times the same factor, so nothing is ever rounded. At most
 * 4.8e7 x 5 x 3.6e7 = 8.64e15 in one step of 10 h, inside 2^53. A bolus is a rate on top of the basal one. The minimum rate and a
 * prime accrue in volume instead: rate_nL_per_day a ms, due at pulse_pL x 86 400. Each of the three has its own
 * fraction, never converted into another's: what is left in one when the pacing changes waits there.
 *
 * The concentration is that of the drug at the tip (plugs.ts), which may not be the reservoir's.
 */
export const enum Fraction {
  none = 0,
  dose = 1,
  volume = 2,
  prime = 3,
}

/** Where the three stand; `Fraction.none` is nowhere. */
function slotOf(which: Fraction): C {
  return which === Fraction.dose ? C.dose : which === Fraction.volume ? C.volume : C.prime;
}

/** The greatest dose rate at the present tip: 24 mL/day, in ng/day. */
export function rateMax_ng(p: Pump): number {
  return idiv(Dose.flow_nL_per_day_max * p.c[C.tip], 1000);
}

/** The rate of the bolus in hand in ng/day: less than it asks for where basal leaves no room (DOSE-6). */
export function bolusRate(p: Pump): number {
  const c = p.c;
  if (c[C.bolus_left] === 0) return 0;
  const basal = c[C.pacing] === Pacing.dose ? c[C.rate] : 0;
  return Math.max(0, Math.min(c[C.bolus_rate], rateMax_ng(p) - basal));
}

/** Accrual units a millisecond. */
function perMs(p: Pump, which: Fraction): number {
  const c = p.c;
  if (which === Fraction.prime) return c[C.prime_left] > 0 && c[C.cut_until] === 0 ? Dose.flow_nL_per_day_max : 0;
  if (c[C.motor_on] === 0) return 0;
  if (which === Fraction.volume) return c[C.pacing] === Pacing.volume ? c[C.rate] : 0;
  return ((c[C.pacing] === Pacing.dose ? c[C.rate] : 0) + bolusRate(p)) * Dose.accrual_per_ng;
}

/** Accrual units of one pulse. */
export function pulseDue(p: Pump, which: Fraction): number {
  const c = p.c;
  return which === Fraction.dose ? c[C.pulse_pL] * c[C.tip] * Dose.due_per_pL_dose : c[C.pulse_pL] * Dose.due_per_pL_volume;
}

/** The fraction by which basal is paced. */
export function basalFraction(p: Pump): Fraction {
  return p.c[C.pacing] === Pacing.volume ? Fraction.volume : p.c[C.pacing] === Pacing.dose ? Fraction.dose : Fraction.none;
}

/** Counts what a motor that is turned off did not deliver of the basal rate: whole ng or nL, and the rest. */
function miss(p: Pump, step_ms: number): void {
  const c = p.c;
  if (c[C.pacing] === Pacing.none || c[C.rate] === 0) return;
  const in_volume = c[C.pacing] === Pacing.volume;
  const whole = in_volume ? Dose.units_per_nL : Dose.units_per_ng;
  const rest = c[C.missed_rest] + c[C.rate] * step_ms * (in_volume ? 1 : Dose.accrual_per_ng);
  put(p, C.missed, c[C.missed] + idiv(rest, whole));
  put(p, C.missed_rest, imod(rest, whole));
}

function add(p: Pump, place: C, units: number): void {
  if (units > 0) put(p, place, slot(p, place) + units);
}

/** The bolus accrues, at most up to its end: its last millisecond takes what is left, so that the dose is exact. Returns the units. */
function accrueBolus(p: Pump, step_ms: number): number {
  const c = p.c;
  const part = Math.min(c[C.bolus_left], bolusRate(p) * step_ms);
  put(p, C.bolus_left, c[C.bolus_left] - part);
  const units = part * Dose.accrual_per_ng;
  put(p, C.bolus_own, c[C.bolus_own] + units);
  return units;
}

/** Accrues at the present rates from where accrual stands up to `to_ms`. */
function accrue(p: Pump, to_ms: number): void {
  const c = p.c;
  if (to_ms < c[C.accrued_ms]) p.board.panic(Panic.time_backwards);
  while (c[C.accrued_ms] < to_ms) {
    const step_ms = Math.min(to_ms - c[C.accrued_ms], Clock.deadline_ahead_ms_max);
    if (c[C.motor_on] === 1) {
      const bolus = c[C.bolus_left] > 0 ? accrueBolus(p, step_ms) : 0;
      add(p, C.dose, (c[C.pacing] === Pacing.dose ? c[C.rate] * Dose.accrual_per_ng * step_ms : 0) + bolus);
      if (c[C.pacing] === Pacing.volume) add(p, C.volume, c[C.rate] * step_ms);
    } else {
      miss(p, step_ms);
    }
    add(p, C.prime, perMs(p, Fraction.prime) * step_ms);
    put(p, C.accrued_ms, c[C.accrued_ms] + step_ms);
  }
}

/** When the bolus in hand has accrued whole, at the present rates; 0 if none accrues. */
export function bolusEnd_ms(p: Pump): number {
  const rate = bolusRate(p);
  return rate === 0 || p.c[C.motor_on] === 0 ? 0 : p.c[C.accrued_ms] + ceilDiv(p.c[C.bolus_left], rate);
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
  const which = basalFraction(p);
  if (which === Fraction.none) return 0;
  return idiv(p.c[C.rate] * (which === Fraction.dose ? Dose.accrual_per_ng : 1) * ms, pulseDue(p, which));
}

/** Takes a pulse's worth out of a fraction: done at its command, so that attempts never exceed the schedule. */
export function spendPulse(p: Pump, which: Fraction): void {
  const due = pulseDue(p, which);
  const place = slotOf(which);
  const units = slot(p, place) - due;
  if (due <= 0 || units < 0) p.board.panic(Panic.command_too_soon);
  put(p, place, units);
}

/** True if a fraction may be spent: a prime's whenever there is one, the others' while the motor is on. */
function isPaced(p: Pump, which: Fraction): boolean {
  const c = p.c;
  if (which === Fraction.prime) return c[C.prime_left] > 0 && c[C.cut_until] === 0;
  if (c[C.motor_on] === 0 || c[C.pacing] === Pacing.none) return false;
  return which !== Fraction.dose || c[C.tip] > 0;
}

/** When a fraction reaches a pulse, from accrual alone; 0 for never. */
function reached_ms(p: Pump, which: Fraction): number {
  if (!isPaced(p, which)) return 0;
  const missing = pulseDue(p, which) - slot(p, slotOf(which));
  if (missing <= 0) return p.c[C.accrued_ms];
  const units_per_ms = perMs(p, which);
  return units_per_ms === 0 ? 0 : p.c[C.accrued_ms] + ceilDiv(missing, units_per_ms);
}

/** Which fraction has a pulse due now, a prime's first. */
export function dueFraction(p: Pump): Fraction {
  for (let which: Fraction = Fraction.prime; which > Fraction.none; which--) {
    if (isPaced(p, which) && slot(p, slotOf(which)) >= pulseDue(p, which)) return which;
  }
  return Fraction.none;
}

/** Earliest pump time of the next command, from accrual and the least interval; 0 if there is none. */
export function nextPulse_ms(p: Pump): number {
  const c = p.c;
  if (c[C.in_flight] === 1) return 0;
  let at_ms = 0;
  for (let which: Fraction = Fraction.dose; which <= Fraction.prime; which++) {
    const reached = reached_ms(p, which);
    if (reached !== 0 && (at_ms === 0 || reached < at_ms)) at_ms = reached;
  }
  return at_ms === 0 ? 0 : Math.max(at_ms, c[C.last_command_ms] + Motion.interval_ms_min);
}

/**
 * A pulse that could have been given more than a second ago, by accrual and interval both, has had its deadline
 * dropped: nobody would notice, so it is a panic. To be asked after `advance` and before anything is commanded.
 */
export function assertNotOverdue(p: Pump): void {
  const c = p.c;
  if (c[C.in_flight] === 1) return;
  const late_ms = c[C.accrued_ms] - c[C.last_command_ms] - Motion.interval_ms_min;
  if (late_ms <= Pulse.overdue_ms_max) return;
  for (let which: Fraction = Fraction.dose; which <= Fraction.prime; which++) {
    const excess = isPaced(p, which) ? slot(p, slotOf(which)) - pulseDue(p, which) : 0;
    // A bolus that has just accrued whole has no rate any more, and its last part may be what makes the pulse due.
    const per_ms = perMs(p, which) + c[C.bolus_rate] * Dose.accrual_per_ng;
    if (excess > 0 && excess > per_ms * Pulse.overdue_ms_max) p.board.panic(Panic.pulse_overdue);
  }
}
