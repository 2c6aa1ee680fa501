// Verb wait: virtual time passes.

import { optional } from "../fields";
import { duration, wallTime } from "../kinds";
import { passTime, RUN_MS_MAX } from "../plan";
import { defineVerb } from "../verb";
import { durationText, wallText } from "../../../protocol/wand/text/wall";

export const wait = defineVerb({
  name: "wait",
  doc: "Lets true time pass, for a duration or until the pump's wall clock shows a time.",
  example: "wait: 30d",
  fields: {
    for: optional(duration, "How long, in true time."),
    until: optional(wallTime, "Until the pump's wall clock shows this."),
  },
  lone: "for",
  validate(values, { plan, report }) {
    if ((values.for === undefined) === (values.until === undefined)) {
      report(undefined, 'wait needs a duration, "wait: 6h", or a time, "wait: {until: 2026-03-29 03:00}", and not both');
      return;
    }
    if (!plan.trusted) return;
    const duration_ms = values.for ?? (values.until ?? 0) - plan.wall_ms;
    if (duration_ms < 0) {
      report("until", `${wallText(values.until ?? 0)} has gone: the pump's clock shows ${wallText(plan.wall_ms)} at this step`);
    } else if (plan.elapsed_ms + duration_ms > RUN_MS_MAX) {
      report(values.for === undefined ? "until" : "for", `the scenario would last longer than ${durationText(RUN_MS_MAX)}`);
    } else passTime(plan, duration_ms);
  },
  run(runner, values, place) {
    if (values.for !== undefined) runner.wait(values.for);
    else runner.waitUntil(place, values.until ?? 0);
  },
});
