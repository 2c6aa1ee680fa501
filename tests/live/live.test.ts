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
