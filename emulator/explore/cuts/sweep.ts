// A sweep: one run, and a cut of power at each operation that is asked for.

import { Unit as Units } from "../../../hal/units";
import type { Program } from "../../brain";
import { CUT_FAULTS, SECTOR, type CutFault, type FlashCut } from "../../devices/flash";
import { Stream } from "../../engine/random";
import { NoAnswer, NoProgress, type Bench } from "../../bench";
import { runScenario, type Outcome, type RunListener } from "../../scenario/run";
import type { Scenario } from "../../scenario/scenario";
import { Format } from "../../storage/format";
import { Fork, type Operation } from "./fork";

/** What is cut, in all parts of a sweep together. */
export interface Wanted {
  /** `all`: each operation but a tally's bits in every way, those bits of one day as well, and `drawn` more of them. A number: so many, drawn of all there are. */
  readonly cuts: "all" | number;
  readonly drawn: number;
  readonly seed: number;
  /** A second cut follows each first one, so many operations later at the most: 1 for none. */
  readonly depth: 1 | 2;
}

/** One cut, and what the pump was when it had lived on. */
export interface Lived {
  readonly operation: Operation;
  readonly how: CutFault;
  /** The second cut in a row, counted from the first. */
  readonly then: FlashCut | undefined;
  readonly bench: Bench;
  /** Motions of the head since the cut. */
  readonly motions: number;
  /** A pump that does not answer, or does not get on. */
  readonly error: Error | undefined;
}

const HOURS_AFTER = 24;
/** The day whose tally bits are all cut: the second of pump time, the first whole one. */
const TALLY_DAY = 1;
/** A second cut comes within so many operations: those of a boot and of what is asked again. */
const AGAIN_WITHIN = 12;

const isTally = (address: number): boolean => address < (Format.tally_first + Format.books * Format.tally_sectors) * SECTOR;

/** Numbers that stand for an operation and a way of cutting it. */
const keyOf = (number: number, how: number): number => number * CUT_FAULTS.length + how;

/** Which cuts there are to be: worked out by a run of its own. From the first step on: before that a unit is made ready, and no step can say where. Throws if there is nothing to be cut. */
export function select(scenario: Scenario, controller: Program, { cuts, drawn, seed }: Wanted): ReadonlySet<number> {
  const tallies: number[] = [];
  const chosen = new Set<number>();
  const all: number[] = [];
  let begun = false;
  runScenario(scenario, {
    controller, cuts: true, listener: {
      step() { begun = true; },
      begin(bench) {
        bench.storage.flash.listener = (number, _action, address) => {
          if (!begun) return;
          if (cuts !== "all") all.push(number);
          else if (isTally(address) && Math.floor(bench.processor.now_ms / Units.ms_per_day) !== TALLY_DAY) tallies.push(number);
          else CUT_FAULTS.forEach((_how, i) => { chosen.add(keyOf(number, i)); });
        };
      },
    },
  });
  const pool = cuts === "all" ? tallies : all;
  const more = Math.min(cuts === "all" ? drawn : cuts, pool.length * CUT_FAULTS.length);
  const draws = new Stream(seed, "explore.cuts");
  const wanted = chosen.size + more;
  if (wanted === 0) throw new Error("nothing is written to storage in it: there is nothing to be cut");
  while (chosen.size < wanted) chosen.add(keyOf(pool[Math.floor((draws.next() * pool.length) / 4_294_967_296)]!, draws.below(CUT_FAULTS.length)));
  return chosen;
}

/** Drawn for each first cut by itself. */
function secondCut(seed: number, number: number, how: CutFault): FlashCut {
  const draws = new Stream(seed, `explore.again.${String(number)}.${how}`);
  return { operation: 1 + draws.below(AGAIN_WITHIN), how: CUT_FAULTS[draws.below(CUT_FAULTS.length)]! };
}

/** Lives on after a cut: asks again for what was being asked for, then a day. */
function liveOn(bench: Bench): Error | undefined {
  try {
    bench.again();
    bench.advance_us(HOURS_AFTER * Units.ms_per_hour * 1000);
    bench.finish();
    return undefined;
  } catch (error) {
    if (error instanceof Error && (error instanceof NoProgress || error instanceof NoAnswer)) return error;
    throw error;
  }
}

/** Hears of a sweep: the run itself, and each cut once its copy has lived on. */
export interface SweepListener extends RunListener {
  readonly lived: (each: Lived) => void;
}

/** Runs the scenario, and makes each of the chosen cuts in a copy of its bench, which lives on for a day. */
export function sweep(scenario: Scenario, controller: Program, chosen: ReadonlySet<number>, { seed, depth }: Wanted, listener: SweepListener): Outcome {
  const fork = new Fork({ controller, seed: scenario.seed, unit: scenario.unit, instant: scenario.instant });
  return runScenario(scenario, {
    controller, cuts: true, listener: {
      ...listener,
      begin(source) {
        listener.begin?.(source);
        source.storage.flash.listener = (number, action, address, count, from, first) => {
          CUT_FAULTS.forEach((how, i) => {
            if (!chosen.has(keyOf(number, i))) return;
            const operation = { number, action, address, count, from, first };
            const then = depth === 2 ? secondCut(seed, number, how) : undefined;
            const bench = fork.cut(source, operation, how, then);
            const before = bench.plant.motions;
            const error = liveOn(bench);
            listener.lived({ operation, how, then, bench, motions: bench.plant.motions - before, error });
          });
        };
      },
    },
  });
}
