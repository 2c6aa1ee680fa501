// Verb prescribe: a dose rate, a weekday schedule, or the minimum rate.

import { Mode } from "../../../protocol/states";
import { constantRate, MINIMUM_RATE, scheduled } from "../../../protocol/wand/procedures/prescription";
import { optional } from "../fields";
import { oneOf, quantity } from "../kinds";
import { MEASURES } from "../../../protocol/wand/text/quantity";
import { defineVerb, expect_refusal, yes_no } from "../verb";
import { weekSchedule } from "../week";

export const prescribe = defineVerb({
  name: "prescribe",
  doc: "Gives the pump a prescription: stages it, has the pump review it, commits. It runs from the pulse boundary if therapy runs, else from the start.",
  example: 'prescribe: {schedule: {mon-fri: {"00:00": 200ug/day, "08:30": 350ug/day}, sat-sun: {"00:00": 200ug/day}}}',
  fields: {
    rate: optional(quantity(MEASURES.rate), "One dose rate for every day."),
    schedule: optional(weekSchedule, "Dose rates by weekday and time of day."),
    mode: optional(oneOf("mode", new Map([["minimum", Mode.minimum_rate]])), "minimum: 0.006 mL/day whatever the drug."),
    expect_refusal,
    lost: optional(oneOf("answer", yes_no), "yes: the wand must get no answer and give up. Whether the pump took it is for later steps to see."),
  },
  lone: "rate",
  validate(values, { report }) {
    const given = [values.rate, values.schedule, values.mode].filter((each) => each !== undefined);
    if (given.length !== 1) report(undefined, "prescribe needs exactly one of rate, schedule, mode");
    if (values.lost === true && values.expect_refusal !== undefined) report("lost", "a prescription that gets no answer is not refused");
  },
  run(runner, values, place) {
    let staged = MINIMUM_RATE;
    if (values.rate !== undefined) staged = constantRate(values.rate);
    if (values.schedule !== undefined) staged = scheduled(values.schedule.week, values.schedule.steps);
    runner.prescribe(place, staged, values.expect_refusal, values.lost ?? false);
  },
});
