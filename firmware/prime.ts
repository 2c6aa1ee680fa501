// Prime: tubing and catheter filled at the greatest flow, pulse by pulse.

import { Unit } from "../hal/units";
import { BolusEnd, RecordKind } from "../protocol/records";
import { ceilDiv } from "../protocol/integers";
import { mark, record } from "./log";
import { put } from "./region";
import { C, Dirty } from "./state";
import type { Pump } from "./state";

/**
 * A prime is paced in volume by a fraction of its own, which is dropped at its end. Its pulses count against the reservoir and not as
 * patient dose (FILL-1, FILL-6).
 */

/** Pulses that fill so many nL. */
export function primePulses(p: Pump, volume_nL: number): number {
  return ceilDiv(volume_nL * Unit.pL_per_nL, p.c[C.pulse_pL]);
}

export function beginPrime(p: Pump, volume_nL: number): void {
  put(p, C.prime, 0);
  put(p, C.prime_left, primePulses(p, volume_nL));
  record(p, RecordKind.prime_begin, volume_nL, p.c[C.prime_left], 0);
  mark(p, Dirty.saved);
}

/** Ends the prime that is running, if there is one. */
export function endPrime(p: Pump, how: BolusEnd): void {
  if (p.c[C.prime_left] === 0 && how !== BolusEnd.complete) return;
  record(p, RecordKind.prime_end, p.c[C.prime_left], how, 0);
  put(p, C.prime_left, 0);
  put(p, C.prime, 0);
  mark(p, Dirty.saved);
}

/** A pulse of a prime is commanded. */
export function countPrimePulse(p: Pump): void {
  put(p, C.prime_left, p.c[C.prime_left] - 1);
  if (p.c[C.prime_left] === 0) endPrime(p, BolusEnd.complete);
}
