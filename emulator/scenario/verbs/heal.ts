// Verb heal: a fault ends.

import { required } from "../fields";
import { defineVerb } from "../verb";
import { faultKind } from "./fault";

export const heal = defineVerb({
  name: "heal",
  doc: "Ends a fault that an earlier step started.",
  example: "heal: motor.stalled",
  fields: { kind: required(faultKind, "Which fault.") },
  lone: "kind",
  validate(values, { plan, report }) {
    const { kind, instant } = values.kind;
    if (instant === true) report("kind", `fault "${kind}" happens once: there is nothing to heal`);
    else if (plan.trusted && !plan.faults.has(kind)) report("kind", `fault "${kind}" is not there at this step: there is nothing to heal`);
    plan.faults.delete(kind);
  },
  run(runner, values, _place, at) {
    const { kind } = values.kind;
    // After a wait that only the run knows, so is whether a fault has healed by itself.
    if (runner.bench.active_faults.has(kind)) runner.healFault(kind);
    else runner.fail(at("kind"), "heal", `fault ${kind} in force`, "not in force");
  },
});
