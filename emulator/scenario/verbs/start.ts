// Verb start: therapy begins, or begins again.

import { Op } from "../../../protocol/operations";
import { Unit } from "../../../hal/units";
import { MEASURES } from "../../../protocol/wand/text/quantity";
import { optional } from "../fields";
import { quantity } from "../kinds";
import { defineVerb, expect_refusal } from "../verb";

export const start = defineVerb({
  name: "start",
  doc: "Begins the therapy that was prescribed, or begins it again after a stop.",
  example: "start",
  fields: {
    missed: optional(quantity(MEASURES.duration), "After 48 h without delivery: the hours missed, confirmed, for the full rate."),
    expect_refusal,
  },
  validate() {
    // Whether the pump may start is the pump's to say.
  },
  run(runner, values, place) {
    runner.operate(place, Op.start, [Math.floor((values.missed ?? 0) / Unit.ms_per_hour)], values.expect_refusal);
  },
});
