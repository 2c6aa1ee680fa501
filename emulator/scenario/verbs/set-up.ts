// Verb set_up: calibration and capacity are given again, as at power-on.

import { Op } from "../../../protocol/operations";
import { optional } from "../fields";
import { quantity, volume } from "../kinds";
import { MEASURES } from "../../../protocol/wand/text/quantity";
import { defineVerb, expect_refusal } from "../verb";

export const set_up = defineVerb({
  name: "set_up",
  doc: "Gives the pump its calibration and its capacity. Every run does this by itself at power-on, from unit; the pump takes it on the shelf only.",
  example: "set_up: {pulse: 250nL, reservoir: 20mL}",
  fields: {
    pulse: optional(quantity(MEASURES.pulse), "Calibrated volume of a motor pulse; the unit's if it is left out."),
    reservoir: optional(volume, "Capacity for deliverable drug; the unit's if it is left out."),
    expect_refusal,
  },
  validate() {
    // What the pump takes, and when, is the pump's to say.
  },
  run(runner, values, place) {
    const { unit } = runner.bench;
    runner.operate(place, Op.set_up, [values.pulse ?? unit.pulse_pL, values.reservoir ?? unit.capacity_nL], values.expect_refusal);
  },
});
