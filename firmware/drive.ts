// The drive's supply: cut by the independent path, and given back.

import { Alarm } from "../protocol/alarms";
import { RecordKind } from "../protocol/records";
import { clear } from "./alarms";
import { mark, record } from "./log";
import { put } from "./region";
import { C, Dirty, W } from "./state";
import type { Pump } from "./state";

/** True while the drive has no supply: then the motor is off, whatever the state (MOTOR-4). */
export function isCut(p: Pump): boolean {
  return p.c[C.cut_until_ms] !== 0;
}

/** True if a cut drive must stay so: it was the third time in 24 h, and the head has not been still for a minute since. */
export function mustStayCut(p: Pump): boolean {
  return p.c[C.cut_held] === 1 && p.w[W.now_ms] < p.c[C.cut_until_ms];
}

/** After a reset, in which the switch opens by itself: it is closed again, unless it was open before. */
export function setDrive(p: Pump): void {
  p.board.cutoff.cut(isCut(p) ? 1 : 0);
}

/** Gives a drive that was cut its supply back. What turns the motor on is for the caller. */
export function restoreDrive(p: Pump): void {
  const c = p.c;
  put(p, C.cut_until_ms, 0);
  put(p, C.cut_held, 0);
  setDrive(p);
  record(p, RecordKind.drive_restored, p.w[W.now_ms] - c[C.cut_last_ms], c[C.uncommanded], 0);
  clear(p, Alarm.drive_cut);
  mark(p, Dirty.saved);
}
