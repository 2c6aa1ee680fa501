// The self-test's outcome: what it leads to, and until when.

import { Fault } from "../hal/faults";
import { SelfTest } from "../hal/self-test";
import { Alarm } from "../protocol/alarms";
import { RecordKind } from "../protocol/records";
import { State } from "../protocol/states";
import { raise } from "./alarms";
import { isMotorDoubted } from "./drive";
import { record } from "./log";
import { Event, legal, transition } from "./machine";
import { doubtDrive } from "./motion";
import { C, W } from "./state";
import type { Pump } from "./state";

/** What the self-test found, in `W.self_test`, is told; a drive that fails it is cut. */
export function tellSelfTest(p: Pump): void {
  record(p, RecordKind.self_test, p.w[W.self_test], 0, 0);
  if (isMotorDoubted(p)) doubtDrive(p);
}

/** The board has looked again, and found something, or nothing any more (hal/self-test.ts). */
export function selfTested(p: Pump, failed: number): void {
  const same = failed === p.w[W.self_test];
  p.w[W.self_test] = failed;
  if (!same) tellSelfTest(p);
  else if (isMotorDoubted(p)) doubtDrive(p); // its quiet minute begins again
}

/** At a pulse boundary: what is wrong elsewhere than at the motor leads to the minimum rate (STATE-3c), also out of a start that came after it. */
export function runSelfTest(p: Pump): void {
  if (p.w[W.self_test] <= SelfTest.motor || p.c[C.in_flight] === 1 || !legal(p, Event.self_test_failed)) return;
  raise(p, Alarm.pump_fault, p.w[W.self_test]);
  transition(p, Event.self_test_failed);
}

/** Whether a clinician's start or commit may lead out of a safe state: not while the cause is still there (STATE-3e, STATE-4d). */
export function checkSelfTest(p: Pump): Fault {
  const safe = p.c[C.state] === State.safe_minimum || p.c[C.state] === State.safe_off;
  return safe && p.w[W.self_test] !== 0 ? Fault.self_test_failed : Fault.ok;
}
