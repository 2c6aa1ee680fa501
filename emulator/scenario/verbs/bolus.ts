// Verb bolus: a single bolus on top of basal, by a clinician or the patient.

import { Unit } from "../../../hal/units";
import { Op } from "../../../protocol/operations";
import { optional } from "../fields";
import { oneOf, quantity } from "../kinds";
import { MEASURES } from "../../../protocol/wand/text/quantity";
import { defineVerb, expect_refusal, yes_no } from "../verb";

export const bolus = defineVerb({
  name: "bolus",
  doc: "Asks for a single bolus; or, with by: patient, for the one that is prescribed to the patient.",
  example: "bolus: {dose: 50ug, over: 30min}",
  fields: {
    dose: optional(quantity(MEASURES.dose), "Dose of the bolus."),
    over: optional(quantity(MEASURES.duration), "Its duration, in whole minutes."),
    by: optional(oneOf("user", new Map([["clinician", false], ["patient", true]])), "patient: what is prescribed to the patient; a clinician's otherwise."),
    confirm: optional(oneOf("answer", yes_no), "no: a dose above the soft limit is not confirmed."),
    expect_refusal,
  },
  validate(values, { report }) {
    if (values.by === true) {
      if (values.dose !== undefined || values.over !== undefined) report(undefined, "the patient's bolus is as prescribed: it takes no dose and no duration");
    } else if (values.dose === undefined || values.over === undefined) report(undefined, "bolus needs a dose and a duration: {dose: 50ug, over: 30min}");
    else if (values.over % Unit.ms_per_minute !== 0) report("over", "a bolus lasts whole minutes");
  },
  run(runner, values, place) {
    const dose = values.dose ?? 0;
    if (values.by === true) runner.operate(place, Op.patient_bolus, [], values.expect_refusal);
    else runner.operate(place, Op.bolus, [dose, Math.floor((values.over ?? 0) / Unit.ms_per_minute), values.confirm === false ? 0 : dose], values.expect_refusal);
  },
});
