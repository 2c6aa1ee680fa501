// The drive's supply: cut by the independent path, and given back.

import { SelfTest } from "../hal/self-test";
import { Alarm } from "../protocol/alarms";
import { RecordKind } from "../protocol/records";
import { clear } from "./alarms";
import { mark, record } from "./log";
import { Drive } from "./parameters";
import { put } from "./region";
import { C, Dirty, W } from "./state";
import type { Pump } from "./state";

/** True while the drive has no supply: then the motor is off, whatever the state (MOTOR-4). */
export function isCut(p: Pump): boolean {
  return p.c[C.cut_until] !== 0;
}

/** True if it was the third time in 24 h: only a clinician gives the supply back. */
export function isHeld(p: Pump): boolean {
  return p.c[C.cut_until] >= Drive.held;
}

/** When the head will have been still for a minute, of a drive that is cut. */
export function quiet_ms(p: Pump): number {
  return isHeld(p) ? p.c[C.cut_until] - Drive.held : p.c[C.cut_until];
}

/** True if not even a clinician may give the supply back yet. */
export function mustStayCut(p: Pump): boolean {
  return isHeld(p) && p.w[W.now_ms] < quiet_ms(p);
}

/** The drive is cut until a minute from now, or for longer. */
export function keepCut(p: Pump, held: boolean): void {
  put(p, C.cut_until, p.w[W.now_ms] + Drive.quiet_ms + (held ? Drive.held : 0));
}

/** True if the motor failed the self-test that the board made last. */
export function isMotorDoubted(p: Pump): boolean {
  return (p.w[W.self_test] & SelfTest.motor) !== 0;
}

/** After a reset, in which the switch opens by itself: it is closed again, unless it was open before, or the motor fails its self-test. */
export function setDrive(p: Pump): void {
  p.board.cutoff.cut(isCut(p) || isMotorDoubted(p) ? 1 : 0);
}

/** Gives a drive that was cut its supply back. What turns the motor on is for the caller. */
export function restoreDrive(p: Pump): void {
  const c = p.c;
  put(p, C.cut_until, 0);
  setDrive(p);
  record(p, RecordKind.drive_restored, p.w[W.now_ms] - c[C.cut_last_ms], c[C.uncommanded], 0);
  clear(p, Alarm.drive_cut);
  mark(p, Dirty.saved);
}
