// Verb reset: the pump's program begins again, with or without its memory.

import { optional } from "../fields";
import { quantity } from "../kinds";
import { MEASURES } from "../../../protocol/wand/text/quantity";
import { defineVerb } from "../verb";

export const reset = defineVerb({
  name: "reset",
  doc: "Resets the processor now; retained memory stays. With off, power goes for so long and memory is lost. The same as the faults processor.reset and power.off.",
  example: "reset: {off: 10min}",
  fields: { off: optional(quantity(MEASURES.duration, ["1ms", "365d"]), "How long there is no power.") },
  lone: "off",
  validate(values, { plan, report }) {
    if (plan.trusted && plan.faults.has("power.off")) report(undefined, "the pump has no power at this step");
    if (values.off !== undefined) plan.faults.set("power.off", plan.elapsed_ms + values.off);
  },
  run(runner, values) {
    runner.startFault(values.off === undefined ? { kind: "processor.reset" } : { kind: "power.off", value: values.off }, undefined);
  },
});
