// A pump's life on the bench: refills, ERI, end of service, every motor pulse.

import { Bench, setUpOf } from "../../emulator/bench";
import { Fault } from "../../hal/faults";
import { Unit } from "../../hal/units";
import { Op, Status } from "../../protocol/operations";
import { MIDNIGHT_MS, daily, filling, prescribe } from "../firmware/prescribe";
import type { ControllerFactory } from "../../hal/controller";
import type { Storage } from "../../hal/storage";

/** Days from manufacture to the end of service by age: 2466 to ERI (a real device's figure) and 90 more. */
export const SERVICE_DAYS = 2556;
/** 1000 ug/day at 2000 ug/mL: 0.5 mL/day, and 2000 pulses of 250 nL. */
export const PULSES_PER_DAY = 2000;
const REFILL_DAYS = 30;
const FILL_NL = 18_000_000;
const CONCENTRATION = 2000;

export interface LifeOptions {
  readonly controller: ControllerFactory;
  readonly days: number;
  readonly lag_us?: number;
  /** In place of the bench's own storage: for benchmarks. Made once. */
  readonly storage?: (bench: Bench) => Storage;
  /** Listens to it from before its power-on. */
  readonly listen?: (bench: Bench) => void;
  /** Looks at it when a day is over that a refill follows: a longer life has begun as a shorter one. */
  readonly mark?: { readonly day: number; readonly look: (bench: Bench) => void };
}

function ask(bench: Bench, op: Op, args: readonly number[]): void {
  const { fault } = bench.request(op, args);
  if (fault !== Fault.ok) throw new Error(`operation ${op} was refused with ${fault}`);
}

/** 900 ug/day from midnight, 1100 from noon: a step each half day, and 2000 pulses a day all the same. */
export const HALVES = daily(0, 900_000, 720, 1_100_000);

/**
 * Lives for so many days: a refill each 30, until the end of service, after which the pump only keeps its log.
 * The bench is returned after its closing check.
 */
export function live(options: LifeOptions): Bench {
  const { storage: make } = options;
  let other: Storage | undefined;
  const controller: ControllerFactory = make === undefined ? options.controller : (board) => {
    other ??= make(bench);
    return options.controller({ ...board, storage: other });
  };
  const bench = new Bench({ controller, lag_us: options.lag_us ?? 0 });
  options.listen?.(bench);
  bench.powerOn();
  ask(bench, Op.set_up, setUpOf(bench.unit));
  ask(bench, Op.set_clock, [MIDNIGHT_MS, 0]);
  ask(bench, Op.refill, filling(FILL_NL, CONCENTRATION));
  if (prescribe(bench, HALVES).fault !== Fault.ok) throw new Error("the prescription was refused");
  ask(bench, Op.start, [0]);
  for (let day = 0; day < options.days; day += REFILL_DAYS) {
    if (day === options.mark?.day) options.mark.look(bench);
    if (day > 0 && day < SERVICE_DAYS) {
      const left_nL = Math.floor(bench.status()[Status.remaining_pL]! / Unit.pL_per_nL);
      ask(bench, Op.refill, filling(FILL_NL, CONCENTRATION, left_nL));
    }
    bench.advance_us(Math.min(REFILL_DAYS, options.days - day) * Unit.ms_per_day * 1000);
  }
  bench.finish();
  return bench;
}
