// After a reset: therapy back from what is still known.

import { CipherSize, KeySlot } from "../hal/cipher";
import { PowerLoss, ResetCause } from "../hal/controller";
import { Fault } from "../hal/faults";
import { Alarm } from "../protocol/alarms";
import { BolusEnd, RecordKind } from "../protocol/records";
import { State } from "../protocol/states";
import { D, Key } from "../protocol/device/state";
import { advance } from "./accrual";
import { raise, reviveAlarms } from "./alarms";
import { forgetAnswers, recallAnswer } from "./answers";
import { forgetHistory } from "./caps";
import { interrupt } from "./interrupt";
import { setDrive } from "./drive";
import { mark, record } from "./log";
import { Event, transition } from "./machine";
import { Reset } from "./parameters";
import { Back, comeBack, restore, takeUp, tellMended } from "./recovery";
import { lookAtTip } from "./plugs";
import { put } from "./region";
import { checkReservoir } from "./reservoir";
import { logMissed } from "./schedule";
import { tellSelfTest } from "./self-test";
import { countMiss } from "./stall";
import { C, Dirty, Pacing, Part, W } from "./state";
import { missBoluses } from "./timed";
import { countTitration } from "./titration";
import type { Pump } from "./state";

/** A pulse was in flight when the program ended: its result is lost, so it is uncertain. */
function losePulse(p: Pump): void {
  if (p.c[C.in_flight] === 0) return;
  put(p, C.in_flight, 0);
  record(p, RecordKind.pulse_lost, 1, 0, 0);
  countMiss(p);
}

/**
 * Goes on where retained memory says the last entry ended, the fraction of a pulse in it, and accrues as if nothing
 * had been (DOSE-4), up to 60 s past the deadline that was named. Whoever was away for longer does not catch up.
 */
function goOn(p: Pump): void {
  const c = p.c;
  const now_ms = p.w[W.now_ms];
  losePulse(p);
  interrupt(p, BolusEnd.reset);
  const bridged_ms = c[C.deadline_ms] + Reset.bridged_ms_max;
  if (now_ms <= bridged_ms || c[C.pacing] === Pacing.none || c[C.motor_on] === 0) {
    // Before a reset too many leads elsewhere.
    countTitration(p);
    advance(p, now_ms);
  } else {
    advance(p, c[C.deadline_ms]);
    put(p, C.motor_on, 0);
    put(p, C.missed_from_ms, c[C.deadline_ms]);
    advance(p, now_ms);
    logMissed(p);
    put(p, C.motor_on, 1);
    missBoluses(p, c[C.deadline_ms]);
    put(p, C.titration_counted_ms, now_ms);
  }
  lookAtTip(p);
}

/** A reset that is not power's: the third in ten minutes leads to the minimum rate (STATE). */
function countReset(p: Pump): void {
  const c = p.c;
  const now_ms = p.w[W.now_ms];
  const repeated = c[C.reset_2_ms] !== 0 && now_ms - c[C.reset_2_ms] <= Reset.repeated_ms;
  put(p, C.reset_2_ms, c[C.reset_1_ms]);
  put(p, C.reset_1_ms, now_ms);
  if (!repeated) return;
  if (c[C.state] === State.therapy || c[C.state] === State.safe_minimum) raise(p, Alarm.pump_fault, 0);
  transition(p, Event.repeated_resets);
}

/** What the link needs of storage: the key, and the answers to what was done. */
function loadLink(p: Pump): void {
  const { storage, cipher } = p.board;
  const found = storage.read(Part.key, p.staged);
  if (found === CipherSize.key) cipher.load(KeySlot.pump, p.staged, 0);
  for (let i = 0; i < CipherSize.key; i++) p.staged[i] = 0; // the key stays in its slot alone
  p.d.n[D.key] = found === 0 ? Key.none : found === CipherSize.key ? Key.loaded : Key.lost;
  // A reset brings the whole allowance for wakes back: nobody on the line can cause one.
  p.d.n[D.allowance_ms] = p.w[W.now_ms];
  const answers = storage.read(Part.answers, p.answers);
  if (answers !== p.answers.length) forgetAnswers(p);
  if (found < 0) record(p, RecordKind.storage_failed, Fault.storage_damaged, Part.key, 0);
  if (answers < 0) record(p, RecordKind.storage_failed, Fault.storage_damaged, Part.answers, 0);
  recallAnswer(p);
}

/** First thing after a reset. The log's clock and number come first, then what was lost, then therapy. */
export function bootPump(p: Pump, cause: ResetCause, detail: number, failed: number): void {
  p.w[W.self_test] = failed;
  const stored = p.board.storage.last_sequence();
  p.w[W.sequence] = stored;
  const back = cause === ResetCause.power ? Back.useless : comeBack(p);
  const known = back === Back.useless ? restore(p) : true;
  record(p, RecordKind.boot, cause, detail, 0);
  if (back === Back.useless) {
    // A new pump has neither records nor a state. One that has a state and no records has lost its log, and not its therapy.
    if (stored !== 0 || !known || p.c[C.state] !== State.shelf) takeUp(p, known, true);
    if (stored === 0 && p.c[C.state] !== State.shelf) {
      record(p, RecordKind.storage_failed, Fault.storage_damaged, 0, 0);
      raise(p, Alarm.log_fault, Fault.storage_damaged);
    }
    if (cause === ResetCause.power && detail === PowerLoss.clock_stood && p.c[C.state] !== State.shelf) raise(p, Alarm.clock_doubtful, 0);
  } else {
    if (back === Back.mended) tellMended(p);
    goOn(p);
    countReset(p);
  }
  if (back === Back.useless && stored === 0 && p.c[C.state] === State.shelf) forgetHistory(p, 0);
  setDrive(p);
  if (failed !== 0) tellSelfTest(p);
  p.w[W.edge_owed] = p.c[C.commanded] + 1;
  loadLink(p);
  checkReservoir(p);
  reviveAlarms(p);
  mark(p, Dirty.saved + Dirty.prescription);
}
