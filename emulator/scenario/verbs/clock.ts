// Verb clock: the pump's wall clock is set.

import { Op } from "../../../protocol/operations";
import { optional } from "../fields";
import { oneOf, quantity, wallTime } from "../kinds";
import { MEASURES } from "../../../protocol/wand/text/quantity";
import { MAYBE } from "../refusal";
import { defineVerb, expect_refusal, yes_no } from "../verb";

export const clock = defineVerb({
  name: "clock",
  doc: "Sets the pump's wall clock, to a time or by an amount (by: 1h is summer time).",
  example: 'clock: {set: "2026-03-29 03:00"}',
  fields: {
    set: optional(wallTime, "The new time."),
    by: optional(quantity(MEASURES.shift), "How far to move it, forward or back."),
    confirm: optional(oneOf("answer", yes_no), "no: the time is not given again, which one that could break a rolling cap needs."),
    expect_refusal,
  },
  lone: "set",
  validate(values, { plan, report }) {
    if ((values.set === undefined) === (values.by === undefined)) {
      report(undefined, 'clock needs a time, "clock: {set: 2026-03-29 03:00}", or an amount, "clock: {by: 1h}", and not both');
    } else if (values.expect_refusal === MAYBE) plan.trusted = false;
    else if (values.expect_refusal === undefined) plan.wall_ms = values.set ?? plan.wall_ms + (values.by ?? 0);
  },
  run(runner, values, place) {
    // From the answer that tells the clock to the request that moves it is one turnaround of the wand's. What it takes on the line more or less is left.
    const turn_ms = runner.bench.turnaround_us / 1000;
    const wall_ms = values.set ?? runner.readClock() + turn_ms + (values.by ?? 0);
    runner.operate(place, Op.set_clock, [wall_ms, values.confirm === false ? 0 : wall_ms], values.expect_refusal);
  },
});
