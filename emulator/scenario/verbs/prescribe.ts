// Verb prescribe: a dose rate, a weekday schedule, or the minimum rate.

import { Op, Prescribe } from "../../../protocol/operations";
import { optional } from "../fields";
import { oneOf, quantity } from "../kinds";
import { MEASURES } from "../quantity";
import { defineVerb, expect_refusal } from "../verb";
import { weekSchedule } from "../week";

export const prescribe = defineVerb({
  name: "prescribe",
  doc: "Gives the pump a prescription. It runs from the pulse boundary if therapy runs, else from the start.",
  example: 'prescribe: {schedule: {mon-fri: {"00:00": 200ug/day, "08:30": 350ug/day}, sat-sun: {"00:00": 200ug/day}}}',
  fields: {
    rate: optional(quantity(MEASURES.rate), "One dose rate for every day."),
    schedule: optional(weekSchedule, "Dose rates by weekday and time of day."),
    mode: optional(oneOf("mode", new Map([["minimum", Prescribe.minimum_rate]])), "minimum: 0.006 mL/day whatever the drug."),
    expect_refusal,
  },
  lone: "rate",
  validate(values, { report }) {
    const given = [values.rate, values.schedule, values.mode].filter((each) => each !== undefined);
    if (given.length !== 1) report(undefined, "prescribe needs exactly one of rate, schedule, mode");
  },
  run(runner, values, place) {
    let args: number[] = [Prescribe.minimum_rate];
    if (values.rate !== undefined) args = [Prescribe.schedule, 0, 0, 0, 0, 0, 0, 0, 0, values.rate];
    if (values.schedule !== undefined) args = [Prescribe.schedule, ...values.schedule.week, ...values.schedule.steps];
    runner.operate(place, Op.prescribe, args, values.expect_refusal);
  },
});
