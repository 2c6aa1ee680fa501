// Verb expect: what must be so now; every miss is told and the run goes on.

import { contradicts } from "../contradiction";
import { EXPECTATIONS, isCalledFor } from "../expectations";
import { placeText } from "../problem";
import type { TipDose } from "../tip-dose";
import { defineVerb } from "../verb";

export const expect = defineVerb({
  name: "expect",
  doc: "Compares the pump and its world with what is given. That the oracle finds no violation is always expected.",
  example: "expect: {pulses: 30000, state: therapy, alarms: []}",
  fields: Object.fromEntries(Object.entries(EXPECTATIONS).map(([name, each]) => [name, each.field])),
  validate(values, { plan, report, at }) {
    const entries = Object.entries(values);
    if (entries.length === 0) report(undefined, `expect needs at least one of ${Object.keys(EXPECTATIONS).join(", ")}`);
    for (const [name, wanted] of entries) {
      const about = name === "tip_dose" ? `${name} ${String((wanted as TipDose).day)}` : name;
      const before = plan.claims.get(about);
      if (before !== undefined && contradicts(before.wanted, wanted)) report(name, `"${name}" is expected to be something else at ${placeText(before)}, and no time passes between`);
      plan.claims.set(about, { ...at(name), wanted });
    }
  },
  run(runner, values, _place, at) {
    runner.bench.rest();
    // What can be seen without calling the pump is looked at first: a call takes some 100 ms.
    const entries = Object.entries(values).sort(([a], [b]) => Number(isCalledFor(a)) - Number(isCalledFor(b)));
    for (const [name, wanted] of entries) {
      for (const miss of EXPECTATIONS[name]?.compare(name, runner, wanted) ?? []) runner.fail(at(name), miss.what, miss.expected, miss.seen);
    }
  },
});
