// Verb cut: power goes inside an operation of storage's flash.

import { CUT_FAULTS } from "../../devices/flash";
import { optional, required } from "../fields";
import { count, oneOf } from "../kinds";
import { defineVerb } from "../verb";

export const cut = defineVerb({
  name: "cut",
  doc: "Arms a cut of power: before, inside or after one of the flash operations of storage that come, as torn as `how` says. It comes in whatever step that operation is, and power is back a second later. "
    + "The wand then asks again, and the pump may refuse what it no longer knows: from this step on a refusal is no failure.",
  example: "cut: {operation: 3, how: torn_prefix}",
  fields: {
    operation: required(count(1), "Which operation of the flash, counted from this step on."),
    how: optional(oneOf("cut", new Map(CUT_FAULTS.map((each) => [each, each]))), "What is there afterwards: nothing, the first, the last or any of the bits that were to change, or all of them. Default torn_random."),
  },
  lone: "operation",
  validate(_values, { plan }) {
    plan.cuts = true;
    plan.trusted = false;
  },
  run(runner, { operation, how }) {
    runner.cutPower({ operation, how: how ?? "torn_random" });
  },
});
