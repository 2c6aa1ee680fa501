// Rolling caps: what was given in the last hour and day, and what may still be.

import { Fault } from "../hal/faults";
import { Unit } from "../hal/units";
import { ceilDiv, idiv, imod } from "../protocol/integers";
import { at } from "./list";
import { Dose, Limit, Timed } from "./parameters";
import { Guard, put, slot } from "./region";
import { C, History, W } from "./state";
import { Cursor, give, minuteOfWeek, seek, worstWindow } from "./cursor";
import { dayOfBoluses_ng, doseOf_ng, hourOfBoluses_ng, minuteOf } from "./boluses";
import { scaleAhead } from "./titration";
import type { Pump } from "./state";

/**
 * What is given counts at the motor: each commanded pulse, confirmed or not, weighs its volume times the drug that it pushes out at the tip, in a one-minute and
 * in a five-minute bucket of pump time. A bucket counts until it is wholly out of the window, so there is one more than the window is long.
 *
 * The buckets stand in retained memory alone, each as a code that tells by itself whether it was damaged (region.ts): a damaged one counts as unknown. They
 * survive a warm reset. A power loss loses them, and then the history is unknown until the window has passed: it counts as if the cap was used (LIMIT-2).
 *
 * Why the check is enough is shown in README.md, and tested against a walk over every window.
 */

/** A bucket's content is in pulses x ng/uL; with the pulse's volume that is a dose. */
function read(p: Pump, i: number): number {
  const code = at(p.board, p.shadow, i);
  return code >= Guard.tag && imod(code - Guard.tag, Guard.factor) === 0 ? idiv(code - Guard.tag, Guard.factor) : 0 - 1;
}

function write(p: Pump, i: number, v: number): void {
  p.shadow[i] = v * Guard.factor + Guard.tag;
}

/** Moves a row of buckets on to the present one: those between are empty. */
function roll(p: Pump, newest: C, first: number, count: number, length_ms: number): void {
  const present = idiv(p.w[W.now_ms], length_ms);
  const stale = Math.min(count, present - slot(p, newest));
  if (stale === 0) return;
  for (let n = 0; n < stale; n++) write(p, first + imod(present - n, count), 0);
  put(p, newest, present);
}

function rollBoth(p: Pump): void {
  roll(p, C.cap_minute, History.minutes, History.minute_count, Unit.ms_per_minute);
  roll(p, C.cap_five, History.fives, History.five_count, Window.five_ms);
}

/** ng/day x min x permille as millionths of a ng, which is what pL x ng/uL is: 1 000 000 / (1440 x 1000). */
const enum Scaled { factor = 25, divisor = 36 }

const enum Window {
  five_ms = 300_000,
  hour_min = 60,
  day_min = 1440,
  five_min = 5,
}

function addTo(p: Pump, i: number, v: number): void {
  const before = read(p, i);
  if (before >= 0) write(p, i, before + v);
}

/** A pulse is commanded, or was found to have happened without a command. */
export function countPulse(p: Pump): void {
  rollBoth(p);
  addTo(p, History.minutes + imod(p.c[C.cap_minute], History.minute_count), p.c[C.tip]);
  addTo(p, History.fives + imod(p.c[C.cap_five], History.five_count), p.c[C.tip]);
}

/** Nothing is known of what was given before now: after a power loss, or with a new pump that has given nothing. */
export function forgetHistory(p: Pump, known_from_ms: number): void {
  for (let i: number = History.minutes; i < History.size; i++) write(p, i, 0);
  put(p, C.cap_minute, idiv(p.w[W.now_ms], Unit.ms_per_minute));
  put(p, C.cap_five, idiv(p.w[W.now_ms], Window.five_ms));
  put(p, C.history_from_ms, known_from_ms);
}

/** The rolling cap of 1 h in force. */
export function cap1h_ng(p: Pump): number {
  return p.c[C.cap_1h_ng] === 0 ? Limit.cap_1h_ng : p.c[C.cap_1h_ng];
}

/** The rolling cap of 24 h in force. */
export function cap24h_ng(p: Pump): number {
  return p.c[C.cap_24h_ng] === 0 ? defaultCap24h_ng(p.c[C.daily_ng]) : p.c[C.cap_24h_ng];
}

/** What the cap of 24 h is by default for a daily dose. */
export function defaultCap24h_ng(daily_ng: number): number {
  return idiv(daily_ng * Limit.cap_24h_permille, 1000);
}

/** Pulses x ng/uL as ng, rounded up. */
function massOf_ng(p: Pump, v: number): number {
  return ceilDiv(v * p.c[C.pulse_pL], Dose.pL_conc_per_ng);
}

/** The buckets that count now, added up, in ng; a damaged one is left out. */
export function given_ng(p: Pump, in_day: boolean): number {
  rollBoth(p);
  const first = in_day ? History.fives : History.minutes;
  const count = in_day ? History.five_count : History.minute_count;
  let sum = 0;
  for (let i = first; i < first + count; i++) sum += Math.max(0, read(p, i));
  return massOf_ng(p, sum);
}

/** Doses of timed boluses that are due from now on and before `minutes` are over, by a wall clock that is `shift_ms` from the pump's. */
function timedWithin_ng(p: Pump, minutes: number, shift_ms: number): number {
  const c = p.c;
  const now = imod(idiv(p.w[W.now_ms] + c[C.wall_offset_ms] + shift_ms, Unit.ms_per_minute), Window.day_min);
  let sum = 0;
  for (let i = 0; i < c[C.timed_count]; i++) {
    const packed = slot(p, C.timed + i);
    const until = imod(minuteOf(packed) - now + Window.day_min, Window.day_min);
    if (until < minutes) sum += doseOf_ng(packed) * (1 + idiv(minutes - 1 - until, Window.day_min));
  }
  if (c[C.interval_min] > 0) {
    const wait = idiv(Math.max(0, c[C.periodic_ms] - p.w[W.now_ms]), Unit.ms_per_minute);
    if (wait < minutes) sum += c[C.periodic_ng] * (1 + idiv(minutes - 1 - wait, c[C.interval_min]));
  }
  return sum;
}

/** Doses of boluses that wait for the one in hand, and what that one still has to give. */
function pending_ng(p: Pump): number {
  const c = p.c;
  let sum = ceilDiv(c[C.bolus_left], Unit.ms_per_day);
  for (let i = 0; i < c[C.timed_count]; i++) {
    if ((c[C.bolus_waits] & (1 << i)) !== 0) sum += doseOf_ng(slot(p, C.timed + i));
  }
  return sum + (c[C.bolus_waits] >= Timed.periodic_bit ? c[C.periodic_ng] : 0);
}

/**
 * The largest sum that a window will reach that has begun already, in ng: for each bucket that still counts, from the oldest on, everything since it
 * and all that is committed until it is wholly out, and `extra_ng`. -1 if a bucket is damaged.
 */
function largest_ng(p: Pump, in_day: boolean, extra_ng: number, shift_ms: number): number {
  const { shadow, c } = p;
  const first = in_day ? History.fives : History.minutes;
  const count = in_day ? History.five_count : History.minute_count;
  const length = in_day ? Window.five_min : 1;
  const window = in_day ? Window.day_min : Window.hour_min;
  const newest = in_day ? c[C.cap_five] : c[C.cap_minute];
  const has_boluses = c[C.timed_count] > 0 || c[C.interval_min] > 0;
  const scale = scaleAhead(p) * Scaled.factor;
  const pulse_pL = c[C.pulse_pL];
  let past = 0;
  for (let i = first; i < first + count; i++) {
    const v = read(p, i);
    if (v < 0) return 0 - 1;
    past += v;
  }
  seek(p, Cursor.tail, p.primary, C.mode, minuteOfWeek(p, shift_ms));
  // A young pump has none before its first.
  const oldest = Math.max(0, newest - count + 1);
  let place = imod(oldest, count);
  // Minutes from now until it is wholly out.
  let until = (oldest + 1) * length + window - idiv(p.w[W.now_ms], Unit.ms_per_minute);
  let basal = 0;
  let walked = 0;
  let largest = 0;
  for (let bucket = oldest; bucket <= newest; bucket++) {
    if (until > walked) {
      basal += give(p, Cursor.tail, p.primary, C.mode, until - walked);
      walked = until;
    }
    let sum = past * pulse_pL + idiv(basal * scale, Scaled.divisor) + 1;
    if (has_boluses) sum += timedWithin_ng(p, walked, shift_ms) * Dose.pL_conc_per_ng;
    if (sum > largest) largest = sum;
    past -= idiv(at(p.board, shadow, first + place) - Guard.tag, Guard.factor);
    place = place + 1 === count ? 0 : place + 1;
    until += length;
  }
  return ceilDiv(largest, Dose.pL_conc_per_ng) + extra_ng;
}

/** The same for windows that begin while a bolus of so many minutes is given: nothing was given before them. */
function ahead_ng(p: Pump, in_day: boolean, minutes: number, extra_ng: number): number {
  const window = in_day ? Window.day_min : Window.hour_min;
  const basal = worstWindow(p, p.primary, C.mode, minuteOfWeek(p, 0), minutes, window);
  const timed_ng = in_day ? dayOfBoluses_ng(p, p.primary, C.mode) : hourOfBoluses_ng(p, p.primary, C.mode);
  return ceilDiv(basal * scaleAhead(p), 1000 * Window.day_min) + timed_ng + extra_ng;
}

/** One pulse: the fraction that was carried into a window. */
function pulse_ng(p: Pump): number {
  return massOf_ng(p, p.c[C.tip]);
}

/**
 * Whether `bolus_ng` over `minutes` from now on keeps to both caps, with all that was given and all that is committed (LIMIT-2). With no bolus it tells whether a clock
 * set by `shift_ms` does.
 */
export function checkCaps(p: Pump, bolus_ng: number, minutes: number, shift_ms: number): Fault {
  const c = p.c;
  const now_ms = p.w[W.now_ms];
  rollBoth(p);
  if (c[C.history_from_ms] !== 0 && now_ms - c[C.history_from_ms] < Unit.ms_per_day + Window.five_ms) return Fault.history_unknown;
  // What it delays may come closer to the next of the same.
  const delayed_ng = bolus_ng === 0 ? 0 : timedWithin_ng(p, minutes + 1, shift_ms);
  const extra_ng = bolus_ng + pending_ng(p) + pulse_ng(p);
  const hour_ng = largest_ng(p, false, extra_ng, shift_ms);
  const day_ng = largest_ng(p, true, extra_ng, shift_ms);
  if (hour_ng < 0 || day_ng < 0) return Fault.history_unknown;
  if (hour_ng > cap1h_ng(p)) return Fault.above_cap_1h;
  if (day_ng > cap24h_ng(p)) return Fault.above_cap_24h;
  if (bolus_ng === 0) return Fault.ok;
  if (ahead_ng(p, false, minutes, extra_ng + delayed_ng) > cap1h_ng(p)) return Fault.above_cap_1h;
  return ahead_ng(p, true, minutes, extra_ng + delayed_ng) > cap24h_ng(p) ? Fault.above_cap_24h : Fault.ok;
}
