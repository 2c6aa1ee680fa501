// Verb when: waits until something is so, and does steps there.

import { EXPECTATIONS } from "../expectations";
import type { Mismatch } from "../expectations";
import { optional, required } from "../fields";
import { duration } from "../kinds";
import { RUN_MS_MAX } from "../plan";
import { perform } from "../step";
import { stepList } from "../step-list";
import type { Runner } from "../runner";
import { defineVerb } from "../verb";
import { durationText } from "../../../protocol/wand/text/wall";

const conditions = Object.fromEntries(Object.entries(EXPECTATIONS).map(([name, each]) => [name, each.field]));

/** How far apart two looks may be. */
const look_us = 60_000_000;
/** The pump is called no more often than this, should it not agree that it is so. */
const call_us = 1_000_000;

/** Whatever of it is not so now. */
function missing(runner: Runner, wanted: readonly (readonly [string, unknown])[]): Mismatch[] {
  // A pump that boots, or has no power, is not asked: it is waited for.
  if (!runner.bench.processor.up) return [{ what: "when", expected: "a pump that runs", seen: "it has no power, or boots" }];
  return wanted.flatMap(([name, value]) => EXPECTATIONS[name]?.compare(name, runner, value) ?? []);
}

export const when = defineVerb({
  name: "when",
  doc: "Waits until everything given is so, as expect would find it, and does the steps then. Looks at each event and once a minute.",
  example: "when: {alarms: [low reservoir], within: 30d, steps: [expect: {state: therapy}]}",
  fields: {
    within: required(duration, "How long to wait at most, in true time; if it is not so by then the run fails, and the steps are not done."),
    steps: optional(stepList, "What is done then."),
    ...conditions,
  },
  validate(values, { plan, report, steps }) {
    const { within, steps: nodes, ...wanted } = values as { readonly within: number; readonly steps?: Parameters<typeof steps>[0] };
    if (Object.keys(wanted).length === 0) report(undefined, `when needs at least one condition of ${Object.keys(conditions).join(", ")}`);
    if (within > RUN_MS_MAX) report("within", `the scenario would last longer than ${durationText(RUN_MS_MAX)}`);
    // How long it takes is for the run to find out: time is not followed further.
    plan.trusted = false;
    plan.claims.clear();
    return { wanted: Object.entries(wanted), steps: nodes === undefined ? [] : steps(nodes, plan), within_ms: within };
  },
  run(runner, _values, _place, at, { wanted, steps, within_ms }) {
    const { bench } = runner;
    const end_us = bench.now_us + within_ms * 1000;
    let misses = missing(runner, wanted);
    let called_us = -call_us;
    while (misses.length > 0 && bench.now_us < end_us) {
      runner.waitForEvent(Math.min(end_us, bench.now_us + look_us));
      // To call the pump at each event would be an event itself: it is called once it must be so by the oracle's books.
      const hopeful = runner.foreseeing(look_us, () => missing(runner, wanted)).length === 0;
      if (bench.now_us < end_us && (!hopeful || bench.now_us - called_us < call_us)) continue;
      called_us = bench.now_us;
      misses = missing(runner, wanted);
    }
    for (const miss of misses) runner.fail(at(miss.what.split(" ", 1)[0] ?? ""), miss.what, `${miss.expected} within ${durationText(within_ms)}`, miss.seen);
    if (misses.length === 0) perform(runner, steps);
  },
});
