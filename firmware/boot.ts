// After a reset: what is still known, and therapy back from it.

import { Panic } from "../hal/panic";
import { Book } from "../hal/storage";
import { ResetCause } from "../hal/controller";
import { Alarm } from "../protocol/alarms";
import { RecordKind } from "../protocol/records";
import { advance } from "./accrual";
import { raise, reviveAlarms } from "./alarms";
import { mark, record } from "./log";
import { Event, transition } from "./machine";
import { at } from "./math";
import { Fill, Pulse, Reset, Sound, Wall } from "./parameters";
import { dropPrescription } from "./prescription";
import { Check, check, put, recall } from "./region";
import { logMissed, paceMinimum, takeStep } from "./schedule";
import { C, Dirty, Pacing, Part, Region, W } from "./state";
import { State } from "../protocol/states";
import type { Pump } from "./state";

/**
 * A warm reset has retained memory: the region is as the last entry left it, the fraction of a pulse in it, and
 * accrual goes on as if nothing had been (DOSE-4). A power loss has storage only: prescription, settings and the
 * tallies of pulses. The fraction is dropped, the outage is of unknown length, neither is ever delivered later.
 */

/** A region in which every slot is good and nothing is known. */
function fresh(p: Pump): void {
  for (let i = 0; i < C.size; i++) put(p, i, 0);
  put(p, C.magic, Region.magic);
  put(p, C.pulse_pL, Pulse.nominal_pL);
  put(p, C.capacity_nL, Fill.small_nL);
  put(p, C.low_volume_pL, Fill.low_nL_default * 1000);
  put(p, C.critical_interval_ms, Sound.critical_interval_ms);
  put(p, C.other_interval_ms, Sound.other_interval_ms);
  put(p, C.wall_offset_ms, Wall.ms_min);
}

/** What reading a part of storage came to. */
const enum Loaded {
  /** It was never written. */
  nothing = 0,
  good = 1,
  /** No good copy of it is left, or another layout wrote it. */
  damaged = 2,
}

/** Reads a part of storage into its stretch of the region; leaves that alone unless the part is good. */
function load(p: Pump, part: Part, first: number, count: number): Loaded {
  const found = p.board.storage.read(part, p.args);
  if (found === 0) return Loaded.nothing;
  if (found !== count) return Loaded.damaged;
  for (let i = 0; i < count; i++) put(p, first + i, at(p.board, p.args, i));
  return Loaded.good;
}

/** Puts what storage knows into a fresh region. False if a part is damaged. */
function restore(p: Pump): boolean {
  const now_ms = p.w[W.now_ms];
  fresh(p);
  const saved = load(p, Part.saved, Region.saved, Region.saved_count) !== Loaded.damaged;
  const steps = load(p, Part.prescription, Region.prescription, Region.prescription_count);
  const prescribed = steps !== Loaded.damaged;
  put(p, C.commanded, p.board.storage.tallied(Book.commanded));
  put(p, C.confirmed, p.board.storage.tallied(Book.confirmed));
  if (p.c[C.confirmed] > p.c[C.commanded]) p.board.panic(Panic.books);
  if (!saved) {
    // Nobody knows what is in the reservoir: assume it is full, so that therapy goes on, under a critical alarm.
    put(p, C.fill_pL, p.c[C.capacity_nL] * 1000);
    put(p, C.fill_confirmed, p.c[C.confirmed]);
    put(p, C.fill_uncertain, p.c[C.commanded] - p.c[C.confirmed]);
    put(p, C.state, State.therapy);
  }
  if (!prescribed) dropPrescription(p);
  put(p, C.accrued_ms, now_ms);
  put(p, C.last_command_ms, now_ms);
  put(p, C.miss_hour, 0);
  return saved && prescribed;
}

/** Takes up delivery in the state that storage remembers. */
function resume(p: Pump): void {
  const state = p.c[C.state];
  if (state === State.shelf || state === State.end_of_service) return;
  put(p, C.motor_on, state === State.therapy || state === State.safe_minimum ? 1 : 0);
  if (state === State.safe_minimum) paceMinimum(p);
  else takeStep(p, p.w[W.now_ms]);
}

/**
 * Starts again from storage alone. Used after a power loss, and when the critical region is lost. What cannot be
 * trusted then leads to the minimum rate.
 */
export function restart(p: Pump, trusted: boolean): void {
  const known = restore(p);
  resume(p);
  record(p, RecordKind.power_lost, 0, 0, 0);
  if (!known) record(p, RecordKind.storage_failed, 0, 0, 0);
  if (!known || !trusted) transition(p, Event.untrusted);
}

/** Goes on where retained memory says the last entry ended. */
function goOn(p: Pump): void {
  const c = p.c;
  const now_ms = p.w[W.now_ms];
  if (c[C.in_flight] === 1) {
    put(p, C.in_flight, 0);
    record(p, RecordKind.pulse_lost, 1, 0, 0);
  }
  const bridged_ms = c[C.deadline_ms] + Reset.bridged_ms_max;
  if (now_ms <= bridged_ms || c[C.pacing] === Pacing.none || c[C.motor_on] === 0) {
    advance(p, now_ms);
    return;
  }
  // Away for longer than a reset takes: what came due meanwhile is not caught up.
  advance(p, c[C.deadline_ms]);
  put(p, C.motor_on, 0);
  put(p, C.missed_from_ms, c[C.deadline_ms]);
  advance(p, now_ms);
  logMissed(p);
  put(p, C.motor_on, 1);
}

/**
 * Brings the region back from retained memory. A slot that was damaged there has lost its other copy in the reset:
 * what storage also has is read from it, the count of unconfirmed pulses begins anew, and only a damaged
 * running value makes all of it useless (false).
 */
function comeBack(p: Pump): boolean {
  const running = recall(p, 0, Region.saved);
  if (!running || p.c[C.magic] !== Region.magic) return false;
  let whole = true;
  if (!recall(p, Region.saved, C.miss_hour)) {
    whole = false;
    if (load(p, Part.saved, Region.saved, Region.saved_count) !== Loaded.good) return false;
  }
  if (!recall(p, C.miss_hour, Region.prescription)) {
    whole = false;
    for (let i: number = C.miss_hour; i < Region.prescription; i++) put(p, i, 0);
  }
  if (!recall(p, Region.prescription, C.size)) {
    whole = false;
    if (load(p, Part.prescription, Region.prescription, Region.prescription_count) !== Loaded.good) return false;
  }
  if (!whole) tellCorrected(p);
  return true;
}

/** Records and alarms that the slot in `reply[0]` was damaged, and is good again. */
function tellCorrected(p: Pump): void {
  const slot_number = at(p.board, p.reply, 0);
  record(p, RecordKind.memory_corrected, slot_number, 0, 0);
  raise(p, Alarm.memory_corrected, slot_number);
}

/** First thing after a reset. */
export function bootPump(p: Pump, cause: ResetCause, detail: number): void {
  const stored = p.board.storage.last_sequence();
  p.w[W.sequence] = stored;
  record(p, RecordKind.boot, cause, detail, 0);
  if (cause !== ResetCause.power && comeBack(p)) {
    goOn(p);
  } else if (stored === 0) {
    fresh(p);
  } else {
    restart(p, true);
  }
  reviveAlarms(p);
  mark(p, Dirty.saved);
}

/** Checks the region and answers for what it finds; `to` is the first slot that is not checked. */
export function checkRegion(p: Pump, from: number, to: number): void {
  const found = check(p, from, to);
  if (found === Check.good) return;
  if (found === Check.corrected) {
    tellCorrected(p);
    return;
  }
  const slot_number = at(p.board, p.reply, 0);
  restart(p, false);
  record(p, RecordKind.memory_lost, slot_number, 0, 0);
}
