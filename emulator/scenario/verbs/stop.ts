// Verb stop: therapy ends at the pulse boundary, with a reason for the log.

import { Op } from "../../../protocol/operations";
import { required } from "../fields";
import { count } from "../kinds";
import { defineVerb, expect_refusal } from "../verb";

export const stop = defineVerb({
  name: "stop",
  doc: "Stops therapy at the pulse boundary.",
  example: "stop: {reason: 3}",
  fields: {
    reason: required(count(0, 255), "The clinician's reason; the pump takes 1 to 255."),
    expect_refusal,
  },
  lone: "reason",
  validate() {
    // A reason out of the pump's range is sent, so that its refusal can be seen.
  },
  run(runner, values, place) {
    runner.operate(place, Op.stop, [values.reason], values.expect_refusal);
  },
});
