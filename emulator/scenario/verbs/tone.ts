// Verb tone: the pump sounds the tone of an alarm, so that it can be heard.

import { Op } from "../../../protocol/operations";
import { required } from "../fields";
import { oneOf } from "../kinds";
import { defineVerb, expect_refusal } from "../verb";

export const tone = defineVerb({
  name: "tone",
  doc: "Sounds the tone of a critical alarm or of another one, once. No alarm is touched.",
  example: "tone: critical",
  fields: { which: required(oneOf("tone", new Map([["critical", 1], ["other", 0]])), "critical or other."), expect_refusal },
  lone: "which",
  validate() {
    // Always possible.
  },
  run(runner, values, place) {
    runner.operate(place, Op.test_tone, [values.which], values.expect_refusal);
  },
});
