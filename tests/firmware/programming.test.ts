// Programming: stage, review, commit; and the forecast that a review gives.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Fault } from "../../hal/faults";
import { Unit } from "../../hal/units";
import { Op, Prescription, Reservoir, Review, Status } from "../../protocol/operations";
import { RefillBy } from "../../protocol/service";
import { Forecast, firstDay_ng, forecast, largestDay, rateNow } from "../../firmware/forecast";
import { dailyStaged_ng } from "../../firmware/limits";
import { fillNow } from "../../firmware/refill";
import { put } from "../../firmware/region";
import { C, Staged, W } from "../../firmware/state";
import type { Pump } from "../../firmware/state";
import { createDeskPump } from "./desk";
import { committing, daily, stagingOf } from "./prescribe";
import { MIDNIGHT_MS, Ward } from "./ward";

const DAY_MS = Unit.ms_per_day;
const MINUTE_MS = Unit.ms_per_minute;

/** Stages a prescription; every request must be accepted. */
function stage(ward: Ward, prescription: readonly number[]): void {
  for (const [op, args] of stagingOf(prescription)) ward.ask(op, ...args);
}

/** Lays out what is in force as if it were staged once more, weighed as a review does. */
function stageAgain(p: Pump): void {
  for (let i = 0; i < Staged.size; i++) p.staged[i] = p.primary[C.mode + i]!;
  p.w[W.staged_day] = largestDay(p, p.staged, 0);
}

function held(ward: Ward): { version: number; rate: number } {
  const values = ward.ask(Op.prescription, 0);
  return { version: values[Prescription.version]!, rate: values.at(-1)! };
}

describe("stage, review, commit", () => {
  it("the old therapy runs until the commit, and the review tells what comes (PROG-1a, PROG-1b, DOSE-7)", () => {
    const ward = new Ward();
    ward.begin(daily(0, 500_000));
    ward.wait_ms(3_600_000);
    stage(ward, daily(0, 400_000, 12 * 60, 800_000));
    const review = ward.ask(Op.review);
    expect(held(ward)).toEqual({ version: 1, rate: 500_000 });
    expect(ward.bench.status()[Status.rate]).toBe(500_000);
    expect(review.slice(Review.base_version, Review.refill_by_ms)).toEqual([1, 400_000, 600_000, 600_000, 300_000, 500]);
    expect(ward.ask(Op.commit, ...committing(review))).toEqual([2]);
    expect(held(ward)).toEqual({ version: 2, rate: 800_000 });
    ward.wait_ms(DAY_MS);
    ward.close();
  });

  it("a commit with another hash, another base version, a part missing, without a review, or twice is refused; nothing changes (PROG-1c, PROG-2b)", () => {
    const ward = new Ward();
    ward.begin(daily(0, 500_000));
    const refused = (op: Op, args: readonly number[]): number => ward.bench.request(op, args).fault;
    expect(refused(Op.review, [])).toBe(Fault.nothing_staged);
    expect(refused(Op.commit, [1, 1, 0, 0, 0])).toBe(Fault.nothing_staged);
    stage(ward, daily(0, 600_000));
    expect(refused(Op.commit, [1, 0, 600_000, 0, 0])).toBe(Fault.not_as_reviewed);
    const hash = ward.ask(Op.review)[Review.hash]!;
    expect(refused(Op.commit, [1, hash + 1, 600_000, 0, 0])).toBe(Fault.not_as_reviewed);
    expect(refused(Op.commit, [0, hash, 600_000, 0, 0])).toBe(Fault.base_version_stale);
    expect(refused(Op.commit, [2, hash, 600_000, 0, 0])).toBe(Fault.base_version_stale);
    ward.ask(Op.stage_steps, 0, 0, 600_001);
    expect(refused(Op.commit, [1, hash, 600_000, 0, 0])).toBe(Fault.not_as_reviewed);
    ward.ask(Op.stage, 2, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0);
    ward.ask(Op.stage_steps, 1, 720, 700_000);
    expect(refused(Op.review, [])).toBe(Fault.nothing_staged);
    expect(refused(Op.commit, [1, hash, 600_000, 0, 0])).toBe(Fault.nothing_staged);
    ward.ask(Op.stage_steps, 0, 0, 600_000);
    const whole = committing(ward.ask(Op.review));
    expect(held(ward)).toEqual({ version: 1, rate: 500_000 });
    expect(ward.ask(Op.commit, ...whole)).toEqual([2]);
    expect(refused(Op.commit, [2, ...whole.slice(1)])).toBe(Fault.nothing_staged);
    expect(held(ward)).toEqual({ version: 2, rate: 700_000 });
  });

  it("what was reviewed against another drug is not as reviewed any more (PROG-1c)", () => {
    const ward = new Ward();
    ward.refill(18_000_000, 500);
    stage(ward, daily(0, 500_000));
    const hash = ward.ask(Op.review)[Review.hash]!;
    ward.refill(18_000_000, 1000);
    expect(ward.bench.request(Op.commit, [0, hash, 0, 0, 0]).fault).toBe(Fault.not_as_reviewed);
  });

  it("steps beyond those announced, none, or too many of them are malformed (PROG-2b)", () => {
    const ward = new Ward();
    ward.refill(18_000_000, 2000);
    const refused = (op: Op, args: readonly number[]): number => ward.bench.request(op, args).fault;
    expect(refused(Op.stage_steps, [0, 0, 1])).toBe(Fault.nothing_staged);
    expect(refused(Op.stage, [2, 0, 0, 0, 0, 0, 0, 0, 169, 0, 0, 0])).toBe(Fault.malformed);
    expect(refused(Op.stage, [1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0])).toBe(Fault.malformed);
    expect(refused(Op.stage, [2, 0, 0, 7, 0, 0, 0, 0, 1, 0, 0, 0])).toBe(Fault.malformed);
    ward.ask(Op.stage, 2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0);
    expect(refused(Op.stage_steps, [0])).toBe(Fault.malformed);
    expect(refused(Op.stage_steps, [2, 0, 1, 1, 1])).toBe(Fault.malformed);
    expect(refused(Op.stage_steps, [0, ...Array.from({ length: 16 }, (_, n) => [n, 1]).flat()])).toBe(Fault.malformed);
    expect(refused(Op.stage_steps, [0, 0, 67_108_864])).toBe(Fault.flow_above_maximum);
  });

  it("the fullest schedule comes through whole, in any order of its messages, each of them twice (DOSE-3b)", () => {
    const ward = new Ward();
    ward.refill(18_000_000, 2000);
    const steps = Array.from({ length: 168 }, (_, n) => [Math.floor(n / 24) * 1440 + (n % 24) * 60, 400_000 + n * 1000]);
    const [head, ...messages] = stagingOf([2, 0, 1, 2, 3, 4, 5, 6, ...steps.flat()]);
    ward.ask(head![0], ...head![1]);
    for (const [op, args] of [...messages].reverse().flatMap((message) => [message, message])) ward.ask(op, ...args);
    const review = ward.ask(Op.review);
    expect(ward.ask(Op.commit, ...committing(review))).toEqual([1]);
    const read: number[][] = [];
    while (read.length < 168) {
      const values = ward.ask(Op.prescription, read.length);
      for (let i: number = Prescription.first + 1; i < values.length; i += 2) read.push([values[i]!, values[i + 1]!]);
    }
    expect(read).toEqual(steps);
  });
});

describe("the refill-by date (FILL-5a)", () => {
  it("38 mL, alarm at 2 mL, 0.5 mL/day: 72 days, 62.9 with the flow 14.5 % high (FILL-5b)", () => {
    const ward = new Ward({ unit: { capacity_nL: 40_000_000 } });
    ward.ask(Op.set_alarms, 2_000_000, 10, 60);
    ward.begin(daily(0, 1_000_000), 2000, 38_000_000);
    const reservoir = ward.ask(Op.reservoir);
    const days = (value: number): number => (value - MIDNIGHT_MS) / DAY_MS;
    expect(days(reservoir[Reservoir.refill_nominal_ms]!)).toBeCloseTo(72, 2);
    expect(days(reservoir[Reservoir.refill_by_ms]!)).toBeCloseTo(62.88, 2);
    expect(reservoir[Reservoir.refill_decided]).toBe(RefillBy.low_reservoir);
  });

  it("a slow one is decided by the drug's 90 days, one at its end by the pump's own replacement, one that is low by that (FILL-5b)", () => {
    const slow = new Ward({ unit: { capacity_nL: 40_000_000 } });
    slow.begin([1], 2000, 38_000_000);
    const reservoir = slow.ask(Op.reservoir);
    expect(reservoir[Reservoir.refill_by_ms]! - MIDNIGHT_MS).toBe(90 * DAY_MS);
    expect(reservoir[Reservoir.refill_decided]).toBe(RefillBy.drug_stability);
    expect((reservoir[Reservoir.refill_nominal_ms]! - MIDNIGHT_MS) / DAY_MS).toBeCloseTo(34 / 0.006, 2);

    const low = new Ward();
    low.begin(daily(0, 500_000), 2000, 4_000_000);
    expect(low.ask(Op.reservoir)[Reservoir.refill_decided]).toBe(RefillBy.already);

    const p = createDeskPump();
    put(p, C.fill_pL, 18_000_000_000);
    put(p, C.mode, 1);
    p.w[W.now_ms] = 2400 * DAY_MS;
    put(p, C.filled_ms, 2400 * DAY_MS);
    const dates = [0, 0, 0];
    fillNow(p);
    forecast(p, p.primary, C.mode, false, dates);
    expect(dates).toEqual([2466 * DAY_MS, expect.any(Number), RefillBy.battery_eri]);
  });

  const week = fc.record({
    days: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 7, maxLength: 7 }),
    schedules: fc.array(fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 1439 }), fc.integer({ min: 0, max: 3_000_000 })), { maxLength: 5, selector: ([minute]) => minute }), { minLength: 3, maxLength: 3 }),
    first: fc.array(fc.integer({ min: 0, max: 3_000_000 }), { minLength: 3, maxLength: 3 }),
  });

  it("is that of a naive walk, minute by minute, for any week", () => {
    const p = createDeskPump();
    put(p, C.mode, 2);
    put(p, C.concentration, 500);
    put(p, C.pulse_pL, 250_000);
    fc.assert(fc.property(week, fc.integer({ min: 1, max: 20_000_000 }), fc.integer({ min: 0, max: 7 * DAY_MS }), (drawn, left_nL, offset_ms) => {
      const steps = drawn.schedules.map((more, n) => [[0, drawn.first[n]!] as const, ...[...more].sort(([a], [b]) => a - b)]);
      const packed = steps.flatMap((of, n) => of.map(([minute, rate]) => (n * 1440 + minute) * 2 ** 26 + rate));
      drawn.days.forEach((schedule, day) => { put(p, C.week + day, schedule); });
      packed.forEach((step, n) => { put(p, C.step + n, step); });
      put(p, C.step_count, packed.length);
      put(p, C.wall_offset_ms, MIDNIGHT_MS + offset_ms);
      put(p, C.fill_pL, left_nL * 1000);
      p.w[W.now_ms] = 0;
      const rateAt = (minute_of_week: number): number => {
        const minute = minute_of_week % 1440;
        return steps[drawn.days[Math.floor(minute_of_week / 1440)]!]!.filter(([from]) => from <= minute).at(-1)![1];
      };
      const start = Math.floor(offset_ms / MINUTE_MS);
      const rates = Array.from({ length: 10_080 }, (_, minute) => rateAt(minute));
      const day = (n: number): number => rates.slice(n * 1440, n * 1440 + 1440).reduce((sum, rate) => sum + rate, 0);
      const dates = [0, 0, 0];
      fillNow(p);
      forecast(p, p.primary, C.mode, false, dates);
      expect(largestDay(p, p.primary, C.mode)).toBe(Math.max(...[0, 1, 2, 3, 4, 5, 6].map(day)));
      stageAgain(p);
      expect(dailyStaged_ng(p)).toBe(Math.ceil(Math.max(...[0, 1, 2, 3, 4, 5, 6].map(day)) / 1440));
      expect(firstDay_ng(p, p.primary, C.mode)).toBe(Math.ceil(Array.from({ length: 1440 }, (_, n) => rates[(start + n) % 10_080]!).reduce((sum, rate) => sum + rate, 0) / 1440));
      expect(rateNow(p, p.primary, C.mode)).toBe(rates[start % 10_080]);
      const whole = rates.reduce((sum, rate) => sum + rate, 0);
      if (whole === 0) {
        expect(dates[Forecast.nominal_ms]).toBe(0);
        return;
      }
      // ng x min in so many nL of 500 ng/uL.
      let dose = Math.floor(left_nL * 500 * 1440 / 1000);
      let minutes = Math.floor(dose / whole) * 10_080;
      dose %= whole;
      while (dose >= rates[(start + minutes) % 10_080]!) {
        dose -= rates[(start + minutes) % 10_080]!;
        minutes += 1;
      }
      expect((dates[Forecast.nominal_ms]! - MIDNIGHT_MS) / MINUTE_MS - start).toBe(minutes);
    }), { seed: 1, numRuns: 200 });
  });

  it("reads what is staged as it reads what is in force", () => {
    const p = createDeskPump();
    put(p, C.concentration, 2000);
    [2, 0, 0, 0, 0, 0, 0, 0, 1].forEach((value, i) => { p.staged[i] = value; });
    p.staged[Staged.step] = 500_000;
    fillNow(p);
    forecast(p, p.staged, 0, false, [0, 0, 0]);
    p.w[W.staged_day] = largestDay(p, p.staged, 0);
    expect([dailyStaged_ng(p), firstDay_ng(p, p.staged, 0), rateNow(p, p.staged, 0), p.staged[Staged.step]]).toEqual([500_000, 500_000, 500_000, 500_000]);
  });
});
