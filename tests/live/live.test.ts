// The live pump: how its time follows the wall, and a run done again.

import { describe, expect, test } from "vitest";
import { createController } from "../../firmware/controller";
import { Clock } from "../../hal/clock";
import type { ControllerFactory } from "../../hal/controller";
import { Bench } from "../../emulator/bench";
import { applyInput, runTo } from "../../emulator/live/input";
import type { Input } from "../../emulator/live/input";
import { Intake } from "../../emulator/live/intake";
import { Live } from "../../emulator/live/live";
import { END_US } from "../../emulator/live/steps";
import { TraceKind } from "../../emulator/trace";
import { RecordKind } from "../../protocol/records";
import { CALL } from "../../protocol/wand/core/packets";
import { onLine } from "../../emulator/verify/probe";
import type { Wall } from "../../emulator/live/wall";

function made(controller: ControllerFactory = createController): Bench {
  const bench = new Bench({ controller, wand: false, baud: 0 });
  bench.powerOn();
  return bench;
}

/** A program that does nothing, so that a hundred years are soon over. */
const idle: ControllerFactory = () => {
  const later = (now_ms: number): number => now_ms + Clock.deadline_ahead_ms_max;
  return { boot: later, wake: later, event: later, received: later };
};

const call = onLine(CALL);
const minute_us = 60_000_000;

describe("time", () => {
  test.each([1, 7, 1000])("goes %i times as fast as the wall while the link sleeps", (speed) => {
    const live = new Live(made(), speed, 500, () => undefined);
    for (let wall_us = 500; wall_us <= 500 + minute_us; wall_us += 250_000) live.advance(wall_us);
    expect(live.now_us).toBe(speed * minute_us);
  });

  test.each([1, 1000, Infinity])("goes at the wall's pace while it is awake, at speed %d else", (speed) => {
    const live = new Live(made(), speed, 0, () => undefined);
    live.receive(0, call);
    expect(live.bench.link.awake).toBe(true);
    const woken_us = live.now_us;
    live.advance(4_000_000);
    expect(live.now_us - woken_us).toBeGreaterThanOrEqual(3_990_000);
    expect(live.now_us - woken_us).toBeLessThanOrEqual(4_000_000);
    expect(live.bench.link.awake).toBe(true);
    // It falls asleep 5 s after it was woken, and from then on goes on faster.
    for (let wall_us = 4_000_000; wall_us <= 20_000_000; wall_us += 100_000) live.advance(wall_us);
    expect(live.bench.link.awake).toBe(false);
    if (speed === 1) expect(live.now_us).toBeLessThanOrEqual(20_002_000);
    else expect(live.now_us).toBeGreaterThan(1000 * 10_000_000);
  });

  test("tells of each wake and sleep, also of those that pass between two looks", () => {
    const told: boolean[] = [];
    const live = new Live(made(), 1, 0, () => undefined, (awake) => { told.push(awake); });
    live.receive(0, call);
    expect(told).toEqual([true]);
    live.advance(60_000_000);
    expect(told).toEqual([true, false]);
    live.receive(70_000_000, call);
    expect(told).toEqual([true, false, true]);
  });

  test("answers a call at once, ahead of the wall by less than the host can tell", () => {
    const live = new Live(made(), 1, 0, () => undefined);
    live.advance(10_000_300);
    let said = 0;
    live.bench.line.heard = (bytes) => { said += bytes.length; };
    live.receive(10_000_300, call);
    expect(said).toBeGreaterThan(0);
    expect(live.now_us - 10_000_300).toBeLessThanOrEqual(2000);
    const next_us = live.advance(10_000_400);
    expect(next_us).toBeGreaterThan(10_000_400);
  });

  test("as fast as it goes does its work in pieces, and ends after a hundred years", () => {
    const live = new Live(made(idle), Infinity, 0, () => undefined);
    expect(live.advance(0)).toBe(0);
    expect(live.now_us).toBeGreaterThan(0);
    expect(live.ended).toBe(false);
    for (let piece = 0; piece < 10_000 && live.advance(0) !== undefined; piece++);
    expect(live.now_us).toBe(END_US);
    expect(live.advance(1)).toBeUndefined();
  });

  test("says when to look again", () => {
    const live = new Live(made(), 10, 0, () => undefined);
    const next_us = live.advance(0)!;
    expect(next_us).toBeGreaterThan(0);
    const before_us = live.now_us;
    live.advance(next_us - 1);
    live.advance(next_us);
    expect(live.now_us - before_us).toBe(next_us * 10);
  });

  test("does not go slower than life", () => {
    expect(() => new Live(made(), 0, 0, () => undefined)).toThrow("0 times life");
    const live = new Live(made(), 1, 0, () => undefined);
    for (const speed of [-1, 0.5, NaN]) expect(() => { live.setSpeed(0, speed); }).toThrow(RangeError);
    expect(live.speed).toBe(1);
  });
});

describe("a change of speed", () => {
  test("takes up where time is: nothing is jumped over, nothing comes twice", () => {
    const live = new Live(made(), 1, 0, () => undefined);
    let wall_us = 0;
    let expected_us = 0;
    for (const [speed, us] of [[1, 5_000_000], [1000, 2_000_000], [0, 90_000_000], [60, 1_000_001], [0, 1], [1, 3_000_000]] as const) {
      live.setSpeed(wall_us, speed);
      expect(live.now_us).toBe(expected_us);
      // At a high speed a host that looks only once is behind, and the rest is given up.
      for (let step = 0; step < us; step += 100_000) live.advance(wall_us + Math.min(us, step + 100_000));
      wall_us += us;
      expected_us += speed * us;
      expect(live.now_us).toBe(expected_us);
    }
  });

  test("lets time stand, awake or asleep: what comes then waits", () => {
    const live = new Live(made(), 7, 0, () => undefined);
    let said = 0;
    live.bench.line.heard = (bytes) => { said += bytes.length; };
    live.advance(1001);
    live.setSpeed(1001, 0);
    const stood_us = live.now_us;
    expect(live.advance(minute_us)).toBeUndefined();
    live.receive(minute_us, call);
    expect(live.advance(2 * minute_us)).toBeUndefined();
    expect([live.now_us, said]).toEqual([stood_us, 0]);
    live.setSpeed(2 * minute_us, 1000);
    live.advance(2 * minute_us + 1_000_000);
    expect(said).toBeGreaterThan(0);
    // The call was there when it went on, and keeps it at the wall's pace.
    expect(live.now_us).toBeLessThanOrEqual(stood_us + 1_002_000);
  });

  test("as fast as it goes is ended by any other", () => {
    const live = new Live(made(idle), Infinity, 0, () => undefined);
    live.advance(0);
    live.setSpeed(0, 1);
    const from_us = live.now_us;
    live.advance(minute_us);
    expect(live.now_us).toBe(from_us + minute_us);
  });
});

describe("to the next alarm", () => {
  /** When the next alarm comes, by the trace. */
  function alarmsOf(bench: Bench): { readonly times_us: number[] } {
    const times_us: number[] = [];
    bench.trace.on((kind, _at_ms, a) => { if (kind === TraceKind.record && a === (RecordKind.alarm_on as number)) times_us.push(bench.engine.now_us); });
    return { times_us };
  }

  test.each([false, true])("time stands at the instant at which one comes on, to the microsecond; link awake: %s", (awake) => {
    const bench = made();
    const { times_us } = alarmsOf(bench);
    const live = new Live(bench, 1, 0, () => undefined);
    live.advance(1_000_000);
    // Every hour a motion that nobody commanded: nothing else happens to a pump on the shelf.
    live.inject(1_000_000, "motor.runaway", 3_600_000);
    if (awake) live.receive(1_000_000, call);
    live.untilAlarm(1_000_000);
    expect(live.awaits_alarm).toBe(true);
    let wall_us = 1_000_000;
    for (let looks = 0; live.awaits_alarm && looks < 100_000; looks++) live.advance(wall_us += 1000);
    expect(times_us).toHaveLength(1);
    expect(live.now_us).toBe(times_us[0]);
    expect(live.speed).toBe(0);
    live.advance(wall_us + minute_us);
    expect(live.now_us).toBe(times_us[0]);
    // And on, to the one after it.
    live.untilAlarm(wall_us + minute_us);
    for (let looks = 0; live.awaits_alarm && looks < 100_000; looks++) live.advance(wall_us += 1000);
    expect(times_us).toHaveLength(2);
    expect(live.now_us).toBe(times_us[1]);
  });

  test("is not stopped by those that came before, and is called off by another speed", () => {
    const live = new Live(made(), 1, 0, () => undefined);
    live.untilAlarm(0);
    live.setSpeed(0, 1000);
    expect(live.awaits_alarm).toBe(false);
    live.inject(0, "motor.runaway", 3_600_000);
    for (let wall_us = 0; wall_us < minute_us; wall_us += 100_000) live.advance(wall_us);
    expect(live.bench.trace.records[RecordKind.alarm_on]).toBeGreaterThan(1);
    expect(live.speed).toBe(1000);
  });
});

describe("a run", () => {
  test("is the same again from its inputs, faults among them", () => {
    const inputs: Input[] = [];
    const live = new Live(made(), 100, 0, (input) => { inputs.push(input); });
    let wall_us = 0;
    const pass = (us: number): void => { wall_us += us; live.advance(wall_us); };
    pass(1_234_567);
    live.receive(wall_us, call);
    live.receive(wall_us, Uint8Array.of(1, 2, 3));
    pass(300);
    live.receive(wall_us, call);
    pass(700_000);
    live.inject(wall_us, "link.noise");
    pass(2_000_000);
    live.heal(wall_us, "link.noise");
    live.inject(wall_us, "processor.reset");
    pass(90_000_000);
    expect(() => { live.inject(wall_us, "no.such"); }).toThrow();
    expect(inputs).toHaveLength(6);
    const again = made();
    for (const input of inputs) {
      runTo(again, input.us);
      applyInput(again, input);
    }
    runTo(again, live.now_us);
    expect(again.trace.fullDigest()).toBe(live.bench.trace.fullDigest());
    expect(again.trace.therapyDigest()).toBe(live.bench.trace.therapyDigest());
    expect(again.trace.fullDigest()).not.toBe(made().trace.fullDigest());
  });
});

describe("the intake", () => {
  /** A wall whose time a test moves. */
  class HandWall implements Wall {
    time_us = 0;
    readonly due: { readonly us: number; readonly act: () => void }[] = [];
    now_us(): number { return this.time_us; }
    after(delay_us: number, act: () => void): () => void {
      const entry = { us: this.time_us + delay_us, act };
      this.due.push(entry);
      return () => { this.due.splice(this.due.indexOf(entry), 1); };
    }
    pass(us: number): void {
      const end_us = this.time_us + us;
      for (let entry = this.due[0]; entry !== undefined && entry.us <= end_us; entry = this.due[0]) {
        this.due.shift();
        this.time_us = entry.us;
        entry.act();
      }
      this.time_us = end_us;
    }
  }

  test("passes messages at once and a flood at the rate of the line, whose senders wait", () => {
    const wall = new HandWall();
    const passed: number[] = [];
    const flow: boolean[] = [];
    const intake = new Intake(wall, (bytes) => { passed.push(...bytes); }, (on) => { flow.push(on); });
    const flood = Uint8Array.from({ length: 100_000 }, (_, i) => i % 251);
    intake.heard(flood.subarray(0, 50));
    expect(passed).toHaveLength(50);
    intake.heard(flood.subarray(50));
    expect(passed).toHaveLength(65_536);
    expect(flow).toEqual([false]);
    wall.pass(1_000_000);
    expect(passed.length).toBeGreaterThan(65_536 + 11_400);
    expect(passed.length).toBeLessThanOrEqual(65_536 + 11_520);
    wall.pass(3_000_000);
    expect(passed).toEqual([...flood]);
    expect(flow).toEqual([false, true]);
    wall.pass(10_000_000);
    intake.heard(flood.subarray(0, 60_000));
    expect(passed).toHaveLength(160_000);
  });
});
