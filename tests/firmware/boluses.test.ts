// A prescription with boluses and a plan: staged, weighed, read back by rows.

import { describe, expect, it } from "vitest";
import { Fault } from "../../hal/faults";
import { Op, Review } from "../../protocol/operations";
import { RecordKind } from "../../protocol/records";
import { Mode } from "../../protocol/states";
import { committing } from "./prescribe";
import { MIDNIGHT_MS, Ward } from "./ward";

/** Timed boluses of 20 ug over 30 min at noon, and of 15 ug over 20 min at 18:00. */
const TIMED = [720, 20_000, 30, 1080, 15_000, 20];
/** No periodic bolus; the patient's of 25 ug over 30 min, lockout 4 h, two in 24 h; both caps. */
const EXTRA = [0, 0, 0, 25_000, 30, 240, 2, 290_000, 1_900_000];
const PLAN = [1000, 7, 1100, 14, 1200, 21];

describe("a prescription with boluses and a plan", () => {
  it("is read back as it was staged, every row of it (PROG-1c, DOSE-3c, DOSE-3f, DOSE-3g)", () => {
    const ward = new Ward();
    ward.refill(18_000_000, 2000);
    ward.ask(Op.stage, Mode.schedule, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 1);
    ward.ask(Op.stage_steps, 0, 0, 500_000);
    ward.ask(Op.stage_timed, 0, ...TIMED);
    ward.ask(Op.stage_titration, 0, ...PLAN);
    ward.ask(Op.stage_extra, ...EXTRA);
    ward.ask(Op.commit, ...committing(ward.ask(Op.review)));
    expect(ward.ask(Op.prescription_boluses)).toEqual([1, ...EXTRA.slice(0, 7), ...TIMED]);
    expect(ward.ask(Op.prescription_plan)).toEqual([1, ...EXTRA.slice(7), ...PLAN]);
  });

  it("holds eight of each, and the plan adds nothing to the boluses' dose (DOSE-3c, DOSE-3g, PROG-1b)", () => {
    const timed = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => [n * 120, 1000 + n, 10]);
    const plan = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => [1000 + 10 * n, 1 + n]);
    const ward = new Ward();
    ward.refill(18_000_000, 2000);
    ward.ask(Op.stage, Mode.schedule, 0, 0, 0, 0, 0, 0, 0, 1, 8, 8, 0);
    ward.ask(Op.stage_steps, 0, 0, 500_000);
    for (const first of [0, 4]) ward.ask(Op.stage_timed, first, ...timed.slice(first, first + 4).flat());
    ward.ask(Op.stage_titration, 0, ...plan.flat());
    const review = ward.ask(Op.review);
    const boluses_ng = 8 * 1000 + 28;
    expect([review[Review.daily_dose_ng], review[Review.first_day_ng], review[Review.day_max_ng]]).toEqual([500_000 + boluses_ng, 500_000 + boluses_ng, 500_000 * 1.07 + boluses_ng]);
    ward.ask(Op.commit, ...committing(review));
    expect(ward.ask(Op.prescription_boluses).slice(8)).toEqual(timed.flat());
    expect(ward.ask(Op.prescription_plan).slice(3)).toEqual(plan.flat());
  });

  it("refuses a row that would be another one once it is packed, when it comes (PROG-2b)", () => {
    const ward = new Ward();
    ward.ask(Op.stage, Mode.schedule, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0);
    const fault = (...row: number[]): Fault => ward.bench.request(Op.stage_timed, [0, ...row]).fault;
    expect([fault(1439, 20_000, 2047), fault(1440, 20_000, 30), fault(720, 20_000, 2048)]).toEqual([Fault.ok, Fault.bolus_out_of_range, Fault.bolus_out_of_range]);
    const days = (count: number): Fault => ward.bench.request(Op.stage_titration, [0, 1000, count]).fault;
    expect([days(127), days(128)]).toEqual([Fault.ok, Fault.titration_out_of_range]);
  });
});

describe("a clock that is set to a bolus (DOSE-5d)", () => {
  const HOUR_MS = 3_600_000;
  /** Sets the clock of a pump with a bolus at noon from one wall time to another; begun and skipped after that. */
  function jump(from_ms: number, to_ms: number): readonly number[] {
    const ward = new Ward();
    ward.refill(18_000_000, 2000);
    ward.ask(Op.stage, Mode.schedule, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0);
    ward.ask(Op.stage_steps, 0, 0, 500_000);
    ward.ask(Op.stage_timed, 0, 720, 20_000, 30);
    ward.ask(Op.commit, ...committing(ward.ask(Op.review)));
    ward.start();
    ward.setClock(MIDNIGHT_MS + from_ms);
    ward.setClock(MIDNIGHT_MS + to_ms);
    ward.wait_ms(HOUR_MS);
    ward.close();
    return [ward.records(RecordKind.bolus_begin).length, ward.records(RecordKind.bolus_skipped).length];
  }

  it.each([
    ["to its very millisecond, by 3 h", 9 * HOUR_MS, 12 * HOUR_MS, [1, 0]],
    ["past it, by 2 h", 10 * HOUR_MS + 1, 12 * HOUR_MS + 1, [1, 0]],
    ["past it, by a millisecond more", 10 * HOUR_MS, 12 * HOUR_MS + 1, [0, 1]],
    ["from its very millisecond, where it was given", 12 * HOUR_MS, 13 * HOUR_MS, [1, 0]],
  ] as const)("%s", (_how, from_ms, to_ms, counts) => {
    expect(jump(from_ms, to_ms)).toEqual(counts);
  });
});
