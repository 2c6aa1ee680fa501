// The critical region: every value twice, checked before it is used, corrected.

import { Panic } from "../hal/panic";
import { idiv, imod } from "../protocol/integers";
import type { C, Pump } from "./state";
import { at } from "./list";

/**
 * How a slot is kept: its value v in the primary list, and 107 v + 1 in retained memory. The second form is an
 * AN code: 2 is a primitive root of 107, so no sum or difference of two powers of two below 2^53 is a multiple of it,
 * and one or two flipped bits never make another code. So it can tell by itself that it was damaged, and
 * two copies are enough to know which one is right, also when each has lost a bit. (With the factor 3, the same bit
 * flipped in both copies looked like a good value.)
 */
export const enum Guard {
  factor = 107,
  tag = 1,
  /** Largest value, 2^46: its code stays below 2^53. */
  value_max = 70_368_744_177_664,
}

/** What a check of slots found. */
export const enum Check {
  good = 0,
  corrected = 1,
  /** A slot is damaged in both copies: nothing in the region may be trusted. */
  lost = 2,
}

/** Which copy of a slot was damaged, for the log. */
const enum Copy {
  primary = 1,
  shadow = 2,
}

/** Writes slot `i` of the critical region, both copies. `v` is an integer from 0 to 2^46. */
export function put(p: Pump, i: C, v: number): void {
  if (v < 0 || v > Guard.value_max) p.board.panic(Panic.value_range);
  p.primary[i] = v;
  p.shadow[i] = v * Guard.factor + Guard.tag;
}

/** Reads slot `i` where the index is computed. */
export function slot(p: Pump, i: number): number {
  return at(p.board, p.primary, i);
}

function isCode(code: number): boolean {
  return code >= Guard.tag && imod(code - Guard.tag, Guard.factor) === 0;
}

/** True if a and b differ by exactly one power of two: what one flipped bit does. */
function oneBitApart(a: number, b: number): boolean {
  let d = a > b ? a - b : b - a;
  if (d === 0) return false;
  while (imod(d, 2) === 0) d = idiv(d, 2);
  return d === 1;
}

/**
 * Corrects slot `i`, in which the copies differ. A good code is right and the primary is not. A bad code
 * is wrong itself, and the primary right, only if one bit apart from what it should be: anything else is two
 * faults in one slot, and no guess is made.
 */
function correct(p: Pump, i: number): Check {
  const code = at(p.board, p.shadow, i);
  const v = at(p.board, p.primary, i);
  const good = v * Guard.factor + Guard.tag;
  p.reply[1] = isCode(code) ? Copy.primary : Copy.shadow;
  if (isCode(code)) {
    p.primary[i] = idiv(code - Guard.tag, Guard.factor);
    return Check.corrected;
  }
  if (v > Guard.value_max || !oneBitApart(code, good)) return Check.lost;
  p.shadow[i] = good;
  return Check.corrected;
}

/**
 * Checks slots `from` to `to`, exclusive, and corrects what can be corrected. The last slot that was corrected
 * or lost goes into `reply[0]`, which copy was damaged into `reply[1]`.
 */
export function check(p: Pump, from: number, to: number): Check {
  const primary = p.primary;
  const shadow = p.shadow;
  let found = Check.good;
  for (let i = from; i < to; i++) {
    if (shadow[i] !== (primary[i] ?? 0) * Guard.factor + Guard.tag) {
      p.reply[0] = i;
      if (correct(p, i) === Check.lost) return Check.lost;
      found = Check.corrected;
    }
  }
  return found;
}

/**
 * Brings slots `from` to `to`, exclusive, back from retained memory after a warm reset. False if any of them is
 * not a good code: with the primary copy gone, retained memory alone is not enough to correct it.
 */
export function recall(p: Pump, from: number, to: number): boolean {
  let good = true;
  for (let i = from; i < to; i++) {
    const code = at(p.board, p.shadow, i);
    if (isCode(code)) {
      p.primary[i] = idiv(code - Guard.tag, Guard.factor);
    } else {
      p.reply[0] = i;
      p.reply[1] = Copy.shadow;
      good = false;
    }
  }
  return good;
}
