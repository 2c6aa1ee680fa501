// Recovery: the critical region back from retained memory or storage.

import { Fault } from "../hal/faults";
import { Panic } from "../hal/panic";
import { Book } from "../hal/storage";
import { Unit } from "../hal/units";
import { Alarm } from "../protocol/alarms";
import { WallClock } from "../protocol/limits";
import { RecordKind } from "../protocol/records";
import { State } from "../protocol/states";
import { advance } from "./accrual";
import { raise } from "./alarms";
import { loseBolus } from "./bolus";
import { forgetHistory } from "./caps";
import { isCut, setDrive } from "./drive";
import { at } from "./list";
import { record } from "./log";
import { Event, transition } from "./machine";
import { Battery, Fill, Pulse, Sound, Tubing } from "./parameters";
import { lookAtTip } from "./plugs";
import { dropPrescription } from "./prescription";
import { Check, check, put, recall } from "./region";
import { reply } from "./reply";
import { paceMinimum, takeStep } from "./schedule";
import { countLost } from "./stall";
import { C, Part, Region, W } from "./state";
import { missBoluses } from "./timed";
import type { Pump } from "./state";

/**
 * Storage has the prescription, the settings and the tallies of pulses, and not the running values: what comes back
 * from it has dropped the fraction of a pulse, and does not know for how long it was away (DOSE-4). What cannot be
 * trusted leads to the minimum rate, never to a guess (MEM-3).
 */

/** A region in which every slot is good and nothing is known. */
function fresh(p: Pump): void {
  for (let i = 0; i < C.size; i++) put(p, i, 0);
  put(p, C.magic, Region.magic);
  put(p, C.pulse_pL, Pulse.nominal_pL);
  put(p, C.capacity_nL, Fill.small_nL);
  put(p, C.low_volume_pL, Fill.low_nL_default * Unit.pL_per_nL);
  put(p, C.critical_interval_ms, Sound.critical_interval_ms);
  put(p, C.other_interval_ms, Sound.other_interval_ms);
  put(p, C.wall_offset_ms, WallClock.unset_ms);
  put(p, C.filtered, Battery.fresh_mV * Battery.filter);
  put(p, C.catheter_pL, (Tubing.pump_nL + Tubing.nL_per_cm * Tubing.catheter_cm_usual) * Unit.pL_per_nL);
}

/** What reading a part of storage came to. */
const enum Loaded {
  /** It was never written. */
  nothing = 0,
  good = 1,
  /** No good copy of it is left, or another layout wrote it. */
  damaged = 2,
}

/** Reads a part of storage, through the place for a staged prescription, into its stretch of the region; leaves that alone unless the part is good. */
function load(p: Pump, part: Part, first: number, count: number): Loaded {
  p.w[W.staged_session] = 0;
  const found = p.board.storage.read(part, p.staged);
  if (found === 0) return Loaded.nothing;
  if (found !== count) return Loaded.damaged;
  for (let i = 0; i < count; i++) put(p, first + i, at(p.board, p.staged, i));
  return Loaded.good;
}

/**
 * Puts what storage knows into a fresh region. False if a part is damaged. Without the settings nobody knows drug or
 * fill: then the reservoir counts as full, so that the minimum rate goes on, and a dose in ng means nothing.
 */
export function restore(p: Pump): boolean {
  const now_ms = p.w[W.now_ms];
  fresh(p);
  const saved = load(p, Part.saved, Region.saved, Region.saved_count) !== Loaded.damaged;
  const prescribed = load(p, Part.prescription, Region.prescription, Region.prescription_count) !== Loaded.damaged;
  // Never less than at the last fill: a book that has lost pulses would be a panic at each boot, and no therapy with it.
  const confirmed = Math.max(p.board.storage.tallied(Book.confirmed), p.c[C.fill_confirmed]);
  put(p, C.commanded, Math.max(confirmed, p.board.storage.tallied(Book.commanded)));
  put(p, C.confirmed, confirmed);
  if (!saved) {
    put(p, C.fill_pL, (p.c[C.capacity_nL] - Fill.dead_nL) * Unit.pL_per_nL);
    put(p, C.fill_confirmed, p.c[C.confirmed]);
    put(p, C.fill_uncertain, p.c[C.commanded] - p.c[C.confirmed]);
    put(p, C.misses_counted, p.c[C.commanded] - p.c[C.confirmed]);
    put(p, C.state, State.therapy);
  }
  if (!saved || !prescribed) dropPrescription(p);
  put(p, C.accrued_ms, now_ms);
  put(p, C.last_command_ms, now_ms);
  put(p, C.titration_counted_ms, now_ms);
  put(p, C.zero_from_ms, now_ms);
  forgetHistory(p, now_ms);
  lookAtTip(p);
  return saved && prescribed;
}

/** Takes up delivery, or its absence, in the state that storage remembers. */
function resume(p: Pump): void {
  const state = p.c[C.state];
  if (state === State.shelf || state === State.end_of_service) return;
  if (state === State.stopped || state === State.safe_off || (state === State.therapy && isCut(p))) {
    // The motor was off all the time: what was missed since then is known after all.
    const from_ms = p.c[C.missed_from_ms];
    put(p, C.accrued_ms, from_ms);
    takeStep(p, from_ms);
    put(p, C.missed_from_ms, from_ms);
    advance(p, p.w[W.now_ms]);
    return;
  }
  // Since it was saved last, pulses were confirmed at instants that nobody knows any more.
  if (p.c[C.stalled] === 0) put(p, C.fed_ms, Math.max(p.c[C.fed_ms], p.c[C.kept_ms]));
  if (isCut(p)) put(p, C.missed_from_ms, p.w[W.now_ms]);
  else put(p, C.motor_on, 1);
  if (state === State.safe_minimum) paceMinimum(p);
  else takeStep(p, p.w[W.now_ms]);
}

/** Takes up what `restore` has left: `known` is what it returned, `trusted` whether nothing but power was lost. */
export function takeUp(p: Pump, known: boolean, trusted: boolean): void {
  setDrive(p);
  resume(p);
  record(p, RecordKind.power_lost, 0, 0, 0);
  loseBolus(p);
  missBoluses(p, p.c[C.kept_ms]);
  countLost(p);
  if (!known) record(p, RecordKind.storage_failed, Fault.storage_damaged, 0, 0);
  if (!known || !trusted) transition(p, Event.untrusted);
  if (!known && p.c[C.state] !== State.shelf && p.c[C.state] !== State.end_of_service) raise(p, Alarm.no_valid_prescription, 0);
}

/** What coming back from retained memory came to. */
export const enum Back {
  /** Nothing in it may be used. */
  useless = 0,
  /** A slot was damaged, and is good again. */
  mended = 1,
  whole = 2,
}

/**
 * Brings the region back from retained memory. A slot that was damaged there has lost its other copy in the reset:
 * what storage also has is read from it, and only a damaged running value makes all of it useless.
 */
export function comeBack(p: Pump): Back {
  if (!recall(p, 0, Region.saved) || p.c[C.magic] !== Region.magic) return Back.useless;
  let back = Back.whole;
  if (!recall(p, Region.saved, Region.prescription)) {
    back = Back.mended;
    if (load(p, Part.saved, Region.saved, Region.saved_count) !== Loaded.good) return Back.useless;
  }
  if (!recall(p, Region.prescription, C.size)) {
    back = Back.mended;
    if (load(p, Part.prescription, Region.prescription, Region.prescription_count) !== Loaded.good) return Back.useless;
  }
  return back;
}

/** Records and alarms that the slot in `reply[0]` was damaged in the copy of `reply[1]`, and is good again. */
export function tellMended(p: Pump): void {
  const slot_number = at(p.board, p.reply, 0);
  record(p, RecordKind.memory_corrected, slot_number, at(p.board, p.reply, 1), 0);
  raise(p, Alarm.memory_corrected, slot_number);
}

/** Starts again from storage because a slot is lost in both copies. A request that waits is refused: its values may be. */
function startAgain(p: Pump): void {
  // What storage tells now is not what it will tell when it is done.
  if (p.w[W.posted] > p.w[W.ended]) p.board.panic(Panic.region_lost);
  const slot_number = at(p.board, p.reply, 0);
  const held = p.w[W.held];
  p.w[W.held] = 0;
  takeUp(p, restore(p), false);
  record(p, RecordKind.memory_lost, slot_number, 0, 0);
  if (held === 0) return;
  record(p, RecordKind.operation, held, Fault.interrupted, 0);
  reply(p, held, Fault.interrupted, 0, 0, 0);
}

/** Checks slots `from` to `to`, exclusive, and answers for what it finds. */
export function checkRegion(p: Pump, from: number, to: number): void {
  const found = check(p, from, to);
  if (found === Check.corrected) tellMended(p);
  if (found === Check.lost) startAgain(p);
}
