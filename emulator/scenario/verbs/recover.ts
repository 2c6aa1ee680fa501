// Verb recover: all faults end, and a clinician brings therapy back.

import { Unit } from "../../../hal/units";
import { MEASURES } from "../../../protocol/wand/text/quantity";
import { optional, required } from "../fields";
import { duration, quantity } from "../kinds";
import { recover as bringBack } from "../recovery";
import { defineVerb } from "../verb";

export const recover = defineVerb({
  name: "recover",
  doc: "Ends every fault; then a clinician sets the clock, fills, prescribes the rate and starts, as the pump asks for it, until therapy runs at it. If it does not, or does not go on pulse for pulse, the run ends: no progress.",
  example: "recover: {rate: 300ug/day, concentration: 2000ug/mL, within: 2h, for: 1d}",
  fields: {
    rate: required(quantity(MEASURES.rate), "One rate for every day; a lower one where the step up would be too large for the pump."),
    concentration: required(quantity(MEASURES.concentration), "Of the drug that is filled in where there is too little, if the reservoir holds a mix or nothing."),
    within: optional(duration, "How long it may take, in true time; 2h unless told."),
    for: optional(duration, "How long therapy must then go on; 1d unless told."),
  },
  validate(_values, { plan }) {
    // How long it takes is for the run to find out.
    plan.trusted = false;
    plan.faults.clear();
    plan.claims.clear();
  },
  run(runner, values) {
    bringBack(runner, {
      rate_ng_per_day: values.rate, concentration: values.concentration,
      within_ms: values.within ?? 2 * Unit.ms_per_hour, for_ms: values.for ?? Unit.ms_per_day,
    });
  },
});
