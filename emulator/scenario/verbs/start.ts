// Verb start: therapy begins, or begins again.

import { Op } from "../../../protocol/operations";
import { defineVerb, expect_refusal } from "../verb";

export const start = defineVerb({
  name: "start",
  doc: "Begins the therapy that was prescribed, or begins it again after a stop.",
  example: "start",
  fields: { expect_refusal },
  validate() {
    // Whether the pump may start is the pump's to say.
  },
  run(runner, values, place) {
    runner.operate(place, Op.start, [], values.expect_refusal);
  },
});
