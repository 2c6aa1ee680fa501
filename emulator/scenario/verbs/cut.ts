// Verb cut: power goes inside an operation of storage's flash.

import { CUT_FAULTS } from "../../devices/flash";
import { optional, required } from "../fields";
import { count, oneOf } from "../kinds";
import { defineVerb } from "../verb";

const ways = oneOf("cut", new Map(CUT_FAULTS.map((each) => [each, each])));

export const cut = defineVerb({
  name: "cut",
  doc: "Arms a cut of power: before, inside or after one of the flash operations of storage that come, as torn as `how` says. It comes in whatever step that operation is, and power is back a second later. "
    + "The wand then asks again, and the pump may refuse what it no longer knows: from this step on a refusal is no failure.",
  example: "cut: {operation: 3, how: torn_prefix}",
  fields: {
    operation: required(count(1), "Which operation of the flash, counted from this step on."),
    then: optional(count(1), "A second cut comes at the operation that is so many after the first."),
    then_how: optional(ways, "The same of the second cut. Default torn_random."),
    how: optional(ways, "What is there afterwards: nothing, the first, the last or any of the bits that were to change, or all of them. Default torn_random."),
  },
  lone: "operation",
  validate({ then, then_how }, { plan, report }) {
    if (then_how !== undefined && then === undefined) report("then_how", "says how a second cut is made, and there is none: give then");
    plan.cuts = true;
    plan.trusted = false;
  },
  run(runner, { operation, how, then, then_how }) {
    const second = then === undefined ? {} : { then: { operation: then, how: then_how ?? "torn_random" } };
    runner.cutPower({ operation, how: how ?? "torn_random", ...second });
  },
});
