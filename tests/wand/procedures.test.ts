// Procedures against the fake pump: programming, reading back, the log.

import { describe, expect, test } from "vitest";
import { Fault } from "../../hal/faults";
import { Op } from "../../protocol/operations";
import { Role } from "../../protocol/service";
import { Mode } from "../../protocol/states";
import { patientKey } from "../../protocol/wand/cipher";
import { Problem } from "../../protocol/wand/problems";
import { interrogate } from "../../protocol/wand/procedures/interrogate";
import { readLog, readLogExtent, readNumbers } from "../../protocol/wand/procedures/log";
import { againOf, constantRate, dailyDose, differences, doseOfDay, MINIMUM_RATE, samePrescription, scheduled } from "../../protocol/wand/procedures/prescription";
import type { StagedPrescription } from "../../protocol/wand/procedures/prescription";
import { readPrescription } from "../../protocol/wand/procedures/read-prescription";
import { runProcedure } from "../../protocol/wand/procedures/procedure";
import { commitReviewed, NotConfirmed, program, stageAndReview } from "../../protocol/wand/procedures/program";
import { filling } from "../firmware/prescribe";
import { FakePump } from "./fake-pump";
import type { Defect } from "./fake-pump";
import { KEY, Pair } from "./pair";

function pair(...defects: Defect[]): Pair {
  const made = new Pair(new FakePump({ key: KEY, defects }), { give_up_us: 20_000_000 });
  made.do({ kind: "operate", op: Op.refill, args: filling(18_000_000, 2000) });
  return made;
}

/** 24 steps on each of seven days: all that a prescription holds. */
const longest = scheduled([0, 1, 2, 3, 4, 5, 6], Array.from({ length: 168 }, (_, i) => [Math.floor(i / 24) * 1440 + (i % 24) * 60, 200_000 + i]).flat());

describe("programming", () => {
  test.each([["one rate", constantRate(500_000)], ["the minimum rate", MINIMUM_RATE], ["168 steps", longest]])("%s is staged, reviewed, committed and read back", (_what, staged) => {
    const bench = pair();
    const { version, review } = bench.run(program(staged));
    expect([version, review.base_version]).toEqual([1, 0]);
    const held = bench.run(readPrescription());
    expect(held).toMatchObject({ version: 1, ...staged });
    expect(samePrescription(held, staged)).toBe(true);
  });

  test("nothing is changed after a no", () => {
    const bench = pair();
    expect(() => bench.run(program(constantRate(500_000), ({ daily_dose_ng }) => daily_dose_ng < 500_000))).toThrow(NotConfirmed);
    expect(bench.pump.therapy.version).toBe(0);
  });

  test("a refusal says which operation and why", () => {
    expect(() => pair().run(program(constantRate(90_000)))).toThrow("review refused: flow below minimum (10)");
    expect(() => pair().run(program(constantRate(0)))).toThrow(expect.objectContaining({ name: "Refused", op: Op.review, fault: Fault.schedule_all_zero }) as Error);
  });

  test("a session that is lost at any step is staged again, and committed once", () => {
    // stage, twelve of stage_steps, review, commit.
    for (let step = 0; step < 15; step += 1) {
      const bench = pair();
      let done = 0;
      const result = runProcedure(program(longest), ({ op, args }) => {
        if (done === step) bench.pump.reset();
        done += 1;
        const answer = bench.do({ kind: "operate", op, args });
        if (answer.kind !== "answer") throw new Error(answer.kind);
        return answer;
      });
      expect(result.version, `lost before step ${step}`).toBe(1);
      expect(bench.pump.therapy.done.get(Op.commit)).toBe(1);
      expect(samePrescription(bench.run(readPrescription()), longest)).toBe(true);
    }
  });

  test("what was staged again must be what was reviewed", () => {
    const bench = pair();
    const review = bench.run(stageAndReview(constantRate(500_000)));
    bench.pump.reset();
    // Another wand was here in the meantime.
    bench.pump.therapy.version = 7;
    expect(() => bench.run(commitReviewed(constantRate(500_000), review))).toThrow(expect.objectContaining({ problem: Problem.changed_meanwhile }) as Error);
    expect(bench.pump.therapy.version).toBe(7);
  });

  test("a pump that loses what is staged again and again is no endless loop", () => {
    const bench = pair();
    let asked = 0;
    expect(() => runProcedure(program(constantRate(500_000)), ({ op, args }) => {
      asked += 1;
      if (op === Op.review) return { fault: Fault.nothing_staged, values: [] };
      const answer = bench.do({ kind: "operate", op, args });
      return answer.kind === "answer" ? answer : { fault: 2, values: [] };
    })).toThrow("nothing staged");
    expect(asked).toBe(9);
  });
});

describe("prescriptions", () => {
  test("are the same if they say the same of every minute, whatever their schedules are called", () => {
    const a = scheduled([0, 0, 0, 0, 0, 1, 1], [0, 200_000, 510, 350_000, 1440, 200_000]);
    const b = scheduled([1, 1, 1, 1, 1, 0, 0], [0, 200_000, 1440, 200_000, 1950, 350_000]);
    expect(samePrescription(a, b)).toBe(true);
    expect(samePrescription(a, { ...b, week: [1, 1, 1, 1, 0, 0, 0] })).toBe(false);
    expect(samePrescription(constantRate(1), MINIMUM_RATE)).toBe(false);
    expect(samePrescription(MINIMUM_RATE, { ...MINIMUM_RATE, week: [1, 2, 3, 4, 5, 6, 0] })).toBe(true);
  });

  const whole: StagedPrescription = {
    ...constantRate(400_000), timed: [{ minute: 480, dose_ng: 40_000, minutes: 30 }], patient: { dose_ng: 20_000, minutes: 20, lockout_min: 240, most: 2 },
    caps: { hour_ng: 100_000, day_ng: 700_000 }, titration: [{ permille: 1000, days: 7 }, { permille: 1100, days: 7 }],
  };

  test("PROG-2b: every part is read back, and a difference in any is found", () => {
    const bench = pair();
    bench.run(program(whole));
    const held = bench.run(readPrescription());
    expect(held).toEqual({ version: 1, ...whole });
    const others: readonly (readonly [string, StagedPrescription])[] = [
      ["mode", { ...held, mode: Mode.minimum_rate }], ["schedule", { ...held, steps: [{ key: 0, rate_ng_per_day: 400_001 }] }], ["boluses", { ...held, timed: [{ minute: 481, dose_ng: 40_000, minutes: 30 }] }],
      ["boluses", { ...held, timed: [] }], ["periodic", { ...held, periodic: { interval_min: 360, dose_ng: 1, minutes: 1 } }], ["patient", { ...held, patient: { dose_ng: 20_000, minutes: 20, lockout_min: 240, most: 3 } }],
      ["caps", { ...held, caps: { hour_ng: 100_001, day_ng: 700_000 } }], ["titration", { ...held, titration: [{ permille: 1000, days: 7 }] }],
    ];
    for (const [part, other] of others) expect(differences(held, other), part).toContain(part);
    expect(differences(held, whole)).toEqual([]);
  });

  test("caps that were left to the pump are the defaults", () => {
    const { caps, ...rest } = whole;
    expect(caps).toBeDefined();
    const held = { ...rest, version: 1, caps: { hour_ng: 150_000, day_ng: 660_000 } };
    expect(samePrescription(held, rest)).toBe(true);
    expect(againOf(held)).toEqual(rest);
    expect(samePrescription({ ...held, caps: { hour_ng: 150_000, day_ng: 660_001 } }, rest)).toBe(false);
  });

  test("parts of two versions are no prescription: it is read again", () => {
    const bench = pair();
    bench.run(program(whole));
    let answers = 0;
    const held = runProcedure(readPrescription(), ({ op, args }) => {
      answers += 1;
      if (answers === 3) bench.pump.therapy.version = 2;
      const answer = bench.do({ kind: "operate", op, args });
      return answer.kind === "answer" ? answer : { fault: 2, values: [] };
    });
    expect([held.version, answers]).toEqual([2, 6]);
  });

  test("their daily dose is that of the largest day, exactly", () => {
    const staged = scheduled([0, 0, 0, 0, 0, 1, 1], [0, 200_000, 510, 350_000, 1440, 200_000]);
    // 200 x 8.5/24 + 350 x 15.5/24 = 296.875 ug.
    expect(doseOfDay(staged, 0)).toBe(296_875);
    expect(doseOfDay(staged, 6)).toBe(200_000);
    expect(dailyDose(staged)).toBe(296_875);
    // 150 x 8.5/24 + 250 x 15.5/24 = 214.583 33 ug, rounded up as the pump does.
    expect(dailyDose(scheduled([0, 0, 0, 0, 0, 0, 0], [0, 150_000, 510, 250_000]))).toBe(214_584);
    expect(dailyDose(MINIMUM_RATE)).toBeUndefined();
  });

  test("one that changes while it is read is read again", () => {
    const bench = pair();
    bench.run(program(longest));
    let reads = 0;
    const held = runProcedure(readPrescription(), ({ op, args }) => {
      reads += 1;
      if (reads === 3) bench.pump.therapy.version = 2;
      const answer = bench.do({ kind: "operate", op, args });
      return answer.kind === "answer" ? answer : { fault: 2, values: [] };
    });
    expect(held.version).toBe(2);
    // 17 pages of ten steps, from the beginning.
    // And boluses and plan.
    expect(reads).toBe(3 + 17 + 2);
    expect(held.steps).toHaveLength(168);
  });
});

describe("the log", () => {
  function withRecords(count: number): Pair {
    const bench = pair();
    for (let i = 0; i < count; i += 1) bench.pump.therapy.record(i * 1000, 4, 9, i, 2 ** 40);
    return bench;
  }

  test("is read whole, in ascending order, over a line that loses, doubles and swaps", () => {
    const bench = withRecords(300);
    bench.faults = { loss: 200, duplicate: 200, reorder: 100 };
    const { records, oldest, newest, lost } = bench.run(readLog());
    // A login that was repeated has its record too, so the log may have grown meanwhile.
    expect([oldest, lost]).toEqual([1, 0]);
    expect(records.map(({ number }) => number)).toEqual(Array.from({ length: newest }, (_, i) => i + 1));
    expect(records.find(({ b, kind }) => kind === 4 && b === 299)).toMatchObject({ pump_ms: 299_000, a: 9, c: 2 ** 40 });
  });

  test("a part of it, its end, and what is lost", () => {
    const bench = withRecords(300);
    const numbersOf = (from?: number, count?: number): number[] => bench.run(readLog(from, count)).records.map(({ number }) => number);
    const { newest } = bench.run(readLogExtent());
    expect(numbersOf(10, 3)).toEqual([10, 11, 12]);
    expect(numbersOf(undefined, 2)).toEqual([newest - 1, newest]);
    expect(numbersOf(newest + 5)).toEqual([]);
    bench.pump.therapy.lost = 100;
    expect(bench.run(readLog(50, 100))).toMatchObject({ lost: 51, oldest: 101 });
    expect(numbersOf(50, 100)).toEqual(Array.from({ length: 49 }, (_, i) => 101 + i));
    expect(bench.run(readLog())).toMatchObject({ lost: 0, oldest: 101 });
  });

  test("pages that are empty before the end are told, not asked for again for ever", () => {
    expect(() => pair("empty_log_pages").run(readLog())).toThrow("is empty although record");
  });

  test("numbers in groups of seven bits", () => {
    expect(readNumbers([0, 127, 0x80, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 15])).toEqual([0, 127, 128, 2 ** 53 - 1]);
    expect(() => readNumbers([0x80])).toThrow("ends inside a number");
    expect(() => readNumbers([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 16])).toThrow("above 2^53 - 1");
    expect(() => readNumbers(new Array<number>(12).fill(0x80))).toThrow("too long");
  });
});

describe("interrogation", () => {
  test("reads everything a clinician may see", () => {
    const bench = pair();
    bench.run(program(constantRate(500_000)));
    bench.pump.therapy.alarms = 2 ** 5 + 2 ** 17;
    const { status, reservoir, prescription, log } = bench.run(interrogate(5));
    expect(status).toMatchObject({ state: 0, version: 1, mode: Mode.schedule, concentration: 2000, alarms: [5, 17] });
    expect(reservoir).toMatchObject({ fill_nL: 18_000_000, capacity_nL: 20_000_000, refill_decided: 1 });
    expect(prescription).toMatchObject({ version: 1 });
    expect(log?.records).toHaveLength(5);
  });

  test("leaves out what a patient may not see", () => {
    const bench = new Pair(new FakePump({ key: KEY }), { role: Role.patient, key: patientKey(KEY) });
    expect(bench.run(interrogate())).toMatchObject({ status: { state: 0 }, reservoir: undefined, prescription: undefined, log: undefined });
  });
});
