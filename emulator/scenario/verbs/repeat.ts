// Verb repeat: the same steps several times, each time so long if wanted.

import { required, optional } from "../fields";
import { count, duration } from "../kinds";
import { passTime, RUN_MS_MAX } from "../plan";
import { perform } from "../step";
import type { Step } from "../step";
import { stepList } from "../step-list";
import { defineVerb } from "../verb";
import { durationText } from "../../../protocol/wand/text/wall";

export const repeat = defineVerb({
  name: "repeat",
  doc: "Does the same steps several times. With every, each time lasts exactly so long, the last one too.",
  example: "repeat: {times: 288, every: 5min, steps: [expect: {state: therapy}]}",
  fields: {
    times: required(count(1, 1_000_000), "How often."),
    every: optional(duration, "From the beginning of one time to that of the next, in true time."),
    steps: required(stepList, "What is done each time."),
  },
  validate(values, { plan, report, steps }) {
    let ready: readonly Step[] = [];
    let one = { elapsed_ms: 0, wall_ms: 0, runs: 0 };
    // The second time finds what the first left behind; the others are like the second.
    const looks = Math.min(values.times, 2);
    for (let time = 0; time < looks; time += 1) {
      const { elapsed_ms, wall_ms, runs } = plan;
      ready = steps(values.steps, plan);
      plan.claims.clear();
      if (values.every !== undefined && plan.trusted) {
        const took_ms = plan.elapsed_ms - elapsed_ms;
        if (took_ms <= values.every) passTime(plan, values.every - took_ms);
        else {
          report("every", `the steps take ${durationText(took_ms)} each time, longer than ${durationText(values.every)}`);
          plan.trusted = false;
        }
      }
      one = { elapsed_ms: plan.elapsed_ms - elapsed_ms, wall_ms: plan.wall_ms - wall_ms, runs: plan.runs - runs };
    }
    const left = values.times - looks;
    plan.runs += one.runs * left;
    if (plan.trusted && plan.elapsed_ms + one.elapsed_ms * left > RUN_MS_MAX) {
      report("times", `the scenario would last longer than ${durationText(RUN_MS_MAX)}`);
      plan.trusted = false;
    } else {
      passTime(plan, one.elapsed_ms * left);
      plan.wall_ms += (one.wall_ms - one.elapsed_ms) * left;
    }
    return ready;
  },
  run(runner, values, place, _at, ready) {
    const began_us = runner.bench.now_us;
    runner.repeated(values.times, (time) => {
      perform(runner, ready);
      if (values.every !== undefined) runner.waitTo(place, "repeat", began_us + values.every * 1000 * time);
    });
  },
});
