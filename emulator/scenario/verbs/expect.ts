// Verb expect: what must be so now; every miss is told and the run goes on.

import { EXPECTATIONS } from "../expectations";
import { defineVerb } from "../verb";

export const expect = defineVerb({
  name: "expect",
  doc: "Compares the pump and its world with what is given. That the oracle finds no violation is always expected.",
  example: "expect: {pulses: 30000, state: therapy, alarms: []}",
  fields: Object.fromEntries(Object.entries(EXPECTATIONS).map(([name, each]) => [name, each.field])),
  validate(values, { report }) {
    if (Object.keys(values).length === 0) report(undefined, `expect needs at least one of ${Object.keys(EXPECTATIONS).join(", ")}`);
  },
  run(runner, values, _place, at) {
    for (const [name, wanted] of Object.entries(values)) {
      for (const miss of EXPECTATIONS[name]?.compare(name, runner, wanted) ?? []) runner.fail(at(name), miss.what, miss.expected, miss.seen);
    }
  },
});
