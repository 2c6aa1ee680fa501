// Motion that nobody commanded, or in reverse: the drive is cut, and restored.

import { Motion } from "../hal/motor";
import { Panic } from "../hal/panic";
import { RotorEdge } from "../hal/rotor";
import { Unit } from "../hal/units";
import { Alarm } from "../protocol/alarms";
import { BolusEnd, RecordKind } from "../protocol/records";
import { raise } from "./alarms";
import { countPulse } from "./caps";
import { isCut, isHeld, keepCut, quiet_ms, restoreDrive, setDrive } from "./drive";
import { interrupt } from "./interrupt";
import { mark, record } from "./log";
import { Event, driveBack, driveLost, legal, transition } from "./machine";
import { put } from "./region";
import { checkReservoir } from "./reservoir";
import { C, Dirty, W } from "./state";
import type { Pump } from "./state";

/**
 * MOTOR-4. One edge that no pulse explains is enough: the supply is cut by its own switch before anything is counted,
 * and nothing here looks at what the motor was told. To wait for a second edge would be within the two pulses that are
 * allowed, and would give a runaway at full speed one pulse more.
 *
 * While the drive is cut the motor is off and what accrues is missed; the state stays as it is, so a schedule and its
 * steps go on, and a minute after the last edge therapy comes back by itself. The third time in 24 h (each counts for
 * 24 h from its first edge, also across a clinician's start) leads to `safe_off`, and the drive stays cut until a
 * clinician's start, or the commit that leads out of that state, once the minute is over. A pump that was not
 * delivering keeps its state and holds the drive cut just the same.
 *
 * What a cut does not do: end a stall, or take back the pulse in flight, whose result still comes. An edge while the
 * drive is cut is counted, and the minute begins again: if the switch has failed it never ends, nor does the alarm.
 */

/** A forward pulse that nobody commanded: where it counts. */
export function weighUncommanded(p: Pump): void {
  put(p, C.uncommanded, p.c[C.uncommanded] + 1);
  countPulse(p);
}

/** The first edge since the drive had its supply, or 0 without one: which time in 24 h it is. True for the third. */
function beginCut(p: Pump, edge: number): boolean {
  const c = p.c;
  const since_ms = Math.max(0, p.w[W.now_ms] - Unit.ms_per_day);
  const second = c[C.cut_last_ms] > since_ms;
  const third = second && c[C.cut_before_ms] > since_ms;
  put(p, C.cut_before_ms, c[C.cut_last_ms]);
  put(p, C.cut_last_ms, p.w[W.now_ms]);
  driveLost(p);
  record(p, RecordKind.drive_cut, edge, third ? 3 : second ? 2 : 1, c[C.uncommanded]);
  raise(p, Alarm.drive_cut, edge);
  return third;
}

/** The head turned, forward or backward, and no command explains it. */
function stray(p: Pump, edge: RotorEdge): void {
  p.board.cutoff.cut(1);
  if (edge === RotorEdge.uncommanded) weighUncommanded(p);
  keepCut(p, isCut(p) ? isHeld(p) : beginCut(p, edge));
  mark(p, Dirty.saved);
  checkReservoir(p); // its lower bound has moved
}

/** The motor fails its self-test: its drive is cut at once, and stays so until it has passed for a minute and a clinician says so (STATE-4c). */
export function doubtDrive(p: Pump): void {
  setDrive(p);
  if (!isCut(p)) beginCut(p, 0);
  keepCut(p, true);
  mark(p, Dirty.saved);
}

/**
 * An edge that is no pulse's result. After a reset the board does not know of the pulse before it: the first forward
 * edge within a pulse's time may still be that one's, and is taken for late.
 */
export function rotorEdge(p: Pump, edge: number, since_ms: number): void {
  const c = p.c;
  const owed = p.w[W.edge_owed] === c[C.commanded] + 1 && p.w[W.now_ms] < c[C.last_command_ms] + Motion.interval_ms_min;
  if (edge === RotorEdge.late) {
    record(p, RecordKind.late_edge, since_ms, 0, 0);
  } else if (edge === RotorEdge.uncommanded && owed) {
    p.w[W.edge_owed] = 0;
    record(p, RecordKind.late_edge, p.w[W.now_ms] - c[C.last_command_ms], 0, 0);
  } else if (edge === RotorEdge.uncommanded || edge === RotorEdge.reverse) {
    stray(p, edge);
  } else {
    p.board.panic(Panic.contract);
  }
}

/** At a pulse boundary: what the third time leads to, or the drive back after a quiet minute. */
export function runDrive(p: Pump): void {
  const c = p.c;
  if (!isCut(p) || c[C.in_flight] === 1) return;
  interrupt(p, BolusEnd.motor_off);
  if (isHeld(p)) {
    if (legal(p, Event.drive_failed)) transition(p, Event.drive_failed);
  } else if (p.w[W.now_ms] >= quiet_ms(p)) {
    restoreDrive(p);
    driveBack(p);
  }
}

/** When the quiet minute is over, 0 if nothing waits for it; a pulse in flight is waited for first. */
export function drive_ms(p: Pump): number {
  return isHeld(p) || p.c[C.in_flight] === 1 ? 0 : p.c[C.cut_until];
}
