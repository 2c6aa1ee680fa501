// Verb request: an operation by number with bare integers, to see refusals.

import { optional, required } from "../fields";
import { count, list, text } from "../kinds";
import { fitsFields } from "../../../protocol/wand/core/operations";
import { parseHex } from "../../../protocol/wand/core/bytes";
import { defineVerb, expect_refusal } from "../verb";

export const request = defineVerb({
  name: "request",
  doc: "Sends any operation with any integers that its fields can hold, in the pump's own units, or with any bytes in place of its fields: what no other verb would send.",
  example: "request: {operation: 77, expect_refusal: unknown operation}",
  fields: {
    operation: required(count(0, 65_535), "Number of the operation."),
    arguments: optional(list(count(0)), "Its fields, in order (protocol/SERVICE.md)."),
    bytes: optional(text(396), "In place of its fields, in hexadecimal: at most 198 bytes."),
    expect_refusal,
  },
  validate(values, { report }) {
    if (values.bytes !== undefined) {
      if (values.arguments !== undefined) report("bytes", "request takes arguments or bytes, and not both");
      else if (parseHex(values.bytes.trim()) === undefined) report("bytes", `"${values.bytes}" is not whole bytes in hexadecimal such as "0a1b"`);
    } else if (!fitsFields(values.operation, values.arguments ?? [])) {
      report(values.arguments === undefined ? undefined : "arguments", `these do not fit the fields of operation ${String(values.operation)} (protocol/SERVICE.md); anything at all can be sent as bytes`);
    }
  },
  run(runner, values, place) {
    const raw = values.bytes === undefined ? undefined : parseHex(values.bytes.trim());
    runner.operate(place, values.operation, values.arguments ?? [], values.expect_refusal, raw);
  },
});
