// Tests of the processor: deadlines, watchdog, panics, resets, power, lag.

import { describe, expect, test } from "vitest";
import { ResetCause, type Controller } from "../../hal/controller";
import { Panic } from "../../hal/panic";
import { Retained } from "../../hal/retained";
import { Op } from "../../protocol/operations";
import { Bench, NoAnswer, NoProgress } from "../../emulator/bench";
import { HostEvent, TraceKind } from "../../emulator/trace";
import { metronome } from "./metronome";
import { DAY_US, found, HOUR_US, INTERVAL_US, listen, running } from "./running";

/** A controller that names these deadlines after each wake. */
function sleeper(next: (now_ms: number) => number): Controller {
  return { boot: (now_ms) => now_ms + 1000, wake: next, event: next, received: next };
}

describe("a deadline", () => {
  test("is met to the microsecond at any drift", () => {
    const bench = new Bench({ wand: false, controller: () => sleeper((now_ms) => {
      woken.push([now_ms, bench.engine.now_us]);
      return now_ms + 12_345;
    }), unit: { crystal_ppb: 137_000 } });
    const woken: number[][] = [];
    bench.powerOn();
    bench.advance_us(HOUR_US);
    expect(woken.length).toBeGreaterThan(290);
    for (const [now_ms, at_us] of woken) {
      const pump_us = (true_us: number): number => true_us + Math.floor((true_us * 137) / 1_000_000);
      expect(Math.floor(pump_us(at_us!) / 1000)).toBe(now_ms);
      expect(Math.floor(pump_us(at_us! - 1) / 1000)).toBe(now_ms! - 1);
    }
  });

  test.each([
    ["the present", (now_ms: number) => now_ms],
    ["the past", (now_ms: number) => now_ms - 1],
    ["too far ahead", (now_ms: number) => now_ms + 36_000_001],
    ["no number", () => NaN],
    ["half a millisecond", (now_ms: number) => now_ms + 0.5],
  ])("that is %s: the watchdog bites after 8 s", (_what, next) => {
    const bench = new Bench({ wand: false, controller: () => sleeper(next) });
    const resets = listen(bench, TraceKind.reset);
    const host = listen(bench, TraceKind.host);
    bench.powerOn();
    bench.advance_us(9_500_000);
    expect(host.map(([at_ms, event]) => [at_ms, event])).toEqual([[1000, HostEvent.bad_deadline], [9000, HostEvent.watchdog]]);
    expect(resets).toEqual([[0, ResetCause.power, 0, 0], [9020, ResetCause.watchdog, 0, 0]]);
  });

  test("of 10 h is allowed", () => {
    const bench = new Bench({ wand: false, controller: () => sleeper((now_ms) => now_ms + 36_000_000) });
    bench.powerOn();
    bench.advance_us(3 * DAY_US);
    expect(bench.processor.entries).toBe(1 + 8);
  });
});

describe("a reset", () => {
  test("by a forgotten deadline in therapy is survived, and told", () => {
    const bench = running({ forget_after: 5 });
    const resets = listen(bench, TraceKind.reset);
    bench.advance_us(5 * INTERVAL_US + 20_000_000);
    expect(resets.length).toBeGreaterThan(0);
    expect(resets[0]![1]).toBe(ResetCause.watchdog);
  });

  test("by a panic keeps its number; a pulse in flight turns and is uncertain (MEM-5)", () => {
    const bench = running({ panic_at: 4 });
    const resets = listen(bench, TraceKind.reset);
    bench.advance_us(6 * INTERVAL_US + 1_000_000);
    expect(resets).toEqual([[4 * 86_400 + 28, ResetCause.panic, Panic.books, 0]]);
    expect(bench.plant.motions).toBe(6);
    bench.finish();
    expect(found(bench)).toEqual(["contract: the firmware gave up over a broken invariant, by its panic's number"]);
  });

  test("with a pulse in flight: its edge is lost to the new program", () => {
    const bench = running();
    bench.inject({ kind: "rotor.late", value: 300 });
    bench.advance_us(INTERVAL_US + 100_000);
    bench.inject({ kind: "processor.reset" });
    bench.advance_us(2 * INTERVAL_US + 1_000_000);
    expect(bench.plant.motions).toBe(3);
    expect(bench.oracle.ledger).toMatchObject({ commanded: 3, confirmed: 2, uncertain: 1 });
    bench.finish();
    expect(found(bench)).toEqual([]);
  });

  test("in a row without end is no progress", () => {
    const bench = new Bench({ wand: false, controller: (board) => ({ ...sleeper((now_ms) => now_ms + 1000), boot: () => board.panic(Panic.index) }) });
    expect(() => {
      bench.powerOn();
      bench.advance_us(HOUR_US);
    }).toThrow(NoProgress);
  });

  test("any other exception of the controller flies", () => {
    const bench = new Bench({ wand: false, controller: () => sleeper(() => { throw new TypeError("broken"); }) });
    bench.powerOn();
    expect(() => { bench.advance_us(HOUR_US); }).toThrow("broken");
  });
});

describe("power", () => {
  test("gone for a minute: memory is garbage, what was durable is there, time goes on", () => {
    const bench = running();
    bench.advance_us(10 * INTERVAL_US + 1_000_000);
    const resets = listen(bench, TraceKind.reset);
    bench.inject({ kind: "power.off", value: 60_000 });
    expect(() => bench.inject({ kind: "power.off", value: 60_000 })).toThrow("no power");
    bench.advance_us(59_000_000);
    expect(bench.processor.up).toBe(false);
    bench.advance_us(2_000_000);
    expect(resets).toEqual([[10 * 86_400 * 1 + 61_020, ResetCause.power, 0, 0]]);
    expect(bench.status()[1]).toBe(10);
  });

  test("gone too long for a request: nobody answers", () => {
    const bench = running();
    bench.inject({ kind: "power.off", value: 3_600_000 });
    expect(() => bench.request(Op.status)).toThrow(NoAnswer);
  });

  test("garbage is drawn by seed", () => {
    const memory = (seed: number): number[] => {
      let content: number[] = [];
      const bench = new Bench({ seed, wand: false, controller: (board) => {
        content = [...board.retained];
        return metronome()(board);
      } });
      bench.powerOn();
      return content;
    };
    expect(memory(1)).toHaveLength(Retained.slots);
    expect(memory(1)).toEqual(memory(1));
    expect(memory(1)).not.toEqual(memory(2));
  });

  test("a flipped bit changes one slot by a power of two", () => {
    let retained: number[] = [];
    const bench = new Bench({ wand: false, controller: (board) => {
      retained = board.retained;
      return sleeper((now_ms) => now_ms + 1000);
    } });
    bench.powerOn();
    const before = [...retained];
    bench.inject({ kind: "memory.flip", value: 7 });
    const changed = retained.flatMap((value, slot) => value === before[slot] ? [] : [[slot, Math.abs(value - before[slot]!)]]);
    expect(changed).toHaveLength(1);
    expect(changed[0]![0]).toBe(7);
    expect(Number.isInteger(Math.log2(changed[0]![1]!))).toBe(true);
  });
});

describe("a lag", () => {
  const story = (lag_us: number, crystal_ppb: number): string[] => {
    const bench = running({}, { lag_us, unit: { crystal_ppb } });
    bench.advance_us(3 * HOUR_US + 1234);
    bench.inject({ kind: "rotor.late", value: 499 });
    bench.advance_us(HOUR_US);
    bench.request(Op.stop, [1]);
    bench.request(Op.start, [0]);
    bench.inject({ kind: "crystal.drift", value: -150_000 });
    bench.advance_us(HOUR_US + 7);
    bench.inject({ kind: "motor.weak", value: 200 });
    bench.advance_us(HOUR_US);
    bench.heal("motor.weak");
    bench.inject({ kind: "processor.reset" });
    bench.advance_us(DAY_US);
    bench.finish();
    expect(found(bench)).toEqual([]);
    expect(bench.motor.late_us_max).toBeGreaterThanOrEqual(lag_us);
    return [bench.trace.therapyDigest(), bench.trace.fullDigest(), String(bench.trace.pulses), String(bench.plant.motions)];
  };

  test.each([0, 77_000, -77_000])("changes no logical stamp, at a drift of %i ppb", (ppb) => {
    const prompt = story(0, ppb);
    expect(story(3000, ppb)).toEqual(prompt);
    expect(story(90_001, ppb)).toEqual(prompt);
  });

  test("and what differs does move the digest", () => {
    expect(story(0, 0)[0]).not.toBe(story(0, 1000)[0]);
  });
});
