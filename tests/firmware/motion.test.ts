// Motion that nobody commanded: what the controller does, call by call.

import { describe, expect, it } from "vitest";
import { createController } from "../../firmware/controller";
import { isHeld } from "../../firmware/drive";
import { rotorEdge } from "../../firmware/motion";
import { put } from "../../firmware/region";
import { C, Part, Region } from "../../firmware/state";
import { noteStall, runTrend, trend_ms } from "../../firmware/trend";
import { ResetCause, Source } from "../../hal/controller";
import { MotorResult } from "../../hal/motor";
import { RotorEdge } from "../../hal/rotor";
import { Alarm } from "../../protocol/alarms";
import { Op, Status } from "../../protocol/operations";
import { RecordKind } from "../../protocol/records";
import { State } from "../../protocol/states";
import { createDesk, createDeskPump, startOnDesk } from "./desk";
import { prescribeBy } from "./prescribe";
import { Ward, daily } from "./ward";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

describe("an edge that no pulse explains (MOTOR-4a)", () => {
  it("cuts the drive before anything is counted or written", () => {
    for (const edge of [RotorEdge.uncommanded, RotorEdge.reverse]) {
      const { desk, controller } = startOnDesk(500_000);
      controller.event(2000, Source.rotor, edge, 0);
      expect(desk.notes[0]).toBe("cut 1");
      expect(desk.notes.some((note) => note.startsWith("sound 1 "))).toBe(true);
    }
  });

  it("counts in uncertain forward, not backward, and is stored with its record", () => {
    const { desk, controller, wand } = startOnDesk(500_000);
    controller.event(2000, Source.rotor, RotorEdge.uncommanded, 0);
    expect(desk.notes.filter((note) => note.includes(` ${RecordKind.drive_cut} ${RotorEdge.uncommanded} 1 1`))).toHaveLength(1);
    expect(desk.notes.indexOf(`put ${Part.saved} ${Region.saved} ${Region.saved_count}`)).toBeGreaterThan(0);
    controller.event(2001, Source.rotor, RotorEdge.reverse, 0);
    expect(wand.ask(2002, Op.status)!.values[Status.uncertain]).toBe(1);
  });

  it("names the end of the quiet minute as its deadline, anew with each edge, and gives the supply back then", () => {
    const { desk, controller } = startOnDesk(500_000);
    expect(controller.event(2000, Source.rotor, RotorEdge.uncommanded, 0)).toBe(2000 + MINUTE_MS);
    expect(controller.event(9000, Source.rotor, RotorEdge.uncommanded, 0)).toBe(9000 + MINUTE_MS);
    desk.notes.length = 0;
    controller.wake(9000 + MINUTE_MS);
    expect(desk.notes.filter((note) => note.startsWith("cut"))).toEqual(["cut 0"]);
    expect(desk.notes.some((note) => note.includes(` ${RecordKind.drive_restored} 67000 2`))).toBe(true);
  });

  it("leaves a pulse in flight to its result, and commands none while the drive is cut", () => {
    const { desk, controller, first_ms } = startOnDesk(500_000);
    controller.wake(first_ms);
    controller.event(first_ms + 8, Source.rotor, RotorEdge.reverse, 8);
    controller.event(first_ms + 500, Source.motor, 2, 500);
    desk.notes.length = 0;
    for (let now_ms = first_ms + 1000; now_ms < first_ms + MINUTE_MS; now_ms += 7000) controller.wake(now_ms);
    expect(desk.notes.filter((note) => note === "pulse" || note.startsWith("cut"))).toEqual([]);
  });
});

describe("the third time (MOTOR-4c)", () => {
  const cutAt = (times_ms: readonly number[]): { readonly held: boolean; readonly record: string } => {
    const desk = createDesk();
    const p = createDeskPump(desk);
    put(p, C.state, State.stopped);
    for (const now_ms of times_ms) {
      p.w[0] = now_ms;
      put(p, C.cut_until, 0);
      rotorEdge(p, RotorEdge.uncommanded, 0);
    }
    return { held: isHeld(p), record: desk.notes.filter((note) => note.includes(` ${RecordKind.drive_cut} `)).at(-1)!.split(" ").slice(2).join(" ") };
  };

  it("is the third within 24 h, to the millisecond", () => {
    expect(cutAt([1000, 2000, 3000])).toEqual({ held: true, record: "40 2 3 3" });
    expect(cutAt([1000, 2000, 1000 + DAY_MS - 1])).toEqual({ held: true, record: "40 2 3 3" });
    expect(cutAt([1000, 2000, 1000 + DAY_MS])).toEqual({ held: false, record: "40 2 2 3" });
    expect(cutAt([1000, 2000, 2000 + DAY_MS])).toEqual({ held: false, record: "40 2 1 3" });
  });

  it("counts times from before a clinician's start, so that the fourth stays off at once", () => {
    expect(cutAt([1000, 2000, 3000, 4000]).held).toBe(true);
  });
});

it("leads to safe-off although a commit waited for the pulse in flight (MOTOR-4a)", () => {
  const { controller, wand, first_ms } = startOnDesk(500_000);
  controller.event(2000, Source.rotor, RotorEdge.reverse, 0);
  controller.wake(2000 + MINUTE_MS);
  controller.event(70_000, Source.rotor, RotorEdge.reverse, 0);
  const deadline_ms = controller.wake(70_000 + MINUTE_MS);
  expect(first_ms).toBeLessThan(deadline_ms);
  controller.wake(deadline_ms);
  const ask = (op: Op, args: readonly number[] = []) => wand.ask(deadline_ms, op, args);
  expect(prescribeBy((op, args) => (op === Op.commit ? { fault: 0, values: ask(op, args)?.values ?? [] } : ask(op, args)!), daily(0, 500_000)).fault).toBe(0);
  controller.event(deadline_ms + 8, Source.rotor, RotorEdge.reverse, 8);
  controller.event(deadline_ms + 500, Source.motor, MotorResult.missed, 500);
  expect(wand.later(deadline_ms + 500)?.fault).toBe(0);
  const { values } = wand.ask(deadline_ms + 501, Op.status)!;
  expect([values[Status.state], values[Status.rate]]).toEqual([State.safe_off, 0]);
});

describe("the drive", () => {
  it("gets its supply at boot and not before", () => {
    const desk = createDesk();
    createController(desk.board).boot(0, ResetCause.power, 0, 0);
    expect(desk.notes.filter((note) => note.startsWith("cut"))).toEqual(["cut 0"]);
  });

  it("stays cut over a warm reset and a power loss, and is back after the same minute", () => {
    const ward = new Ward();
    ward.begin(daily(0, 500_000));
    ward.wait_ms(3_600_000);
    ward.bench.inject({ kind: "motor.runaway", value: 1000 });
    ward.wait_ms(1100);
    ward.bench.heal("motor.runaway");
    ward.bench.inject({ kind: "processor.reset" });
    ward.wait_ms(20_000);
    ward.bench.inject({ kind: "power.off", value: 10_000 });
    ward.wait_ms(20_000);
    expect(ward.bench.cutoff.supplied).toBe(false);
    ward.wait_ms(19_907); // 60 s from the edge at 1.008 s are not over
    expect(ward.bench.cutoff.supplied).toBe(false);
    ward.wait_ms(10);
    expect(ward.bench.cutoff.supplied).toBe(true);
    ward.bench.finish();
    expect(ward.bench.oracle.violations).toEqual([]);
  });
});

describe("the trend of stalls (MOTOR-5)", () => {
  it("warns at the third in 30 days, and until the first of the last three is 30 days old", () => {
    const p = createDeskPump();
    const isOn = (): boolean => (p.c[C.alarms] & (1 << Alarm.stall_trend)) !== 0;
    for (const day of [1, 2]) {
      p.w[0] = day * DAY_MS;
      noteStall(p);
    }
    expect([isOn(), trend_ms(p)]).toEqual([false, 0]);
    p.w[0] = 20 * DAY_MS;
    noteStall(p);
    expect([isOn(), trend_ms(p)]).toEqual([true, 31 * DAY_MS]);
    p.w[0] = 31 * DAY_MS - MINUTE_MS;
    runTrend(p);
    expect(isOn()).toBe(true);
    noteStall(p); // now the oldest of three is that of day 2
    p.w[0] = 31 * DAY_MS;
    runTrend(p);
    expect([isOn(), trend_ms(p)]).toEqual([true, 32 * DAY_MS]);
    p.w[0] = 32 * DAY_MS;
    runTrend(p);
    expect([isOn(), trend_ms(p)]).toEqual([false, 0]);
  });
});
