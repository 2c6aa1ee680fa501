// Every field of every operation at both ends of its range and beyond them.

import { describe, expect, test } from "vitest";
import { Bench, DEFAULT_UNIT, setUpOf } from "../../emulator/bench";
import { createController } from "../../firmware/controller";
import { Fault } from "../../hal/faults";
import { Alarm } from "../../protocol/alarms";
import { OPERATION_NAMES } from "../../protocol/names";
import { Op, Ops, Review, Status } from "../../protocol/operations";
import { layoutsOf } from "../../protocol/wand/core/operations";

/** What a field may hold, and why anything else is refused. */
interface Range {
  readonly at: number;
  /** Least and greatest that are accepted, or a list of what is. */
  readonly accepted: readonly number[];
  readonly refused: readonly (readonly [number, Fault])[];
  /** Fields that must say the same. */
  readonly echo?: readonly number[];
}

interface Case {
  readonly op: Op;
  /** Brings a new pump to where the operation is accepted with `args`. */
  readonly situation: (bench: Bench) => void;
  readonly args: readonly number[];
  readonly ranges: readonly Range[];
  /** A part of a prescription: it is judged at the latest by the review. */
  readonly reviewed?: boolean;
}

const MORE = 65_535;
const U8 = 255;
const U32 = 4_294_967_295;
const U53 = 9_007_199_254_740_991;

function demand(bench: Bench, op: Op, args: readonly number[] = []): readonly number[] {
  const { fault, values } = bench.request(op, args);
  expect({ op, fault }).toEqual({ op, fault: Fault.ok });
  return values;
}

const shelf = (bench: Bench): void => { demand(bench, Op.set_up, setUpOf(DEFAULT_UNIT)); };
function filled(bench: Bench): void {
  shelf(bench);
  demand(bench, Op.refill, [1, 18_000_000, 2000, 0, 0, 0]);
}

const EXTRA = [0, 0, 0, 0, 0, 0, 0, 300_000, 2_000_000];

/** Stages 500 ug/day with the parts that were announced, all but those of `leave`. */
function staged(timed: number, titration: number, parts: number, leave?: Op): (bench: Bench) => void {
  return (bench) => {
    filled(bench);
    bench.connect({ role: 1, stays: true });
    demand(bench, Op.stage, [2, 0, 0, 0, 0, 0, 0, 0, 1, timed, titration, parts]);
    if (leave !== Op.stage_steps) demand(bench, Op.stage_steps, [0, 0, 500_000]);
    if (timed > 0 && leave !== Op.stage_timed) demand(bench, Op.stage_timed, [0, 720, 20_000, 30]);
  };
}

function therapy(bench: Bench): void {
  staged(0, 0, 1)(bench);
  demand(bench, Op.stage_extra, EXTRA);
  const review = demand(bench, Op.review);
  demand(bench, Op.commit, [0, review[Review.hash]!, 0, 0, 0]);
  demand(bench, Op.start, [0]);
}

function stopped(bench: Bench): void {
  therapy(bench);
  demand(bench, Op.stop, [1]);
}

function low(bench: Bench): void {
  therapy(bench);
  demand(bench, Op.refill, [1, 600_000, 2000, 18_000_000, 0, 0]);
}

const outside = (least: number, greatest: number, fault: Fault): readonly (readonly [number, Fault])[] => [[least - 1, fault], [greatest + 1, fault]];
const between = (at: number, least: number, greatest: number, fault: Fault): Range => ({ at, accepted: [least, greatest], refused: outside(least, greatest, fault) });
const upTo = (at: number, least: number, greatest: number, fault: Fault): Range => ({ at, accepted: [least, greatest], refused: [[greatest + 1, fault]] });
const anything = (at: number, greatest: number): Range => ({ at, accepted: [0, greatest], refused: [] });

const REFILL_RANGES: readonly Range[] = [
  { at: 0, accepted: [1], refused: outside(1, 1, Fault.drug_unknown) },
  { at: 1, accepted: [500_001, 18_600_000], refused: [[500_000, Fault.reservoir_empty], [18_600_001, Fault.overfill], [0, Fault.reservoir_empty], [U32, Fault.overfill]] },
  { at: 2, accepted: [500, 1000, 2000], refused: [...outside(500, 500, Fault.concentration_unknown), ...outside(1000, 1000, Fault.concentration_unknown), ...outside(2000, 2000, Fault.concentration_unknown)] },
  upTo(3, 0, 20_000_000, Fault.aspirated_too_much),
  upTo(4, 0, 1, Fault.malformed),
];

const CASES: readonly Case[] = [
  {
    op: Op.set_up, situation: () => undefined, args: setUpOf(DEFAULT_UNIT),
    ranges: [
      between(0, 225_000, 275_000, Fault.calibration_out_of_range),
      { at: 1, accepted: [20_000_000, 40_000_000], refused: [...outside(20_000_000, 20_000_000, Fault.calibration_out_of_range), ...outside(40_000_000, 40_000_000, Fault.calibration_out_of_range)] },
      between(2, 5, 150, Fault.catheter_out_of_range),
      { at: 3, accepted: [0, 2_000_000], refused: [[2_000_001, Fault.daily_dose_above_maximum]], echo: [4] },
      { at: 4, accepted: [2_000_000], refused: outside(2_000_000, 2_000_000, Fault.previous_dose_differs) },
    ],
  },
  { op: Op.refill, situation: shelf, args: [1, 18_000_000, 2000, 0, 0, 0], ranges: [...REFILL_RANGES, anything(5, U53)] },
  {
    op: Op.stage, situation: filled, args: [2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0],
    ranges: [
      { at: 0, accepted: [2], refused: [[0, Fault.malformed], [3, Fault.malformed], [1, Fault.malformed]] },
      ...[1, 2, 3, 4, 5, 6, 7].map((at) => upTo(at, 0, 6, Fault.malformed)),
      between(8, 1, 168, Fault.malformed), upTo(9, 0, 8, Fault.malformed), upTo(10, 0, 8, Fault.malformed), upTo(11, 0, 3, Fault.malformed),
    ],
  },
  {
    op: Op.stage_steps, situation: staged(0, 0, 0, Op.stage_steps), args: [0, 0, 500_000], reviewed: true,
    ranges: [
      upTo(0, 0, 0, Fault.malformed),
      { at: 1, accepted: [0], refused: [[1, Fault.no_step_at_midnight], [7 * 1440, Fault.malformed], [MORE, Fault.malformed]] },
      { at: 2, accepted: [96_000, 2_000_000], refused: [[0, Fault.schedule_all_zero], [95_999, Fault.flow_below_minimum], [2_000_001, Fault.daily_dose_above_maximum], [48_000_001, Fault.flow_above_maximum], [U32, Fault.flow_above_maximum]] },
    ],
  },
  {
    op: Op.stage_timed, situation: staged(1, 0, 1, Op.stage_timed), args: [0, 720, 20_000, 30], reviewed: true,
    ranges: [
      upTo(0, 0, 0, Fault.malformed), upTo(1, 0, 1439, Fault.bolus_out_of_range),
      { at: 2, accepted: [1, 200_000], refused: [[0, Fault.bolus_out_of_range], [200_001, Fault.bolus_above_maximum], [U32, Fault.bolus_above_maximum]] },
      { at: 3, accepted: [1, 1440], refused: [[0, Fault.bolus_out_of_range], [1441, Fault.bolus_out_of_range], [2048, Fault.bolus_out_of_range], [MORE, Fault.bolus_out_of_range]] },
    ],
  },
  {
    op: Op.stage_extra, situation: staged(0, 0, 1), args: [360, 20_000, 30, 25_000, 30, 240, 2, 300_000, 3_000_000], reviewed: true,
    ranges: [
      between(0, 60, 10_080, Fault.bolus_out_of_range),
      { at: 1, accepted: [1, 200_000], refused: [[0, Fault.bolus_out_of_range], [200_001, Fault.bolus_above_maximum]] },
      between(2, 1, 360, Fault.bolus_out_of_range),
      { at: 3, accepted: [1, 58_000], refused: [[58_001, Fault.patient_bolus_out_of_range], [0, Fault.patient_bolus_out_of_range], [U32, Fault.bolus_above_maximum]] },
      between(4, 1, 1440, Fault.patient_bolus_out_of_range), between(5, 15, 1440, Fault.patient_bolus_out_of_range), between(6, 1, 12, Fault.patient_bolus_out_of_range),
      { at: 7, accepted: [0, 41_000, 300_000], refused: [[300_001, Fault.cap_out_of_range], [1, Fault.above_cap_1h]] },
      { at: 8, accepted: [0, 580_000, 3_000_000], refused: [[3_000_001, Fault.cap_out_of_range], [579_999, Fault.above_cap_24h]] },
    ],
  },
  {
    op: Op.stage_titration, situation: staged(0, 1, 0), args: [0, 1000, 7], reviewed: true,
    ranges: [
      upTo(0, 0, 0, Fault.malformed),
      { at: 1, accepted: [192, 3000], refused: [[0, Fault.titration_out_of_range], [191, Fault.flow_below_minimum], [3001, Fault.titration_out_of_range]] },
      between(2, 1, 90, Fault.titration_out_of_range),
    ],
  },
  {
    op: Op.stage_refill, situation: staged(0, 0, 2), args: [1, 18_000_000, 2000, 18_000_000, 0, 0, 0], reviewed: true,
    ranges: [...REFILL_RANGES.filter(({ at }) => at !== 2), { at: 2, accepted: [2000], refused: [[500, Fault.concentration_needs_bridge], [499, Fault.concentration_unknown], [2001, Fault.concentration_unknown]] }, upTo(5, 0, 2, Fault.malformed), anything(6, U53)],
  },
  { op: Op.start, situation: stopped, args: [0], ranges: [anything(0, MORE)] },
  { op: Op.stop, situation: therapy, args: [1], ranges: [{ at: 0, accepted: [1, U8], refused: [[0, Fault.malformed]] }] },
  { op: Op.set_clock, situation: filled, args: [1_767_600_000_000, 0], ranges: [between(0, 946_684_800_000, 7_258_118_400_000, Fault.clock_out_of_range), anything(1, U53)] },
  {
    op: Op.acknowledge, situation: low, args: [Alarm.low_reservoir, 0],
    ranges: [
      { at: 0, accepted: [Alarm.low_reservoir], refused: [[0, Fault.malformed], [18, Fault.malformed], [1, Fault.alarm_not_active], [17, Fault.alarm_not_active]] },
      { at: 1, accepted: [0], refused: [[1, Fault.silence_too_long], [U32, Fault.silence_too_long]] },
    ],
  },
  {
    op: Op.set_alarms, situation: filled, args: [4_000_000, 10, 60],
    ranges: [between(0, 1_000_000, 10_000_000, Fault.low_volume_out_of_range), between(1, 5, 120, Fault.tone_interval_out_of_range), between(2, 10, 1440, Fault.tone_interval_out_of_range)],
  },
  { op: Op.prescription, situation: therapy, args: [0], ranges: [anything(0, U8)] },
  { op: Op.log, situation: therapy, args: [0], ranges: [anything(0, U32)] },
  {
    op: Op.bolus, situation: therapy, args: [50_000, 30, 0],
    ranges: [
      { at: 0, accepted: [1, 200_000], refused: [[0, Fault.bolus_out_of_range], [200_001, Fault.bolus_above_maximum], [U32, Fault.bolus_above_maximum]], echo: [2] },
      { at: 1, accepted: [1, 1440], refused: [[0, Fault.bolus_out_of_range], [1441, Fault.bolus_out_of_range], [MORE, Fault.bolus_out_of_range]] },
      anything(2, U32),
    ],
  },
  { op: Op.prime_arm, situation: stopped, args: [316_000], ranges: [between(0, 250, 316_000, Fault.prime_volume_out_of_range)] },
  { op: Op.test_tone, situation: filled, args: [0], ranges: [upTo(0, 0, 1, Fault.malformed)] },
];

/** A pump in the situation, and what became of the request there: the review's word where the part is judged by it. */
function outcome({ op, situation, reviewed }: Case, args: readonly number[]): { readonly bench: Bench; readonly fault: Fault; readonly before: readonly number[] } {
  const bench = new Bench({ controller: createController, instant: true });
  bench.powerOn();
  situation(bench);
  const before = bench.look(Op.status);
  let { fault } = bench.request(op, args);
  if (fault === Fault.ok && reviewed === true) {
    if (op === Op.stage_timed) demand(bench, Op.stage_extra, EXTRA);
    fault = bench.request(Op.review).fault;
  }
  return { bench, fault, before };
}

/** With one field another, and those that must say the same. */
function changed(args: readonly number[], { at, echo = [] }: Range, value: number): number[] {
  return args.map((arg, i) => (i === at || echo.includes(i) ? value : arg));
}

const UNTOUCHED = [Status.state, Status.version, Status.concentration, Status.remaining_pL, Status.alarms, Status.mode] as const;

describe("each field of each operation (PROG-2b, LIMIT-1f)", () => {
  for (const each of CASES) {
    describe(OPERATION_NAMES[each.op], () => {
      for (const range of each.ranges) {
        test(`field ${range.at}: what is in its range is accepted, what is beyond refused, with the reason, and changes nothing`, () => {
          for (const value of range.accepted) expect({ value, fault: outcome(each, changed(each.args, range, value)).fault }).toEqual({ value, fault: Fault.ok });
          for (const [value, fault] of range.refused.filter(([beyond]) => beyond >= 0)) {
            const { bench, fault: given, before } = outcome(each, changed(each.args, range, value));
            expect({ value, fault: given }).toEqual({ value, fault });
            const after = bench.look(Op.status);
            for (const place of UNTOUCHED) expect(after[place]).toBe(before[place]);
          }
        });
      }

      test("a byte too few, a byte too many: malformed", () => {
        const { bench } = outcome({ ...each, reviewed: false }, each.args);
        const bytes = new Uint8Array([...Array(60).keys()]);
        const size = [...String(layoutsOf(each.op)!.request.toString(8))].reverse().reduce((sum, digit) => sum + ({ 1: 1, 2: 2, 3: 4, 4: 8 }[digit] ?? 0), 0);
        for (const length of [0, size - 1, size + 1].filter((count) => count !== size && count >= 0)) {
          expect({ length, fault: bench.request(each.op, [], bytes.slice(0, length)).fault }).toEqual({ length, fault: Fault.malformed });
        }
      });
    });
  }

  test("what has no field of its own to judge is named here, and nothing is forgotten", () => {
    const apart: Op[] = [
      Op.status, Op.review, Op.reservoir, Op.close, Op.link_counts, Op.delivery, Op.prescription_boluses, Op.prescription_plan, Op.patient_bolus, // no fields
      Op.commit, Op.cancel, Op.prime, // judged by what was staged, is given, or was armed: below
    ];
    const known = [...CASES.map(({ op }) => op), ...apart].sort((a, b) => a - b);
    expect(known).toEqual(Array.from({ length: Ops.last - Ops.first + 1 }, (_, i) => Ops.first + i));
  });

  test("steps: a first one a minute late is none at midnight, whatever its rate", () => {
    for (const rate of [0, 500_000]) {
      const bench = new Bench({ controller: createController, instant: true });
      bench.powerOn();
      filled(bench);
      bench.connect({ role: 1, stays: true });
      demand(bench, Op.stage, [2, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0]);
      demand(bench, Op.stage_steps, [0, 1, rate, 720, 500_000]);
      expect({ rate, fault: bench.request(Op.review).fault }).toEqual({ rate, fault: Fault.no_step_at_midnight });
    }
  });

  test("commit: another version, another hash, no confirmation", () => {
    const bench = new Bench({ controller: createController, instant: true });
    bench.powerOn();
    staged(0, 0, 0)(bench);
    const hash = demand(bench, Op.review)[Review.hash]!;
    const fault = (...args: number[]): number => bench.request(Op.commit, args).fault;
    expect(fault(1, hash, 0, 0, 0)).toBe(Fault.base_version_stale);
    expect(fault(0, hash + 1, 0, 0, 0)).toBe(Fault.not_as_reviewed);
    expect(fault(0, hash - 1, 0, 0, 0)).toBe(Fault.not_as_reviewed);
    expect(fault(0, hash, 0, 0, 0)).toBe(Fault.ok);
    expect(fault(0, hash, 0, 0, 0)).toBe(Fault.nothing_staged);
  });

  test("cancel and prime: an activity there is none of, one that is not given, a token that was not", () => {
    const bench = new Bench({ controller: createController, instant: true });
    bench.powerOn();
    stopped(bench);
    const fault = (op: Op, ...args: number[]): number => bench.request(op, args).fault;
    expect([fault(Op.cancel, 0), fault(Op.cancel, 3), fault(Op.cancel, 1), fault(Op.cancel, 2)]).toEqual([Fault.malformed, Fault.malformed, Fault.not_active, Fault.not_active]);
    expect([fault(Op.prime, 0), fault(Op.prime, 1)]).toEqual([Fault.token_wrong, Fault.token_wrong]);
    const token = demand(bench, Op.prime_arm, [250])[0]!;
    expect([fault(Op.prime, token + 1), fault(Op.prime, token)]).toEqual([Fault.token_wrong, Fault.ok]);
    // Used up, and then none is the right one: not even none.
    expect([fault(Op.cancel, 2), fault(Op.prime, token), fault(Op.prime, 0)]).toEqual([Fault.ok, Fault.token_wrong, Fault.token_wrong]);
  });
});
