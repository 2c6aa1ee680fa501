// Verb request: an operation by number with bare integers, to see refusals.

import { optional, required } from "../fields";
import { count, list } from "../kinds";
import { defineVerb, expect_refusal } from "../verb";

export const request = defineVerb({
  name: "request",
  doc: "Sends any operation with any integers, in the pump's own units: what no other verb would send.",
  example: "request: {operation: 77, expect_refusal: unknown operation}",
  fields: {
    operation: required(count(0, 65_535), "Number of the operation."),
    arguments: optional(list(count(Number.MIN_SAFE_INTEGER)), "Its arguments, in order."),
    expect_refusal,
  },
  validate(values, { report }) {
    if ((values.arguments ?? []).length > 1000) report("arguments", "a request carries at most 1000 arguments");
  },
  run(runner, values, place) {
    runner.operate(place, values.operation, values.arguments ?? [], values.expect_refusal);
  },
});
