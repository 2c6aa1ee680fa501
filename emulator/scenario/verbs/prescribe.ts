// Verb prescribe: rates, boluses, limits, a plan, and a refill with it.

import { confirmAll } from "../../../protocol/wand/procedures/program";
import { PRESCRIPTION_FIELDS, stagedOf, wrongBase } from "../../../protocol/wand/file/prescription-fields";
import { optional } from "../fields";
import { count, oneOf } from "../kinds";
import { defineVerb, expect_refusal, yes_no } from "../verb";
import { residual_nL } from "./refill";

const fields = {
  ...PRESCRIPTION_FIELDS,
  confirm: optional(oneOf("answer", yes_no), "no: what the pump's review asks to be confirmed is not."),
  reason: optional(count(0, 255), "Reason for a large step down; 1 unless told."),
  expect_refusal,
  lost: optional(oneOf("answer", yes_no), "yes: the wand must get no answer and give up. Whether the pump took it is for later steps to see."),
};

export const prescribe = defineVerb({
  name: "prescribe",
  doc: "Gives the pump a prescription: stages it, has the pump review it, confirms what the review asks for, commits. It runs from the pulse boundary if therapy runs, else from the start.",
  example: 'prescribe: {schedule: {mon-fri: {"00:00": 200ug/day, "08:30": 350ug/day}, sat-sun: {"00:00": 200ug/day}}, patient: {dose: 20ug, over: 30min, most: 2}}',
  fields,
  lone: "rate",
  validate(values, { report }) {
    const wrong = wrongBase(values);
    if (wrong !== undefined) report(undefined, `prescribe ${wrong}`);
    if (values.lost === true && values.expect_refusal !== undefined) report("lost", "a prescription that gets no answer is not refused");
  },
  run(runner, values, place) {
    const staged = stagedOf(values, residual_nL(runner));
    runner.prescribe(place, staged, values.expect_refusal, values.lost ?? false, (review) =>
      (values.confirm === false ? { daily_ng: 0, bolus_ng: 0, reason: 0 } : confirmAll(staged, review, values.reason ?? 1)));
  },
});
