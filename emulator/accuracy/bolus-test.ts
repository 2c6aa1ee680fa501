// The test of 25 boluses: one an hour on top of basal, by what truly left.

import { Unit as Units } from "../../hal/units";
import { Op } from "../../protocol/operations";
import { ask } from "../../protocol/wand/procedures/procedure";
import { Bench } from "../bench";
import { bolusAccuracy, bolusVolumes, type BolusAccuracy, type DeliverBolus } from "./bolus";
import { setUp, type Setup } from "./measure";
import type { Violation } from "../oracle/violation";
import type { SetRate } from "./set-rate";

/** What is asked for. */
export interface BolusTest {
  readonly dose_ng: number;
  readonly minutes: number;
}

/** The highest caps that the pump takes: 25 boluses in a row are no therapy. */
const CAPS = { hour_ng: 300_000, day_ng: 3_000_000 };
/** From one to the next, so that each has ended long before. */
const PERIOD_US = Units.ms_per_hour * 1000;

/** Runs a new pump at a rate, and then one bolus an hour. The volume of a bolus is what left the reservoir in its hour, less the basal of it. Throws `Refused` where the pump refuses. */
export function measureBoluses(rate: SetRate, setup: Setup, { dose_ng, minutes }: BolusTest): { readonly accuracy: BolusAccuracy; readonly violations: readonly Violation[] } {
  const bench = new Bench({ controller: setup.controller, seed: setup.seed, unit: setup.unit });
  bench.powerOn();
  bench.run(setUp(setup, { ...rate, prescription: { ...rate.prescription, caps: CAPS } }));
  for (const fault of setup.faults) bench.inject(fault);
  bench.run(ask(Op.start, [0]));
  bench.advance_us(setup.stabilization_us);
  const basal_pL = Math.round((rate.flow.pL / rate.flow.days) * (PERIOD_US / (Units.ms_per_day * 1000)));
  const deliver: DeliverBolus = (on, dose) => {
    const from_us = on.now_us;
    const before_pL = on.plant.delivered_pL;
    on.run(ask(Op.bolus, [dose, minutes, dose]));
    on.advance_us(PERIOD_US - (on.now_us - from_us));
    return on.plant.delivered_pL - before_pL - basal_pL;
  };
  const volumes_pL = bolusVolumes(bench, deliver, dose_ng);
  bench.finish();
  return { accuracy: bolusAccuracy(volumes_pL, Math.round((dose_ng * 1_000_000) / setup.concentration)), violations: bench.oracle.violations };
}
