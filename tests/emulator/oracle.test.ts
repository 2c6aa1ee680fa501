// Tests of the oracle: an honest pump passes, each dishonest one is caught.

import { describe, expect, test } from "vitest";
import { Alarm } from "../../protocol/alarms";
import { Op } from "../../protocol/operations";
import { Mode } from "../../protocol/states";
import { constantRate } from "../../protocol/wand/procedures/prescription";
import { Prescription } from "../../emulator/oracle/prescription";
import { Misses } from "../../emulator/oracle/misses";
import { type Tricks } from "./metronome";
import { DAY_US, found, HOUR_US, INTERVAL_US, running } from "./running";

describe("an honest pump passes (DOSE-1)", () => {
  test("from full to empty and past it", () => {
    const bench = running();
    bench.advance_us(80 * DAY_US);
    bench.finish();
    expect(found(bench)).toEqual([]);
    expect(bench.trace.pulses).toBe(70_000);
    expect(bench.trace.alarms[Alarm.low_reservoir]).toMatchObject({ on: 1, first_on_ms: 56_000 * 86_400 + 8 });
    expect(bench.plant.reservoir_pL).toBe(500_000_000);
  });

  test("through stops, starts and other rates", () => {
    const bench = running();
    for (let n = 0; n < 40; n++) {
      bench.advance_us(n * 1_234_567_000 + 1);
      bench.request(Op.stop, [1]);
      bench.advance_us(n * 7_000_000);
      bench.prescribe(constantRate(300_000 + n * 7919));
      bench.request(Op.start, [0]);
    }
    bench.finish();
    expect(found(bench)).toEqual([]);
    expect(bench.trace.pulses).toBeGreaterThan(5000);
  });

  test("through a stall that ends", () => {
    const bench = running();
    bench.advance_us(DAY_US);
    bench.inject({ kind: "motor.stalled" });
    bench.advance_us(6 * HOUR_US);
    bench.heal("motor.stalled");
    bench.advance_us(2 * DAY_US);
    bench.finish();
    expect(found(bench)).toEqual([]);
    expect(bench.trace.alarms[Alarm.motor_stall]).toMatchObject({ on: 1, off: 1 });
  });
});

describe("a dishonest pump is caught", () => {
  test.each<[string, Tricks, string]>([
    ["a burst", { burst_at: 100 }, "over: a pulse before it was due: a pulse, and owed before it"],
    ["one extra pulse", { extra_at: 100 }, "over: a pulse before it was due: a pulse, and owed before it"],
    ["silence", { silent_after: 100 }, "under: the pump is behind its prescription: at most, and owed"],
    ["an early motor-off", { off_after: 100 }, "under: the motor was turned off and the reservoir is not empty, in pL"],
    ["books that lie", { lie: 1 }, "books: status: pulses confirmed"],
    ["a hasty pulse", { hasty_at: 100 }, "over: two pulses closer than the motor's least interval, in ms"],
  ])("%s", (_what, tricks, violation) => {
    const bench = running(tricks);
    bench.advance_us(300 * INTERVAL_US);
    bench.finish();
    expect(found(bench)).toContain(violation);
  });

  test("one extra pulse is found when it happens, with the figures", () => {
    const bench = running({ extra_at: 100 });
    bench.advance_us(101 * INTERVAL_US);
    expect(bench.oracle.violations).toHaveLength(1);
    expect(bench.oracle.violations[0]).toMatchObject({
      kind: "over", pump_ms: 100 * 86_400 + 2000, at_us: (100 * 86_400 + 2000) * 1000, expected: 216_000_000_000, seen: 2000 * 500_000 * 5,
    });
  });

  test("silence is found within two hours, without any event", () => {
    const bench = running({ silent_after: 100 });
    bench.advance_us(100 * INTERVAL_US);
    expect(found(bench)).toEqual([]);
    bench.advance_us(2 * HOUR_US);
    expect(found(bench)).toHaveLength(1);
  });

  test("past empty (FILL-3a)", () => {
    const bench = running({ past_empty: true }, {}, 1_000_000);
    bench.advance_us(2001 * INTERVAL_US);
    expect(found(bench)[0]).toBe("over: a pulse although the reservoir is empty");
    expect(bench.oracle.violations[0]!.pump_ms).toBe(2001 * 86_400);
  });

  test.each([
    [Alarm.low_reservoir, 5_000_000, 4001],
    [Alarm.reservoir_empty, 1_000_000, 2100],
  ])("without alarm %i (FILL-2b, FILL-3a)", (mute, fill_nL, pulses) => {
    const bench = running({ mute }, {}, fill_nL);
    bench.advance_us(pulses * INTERVAL_US);
    bench.finish();
    expect(found(bench)[0]).toMatch(new RegExp(`^alarm: alarm ${mute} is missing, due at `));
  });

  test("without a stall alarm: at the fourth attempt, and by DOSE-8", () => {
    const bench = running({ mute: Alarm.motor_stall });
    bench.inject({ kind: "rotor.dead" });
    bench.advance_us(30 * INTERVAL_US);
    expect(found(bench)[0]).toMatch(/^alarm: alarm 5 is missing/);
    expect(found(bench)).toContain("under: confirmed delivery is behind in 24 h and no alarm is on: pulses");
    const shortfall = bench.oracle.violations.find((violation) => violation.kind === "under")!;
    expect([shortfall.expected, shortfall.seen]).toEqual([21, 22]);
  });

  test("a pump that stays in the dark after its power came back", () => {
    const bench = running();
    bench.advance_us(HOUR_US);
    bench.inject({ kind: "power.off", value: 60_000 });
    bench.advance_us(12 * HOUR_US);
    expect(found(bench)).toContain("under: the pump is behind its prescription: at most, and owed");
  });
});

describe("the oracle's prescription (DOSE-5a)", () => {
  const steps = [0, 200, 510, 350, 1440, 100];
  const week = new Prescription({ schedule: [Mode.schedule, 0, 0, 0, 0, 0, 1, 1, ...steps], timed: [], titration: [], extra: [] });
  const monday = Date.UTC(2026, 0, 5);
  const at = (day: number, minute: number, ms = 0): number => monday + day * 86_400_000 + minute * 60_000 + ms;

  test("takes each step at its millisecond", () => {
    expect(week.rateAt(at(0, 510, -1))).toBe(200);
    expect(week.rateAt(at(0, 510))).toBe(350);
    expect(week.rateAt(at(4, 1439, 59_999))).toBe(350);
    expect(week.rateAt(at(5, 0))).toBe(100);
    expect(week.rateAt(at(6, 1439))).toBe(100);
    expect(week.rateAt(at(7, 0))).toBe(200);
  });

  test("knows until when", () => {
    expect(week.holdsUntil(at(0, 0))).toBe(at(0, 510));
    expect(week.holdsUntil(at(0, 510))).toBe(at(1, 0));
    expect(week.holdsUntil(at(5, 3))).toBe(at(6, 0));
    expect(week.rate_max).toBe(350);
  });
});

describe("unconfirmed pulses of 24 h (DOSE-8)", () => {
  test("count until they are 24 h old", () => {
    const misses = new Misses();
    const hour = 3_600_000;
    for (let n = 0; n < 24; n++) misses.add(n * hour);
    expect(misses.total).toBe(24);
    misses.moveTo(24 * hour);
    expect(misses.total).toBe(23);
    misses.moveTo(100 * hour);
    expect(misses.total).toBe(0);
  });

  test("of a stall that ended do not count", () => {
    const misses = new Misses();
    misses.add(1000);
    misses.add(2_000_000);
    misses.add(3_000_000);
    expect(misses.forgive(2)).toBe(2);
    expect(misses.total).toBe(1);
    misses.add(4_000_000);
    expect(misses.forgive(5)).toBe(2);
    expect(misses.total).toBe(0);
    expect(misses.forgive(1)).toBe(0);
    misses.moveTo(86_400_000 + 1000);
    expect(misses.total).toBe(0);
  });
});
