// Tests of the oracle's verdicts on states and alarms, told to it directly.

import { beforeEach, describe, expect, test } from "vitest";
import { ResetCause } from "../../hal/controller";
import { Panic } from "../../hal/panic";
import { MotorResult } from "../../hal/motor";
import { Alarm } from "../../protocol/alarms";
import { Op } from "../../protocol/operations";
import { RecordKind } from "../../protocol/records";
import { State } from "../../protocol/states";
import { DEFAULT_UNIT } from "../../emulator/bench";
import { EOS_AGE_MS, EOS_AFTER_ERI_MS, ERI_AGE_MS } from "../../emulator/oracle/duty";
import { Oracle } from "../../emulator/oracle/oracle";
import { filling } from "../firmware/prescribe";
import { committed } from "./metronome";

const HOUR = 3_600_000;
const PULSE_MS = 86_400;

let oracle: Oracle;
let drawn_nC = 0;
let motions = 0;

/** Therapy of one pulse each 86.4 s, from time 0. */
beforeEach(() => {
  drawn_nC = 0;
  motions = 0;
  oracle = new Oracle(DEFAULT_UNIT, () => 0, { motions: () => motions, uncommanded: () => 0, commanded: () => 0, drawn_nC: () => drawn_nC });
  oracle.answered(0, Op.refill, filling(18_000_000, 2000), 0, []);
  oracle.answered(0, Op.commit, [0, 0, 0, 0, 0], 0, [1], committed(500_000));
  oracle.answered(0, Op.start, [0], 0, []);
});

const texts = (): string[] => oracle.violations.map((violation) => `${violation.kind}: ${violation.text}`);
const state = (at_ms: number, to: State): void => { oracle.recorded(at_ms, RecordKind.state, State.therapy, to, 0); };
const alarm = (at_ms: number, on: Alarm): void => { oracle.recorded(at_ms, RecordKind.alarm_on, on, 0, 0); };

/** Pulses at their due times up to `to_ms`, confirmed or not. */
function pulses(from: number, to: number, result = MotorResult.confirmed): void {
  for (let n = from; n <= to; n++) {
    oracle.commanded(n * PULSE_MS, true);
    motions++;
    oracle.resulted(n * PULSE_MS + 8, result, true);
  }
}

describe("a state needs a reason (STATE-7)", () => {
  test("stopped, with no stop that was accepted", () => {
    pulses(1, 10);
    state(10 * PULSE_MS + 8, State.stopped);
    oracle.check(HOUR);
    expect(texts()).toEqual(["under: the pump stopped therapy by itself"]);
  });

  test("stopped, and the answer to the stop follows at the same instant", () => {
    pulses(1, 10);
    state(10 * PULSE_MS + 8, State.stopped);
    oracle.answered(10 * PULSE_MS + 8, Op.stop, [1], 0, []);
    oracle.check(HOUR);
    expect(texts()).toEqual([]);
    oracle.commanded(11 * PULSE_MS, true);
    expect(texts()).toEqual(["over: a pulse although therapy is not running"]);
  });

  test("minimum rate, with no alarm", () => {
    state(1000, State.safe_minimum);
    oracle.check(HOUR);
    expect(texts()).toEqual(["alarm: minimum rate and no critical alarm says why"]);
  });

  test("minimum rate, with its alarm: 24 pulses a day", () => {
    state(0, State.safe_minimum);
    alarm(0, Alarm.no_valid_prescription);
    for (let n = 1; n <= 24; n++) oracle.commanded(n * HOUR, true);
    oracle.check(25 * HOUR - 1);
    expect(texts()).toEqual([]);
    oracle.commanded(25 * HOUR - 1, true);
    expect(texts()).toEqual(["over: a pulse before it was due: a pulse, and owed before it"]);
  });

  test("end of service before its time", () => {
    alarm(0, Alarm.end_of_service);
    state(0, State.end_of_service);
    expect(texts()).toEqual(["alarm: end of service before its time, in ms", "under: end of service before its time, in ms"]);
  });
});

describe("age", () => {
  test("ERI at 2466 days, whatever else", () => {
    oracle.answered(0, Op.stop, [1], 0, []);
    oracle.recorded(HOUR, RecordKind.alarm_on, Alarm.stopped_1h, 0, 0);
    oracle.recorded(48 * HOUR, RecordKind.alarm_on, Alarm.stopped_48h, 0, 0);
    oracle.check(ERI_AGE_MS);
    expect(texts()).toEqual([]);
    oracle.check(ERI_AGE_MS + HOUR);
    expect(texts()).toEqual([`alarm: alarm 10 is missing, due at ${ERI_AGE_MS} ms`]);
  });

  test("no ERI with charge left; EOS 90 days after it, and no pulse later", () => {
    drawn_nC = 6_400_000_000_000;
    alarm(PULSE_MS, Alarm.battery_eri);
    expect(texts()).toEqual([]);
    oracle.answered(PULSE_MS, Op.commit, [1, 0, 0, 0, 0], 0, [2], committed(0));
    oracle.commanded(PULSE_MS + EOS_AFTER_ERI_MS + 1, true);
    expect(texts()).toEqual(["over: a pulse although end of service has come"]);
    expect(PULSE_MS + EOS_AFTER_ERI_MS).toBeLessThan(EOS_AGE_MS);
  });

  test("one sag is no ERI", () => {
    drawn_nC = 1_000_000_000_000;
    alarm(HOUR, Alarm.battery_eri);
    expect(texts()[0]).toMatch(/^alarm: elective replacement with charge left/);
  });
});

describe("alarms", () => {
  test("of a stop: from an hour on, critical at 48 h, not before", () => {
    oracle.answered(0, Op.stop, [1], 0, []);
    oracle.check(2 * HOUR);
    expect(texts()).toEqual(["alarm: alarm 11 is missing, due at 3600000 ms"]);
    alarm(3 * HOUR, Alarm.stopped_1h);
    alarm(47 * HOUR, Alarm.stopped_48h);
    expect(texts()[1]).toBe("alarm: alarm 8 before its time, in ms");
  });

  test("come once, and go only if they were there", () => {
    pulses(1, 3, MotorResult.missed);
    alarm(3 * PULSE_MS + 8, Alarm.motor_stall);
    expect(texts()).toEqual([]);
    alarm(3 * PULSE_MS + 9, Alarm.motor_stall);
    oracle.recorded(3 * PULSE_MS + 9, RecordKind.alarm_off, Alarm.clock_doubtful, 0, 0);
    expect(texts()).toEqual(["alarm: alarm 5 came on twice", "alarm: alarm 12 went off and was not on"]);
  });

  test("late is not in time", () => {
    pulses(1, 3, MotorResult.missed);
    alarm(3 * PULSE_MS + 9, Alarm.motor_stall);
    expect(texts()).toEqual([`alarm: alarm 5 is missing, due at ${3 * PULSE_MS + 8} ms`]);
  });

  test("a stall with nothing unconfirmed, a low reservoir that is not low", () => {
    alarm(1000, Alarm.motor_stall);
    alarm(1000, Alarm.low_reservoir);
    oracle.check(3000);
    expect(texts()).toEqual(["alarm: a stall with no unconfirmed pulse", "alarm: alarm 9 is on above its level, in pL"]);
  });
});

describe("resets", () => {
  test("warm: nothing is dropped, and 60 s may pass", () => {
    pulses(1, 10);
    oracle.down(10 * PULSE_MS + 1000, false);
    oracle.booting(10 * PULSE_MS + 1020, ResetCause.watchdog, 0);
    oracle.commanded(11 * PULSE_MS + 59_000, true);
    expect(texts()).toEqual([]);
    oracle.commanded(12 * PULSE_MS - 1, true);
    expect(texts()).toEqual(["over: a pulse before it was due: a pulse, and owed before it"]);
  });

  test("a panic of the controller's own is a finding, a board's is not", () => {
    oracle.down(1000, false);
    oracle.booting(1020, ResetCause.panic, Panic.program_failed);
    expect(texts()).toEqual([]);
    oracle.booting(2020, ResetCause.panic, Panic.pulse_overdue);
    expect(texts()).toEqual(["contract: the firmware gave up over a broken invariant, by its panic's number"]);
  });

  test("power: the fraction is gone, and so is the outage", () => {
    pulses(1, 10);
    oracle.down(10 * PULSE_MS + 80_000, true);
    oracle.booting(10 * PULSE_MS + 10 * HOUR, ResetCause.power, 0);
    oracle.commanded(11 * PULSE_MS + 10 * HOUR, true);
    oracle.check(20 * PULSE_MS + 10 * HOUR);
    expect(texts()).toEqual(["under: the pump is behind its prescription: at most, and owed"]);
  });

  test("more true motions than the books can hold", () => {
    pulses(1, 10);
    motions = 12;
    oracle.check(10 * PULSE_MS + 2000);
    expect(texts()).toEqual(["books: more true motions than confirmed and uncertain pulses"]);
    motions = 9;
    oracle.check(10 * PULSE_MS + 2000);
    expect(texts()[1]).toBe("books: fewer true motions than confirmed pulses");
  });
});
