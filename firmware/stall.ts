// Stall: pulses that are not confirmed, until one is.

import { Unit } from "../hal/units";
import { Alarm } from "../protocol/alarms";
import { idiv } from "../protocol/integers";
import { RecordKind } from "../protocol/records";
import { basalPulses } from "./accrual";
import { clear, raise } from "./alarms";
import { unconfirmed } from "./books";
import { mark, record } from "./log";
import { Dose, Stall } from "./parameters";
import { put, slot } from "./region";
import { C, Dirty, W } from "./state";
import { noteStall } from "./trend";
import type { StallEnd } from "../protocol/records";
import type { Pump } from "./state";

/**
 * A stall begins with three unconfirmed pulses in a row, or when those of the last 24 h reach DOSE-8's limit. It
 * changes nothing of the pulses: attempts go on at the scheduled rate, none is retried early. The first
 * confirmed one ends it by itself (MOTOR-2, 3).
 *
 * Unconfirmed pulses are counted in one-hour buckets, one more than a day, so the sum never misses one of the
 * last 24 h; it may hold one that is up to 25 h old, and then warns early. Those of a stall leave the buckets,
 * since DOSE-8 does not count ended stalls; earlier ones stay.
 */

/** Moves the buckets on to the present hour and returns the sum. */
function missesInDay(p: Pump): number {
  const hour = idiv(p.w[W.now_ms], Unit.ms_per_hour);
  const stale = Math.min(hour - p.c[C.miss_hour], Stall.buckets);
  for (let n = 1; n <= stale; n++) {
    for (let i: number = C.miss_bucket_last; i > C.miss_bucket; i--) put(p, i, slot(p, i - 1));
    put(p, C.miss_bucket, 0);
  }
  if (stale > 0) put(p, C.miss_hour, hour);
  let sum = 0;
  for (let i: number = C.miss_bucket; i <= C.miss_bucket_last; i++) sum += slot(p, i);
  return sum;
}

/** Takes the newest `count` unconfirmed pulses out of the buckets: from now on they belong to a stall. */
function takeNewest(p: Pump, count: number): void {
  let left = count;
  for (let i: number = C.miss_bucket; i <= C.miss_bucket_last && left > 0; i++) {
    const taken = Math.min(left, slot(p, i));
    put(p, i, slot(p, i) - taken);
    left -= taken;
  }
}

/** Begins a stall if pulses in a row, or those of the day against the present basal, have reached a limit. */
function mayStall(p: Pump, in_day: number): void {
  const c = p.c;
  const limit = Math.max(Stall.pulses_in_24h, basalPulses(p, Unit.ms_per_half_hour));
  if (c[C.misses_in_row] < Stall.row && in_day < limit) return;
  const own = in_day < limit ? c[C.misses_in_row] : in_day;
  takeNewest(p, own);
  put(p, C.stalled, 1);
  put(p, C.stall_uncertain, unconfirmed(p) - own);
  record(p, RecordKind.stall_begin, c[C.misses_in_row], in_day, c[C.last_confirmed_ms]);
  raise(p, Alarm.motor_stall, c[C.misses_in_row]);
  noteStall(p);
}

/** Counts an unconfirmed pulse; a stall may begin. One of a stall is not counted for another. */
export function countMiss(p: Pump): void {
  const c = p.c;
  put(p, C.misses_in_row, c[C.misses_in_row] + 1);
  put(p, C.misses_counted, unconfirmed(p));
  if (c[C.stalled] === 1) return;
  mark(p, Dirty.saved);
  const in_day = missesInDay(p) + 1;
  put(p, C.miss_bucket, c[C.miss_bucket] + 1);
  mayStall(p, in_day);
}

/**
 * After a power loss: pulses that the tallies know and nobody has counted as misses, mostly the one that was in
 * flight, so that power lost with every pulse is a stall like any other.
 */
export function countLost(p: Pump): void {
  for (let lost = unconfirmed(p) - p.c[C.misses_counted]; lost > 0 && p.c[C.stalled] === 0; lost--) countMiss(p);
  put(p, C.misses_counted, unconfirmed(p));
}

/** After a change of rate: half an hour of a lower basal may be less than what was missed already. */
export function weighMisses(p: Pump): void {
  if (p.c[C.stalled] === 0 && p.c[C.motor_on] === 1) mayStall(p, missesInDay(p));
}

/** Ends a stall, if there is one: logs the dose that its unconfirmed pulses were worth. */
export function endStall(p: Pump, how: StallEnd): void {
  const c = p.c;
  put(p, C.misses_in_row, 0);
  if (c[C.stalled] === 0) return;
  put(p, C.stalled, 0);
  p.w[W.repaced] = 1;
  const pulses = unconfirmed(p) - c[C.stall_uncertain];
  const missed_ng = idiv(pulses * c[C.pulse_pL] * c[C.concentration], Dose.pL_conc_per_ng);
  record(p, RecordKind.stall_end, missed_ng, pulses, how);
  clear(p, Alarm.motor_stall);
}
