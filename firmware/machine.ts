// The state table: every state, every event, what follows.

import { Panic } from "../hal/panic";
import { Alarm } from "../protocol/alarms";
import { idiv, imod } from "../protocol/integers";
import { BolusEnd, RecordKind, StallEnd } from "../protocol/records";
import { State, States } from "../protocol/states";
import { clear, raise, reviveAlarms } from "./alarms";
import { interrupt } from "./interrupt";
import { isCut, isHeld, mustStayCut, restoreDrive } from "./drive";
import { at } from "./list";
import { mark, record } from "./log";
import { put } from "./region";
import { logMissed, paceMinimum, takeStep } from "./schedule";
import { endStall } from "./stall";
import { C, Dirty, Pacing, W } from "./state";
import { anchorPeriodic, planBoluses } from "./timed";
import type { Pump } from "./state";

/**
 * Theory of operation.
 *
 * For baclofen, stopping is itself a hazard: so the safe state of this pump is not "off". Whatever makes the
 * program or the prescription doubtful leads to the minimum rate (`safe_minimum`) with a critical alarm. The
 * motor is off only where delivering is impossible or forbidden: on the shelf, stopped by a clinician, empty or
 * cut off (`safe_off`), at the end of service.
 *
 * A clinician's commit or start leads out of the two safe states; the operations check first that the cause has
 * gone (operations.ts). Nothing leads out of `end_of_service`.
 *
 * Every transition is one cell of the table. An event without a cell is not legal: operations are refused
 * with `Fault.not_in_this_state`, an event of the pump's own is a panic; both change nothing.
 */
export const enum Event {
  /** A prescription was accepted. */
  commit = 0,
  start = 1,
  stop = 2,
  /** The reservoir was filled. */
  refill = 3,
  /** Empty by confirmed pulses. */
  empty = 4,
  /** The battery's end of service has come. */
  end_of_service = 5,
  /** No valid copy of the prescription, or of the critical region. */
  untrusted = 6,
  /** Delivery comes back after 48 h without it (DOSE-9). */
  tolerance_lost = 7,
  /** Reset by watchdog or panic for the third time in ten minutes. */
  repeated_resets = 8,
  prime = 9,
  bolus = 10,
  /** A bolus or a prime is cancelled. */
  cancel = 11,
  /** A prescription was accepted, and the full rate is yet to be confirmed. */
  commit_held = 12,
  /** The drive was cut for the third time in 24 h (motion.ts). */
  drive_failed = 13,
  /** What failed is not the motor (self-test.ts). */
  self_test_failed = 14,
  count = 15,
}

/** What a transition does besides changing the state. */
export const enum Action {
  nothing = 0,
  /** Deliver what is prescribed, from now on. */
  deliver = 1,
  /** Motor off at this pulse boundary, deliberately. */
  halt = 2,
  /** Deliver the minimum rate. */
  minimum = 3,
  /** Motor off at this pulse boundary: nothing to deliver with. */
  cut = 4,
  /** Motor off for good. */
  retire = 5,
  /** Follow the new prescription with the motor off, to know what is missed. */
  follow = 6,
  /** Fall back to the minimum rate, for a reason that has an alarm of its own. */
  reduce = 7,
  /** Motor off at this pulse boundary: its drive was cut and stays so. */
  give_up = 8,
}

/** A cell is (state led to + 1) x 16 + action. */
export const enum Cell {
  none = 0,
  span = 16,
}

/** A row of cells for each state, a cell for each event. To be read only; STATES.md is generated from it. */
export const table: number[] = [];
for (let i = 0; i < States.count * Event.count; i++) table.push(Cell.none);

/** One cell: in state `from`, `event` leads to `to` and does `action`. */
function on(from: State, event: Event, to: State, action: Action): void {
  table[from * Event.count + event] = (to + 1) * Cell.span + action;
}

on(State.shelf, Event.commit, State.shelf, Action.nothing);
on(State.shelf, Event.start, State.therapy, Action.deliver);
on(State.shelf, Event.refill, State.shelf, Action.nothing);
on(State.shelf, Event.end_of_service, State.end_of_service, Action.retire);
on(State.shelf, Event.untrusted, State.shelf, Action.nothing);
on(State.shelf, Event.repeated_resets, State.shelf, Action.nothing);
on(State.shelf, Event.prime, State.shelf, Action.nothing);
on(State.shelf, Event.cancel, State.shelf, Action.nothing);

on(State.therapy, Event.commit, State.therapy, Action.deliver);
on(State.therapy, Event.stop, State.stopped, Action.halt);
on(State.therapy, Event.refill, State.therapy, Action.nothing);
on(State.therapy, Event.empty, State.safe_off, Action.cut);
on(State.therapy, Event.end_of_service, State.end_of_service, Action.retire);
on(State.therapy, Event.untrusted, State.safe_minimum, Action.minimum);
on(State.therapy, Event.tolerance_lost, State.safe_minimum, Action.reduce);
on(State.therapy, Event.repeated_resets, State.safe_minimum, Action.reduce);
on(State.therapy, Event.bolus, State.therapy, Action.nothing);
on(State.therapy, Event.cancel, State.therapy, Action.nothing);
on(State.therapy, Event.drive_failed, State.safe_off, Action.give_up);
on(State.therapy, Event.self_test_failed, State.safe_minimum, Action.reduce);

on(State.stopped, Event.commit, State.stopped, Action.follow);
on(State.stopped, Event.start, State.therapy, Action.deliver);
on(State.stopped, Event.refill, State.stopped, Action.nothing);
on(State.stopped, Event.end_of_service, State.end_of_service, Action.retire);
on(State.stopped, Event.untrusted, State.stopped, Action.nothing);
on(State.stopped, Event.tolerance_lost, State.safe_minimum, Action.reduce);
on(State.stopped, Event.repeated_resets, State.stopped, Action.nothing);
on(State.stopped, Event.prime, State.stopped, Action.nothing);
on(State.stopped, Event.cancel, State.stopped, Action.nothing);

on(State.safe_minimum, Event.commit, State.therapy, Action.deliver);
on(State.safe_minimum, Event.start, State.therapy, Action.deliver);
on(State.safe_minimum, Event.stop, State.stopped, Action.halt);
on(State.safe_minimum, Event.refill, State.safe_minimum, Action.nothing);
on(State.safe_minimum, Event.empty, State.safe_off, Action.cut);
on(State.safe_minimum, Event.end_of_service, State.end_of_service, Action.retire);
on(State.safe_minimum, Event.untrusted, State.safe_minimum, Action.minimum);
on(State.safe_minimum, Event.tolerance_lost, State.safe_minimum, Action.reduce);
on(State.safe_minimum, Event.repeated_resets, State.safe_minimum, Action.reduce);
on(State.safe_minimum, Event.commit_held, State.safe_minimum, Action.nothing);
on(State.safe_minimum, Event.drive_failed, State.safe_off, Action.give_up);

on(State.safe_off, Event.commit, State.therapy, Action.deliver);
on(State.safe_off, Event.start, State.therapy, Action.deliver);
on(State.safe_off, Event.stop, State.stopped, Action.halt);
on(State.safe_off, Event.refill, State.safe_off, Action.nothing);
on(State.safe_off, Event.end_of_service, State.end_of_service, Action.retire);
on(State.safe_off, Event.untrusted, State.safe_off, Action.nothing);
on(State.safe_off, Event.tolerance_lost, State.safe_minimum, Action.reduce);
on(State.safe_off, Event.repeated_resets, State.safe_off, Action.nothing);

on(State.end_of_service, Event.untrusted, State.end_of_service, Action.nothing);
on(State.end_of_service, Event.repeated_resets, State.end_of_service, Action.nothing);

function cell(p: Pump, event: Event): number {
  return at(p.board, table, p.c[C.state] * Event.count + event);
}

/** True if the table has a cell for `event` in the present state. */
export function legal(p: Pump, event: Event): boolean {
  return cell(p, event) !== Cell.none;
}

/** A drive that is cut turns the motor on when it comes back (`driveBack`). */
function motorOn(p: Pump): void {
  if (p.c[C.motor_on] === 1 || isCut(p)) return;
  logMissed(p);
  put(p, C.motor_on, 1);
  anchorPeriodic(p);
  p.w[W.repaced] = 1;
}

function motorOff(p: Pump, how: BolusEnd): void {
  interrupt(p, how);
  endStall(p, StallEnd.motor_off);
  driveLost(p);
}

/** The motor is off, at any instant, and the state is not left: a stall goes on afterwards, and so does a pulse in flight. */
export function driveLost(p: Pump): void {
  if (p.c[C.motor_on] === 0) return;
  put(p, C.motor_on, 0);
  put(p, C.missed_from_ms, p.w[W.now_ms]);
}

/** The drive has its supply again: the motor goes on where the state delivers. */
export function driveBack(p: Pump): void {
  if (p.c[C.state] === State.therapy || p.c[C.state] === State.safe_minimum) motorOn(p);
}

/** A clinician's start or commit: a commit that waited for a pulse in flight may come before the third time has led to safe-off, and then does not lead out. */
function giveDrive(p: Pump): void {
  if (isHeld(p) && !mustStayCut(p)) restoreDrive(p);
}

function startDelivery(p: Pump): void {
  giveDrive(p);
  motorOn(p);
  takeStep(p, p.w[W.now_ms]);
  planBoluses(p);
  endStopAlarms(p);
  clear(p, Alarm.no_valid_prescription);
  clear(p, Alarm.not_delivering);
  clear(p, Alarm.pump_fault);
}

function endStopAlarms(p: Pump): void {
  clear(p, Alarm.stopped_1h);
  clear(p, Alarm.stopped_48h);
}

function fallBack(p: Pump): void {
  interrupt(p, BolusEnd.reduced);
  motorOn(p);
  paceMinimum(p);
}

function act(p: Pump, action: number): void {
  switch (action) {
    case Action.deliver:
      startDelivery(p);
      break;
    case Action.halt:
      motorOff(p, BolusEnd.stopped);
      put(p, C.stopped_ms, p.w[W.now_ms]);
      break;
    case Action.minimum:
      fallBack(p);
      raise(p, Alarm.no_valid_prescription, 0);
      break;
    case Action.reduce:
      giveDrive(p);
      fallBack(p);
      endStopAlarms(p);
      break;
    case Action.cut:
      motorOff(p, BolusEnd.motor_off);
      raise(p, Alarm.reservoir_empty, 0);
      break;
    case Action.give_up:
      motorOff(p, BolusEnd.motor_off);
      break;
    case Action.retire:
      motorOff(p, BolusEnd.motor_off);
      logMissed(p);
      put(p, C.pacing, Pacing.none);
      put(p, C.next_step_ms, 0);
      put(p, C.next_bolus_ms, 0);
      clear(p, Alarm.no_valid_prescription);
      clear(p, Alarm.not_delivering);
      clear(p, Alarm.pump_fault);
      endStopAlarms(p);
      raise(p, Alarm.end_of_service, 0);
      break;
    case Action.follow:
      logMissed(p);
      takeStep(p, p.w[W.now_ms]);
      clear(p, Alarm.no_valid_prescription);
      break;
  }
}

/** Makes the transition that the table has for `event`, which must be legal. To be called at a pulse boundary. */
export function transition(p: Pump, event: Event): void {
  const packed = cell(p, event);
  if (packed === Cell.none || p.c[C.in_flight] === 1) p.board.panic(Panic.illegal_event);
  const from = p.c[C.state];
  const to = idiv(packed, Cell.span) - 1;
  put(p, C.state, to);
  if (from === State.shelf) reviveAlarms(p);
  act(p, imod(packed, Cell.span));
  mark(p, Dirty.saved);
  if (to !== from) record(p, RecordKind.state, from, to, event);
}
