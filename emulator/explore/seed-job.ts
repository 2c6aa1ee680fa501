// The job kind "seed": a drawn plan, run and judged.

import { ScenarioProblems } from "../scenario/problem";
import { CoverageWatch, nothingReached } from "./coverage";
import { findingOf } from "./finding";
import { PLAN_VERSION, planOf } from "./generate";
import type { Job, JobKind } from "./job";
import { runPlan } from "./run-plan";

/** A seed with much in it and a short month. */
const QUICK = 45;

export const SEED_KIND: JobKind = {
  kind: "seed", version: PLAN_VERSION,
  run(job, controller) {
    const watch = new CoverageWatch();
    let outcome;
    try {
      outcome = runPlan(planOf(job.number), controller, { begin: (bench) => { watch.listen(bench); } });
    } catch (error) {
      if (!(error instanceof ScenarioProblems)) throw error;
      // Drawing is at fault, and the other seeds say as much as ever.
      const finding = { verdict: "crashed" as const, kind: "a plan that is no scenario", text: error.message };
      return { job, verdict: "crashed", digest: "", virtual_ms: 0, pulses: 0, reached: nothingReached(), finding };
    }
    const { verdict, digest, virtual_ms, pulses } = outcome;
    const finding = findingOf(outcome);
    return { job, verdict, digest, virtual_ms, pulses, reached: watch.end(), ...(finding === undefined ? {} : { finding }) };
  },
  planOf: (job) => planOf(job.number),
  telling: { kind: "seed", number: QUICK },
  quick: (n) => ({ kind: "seed", number: QUICK + n }),
  canaries: ["tally", "motor"],
  optionsOf: (job) => `--seeds ${String(job.number)}..${String(job.number)}`,
};

/** Seeds `from` to `to`, both included, as jobs. */
export function seedJob(seed: number): Job {
  return { kind: SEED_KIND.kind, number: seed };
}
