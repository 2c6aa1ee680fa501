// The books: pulses commanded, confirmed, uncertain, and the volume left.

import { Panic } from "../hal/panic";
import { C } from "./state";
import type { Pump } from "./state";

/**
 * Three books: every command is counted, then confirmed, or uncertain for good. The third is what the other two
 * leave over, and what turned the head without a command, so they cannot disagree. Volume is computed from them and never measured: the truth lies between
 * confirmed and confirmed plus uncertain, if nothing but the motor moves drug.
 */

/** Pulses that were commanded and of which nobody knows whether they moved. */
export function unconfirmed(p: Pump): number {
  const pulses = p.c[C.commanded] - p.c[C.confirmed] - p.c[C.in_flight];
  if (pulses < 0) p.board.panic(Panic.books);
  return pulses;
}

/** Pulses that may have moved drug beside the confirmed ones: the unconfirmed, and those that nobody commanded (MOTOR-4). */
export function uncertain(p: Pump): number {
  return unconfirmed(p) + p.c[C.uncommanded];
}

/** Deliverable volume by confirmed pulses, in pL: fill minus confirmed, exactly; never negative. */
export function remaining_pL(p: Pump): number {
  const c = p.c;
  if (c[C.confirmed] < c[C.fill_confirmed]) p.board.panic(Panic.books);
  return Math.max(0, c[C.fill_pL] - (c[C.confirmed] - c[C.fill_confirmed]) * c[C.pulse_pL]);
}

/** The lower bound: uncertain pulses since the fill taken off too. */
export function remainingLow_pL(p: Pump): number {
  return Math.max(0, remaining_pL(p) - (uncertain(p) - p.c[C.fill_uncertain]) * p.c[C.pulse_pL]);
}
