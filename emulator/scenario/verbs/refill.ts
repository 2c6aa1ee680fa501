// Verb refill: the reservoir is filled through the skin, and the pump is told.

import { Op } from "../../../protocol/operations";
import { required, optional } from "../fields";
import { oneOf, quantity, volume } from "../kinds";
import { MEASURES } from "../../../protocol/wand/text/quantity";
import { defineVerb, expect_refusal } from "../verb";

export const refill = defineVerb({
  name: "refill",
  doc: "Fills the reservoir. The drug enters when the pump accepts; a fault can make it go elsewhere.",
  example: "refill: {volume: 18mL, drug: baclofen, concentration: 2000ug/mL}",
  fields: {
    volume: required(volume, "Deliverable volume after the refill."),
    concentration: required(quantity(MEASURES.concentration), "Concentration of the drug."),
    drug: optional(oneOf("drug", new Map([["baclofen", 1]])), "The drug; only baclofen is modelled."),
    expect_refusal,
  },
  validate(values, check) {
    if (values.volume === 0) check.report("volume", "a refill of nothing");
  },
  run(runner, values, place) {
    runner.operate(place, Op.refill, [values.volume, values.concentration], values.expect_refusal);
  },
});
