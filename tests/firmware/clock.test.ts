// Clock and calendar: every case with its pulses, worked out by hand.

import { describe, expect, it } from "vitest";
import { Op } from "../../protocol/operations";
import { RecordKind } from "../../protocol/records";
import { daily, Ward } from "./ward";

const MIN_MS = 60_000;
const HOUR_MS = 60 * MIN_MS;
const DAY_MS = 24 * HOUR_MS;

/** At 2000 ug/mL a pulse is 500 ng: 240 ug/day are 20 pulses an hour, 480 are 40, 960 are 80. */
const LOW = 240_000;
const MID = 480_000;
const HIGH = 960_000;
/** 20 an hour from 00:00, 80 from 02:30, 40 from 06:00. */
const THREE = daily(0, LOW, 150, HIGH, 360, MID);
/** Monday to Saturday as `THREE`; on Sunday 160 an hour. */
const SUNDAY = [2, 0, 0, 0, 0, 0, 0, 1, 0, LOW, 150, HIGH, 360, MID, 1440, 1_920_000];
/** Monday 20 an hour, Tuesday 40, and so on to Sunday with 140. */
const SEVEN = [2, 0, 1, 2, 3, 4, 5, 6, ...[0, 1, 2, 3, 4, 5, 6].flatMap((day) => [day * 1440, (day + 1) * LOW])];

function wall(text: string): number {
  return Date.parse(`${text}Z`);
}

interface Case {
  readonly name: string;
  readonly prescription: readonly number[];
  /** Wall time of the start, which all times count from. */
  readonly from: string;
  /** Milliseconds after the start, and by how much the clock is then set. */
  readonly sets: readonly (readonly [number, number])[];
  readonly for_ms: number;
  readonly pulses: number;
  /** Every change of the rate: after how many ms, and to what. The first is the start's. */
  readonly steps: readonly (readonly [number, number])[];
}

/** Starts therapy with the clock at `from` to the millisecond; the pump time of the start. */
function begin(ward: Ward, prescription: readonly number[], from: string): number {
  ward.refill(18_000_000, 2000);
  ward.prescribe(prescription);
  ward.setClock(wall(from));
  ward.start();
  return ward.bench.pump_ms();
}

function changes(ward: Ward, start_ms: number): number[][] {
  return ward.records(RecordKind.segment).map(({ at_ms, c }) => [at_ms - start_ms, c]);
}

function run({ prescription, from, sets, for_ms, pulses, steps }: Case): void {
  const ward = new Ward();
  const start_ms = begin(ward, prescription, from);
  let shift_ms = 0;
  for (const [at_ms, by_ms] of sets) {
    ward.wait_ms(start_ms + at_ms - ward.bench.pump_ms());
    const now = wall(from) + at_ms + shift_ms;
    expect(ward.setClock(now + by_ms)).toEqual([now]);
    expect(ward.records(RecordKind.clock_set).at(-1)).toMatchObject({ b: now, c: now + by_ms });
    shift_ms += by_ms;
  }
  ward.wait_ms(start_ms + for_ms - ward.bench.pump_ms());
  expect({ pulses: ward.pulses().length, steps: changes(ward, start_ms) }).toEqual({ pulses, steps });
  ward.wait_ms(1000);
  ward.close();
}

const FROM_MIDNIGHT = { prescription: THREE, from: "2026-03-29T00:00" };
const DST: readonly Case[] = [
  {
    // 2.5 h at 20 are 50, 3.5 h at 80 are 280, 1 h at 40 is 40.
    name: "no set at all", ...FROM_MIDNIGHT, sets: [], for_ms: 7 * HOUR_MS, pulses: 370,
    steps: [[0, LOW], [2.5 * HOUR_MS, HIGH], [6 * HOUR_MS, MID]],
  },
  {
    // 02:00 becomes 03:00. 2 h at 20 are 40; 02:30 is passed over and its rate is in force; 3 h at 80 are 240; 1 h at 40.
    name: "summer time over a step", ...FROM_MIDNIGHT, sets: [[2 * HOUR_MS, HOUR_MS]], for_ms: 6 * HOUR_MS, pulses: 320,
    steps: [[0, LOW], [2 * HOUR_MS, HIGH], [5 * HOUR_MS, MID]],
  },
  {
    // 03:00 becomes 02:00. 50, then 0.5 h at 80 is 40, 0.5 h at 20 again is 10, 3.5 h at 80 are 280, 1 h at 40.
    name: "winter time over a step: it is taken twice", ...FROM_MIDNIGHT, sets: [[3 * HOUR_MS, -HOUR_MS]], for_ms: 8 * HOUR_MS, pulses: 420,
    steps: [[0, LOW], [2.5 * HOUR_MS, HIGH], [3 * HOUR_MS, LOW], [3.5 * HOUR_MS, HIGH], [7 * HOUR_MS, MID]],
  },
  {
    // 07:00 becomes 08:00: no step between. 50 + 280 + 2 h at 40.
    name: "summer time with no step in the hour", ...FROM_MIDNIGHT, sets: [[7 * HOUR_MS, HOUR_MS]], for_ms: 8 * HOUR_MS, pulses: 410,
    steps: [[0, LOW], [2.5 * HOUR_MS, HIGH], [6 * HOUR_MS, MID]],
  },
  {
    // Sunday to Monday: 23:30 becomes 00:30. 0.5 h at 160 is 80, then 1 h at 20.
    name: "summer time over midnight, into another weekday", prescription: SUNDAY, from: "2026-03-29T23:00", sets: [[HOUR_MS / 2, HOUR_MS]],
    for_ms: 1.5 * HOUR_MS, pulses: 100, steps: [[0, 1_920_000], [HOUR_MS / 2, LOW]],
  },
  {
    // Monday 00:30 becomes Sunday 23:30. 0.5 h at 20 is 10, 0.5 h at 160 is 80, 0.5 h at 20 is 10.
    name: "winter time over midnight, back into Sunday", prescription: SUNDAY, from: "2026-10-26T00:00", sets: [[HOUR_MS / 2, -HOUR_MS]],
    for_ms: 1.5 * HOUR_MS, pulses: 100, steps: [[0, LOW], [HOUR_MS / 2, 1_920_000], [HOUR_MS, LOW]],
  },
  {
    // Forward at 02:00, back at 06:00 (then 05:00): 2 h at 20 are 40, 02:00-05:00 at 80 are 240; 06:00 becomes 05:00, 1 h at 80 more; 1 h at 40.
    name: "summer time, put back at the next step", ...FROM_MIDNIGHT, sets: [[2 * HOUR_MS, HOUR_MS], [5 * HOUR_MS, -HOUR_MS]], for_ms: 7 * HOUR_MS,
    pulses: 400, steps: [[0, LOW], [2 * HOUR_MS, HIGH], [5 * HOUR_MS, MID], [5 * HOUR_MS, HIGH], [6 * HOUR_MS, MID]],
  },
];

/** From Monday 05:00 at 80 an hour, 06:00 an hour away, the clock set at 05:30, 3 h in all; without a set 80 + 80 pulses. */
const SET_AT = HOUR_MS / 2;
const SIZES: readonly (readonly [string, number, number, number])[] = [
  // by, pulses, when 06:00 comes. 3599 s at 80 an hour are 79.98, 7201 s at 40 are 80.01: 159.99.
  ["a second forward", 1000, 159, 3_599_000],
  // 3601 s are 80.02, 7199 s are 79.99: 160.01.
  ["a second back", -1000, 160, 3_601_000],
  // 3540 s are 78.67, 7260 s are 80.67: 159.33.
  ["a minute forward", MIN_MS, 159, 59 * MIN_MS],
  // 3660 s are 81.33, 7140 s are 79.33: 160.67.
  ["a minute back", -MIN_MS, 160, 61 * MIN_MS],
  // 05:30 becomes 06:30: 0.5 h at 80 is 40, 2.5 h at 40 are 100.
  ["an hour forward", HOUR_MS, 140, SET_AT],
  // 05:30 becomes 04:30: 2 h at 80 are 160, 1 h at 40.
  ["an hour back", -HOUR_MS, 200, 2 * HOUR_MS],
  // The same time of another working day: nothing changes.
  ["a day forward", DAY_MS, 160, HOUR_MS],
  ["a week forward", 7 * DAY_MS, 160, HOUR_MS],
  ["a week back", -7 * DAY_MS, 160, HOUR_MS],
  // Tuesday 2027-01-05.
  ["a year forward", 365 * DAY_MS, 160, HOUR_MS],
];
const SIZE_CASES = SIZES.map(([name, by_ms, pulses, mid_ms]): Case => ({
  name, prescription: SUNDAY, from: "2026-01-05T05:00", sets: [[SET_AT, by_ms]], for_ms: 3 * HOUR_MS, pulses, steps: [[0, HIGH], [mid_ms, MID]],
}));
/** Into a Sunday: 0.5 h at 80 is 40, 2.5 h at 160 are 400. */
const INTO_SUNDAY = ([["a day back", -DAY_MS], ["six days forward", 6 * DAY_MS], ["a year back, to 2025-01-05", -365 * DAY_MS]] as const).map(([name, by_ms]): Case => ({
  name: `${name}: Sunday`, prescription: SUNDAY, from: "2026-01-05T05:00", sets: [[SET_AT, by_ms]], for_ms: 3 * HOUR_MS, pulses: 440,
  steps: [[0, HIGH], [SET_AT, 1_920_000]],
}));

/**
 * The set comes within a millisecond of 06:00. 80 + 80 pulses, the last due at 3 h to the millisecond; where 06:00 comes 1 ms
 * early, 1 ms at 80 an hour is lost and that last pulse comes 1 ms later: 159.
 */
const AT_STEP: readonly (readonly [string, number, number, readonly (readonly [number, number])[]])[] = [
  ["1 ms before the step, forward onto it", HOUR_MS - 1, 1, [[HOUR_MS - 1, MID]]],
  ["1 ms before the step, 1 ms back", HOUR_MS - 1, -1, [[HOUR_MS + 1, MID]]],
  ["1 ms before the step, over it by 1 ms", HOUR_MS - 1, 2, [[HOUR_MS - 1, MID]]],
  ["exactly at the step, 1 ms forward", HOUR_MS, 1, [[HOUR_MS, MID]]],
  ["exactly at the step, 1 ms back: it comes again", HOUR_MS, -1, [[HOUR_MS, MID], [HOUR_MS, HIGH], [HOUR_MS + 1, MID]]],
  ["exactly at the step, to the same time", HOUR_MS, 0, [[HOUR_MS, MID]]],
  ["1 ms after the step, back onto it: it is in force already", HOUR_MS + 1, -1, [[HOUR_MS, MID]]],
  ["1 ms after the step, back over it", HOUR_MS + 1, -2, [[HOUR_MS, MID], [HOUR_MS + 1, HIGH], [HOUR_MS + 2, MID]]],
];
const STEP_CASES = AT_STEP.map(([name, at_ms, by_ms, steps]): Case => ({
  name, prescription: THREE, from: "2026-01-05T05:00", sets: [[at_ms, by_ms]], for_ms: 3 * HOUR_MS,
  pulses: steps[0]![0] < HOUR_MS ? 159 : 160, steps: [[0, HIGH], ...steps],
}));

/** Over midnight from 22:00 to 02:00: 2 h of one weekday, 2 h of the next, each weekday 20 an hour more than the last. */
const CALENDAR: readonly (readonly [string, string, number, number])[] = [
  // Thursday 80 an hour, Friday 100: 160 + 200.
  ["the year's end 2026, Thursday to Friday", "2026-12-31T22:00", 4, 5],
  // Friday 100, Saturday 120.
  ["the year's end 2027, Friday to Saturday", "2027-12-31T22:00", 5, 6],
  // Sunday 140, Monday 20: day 366 of a leap year.
  ["the end of the leap year 2028, Sunday to Monday", "2028-12-31T22:00", 7, 1],
  ["into the leap day 2028, Monday to Tuesday", "2028-02-28T22:00", 1, 2],
  ["out of the leap day 2028, Tuesday to Wednesday", "2028-02-29T22:00", 2, 3],
  ["into the leap day 2000, Monday to Tuesday", "2000-02-28T22:00", 1, 2],
  ["no leap day in 2100, Sunday to Monday", "2100-02-28T22:00", 7, 1],
  ["the last midnight that a clock can be set before, Tuesday to Wednesday", "2199-12-31T22:00", 2, 3],
];
const CALENDAR_CASES = CALENDAR.map(([name, from, first, second]): Case => ({
  name, prescription: SEVEN, from, sets: [], for_ms: 4 * HOUR_MS, pulses: 40 * (first + second), steps: [[0, first * LOW], [2 * HOUR_MS, second * LOW]],
}));

const COUNTERS: readonly Case[] = [
  {
    // 14 min at 20 are 4.67, 1 min at 80 is 1.33, 45 min at 40 are 30: 36, the last at 04:00.
    name: "2^31 s of wall time, 2038-01-19 03:14:08, between two steps", prescription: daily(0, LOW, 194, HIGH, 195, MID), from: "2038-01-19T03:00",
    sets: [], for_ms: HOUR_MS, pulses: 36, steps: [[0, LOW], [14 * MIN_MS, HIGH], [15 * MIN_MS, MID]],
  },
  {
    // 28 min at 20 are 9.33, 1 min at 80 is 1.33, 31 min at 40 are 20.67: 31.33.
    name: "2^32 s of wall time, 2106-02-07 06:28:16, between two steps", prescription: daily(0, LOW, 388, HIGH, 389, MID), from: "2106-02-07T06:00",
    sets: [], for_ms: HOUR_MS, pulses: 31, steps: [[0, LOW], [28 * MIN_MS, HIGH], [29 * MIN_MS, MID]],
  },
];

describe("summer time and back (DOSE-5b)", () => {
  it.each(DST)("$name", run);
});

describe("a clock set of any size, both ways (DOSE-5b)", () => {
  it.each([...SIZE_CASES, ...INTO_SUNDAY])("$name", run);
});

describe("a clock set within a millisecond of a step (DOSE-5b)", () => {
  it.each(STEP_CASES)("$name", run);
});

describe("the calendar (DOSE-5a)", () => {
  it.each(CALENDAR_CASES)("$name", run);
});

describe("counters (DOSE-1, DOSE-5a)", () => {
  it.each(COUNTERS)("$name", run);

  it.each([31, 32])("pump time of 2^%i ms: a step exactly there, and the pulses on both sides", (power) => {
    const turn_ms = 2 ** power;
    const ward = new Ward();
    ward.wait_ms(turn_ms - HOUR_MS - ward.bench.pump_ms());
    const start_ms = begin(ward, THREE, "2026-01-05T05:00");
    expect(start_ms).toBe(turn_ms - HOUR_MS);
    // 80 an hour up to it, one each 45 s and the last exactly there, then 40 an hour, one each 90 s.
    ward.wait_ms(2 * HOUR_MS + 1000);
    const before = Array.from({ length: 80 }, (_, n) => start_ms + (n + 1) * 45_000);
    const after = Array.from({ length: 40 }, (_, n) => turn_ms + (n + 1) * 90_000);
    expect(ward.pulses()).toEqual([...before, ...after]);
    expect(changes(ward, start_ms)).toEqual([[0, HIGH], [HOUR_MS, MID]]);
    ward.close();
  });

  it("60 days of three steps a day, over 2^31 and 2^32 ms", () => {
    // 2.5 h at 20, 3.5 h at 80, 18 h at 40 are 1050 a day. 60 days are more than 49.7.
    const ward = new Ward();
    const start_ms = begin(ward, THREE, "2026-01-05T00:00");
    ward.wait_ms(60 * DAY_MS + 1000);
    expect(ward.bench.pump_ms()).toBeGreaterThan(2 ** 32);
    expect(ward.pulses().length).toBe(63_000);
    expect(changes(ward, start_ms).length).toBe(181); // the last at the midnight that ends day 60
    expect(ward.close()).toMatchObject({ confirmed: 63_000, uncertain: 0 });
  });
});

describe("a clock set beside therapy (DOSE-5b)", () => {
  it("while stopped: what was missed is logged by each side's rate, the start takes the step that is current (DOSE-4c)", () => {
    const ward = new Ward();
    const start_ms = begin(ward, THREE, "2026-01-05T05:00");
    ward.wait_ms(30 * MIN_MS);
    ward.ask(Op.stop, 1);
    ward.wait_ms(10 * MIN_MS);
    ward.setClock(wall("2026-01-05T06:40")); // from 05:40
    ward.wait_ms(20 * MIN_MS);
    ward.start();
    ward.wait_ms(2 * HOUR_MS + 1000);
    // 0.5 h at 80 is 40, nothing for 0.5 h, 2 h at 40 are 80. Missed: 10 min of 960 ug/day and 20 min of 480, 6666.67 ng each.
    expect(ward.pulses().length).toBe(120);
    expect(ward.records(RecordKind.not_delivered)).toMatchObject([{ b: 6666, c: 10 * MIN_MS, d: 1 }, { b: 6666, c: 20 * MIN_MS, d: 1 }]);
    // The stop waited 8 ms for the pulse in flight: everything is so much later, and 8 ms at 80 an hour save 16 ms at 40.
    expect(ward.pulses()[40]).toBe(start_ms + HOUR_MS + 8 + 90_000 - 16);
    ward.close();
  });

  it("while a pulse is in flight: at once, and the pulse is confirmed as ever", () => {
    const ward = new Ward();
    const start_ms = begin(ward, THREE, "2026-01-05T05:00");
    ward.wait_ms(45_004); // 4 ms after the first pulse, 4 ms before its edge
    ward.setClock(wall("2026-01-05T06:00"));
    ward.wait_ms(400_000);
    // 4 ms of the second pulse's 45 s are accrued; the other 44.996 s take twice as long: 45.004 + 89.992 s, then each 90 s.
    expect(ward.pulses()).toEqual([45_000, 134_996, 224_996, 314_996, 404_996].map((ms) => start_ms + ms));
    expect(ward.close()).toMatchObject({ confirmed: 5, uncertain: 0 });
  });

  it("over a step to zero and back: nothing is caught up, nothing twice", () => {
    const ward = new Ward();
    const start_ms = begin(ward, daily(0, HIGH, 360, 0, 720, HIGH), "2026-01-05T05:00");
    ward.wait_ms(30 * MIN_MS);
    ward.setClock(wall("2026-01-05T12:30")); // over the whole zero step: 80 an hour goes on
    ward.wait_ms(30 * MIN_MS);
    ward.setClock(wall("2026-01-05T11:00")); // back into it: an hour of nothing
    ward.wait_ms(2 * HOUR_MS);
    // 1 h at 80, 1 h at 0, 1 h at 80.
    expect(ward.pulses().length).toBe(160);
    expect(changes(ward, start_ms)).toEqual([[0, HIGH], [HOUR_MS, 0], [2 * HOUR_MS, HIGH]]);
    ward.close();
  });

  it("survives a warm reset and a power loss: the crystal goes on and so does the clock", () => {
    const ward = new Ward();
    const start_ms = begin(ward, THREE, "2026-01-05T05:00");
    ward.wait_ms(30 * MIN_MS);
    ward.setClock(wall("2026-01-05T05:29"));
    ward.wait_ms(30 * MIN_MS);
    ward.bench.inject({ kind: "processor.reset" });
    ward.wait_ms(30_000);
    ward.bench.inject({ kind: "power.off", value: 10_000 });
    ward.wait_ms(HOUR_MS);
    // Set back by a minute: 06:00 comes at 61 min, within what the power loss left untouched.
    expect(changes(ward, start_ms).at(-1)).toEqual([61 * MIN_MS, MID]);
    ward.close();
  });

  it("follows a crystal that is 100 ppm fast or slow: steps at pump time, earlier or later in true time", () => {
    for (const [crystal_ppb, true_ms] of [[100_000, 3_599_641], [-100_000, 3_600_361]] as const) {
      // 3600 s of pump time are 3600 / 1.0001 = 3599.64 s, or 3600 / 0.9999 = 3600.36 s of true time.
      const ward = new Ward({ unit: { crystal_ppb } });
      const start_ms = begin(ward, THREE, "2026-01-05T05:00");
      ward.wait_ms(true_ms - 3);
      expect([ward.pulses().length, changes(ward, start_ms).length]).toEqual([79, 1]);
      ward.wait_ms(6);
      expect([ward.pulses().length, changes(ward, start_ms)]).toEqual([80, [[0, HIGH], [HOUR_MS, MID]]]);
      ward.wait_ms(1000);
      ward.close();
    }
  });
});
