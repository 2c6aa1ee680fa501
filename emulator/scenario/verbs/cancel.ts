// Verb cancel: a bolus or a prime ends before its end.

import { Op } from "../../../protocol/operations";
import { ACTIVITY_NAMES } from "../../../protocol/names";
import { required } from "../fields";
import { oneOf } from "../kinds";
import { defineVerb, expect_refusal } from "../verb";

export const cancel = defineVerb({
  name: "cancel",
  doc: "Ends the bolus or the prime that is being given.",
  example: "cancel: bolus",
  fields: {
    activity: required(oneOf("activity", new Map(Object.entries(ACTIVITY_NAMES).map(([number, name]) => [name, Number(number)]))), "bolus or prime."),
    expect_refusal,
  },
  lone: "activity",
  validate() {
    // Whether there is one is the pump's to say.
  },
  run(runner, values, place) {
    runner.operate(place, Op.cancel, [values.activity], values.expect_refusal);
  },
});
