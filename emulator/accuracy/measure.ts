// Measuring: a pump at one rate, in virtual time, with every true motion noted.

import { Fault } from "../../hal/faults";
import { Unit as Units } from "../../hal/units";
import { nameOf, STATE_NAMES } from "../../protocol/names";
import { Op, Status } from "../../protocol/operations";
import { Drug, State } from "../../protocol/states";
import { program } from "../../protocol/wand/procedures/program";
import { ask } from "../../protocol/wand/procedures/procedure";
import type { Procedure } from "../../protocol/wand/procedures/procedure";
import { Bench, setUpOf, type Unit, type Violation } from "../bench";
import type { Program } from "../brain";
import type { FaultOrder } from "../faults";
import { US_PER_DAY } from "./flow";
import type { SetRate } from "./set-rate";
import type { Train } from "./windows";

/** What is the same for all rates of a test. */
export interface Setup {
  readonly controller: Program;
  readonly seed: number;
  readonly unit: Unit;
  /** ng/uL. */
  readonly concentration: number;
  /** There from the start of therapy to the end. */
  readonly faults: readonly FaultOrder[];
  /** From the start of therapy to the analysis period. */
  readonly stabilization_us: number;
  readonly analysis_us: number;
  /** Told how far the run is, in true us of `total_us`. */
  readonly progress?: (done_us: number, total_us: number) => void;
}

/** A run at one rate, whole. */
export interface Measured {
  readonly train: Train;
  /** What the pump was in at the end, if it was not therapy. */
  readonly ended_in?: string;
  /** What the oracle found. */
  readonly violations: readonly Violation[];
}

/** The tester looks into the reservoir so often that even a stroke of four times its size leaves it half full: a fill lasts for 12 looks by the books. */
const LOOKS_PER_FILL = 12;

/** 18 mL of a reservoir of 20: what is left is its dead volume, and a rest. */
function fill_nL(unit: Unit): number {
  return Math.floor((unit.capacity_nL * 9) / 10);
}

/** A new pump up to its start. */
export function* setUp({ unit, concentration }: Setup, rate: SetRate): Procedure<void> {
  yield* ask(Op.set_up, setUpOf(unit));
  yield* ask(Op.set_clock, [unit.wall_ms, 0]);
  yield* ask(Op.refill, [Drug.baclofen, fill_nL(unit), concentration, 0, 0, 0]);
  yield* program(rate.prescription);
}

/** Lets time pass with a reservoir that never runs dry: refilled when half of it is gone, by the truth or by the books. */
function deliver(bench: Bench, setup: Setup, rate: SetRate, total_us: number): void {
  const fill = fill_nL(setup.unit);
  const half_pL = fill * Units.pL_per_nL / 2;
  const look_us = Math.max(1, Math.floor(fill * Units.pL_per_nL / LOOKS_PER_FILL * rate.flow.days / rate.flow.pL * US_PER_DAY));
  const end_us = bench.now_us + total_us;
  let filled_us = bench.now_us;
  while (bench.now_us < end_us) {
    bench.advance_us(Math.min(look_us, end_us - bench.now_us));
    setup.progress?.(total_us - (end_us - bench.now_us), total_us);
    const by_books = bench.now_us - filled_us > look_us * LOOKS_PER_FILL / 2;
    if (!by_books && bench.plant.reservoir_pL > half_pL) continue;
    // A pump at its end of service takes none, and says at the end what it is in.
    const aspirated_nL = Math.floor(bench.plant.reservoir_pL / Units.pL_per_nL);
    if (bench.request(Op.refill, [Drug.baclofen, fill, setup.concentration, aspirated_nL, 0, 0]).fault !== Fault.ok) break;
    filled_us = bench.now_us;
  }
  if (bench.now_us < end_us) bench.advance_us(end_us - bench.now_us);
}

/**
 * Runs a new pump at one rate, from its power-on through stabilization to the end of the analysis period. Volumes are what left the reservoir at each true
 * motion of the head, at true time; the pump's books are not asked. Throws `Refused` where the pump refuses.
 */
export function measure(rate: SetRate, setup: Setup): Measured {
  const bench = new Bench({ controller: setup.controller, seed: setup.seed, unit: setup.unit });
  bench.powerOn();
  bench.run(setUp(setup, rate));
  for (const fault of setup.faults) bench.inject(fault);
  bench.run(ask(Op.start, [0]));
  const begin_us = bench.now_us + setup.stabilization_us;
  const at_us: number[] = [];
  const volume_pL: number[] = [];
  bench.plant.moved = (drawn_pL) => {
    const at = bench.engine.now_us - begin_us;
    if (at < 0 || at >= setup.analysis_us) return;
    at_us.push(at);
    volume_pL.push(drawn_pL);
  };
  deliver(bench, setup, rate, setup.stabilization_us + setup.analysis_us);
  const state = bench.look(Op.status)[Status.state] ?? 0;
  bench.finish();
  return {
    train: { at_us, volume_pL, length_us: setup.analysis_us }, violations: bench.oracle.violations,
    ...(state === State.therapy ? {} : { ended_in: nameOf(STATE_NAMES, state) }),
  };
}
