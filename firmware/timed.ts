// Timed and periodic boluses: when the next one is due, given once or skipped.

import { Unit } from "../hal/units";
import { Prescribe } from "../protocol/limits";
import { BolusEnd, RecordKind, Skipped } from "../protocol/records";
import { idiv } from "../protocol/integers";
import { BolusKind, Mode, State } from "../protocol/states";
import { doseOf_ng, minuteOf, minutesOf } from "./boluses";
import { beginBolus, endBolus, hasBolus, isComplete } from "./bolus";
import { mark, record } from "./log";
import { Timed } from "./parameters";
import { put, slot } from "./region";
import { C, Dirty, W } from "./state";
import type { Pump } from "./state";

/**
 * A timed bolus is due at a minute of each wall-clock day, a periodic one every so many minutes of pump time; a prescription has the one or the other. Each
 * is given once, starts when the bolus in hand ends, or is skipped and says so: nothing is ever caught up (DOSE-4, DOSE-5).
 */

function wall_ms(p: Pump): number {
  return p.w[W.now_ms] + p.c[C.wall_offset_ms];
}

/** The first wall time after `after_ms` that has the minute of day of entry `i`. */
function nextOf_ms(p: Pump, i: number, after_ms: number): number {
  const minute_ms = minuteOf(slot(p, C.timed + i)) * Unit.ms_per_minute;
  const today_ms = idiv(after_ms, Unit.ms_per_day) * Unit.ms_per_day + minute_ms;
  return today_ms > after_ms ? today_ms : today_ms + Unit.ms_per_day;
}

/** Finds the next instant after now at which one is due. On the shelf none is. */
export function planBoluses(p: Pump): void {
  const c = p.c;
  if (c[C.state] === State.shelf) {
    put(p, C.next_bolus_ms, 0);
    return;
  }
  const after_ms = wall_ms(p);
  let next_ms = c[C.interval_min] > 0 && c[C.periodic_ms] > 0 ? c[C.periodic_ms] : 0;
  for (let i = 0; i < c[C.timed_count]; i++) {
    const at_ms = nextOf_ms(p, i, after_ms) - c[C.wall_offset_ms];
    if (next_ms === 0 || at_ms < next_ms) next_ms = at_ms;
  }
  put(p, C.next_bolus_ms, next_ms);
}

/** A new interval counts from now. */
export function anchorPeriodic(p: Pump): void {
  put(p, C.periodic_ms, p.c[C.interval_min] === 0 ? 0 : p.w[W.now_ms] + p.c[C.interval_min] * Unit.ms_per_minute);
}

/** Saved, so that a power loss soon after does not tell it once more. */
function skip(p: Pump, kind: BolusKind, entry: number, why: Skipped): void {
  record(p, RecordKind.bolus_skipped, kind, entry, why);
  mark(p, Dirty.saved);
}

/** True if a bolus may run on top of what is being delivered: a prescription, and by the motor. */
export function canDeliver(p: Pump): boolean {
  const c = p.c;
  return c[C.state] === State.therapy && c[C.motor_on] === 1 && c[C.stalled] === 0 && c[C.prime_left] === 0 && c[C.mode] === Mode.schedule;
}

/** Begins entry `i` of the prescription, or the periodic one. */
function give(p: Pump, i: number): void {
  const c = p.c;
  if (i < c[C.timed_count]) beginBolus(p, BolusKind.timed, doseOf_ng(slot(p, C.timed + i)), minutesOf(slot(p, C.timed + i)));
  else beginBolus(p, BolusKind.periodic, c[C.periodic_ng], c[C.periodic_min]);
}

/** An entry is due: given, or made to wait, or skipped. `bit` says which it is among those that wait. */
function due(p: Pump, kind: BolusKind, i: number, bit: number): void {
  const now_ms = p.w[W.now_ms];
  if (!canDeliver(p)) {
    skip(p, kind, i, Skipped.not_delivering);
    return;
  }
  if (kind === BolusKind.timed) {
    const given_ms = slot(p, C.timed_given + i);
    if (given_ms !== 0 && now_ms - given_ms < Timed.again_ms_min) {
      skip(p, kind, i, Skipped.given_before);
      return;
    }
    put(p, C.timed_given + i, Math.max(1, now_ms));
  }
  // It waits once: what comes due again meanwhile is left out, and said.
  if (hasBolus(p) && (p.c[C.bolus_waits] & bit) !== 0) skip(p, kind, i, Skipped.replaced);
  else if (hasBolus(p)) put(p, C.bolus_waits, p.c[C.bolus_waits] | bit);
  else give(p, kind === BolusKind.timed ? i : p.c[C.timed_count]);
  mark(p, Dirty.saved);
}

/** The periodic one, if its time has come: the next is one interval later, or as many as it takes. */
function runPeriodic(p: Pump): void {
  const c = p.c;
  const interval_ms = c[C.interval_min] * Unit.ms_per_minute;
  if (interval_ms === 0 || c[C.periodic_ms] === 0 || c[C.periodic_ms] > p.w[W.now_ms]) return;
  due(p, BolusKind.periodic, 0, Timed.periodic_bit);
  put(p, C.periodic_ms, c[C.periodic_ms] + (1 + idiv(p.w[W.now_ms] - c[C.periodic_ms], interval_ms)) * interval_ms);
  mark(p, Dirty.saved);
}

/** Gives what has come due since the last look, at `C.next_bolus_ms`; an entry whose time lies between that and now is late by a reset. */
export function runTimed(p: Pump): void {
  const c = p.c;
  const now_ms = p.w[W.now_ms];
  if (c[C.next_bolus_ms] === 0 || c[C.next_bolus_ms] > now_ms) return;
  const before_ms = c[C.next_bolus_ms] + c[C.wall_offset_ms] - 1;
  for (let i = 0; i < c[C.timed_count]; i++) {
    if (nextOf_ms(p, i, before_ms) <= wall_ms(p)) due(p, BolusKind.timed, i, 1 << i);
  }
  runPeriodic(p);
  planBoluses(p);
}

/** Ends a bolus that is complete, once none of it is in flight, and begins one that waited for it. */
export function turnBoluses(p: Pump): void {
  if (p.c[C.bolus_kind] === BolusKind.none && p.c[C.bolus_waits] === 0) return;
  if (isComplete(p)) endBolus(p, BolusEnd.complete);
  if (p.c[C.bolus_waits] === 0 || hasBolus(p)) return;
  for (let i = 0; i <= Prescribe.timed_max; i++) {
    const bit = 1 << i;
    if ((p.c[C.bolus_waits] & bit) !== 0) {
      put(p, C.bolus_waits, p.c[C.bolus_waits] - bit);
      const kind = bit === Timed.periodic_bit ? BolusKind.periodic : BolusKind.timed;
      if (canDeliver(p)) give(p, kind === BolusKind.timed ? i : p.c[C.timed_count]);
      else skip(p, kind, kind === BolusKind.timed ? i : 0, Skipped.not_delivering);
      return;
    }
  }
}

/** Delivery ends, or another prescription comes: those that wait are skipped. */
export function dropWaiting(p: Pump, why: Skipped): void {
  for (let i = 0; i <= Prescribe.timed_max && p.c[C.bolus_waits] !== 0; i++) {
    const bit = 1 << i;
    if ((p.c[C.bolus_waits] & bit) === 0) continue;
    put(p, C.bolus_waits, p.c[C.bolus_waits] - bit);
    if (bit === Timed.periodic_bit) skip(p, BolusKind.periodic, 0, why);
    else skip(p, BolusKind.timed, i, why);
  }
}

/**
 * The wall clock was set from `old_ms` to `new_ms`: an entry that was jumped over is given once at a jump of up to 2 h, and skipped by a longer one. One
 * that comes again because the clock went back is held back when its time comes (DOSE-5).
 */
export function jumpBoluses(p: Pump, old_ms: number, new_ms: number): void {
  const c = p.c;
  if (c[C.state] === State.therapy) {
    for (let i = 0; i < c[C.timed_count]; i++) {
      const at_ms = nextOf_ms(p, i, old_ms);
      if (at_ms > new_ms) continue;
      const now = nextOf_ms(p, i, new_ms - 1) === new_ms;
      if (now || new_ms - old_ms <= Timed.jump_ms_max) due(p, BolusKind.timed, i, 1 << i);
      else skip(p, BolusKind.timed, i, Skipped.clock_jump);
    }
  }
  planBoluses(p);
}

/** The pump was away over them: whatever came due is skipped. `since_ms` is when it was last known to run. */
export function missBoluses(p: Pump, since_ms: number): void {
  const c = p.c;
  const now_ms = p.w[W.now_ms];
  const before_ms = since_ms + c[C.wall_offset_ms];
  if (c[C.state] === State.therapy) {
    for (let i = 0; i < c[C.timed_count]; i++) {
      if (nextOf_ms(p, i, before_ms) <= wall_ms(p)) skip(p, BolusKind.timed, i, Skipped.away);
    }
  }
  const interval_ms = c[C.interval_min] * Unit.ms_per_minute;
  if (interval_ms > 0 && c[C.periodic_ms] > 0 && c[C.periodic_ms] <= now_ms) {
    if (c[C.state] === State.therapy) skip(p, BolusKind.periodic, 0, Skipped.away);
    put(p, C.periodic_ms, c[C.periodic_ms] + (1 + idiv(now_ms - c[C.periodic_ms], interval_ms)) * interval_ms);
  }
  dropWaiting(p, Skipped.away);
  planBoluses(p);
}
