// The boluses of a prescription: how they are packed, and what they add up to.

import { ceilDiv, idiv, imod } from "../protocol/integers";
import { Prescribe } from "../protocol/limits";
import { at } from "./list";
import { Timed } from "./parameters";
import { Staged } from "./state";
import type { Pump } from "./state";

/** Works on a prescription in either place, staged or in force: `list` from index `first` on is laid out as `Staged`. */

export function packTimed(minute: number, dose_ng: number, minutes: number): number {
  return (minute * Timed.dose_span + dose_ng) * Timed.minutes_span + minutes;
}

/** The minute of the day of a packed timed bolus. */
export function minuteOf(packed: number): number {
  return idiv(packed, Timed.dose_span * Timed.minutes_span);
}

export function doseOf_ng(packed: number): number {
  return imod(idiv(packed, Timed.minutes_span), Timed.dose_span);
}

export function minutesOf(packed: number): number {
  return imod(packed, Timed.minutes_span);
}

/** What timed and periodic boluses give in any 24 h, at most. */
export function dayOfBoluses_ng(p: Pump, list: readonly number[], first: number): number {
  const interval = at(p.board, list, first + Staged.extra);
  let sum = interval === 0 ? 0 : ceilDiv(Prescribe.minutes_per_day, interval) * at(p.board, list, first + Staged.periodic_ng);
  const count = at(p.board, list, first + Staged.timed_count);
  for (let i = 0; i < count; i++) sum += doseOf_ng(at(p.board, list, first + Staged.timed + i));
  return sum;
}

const MINUTES_PER_HOUR = 60;

/** What a bolus of `dose_ng` over `minutes` gives in an hour, at most. */
function hourOf_ng(dose_ng: number, minutes: number): number {
  return minutes <= MINUTES_PER_HOUR ? dose_ng : ceilDiv(dose_ng * MINUTES_PER_HOUR, minutes);
}

/**
 * What they give in any 1 h, at most: an hour that begins within entry i reaches those that begin within an hour after its end. Entries do not overlap. It counts
 * the whole of what such an hour touches, so it may be more than the truth.
 */
export function hourOfBoluses_ng(p: Pump, list: readonly number[], first: number): number {
  const count = at(p.board, list, first + Staged.timed_count);
  const interval = at(p.board, list, first + Staged.extra);
  let largest = interval === 0 ? 0 : ceilDiv(MINUTES_PER_HOUR, interval) * hourOf_ng(at(p.board, list, first + Staged.periodic_ng), at(p.board, list, first + Staged.periodic_min));
  for (let i = 0; i < count; i++) {
    const begun = at(p.board, list, first + Staged.timed + i);
    const reach = minutesOf(begun) + MINUTES_PER_HOUR;
    let sum = 0;
    for (let j = 0; j < count; j++) {
      const other = at(p.board, list, first + Staged.timed + j);
      const after = imod(minuteOf(other) - minuteOf(begun) + Prescribe.minutes_per_day, Prescribe.minutes_per_day);
      if (after < reach) sum += hourOf_ng(doseOf_ng(other), minutesOf(other));
    }
    largest = Math.max(largest, sum);
  }
  return largest;
}

/** The largest of all boluses that it can give, the patient's among them. */
export function largestBolus_ng(p: Pump, list: readonly number[], first: number): number {
  let largest = Math.max(at(p.board, list, first + Staged.periodic_ng), at(p.board, list, first + Staged.patient_ng));
  const count = at(p.board, list, first + Staged.timed_count);
  for (let i = 0; i < count; i++) largest = Math.max(largest, doseOf_ng(at(p.board, list, first + Staged.timed + i)));
  return largest;
}
