// Tests of the engine: order, re-arming, cancelling, no progress.

import { describe, expect, test } from "vitest";
import { Engine, EVENTS_PER_INSTANT_MAX, NoProgress, Timer } from "../../emulator/engine/timers";
import { Stream } from "../../emulator/engine/random";

describe("the engine", () => {
  test("runs in the order of time, then of arming", () => {
    const engine = new Engine();
    const heard: string[] = [];
    const named = (name: string): Timer => new Timer(() => heard.push(`${name}@${engine.now_us}`));
    const [a, b, c, d] = [named("a"), named("b"), named("c"), named("d")];
    engine.arm(a, 20);
    engine.arm(b, 10);
    engine.arm(c, 20);
    engine.arm(d, 20);
    engine.arm(a, 20); // armed again: now behind c and d
    engine.cancel(d);
    engine.runUntil(19);
    expect(heard).toEqual(["b@10"]);
    engine.runUntil(30);
    expect(heard).toEqual(["b@10", "c@20", "a@20"]);
    expect(engine.now_us).toBe(30);
  });

  test("keeps the order of a sorted list over random arming, re-arming and cancelling", () => {
    const engine = new Engine();
    const stream = new Stream(1, "test.timers");
    const heard: number[] = [];
    const timers = Array.from({ length: 40 }, (_, index) => new Timer(() => heard.push(index)));
    const expected = new Map<number, [number, number]>();
    let order = 0;
    for (let n = 0; n < 2000; n++) {
      const index = stream.below(timers.length);
      if (stream.permille(250)) {
        engine.cancel(timers[index]!);
        expected.delete(index);
      } else {
        const at_us = stream.below(50);
        engine.arm(timers[index]!, at_us);
        expected.set(index, [at_us, order++]);
      }
    }
    engine.runUntil(100);
    const sorted = [...expected].sort(([, [at1, o1]], [, [at2, o2]]) => (at1 === at2 ? o1 - o2 : at1 - at2)).map(([index]) => index);
    expect(sorted.length).toBeGreaterThan(10);
    expect(heard).toEqual(sorted);
  });

  test("refuses the past and what is no integer", () => {
    const engine = new Engine();
    engine.runUntil(100);
    const timer = new Timer(() => undefined);
    expect(() => { engine.arm(timer, 99); }).toThrow("99 us at 100 us");
    expect(() => { engine.arm(timer, 100.5); }).toThrow("100.5");
    expect(() => { engine.runUntil(NaN); }).toThrow("NaN");
    expect(timer.armed).toBe(false);
  });

  test("gives up when virtual time stands still", () => {
    const engine = new Engine();
    let count = 0;
    const again: Timer = new Timer(() => {
      count++;
      engine.arm(again, engine.now_us);
    });
    engine.arm(again, 5);
    expect(() => { engine.runUntil(10); }).toThrow(NoProgress);
    expect(count).toBe(EVENTS_PER_INSTANT_MAX);
  });
});

describe("random streams", () => {
  test("mean the same for ever", () => {
    const a = new Stream(1, "motor.weak");
    const values = [a.next(), a.next(), a.next()];
    expect(values).toEqual(GOLDEN);
    const other = new Stream(1, "rotor.intermittent");
    expect(other.next()).not.toBe(values[0]);
    expect(new Stream(2, "motor.weak").next()).not.toBe(values[0]);
    expect(new Stream(2 ** 40 + 1, "motor.weak").next()).not.toBe(values[0]);
  });

  test("draw evenly, and within range", () => {
    const stream = new Stream(7, "test.even");
    const counts = new Array<number>(10).fill(0);
    for (let n = 0; n < 100_000; n++) counts[stream.below(10)]!++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
    for (let n = 0; n < 1000; n++) expect(Number.isSafeInteger(stream.slot())).toBe(true);
    expect(() => stream.below(0)).toThrow("below 0");
    expect(() => new Stream(-1, "x")).toThrow("seed");
  });
});

/** Drawn once: a stream that changes takes every saved failure's meaning away. */
const GOLDEN = [1923270224, 2502941974, 469346289];
