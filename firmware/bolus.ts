// A bolus: a dose over a time on top of basal, accounted to the nanogram.

import { BolusEnd, RecordKind } from "../protocol/records";
import { ceilDiv, idiv, imod } from "../protocol/integers";
import { BolusKind } from "../protocol/states";
import { Unit } from "../hal/units";
import { Fraction, bolusRate, pulseDue } from "./accrual";
import { mark, record } from "./log";
import { Dose } from "./parameters";
import { extremeDrug } from "./plugs";
import { put } from "./region";
import { C, Dirty } from "./state";
import type { Pump } from "./state";

/**
 * A bolus of `dose` ng over a time is a rate of ceil(dose x 86 400 000 / time) on top of basal; its last millisecond takes what is left, so that the
 * dose is exact. Where basal and bolus together would flow more than 24 mL/day it is lengthened (accrual.ts).
 *
 * It owns what it has accrued in each pulse: `bolus_own` of the fraction, and with the command `bolus_flight` of the pulse, until the result says
 * whether that is confirmed or uncertain. At an interruption what it owns of the fraction leaves it, as not delivered: so confirmed plus uncertain
 * plus not delivered is what was asked for, exactly (DOSE-6).
 */

/** The rate of a dose over a time, in ng/day. */
export function bolusRateOf(dose_ng: number, minutes: number): number {
  return ceilDiv(dose_ng * Unit.ms_per_day, minutes * Unit.ms_per_minute);
}

/** True while one is in hand. */
export function hasBolus(p: Pump): boolean {
  return p.c[C.bolus_kind] !== BolusKind.none;
}

export function beginBolus(p: Pump, kind: BolusKind, dose_ng: number, minutes: number): void {
  put(p, C.bolus_kind, kind);
  put(p, C.bolus_ng, dose_ng);
  put(p, C.bolus_commanded, p.c[C.commanded]);
  put(p, C.bolus_drug, extremeDrug(p, p.c[C.concentration], true));
  put(p, C.bolus_rate, bolusRateOf(dose_ng, minutes));
  put(p, C.bolus_left, dose_ng * Unit.ms_per_day);
  for (let i: number = C.bolus_own; i <= C.bolus_uncertain_rest; i++) put(p, i, 0);
  record(p, RecordKind.bolus_begin, kind, dose_ng, minutes * Unit.ms_per_minute);
  mark(p, Dirty.saved);
}

/** A pulse of dose is commanded: the bolus's part of it. */
export function shareInPulse(p: Pump): void {
  const share = Math.min(p.c[C.bolus_own], pulseDue(p, Fraction.dose));
  put(p, C.bolus_own, p.c[C.bolus_own] - share);
  put(p, C.bolus_flight, share);
}

/** Adds accrual units to whole nanograms and their rest. */
function count(p: Pump, whole: C.bolus_confirmed | C.bolus_uncertain, rest: C.bolus_confirmed_rest | C.bolus_uncertain_rest, units: number): void {
  const sum = p.c[rest] + units;
  put(p, whole, p.c[whole] + idiv(sum, Dose.units_per_ng));
  put(p, rest, imod(sum, Dose.units_per_ng));
}

/** The result of the pulse in flight is known, or never will be. */
export function settleShare(p: Pump, confirmed: boolean): void {
  const units = p.c[C.bolus_flight];
  if (units === 0) return;
  if (confirmed) count(p, C.bolus_confirmed, C.bolus_confirmed_rest, units);
  else count(p, C.bolus_uncertain, C.bolus_uncertain_rest, units);
  put(p, C.bolus_flight, 0);
}

/** The three that add up to the dose. What is below a nanogram of the first two counts to the last. */
function close(p: Pump, how: BolusEnd, confirmed_ng: number, uncertain_ng: number): void {
  const c = p.c;
  record(p, RecordKind.bolus_end, c[C.bolus_kind], how, c[C.bolus_ng]);
  record(p, RecordKind.bolus_sum, confirmed_ng, uncertain_ng, c[C.bolus_ng] - confirmed_ng - uncertain_ng);
  put(p, C.bolus_kind, BolusKind.none);
  for (let i: number = C.bolus_rate; i <= C.bolus_uncertain_rest; i++) put(p, i, 0);
  put(p, C.bolus_ng, 0);
  mark(p, Dirty.saved);
}

/** Ends the bolus in hand, if there is one, at a pulse boundary. Unless it is complete, its part of the fraction goes. */
export function endBolus(p: Pump, how: BolusEnd): void {
  const c = p.c;
  if (c[C.bolus_kind] === BolusKind.none) return;
  settleShare(p, false);
  if (how !== BolusEnd.complete) put(p, C.dose, c[C.dose] - c[C.bolus_own]);
  close(p, how, c[C.bolus_confirmed], c[C.bolus_uncertain]);
}

/** After a power loss: how much of it was delivered is not known, but it is not more than the pulses since it began, each at the strongest drug there was on the way. */
export function loseBolus(p: Pump): void {
  const c = p.c;
  if (c[C.bolus_kind] === BolusKind.none) return;
  const pulses = Math.max(0, c[C.commanded] - c[C.bolus_commanded]);
  const most_ng = ceilDiv(pulses * c[C.pulse_pL] * c[C.bolus_drug], Dose.pL_conc_per_ng);
  close(p, BolusEnd.reset, 0, Math.min(c[C.bolus_ng], most_ng));
}

/** True if all of it has accrued and no pulse of it is in flight. */
export function isComplete(p: Pump): boolean {
  return hasBolus(p) && p.c[C.bolus_left] === 0 && p.c[C.in_flight] === 0;
}

/** How long the bolus in hand still takes at the present rates, in ms; 0 if basal leaves it no room for now. */
export function bolusLasts_ms(p: Pump): number {
  const rate = bolusRate(p);
  return rate === 0 ? 0 : ceilDiv(p.c[C.bolus_left], rate);
}

/** What the bolus in hand has not accrued, in ng, rounded up. */
export function bolusLeft_ng(p: Pump): number {
  return ceilDiv(p.c[C.bolus_left], Unit.ms_per_day);
}
