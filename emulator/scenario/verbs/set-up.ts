// Verb set_up: calibration, capacity and catheter, given as at power-on.

import { Op } from "../../../protocol/operations";
import { setUpOf } from "../../bench";
import { optional } from "../fields";
import { quantity, volume } from "../kinds";
import { MEASURES } from "../../../protocol/wand/text/quantity";
import { defineVerb, expect_refusal } from "../verb";

export const set_up = defineVerb({
  name: "set_up",
  doc: "Gives the pump its calibration, its capacity and its catheter. Every run does this by itself at power-on, from unit; the pump takes it on the shelf only.",
  example: "set_up: {pulse: 250nL, reservoir: 20mL, catheter: 80cm, replaces: 450ug/day}",
  fields: {
    pulse: optional(quantity(MEASURES.pulse), "Calibrated volume of a motor pulse; the unit's if it is left out."),
    reservoir: optional(volume, "Capacity for deliverable drug; the unit's if it is left out."),
    catheter: optional(quantity(MEASURES.length), "Length of the catheter; the unit's if it is left out."),
    replaces: optional(quantity(MEASURES.rate), "Daily dose of the pump that this one replaces; the unit's if it is left out."),
    again: optional(quantity(MEASURES.rate), "The same, entered again; as replaces if it is left out."),
    expect_refusal,
  },
  validate() {
    // What the pump takes, and when, is the pump's to say.
  },
  run(runner, values, place) {
    const { unit } = runner.bench;
    const previous_ng = values.replaces ?? unit.previous_ng;
    const given = { ...unit, pulse_pL: values.pulse ?? unit.pulse_pL, capacity_nL: values.reservoir ?? unit.capacity_nL, catheter_cm: values.catheter ?? unit.catheter_cm, previous_ng };
    runner.operate(place, Op.set_up, [...setUpOf(given).slice(0, 4), values.again ?? previous_ng], values.expect_refusal);
  },
});
