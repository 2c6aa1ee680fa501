// Random lives of the real firmware: the oracle is quiet, a lag moves nothing.

import { describe, expect, test } from "vitest";
import { createController } from "../../firmware/controller";
import { Bench, setUpOf } from "../../emulator/bench";
import { Stream } from "../../emulator/engine/random";
import { Op } from "../../protocol/operations";
import { MINIMUM_RATE, scheduled, type StagedPrescription } from "../../protocol/wand/procedures/prescription";
import { Refused } from "../../protocol/wand/procedures/procedure";
import { filling } from "../firmware/prescribe";

type Lasting = readonly (readonly [kind: string, least: number, most: number])[];

/** Each lasts for one to three of a story's steps; the span of values drawn. */
const LASTING: Lasting = [
  ["motor.stalled", 0, 0], ["rotor.dead", 0, 0], ["rotor.late", 0, 749], ["motor.weak", 1, 500], ["rotor.intermittent", 1, 500],
  ["crystal.drift", -200_000, 200_000], ["battery.sag", 1, 900],
];

/** The same with a drive that strays (MOTOR-4). */
const STRAYING: Lasting = [...LASTING.slice(0, 5), ["motor.reverse", 0, 0], ["motor.runaway", 100, 600_000]];

class Story {
  readonly bench: Bench;
  private readonly draws: Stream;
  private readonly concentration: number;
  private readonly heals = new Map<string, number>();

  constructor(seed: number, lag_us: number, private readonly lasting: Lasting) {
    this.draws = new Stream(seed, "story");
    const pulse_pL = 225_000 + this.draws.below(50_001);
    this.concentration = [500, 1000, 2000][this.draws.below(3)]!;
    this.bench = new Bench({ controller: createController, seed, lag_us, unit: { pulse_pL, stroke_pL: pulse_pL } });
    this.bench.powerOn();
    this.bench.request(Op.set_up, setUpOf(this.bench.unit));
    this.bench.request(Op.set_clock, [this.bench.unit.wall_ms, 0]);
    this.bench.request(Op.refill, filling(18_000_000, this.concentration));
    while (!this.prescribes());
    this.bench.request(Op.start, [0]);
  }

  run(steps: number): void {
    for (let step = 0; step < steps; step++) {
      for (const [kind, until] of this.heals) {
        if (until <= step && this.heals.delete(kind)) this.bench.heal(kind);
      }
      this.something(step);
      const long = this.draws.below(3) === 0;
      this.bench.advance_us(this.draws.below(1 << 20) * (long ? 100_000 : 3000) + this.draws.below(1000));
      if (this.draws.below(2) === 0) this.bench.status();
    }
    this.bench.finish();
  }

  private something(step: number): void {
    const { bench, draws } = this;
    const what = draws.below(14);
    if (what === 0) bench.request(Op.set_clock, [bench.unit.wall_ms + bench.pump_ms() + (draws.below(1 << 20) - (1 << 19)) * 500, 0]);
    else if (what === 1) {
      bench.request(Op.stop, [1]);
      bench.advance_us(draws.below(1 << 20) * 1000);
      bench.request(Op.start, [0]);
    } else if (what === 2) {
      bench.request(Op.refill, filling(1_000_000 + draws.below(1 << 20) * 16, this.concentration, draws.below(1 << 20) * 16));
      bench.request(Op.start, [0]);
    } else if (what === 3) bench.inject({ kind: "processor.reset" });
    else if (what === 4) {
      bench.inject({ kind: "power.off", value: 1 + draws.below(100_000) });
      bench.advance_us(110_000_000);
    } else if (what < 12) {
      const [kind, least, most] = this.lasting[what - 5]!;
      bench.inject(most === 0 ? { kind } : { kind, value: least + draws.below(most - least + 1) });
      this.heals.set(kind, step + 1 + draws.below(3));
    } else this.prescribes();
  }

  /** False if the pump refused what was drawn. */
  private prescribes(): boolean {
    try {
      this.bench.prescribe(this.prescription());
      return true;
    } catch (error) {
      if (error instanceof Refused) return false;
      throw error;
    }
  }

  private rate(): number {
    if (this.draws.below(20) === 0) return 0;
    return 48 * this.concentration + this.draws.below(1 << 20) * (this.draws.below(8) === 0 ? 11 : 1);
  }

  private prescription(): StagedPrescription {
    if (this.draws.below(6) === 0) return MINIMUM_RATE;
    const schedules = 1 + this.draws.below(2);
    const steps: number[] = [];
    for (let schedule = 0; schedule < schedules; schedule++) {
      const minutes = new Set([0]);
      for (let more = this.draws.below(5); more > 0; more--) minutes.add(this.draws.below(1440));
      for (const minute of [...minutes].sort((a, b) => a - b)) steps.push(schedule * 1440 + minute, this.rate());
    }
    return scheduled([0, 0, 0, 0, 0, schedules - 1, schedules - 1], steps);
  }
}

function told(seed: number, lag_us: number, lasting = LASTING): Bench {
  const story = new Story(seed, lag_us, lasting);
  story.run(25);
  return story.bench;
}

describe("a random life with a drive that strays", () => {
  // 267: a commit waits for the pulse in flight that brings the third time.
  test.each([1, 2, 3, 4, 25, 60, 267])("of seed %i is judged right, and a lag moves no therapy", (seed) => {
    const bench = told(seed, 0, STRAYING);
    expect(bench.oracle.violations).toEqual([]);
    expect(told(seed, 1 + ((seed * 7919) % 200_000), STRAYING).trace.therapyDigest()).toBe(bench.trace.therapyDigest());
  });
});

describe("a random life", () => {
  test.each(Array.from({ length: 8 }, (_, n) => n + 1))("of seed %i is judged right, and a lag moves no digest", (seed) => {
    const bench = told(seed, 0);
    expect(bench.oracle.violations).toEqual([]);
    expect(bench.trace.pulses).toBeGreaterThan(0);
    const late = told(seed, 1 + ((seed * 7919) % 200_000));
    expect([late.trace.therapyDigest(), late.trace.fullDigest()]).toEqual([bench.trace.therapyDigest(), bench.trace.fullDigest()]);
  });
});
