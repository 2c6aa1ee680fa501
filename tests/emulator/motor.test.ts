// Tests of motor and rotor: when a pulse confirms, and what is true.

import { describe, expect, test } from "vitest";
import { MotorResult } from "../../hal/motor";
import { TraceKind } from "../../emulator/trace";
import { found, INTERVAL_US, listen, running } from "./running";

describe("a confirmation", () => {
  test.each([
    [0, MotorResult.confirmed, 0, false],
    [1, MotorResult.confirmed, 1, false],
    [400, MotorResult.confirmed, 400, false],
    [500, MotorResult.confirmed, 500, false],
    [501, MotorResult.missed, 500, true],
    [600, MotorResult.missed, 500, true],
    [749, MotorResult.missed, 500, true],
  ])("that comes after %i ms", (after_ms, result, latency_ms, late) => {
    const bench = running();
    const pulses = listen(bench, TraceKind.pulse);
    const results = listen(bench, TraceKind.result);
    const edges = listen(bench, TraceKind.late_edge);
    bench.inject({ kind: "rotor.late", value: after_ms });
    bench.advance_us(2 * INTERVAL_US + 1_000_000);
    expect(pulses).toHaveLength(2);
    expect(results).toEqual(pulses.map(([at_ms]) => [at_ms! + latency_ms, result, latency_ms, 0]));
    expect(edges).toEqual(late ? pulses.map(([at_ms]) => [at_ms! + after_ms, after_ms, 0, 0]) : []);
    expect(bench.plant.motions).toBe(2);
    bench.finish();
    expect(found(bench)).toEqual([]);
  });

  test("is measured by the crystal from its duration alone", () => {
    const bench = running({}, { unit: { crystal_ppb: -200_000, latency_us: 500_100 } });
    const results = listen(bench, TraceKind.result);
    bench.advance_us(2 * INTERVAL_US);
    expect(results.map(([, result, latency_ms]) => [result, latency_ms])).toEqual([[MotorResult.confirmed, 499]]);
    const fast = running({}, { unit: { crystal_ppb: 200_000, latency_us: 499_990 } });
    const late = listen(fast, TraceKind.result);
    fast.advance_us(2 * INTERVAL_US + 1_000_000);
    expect(late.map(([, result, latency_ms]) => [result, latency_ms])).toEqual([[MotorResult.missed, 500], [MotorResult.missed, 500]]);
  });
});

describe("a fault", () => {
  test("stalled: nothing turns and nothing confirms", () => {
    const bench = running();
    bench.inject({ kind: "motor.stalled" });
    bench.advance_us(5 * INTERVAL_US + 1_000_000);
    expect([bench.trace.pulses, bench.plant.motions]).toEqual([5, 0]);
    bench.heal("motor.stalled");
    bench.advance_us(5 * INTERVAL_US);
    expect([bench.trace.pulses, bench.plant.motions]).toEqual([10, 5]);
    bench.finish();
    expect(found(bench)).toEqual([]);
  });

  test("dead sensor: everything turns and nothing confirms", () => {
    const bench = running();
    bench.inject({ kind: "rotor.dead" });
    bench.advance_us(10 * INTERVAL_US + 1_000_000);
    expect([bench.trace.pulses, bench.plant.motions, bench.oracle.ledger.confirmed]).toEqual([10, 10, 0]);
    expect(bench.plant.delivered_pL).toBe(10 * 250_000);
    bench.finish();
    expect(found(bench)).toEqual([]);
  });

  test.each(["motor.weak", "rotor.intermittent"])("%s loses its share", (kind) => {
    const bench = running();
    bench.inject({ kind, value: 300 });
    bench.advance_us(1000 * INTERVAL_US + 1_000_000);
    const { confirmed, uncertain } = bench.oracle.ledger;
    expect(confirmed + uncertain).toBe(1000);
    expect(Math.abs(uncertain - 300)).toBeLessThan(60);
    expect(bench.plant.motions).toBe(kind === "motor.weak" ? confirmed : 1000);
  });

  test("worn: more drug than the books know", () => {
    const bench = running();
    bench.inject({ kind: "motor.worn", value: 1300 });
    bench.advance_us(10 * INTERVAL_US + 1_000_000);
    expect(bench.plant.delivered_pL).toBe(10 * 325_000);
    bench.finish();
    expect(found(bench)).toEqual([]);
  });
});

test("a command too soon, or in flight, breaks the contract", () => {
  const bench = running({ hasty_at: 3 });
  bench.advance_us(4 * INTERVAL_US);
  expect(found(bench)).toContain("contract: a motor command too soon after the last, in ms");
  const slow = running({ hasty_at: 3 }, { unit: { latency_us: 8000 } });
  slow.inject({ kind: "rotor.dead" });
  slow.advance_us(4 * INTERVAL_US);
  expect(slow.oracle.violations[0]).toMatchObject({ expected: 750, seen: 700 });
});
