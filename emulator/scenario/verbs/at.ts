// Verb at: steps at an instant of the run or of the pump's wall clock.

import { optional, required } from "../fields";
import { duration, wallTime } from "../kinds";
import { passTime, RUN_MS_MAX } from "../plan";
import { perform } from "../step";
import { stepList } from "../step-list";
import { defineVerb } from "../verb";
import { durationText, wallText } from "../../../protocol/wand/text/wall";

export const at = defineVerb({
  name: "at",
  doc: "Waits until an instant, and does the steps there. An instant that has gone is an error.",
  example: "at: {time: 2h, steps: [expect: {state: therapy}]}",
  fields: {
    time: optional(duration, "True time since power-on."),
    wall: optional(wallTime, "What the pump's wall clock shows."),
    steps: required(stepList, "What is done then."),
  },
  validate(values, { plan, report, steps }) {
    const field = values.time === undefined ? "wall" : "time";
    if ((values.time === undefined) === (values.wall === undefined)) {
      report(undefined, 'at needs a time since power-on, "time: 2h", or of the wall clock, "wall: 2026-03-29 03:00", and not both');
    } else if (plan.trusted) {
      const left_ms = values.time === undefined ? (values.wall ?? 0) - plan.wall_ms : values.time - plan.elapsed_ms;
      if (left_ms < 0) {
        const gone = values.time === undefined ? `${wallText(values.wall ?? 0)} has gone: the pump's clock shows ${wallText(plan.wall_ms)} at this step`
          : `${durationText(values.time)} has gone: this step is at ${durationText(plan.elapsed_ms)}`;
        report(field, gone);
        plan.trusted = false;
      } else if (plan.elapsed_ms + left_ms > RUN_MS_MAX) {
        report(field, `the scenario would last longer than ${durationText(RUN_MS_MAX)}`);
        plan.trusted = false;
      } else passTime(plan, left_ms);
    }
    plan.claims.clear();
    return steps(values.steps, plan);
  },
  run(runner, values, _place, where, ready) {
    if (values.time === undefined) runner.waitUntil(where("wall"), values.wall ?? 0);
    else runner.waitTo(where("time"), "at", values.time * 1000);
    perform(runner, ready);
  },
});
