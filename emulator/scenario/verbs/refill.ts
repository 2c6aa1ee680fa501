// Verb refill: the reservoir is filled through the skin, and the pump is told.

import { Op } from "../../../protocol/operations";
import { Drug } from "../../../protocol/states";
import type { ValuesOf } from "../fields";
import type { Runner } from "../runner";
import { REFILL_FIELDS } from "../structs";
import { defineVerb, expect_refusal } from "../verb";

/** What a clinician says of a refill; what he leaves out is as it truly is. */
export function refillOf(runner: Runner, values: ValuesOf<typeof REFILL_FIELDS>): { readonly drug: Drug; readonly volume_nL: number; readonly concentration: number; readonly aspirated_nL: number; readonly rinsed: boolean; readonly lot: number } {
  return {
    drug: values.drug ?? Drug.baclofen, volume_nL: values.volume, concentration: values.concentration,
    aspirated_nL: values.aspirated ?? Math.floor(runner.bench.plant.reservoir_pL / 1000), rinsed: values.rinsed ?? false, lot: values.lot ?? 0,
  };
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
    const { drug, volume_nL, concentration, aspirated_nL, rinsed, lot } = refillOf(runner, values);
    runner.operate(place, Op.refill, [drug, volume_nL, concentration, aspirated_nL, rinsed ? 1 : 0, lot], values.expect_refusal);
  },
});
