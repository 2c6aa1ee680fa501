// The schedule walk against a naive one: any week, any instant.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { put } from "../../firmware/region";
import { takeStep } from "../../firmware/schedule";
import { C } from "../../firmware/state";
import { Mode } from "../../protocol/states";
import { createDeskPump } from "./desk";

const MINUTE_MS = 60_000;
const SPAN = 2 ** 26;

interface Week {
  /** Which schedule Monday to Sunday follow. */
  readonly days: readonly number[];
  /** Per schedule: minute to rate. */
  readonly schedules: readonly ReadonlyMap<number, number>[];
}

const schedule = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 1439 }), fc.integer({ min: 0, max: 48_000_000 })), { maxLength: 23 })
  .chain((steps) => fc.integer({ min: 0, max: 48_000_000 }).map((first) => new Map([[0, first], ...steps])));

const week: fc.Arbitrary<Week> = fc.record({
  days: fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 7, maxLength: 7 }),
  schedules: fc.array(schedule, { minLength: 7, maxLength: 7 }),
});

/** 2000 to 2199, with the turns of days and minutes drawn often. */
const wall_ms = fc.oneof(
  fc.integer({ min: 946_684_800_000, max: 7_258_118_399_999 }),
  fc.tuple(fc.integer({ min: 10_957, max: 84_005 }), fc.integer({ min: -1, max: 1 })).map(([day, ms]) => day * 86_400_000 + ms),
  fc.tuple(fc.integer({ min: 15_778_080, max: 120_968_639 }), fc.integer({ min: -1, max: 1 })).map(([minute, ms]) => minute * MINUTE_MS + ms),
);

/** The rate at a wall-clock minute, by asking the calendar and looking at each minute back to midnight. */
function naiveRate({ days, schedules }: Week, at_ms: number): number {
  const date = new Date(at_ms);
  const steps = schedules[days[(date.getUTCDay() + 6) % 7]!]!;
  for (let minute = date.getUTCHours() * 60 + date.getUTCMinutes(); ; minute--) {
    const rate = steps.get(minute);
    if (rate !== undefined) return rate;
  }
}

describe("the schedule (DOSE-3b, DOSE-5a)", () => {
  it("is the naive one at any instant, and holds until the instant it names", () => {
    const p = createDeskPump();
    put(p, C.mode, Mode.schedule);
    fc.assert(fc.property(week, wall_ms, fc.integer({ min: 0, max: 2 ** 38 }), (drawn, at_wall_ms, pump_ms) => {
      const steps = drawn.schedules.flatMap((each, n) => [...each].sort(([a], [b]) => a - b).map(([minute, rate]) => (n * 1440 + minute) * SPAN + rate));
      steps.forEach((packed, n) => { put(p, C.step + n, packed); });
      put(p, C.step_count, steps.length);
      drawn.days.forEach((each, day) => { put(p, C.week + day, each); });
      put(p, C.wall_offset_ms, at_wall_ms - pump_ms);
      takeStep(p, pump_ms);
      expect(p.c[C.rate]).toBe(naiveRate(drawn, at_wall_ms));
      const next_ms = p.c[C.next_step_ms] + p.c[C.wall_offset_ms];
      expect(next_ms).toBeGreaterThan(at_wall_ms);
      expect(next_ms % MINUTE_MS).toBe(0);
      // One expectation for all its minutes: one for each took most of the test's time.
      let held_ms = at_wall_ms;
      while (held_ms < next_ms && naiveRate(drawn, held_ms) === p.c[C.rate]) held_ms += MINUTE_MS;
      expect(held_ms).toBeGreaterThanOrEqual(next_ms);
      expect(naiveRate(drawn, next_ms - 1)).toBe(p.c[C.rate]);
    }), { seed: 1, numRuns: 500 });
  });
});
