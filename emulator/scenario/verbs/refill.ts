// Verb refill: the reservoir is filled through the skin, and the pump is told.

import { Op } from "../../../protocol/operations";
import { REFILL_FIELDS, refillOf } from "../../../protocol/wand/file/prescription-fields";
import type { Runner } from "../runner";
import { defineVerb, expect_refusal } from "../verb";

/** What a clinician who does not say it takes out: what is truly there. */
export function residual_nL(runner: Runner): number {
  return Math.floor(runner.bench.plant.reservoir_pL / 1000);
}

export const refill = defineVerb({
  name: "refill",
  doc: "Fills the reservoir. The drug enters when the pump accepts; a fault can make it go elsewhere. Another concentration takes a prescription with it: prescribe.",
  example: "refill: {volume: 18mL, drug: baclofen, concentration: 2000ug/mL, aspirated: 1.2mL, lot: A123}",
  fields: { ...REFILL_FIELDS, expect_refusal },
  validate(values, check) {
    if (values.volume === 0) check.report("volume", "a refill of nothing");
  },
  run(runner, values, place) {
    const { drug, volume_nL, concentration, aspirated_nL, rinsed, lot } = refillOf(values, residual_nL(runner));
    runner.operate(place, Op.refill, [drug, volume_nL, concentration, aspirated_nL, rinsed ? 1 : 0, lot], values.expect_refusal);
  },
});
