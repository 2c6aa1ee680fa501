// A hunt: exploration of a firmware, and of the emulated storage it runs on.

import { plantedIn } from "../../emulator/cli/explore-work";
import { findingOf, isSame } from "../../emulator/explore/finding";
import { kindOf } from "../../emulator/explore/kinds";
import type { Job } from "../../emulator/explore/job";
import { runPlan, shrinkPlan } from "../../emulator/explore/run-plan";
import { planText } from "../../emulator/explore/plan";
import { createController } from "../../firmware/controller";

/** What a hunt came to. */
export interface Hunted {
  /** Jobs until something was found, that one included; all of them if nothing was. */
  readonly jobs: number;
  /** Cuts of power in them. */
  readonly cuts: number;
  readonly found: string | undefined;
  /** The smallest plan, and how many steps it has. */
  readonly steps: number;
  readonly text: string;
}

/** Runs jobs until one finds something, which is made small. */
export function hunt(jobs: readonly Job[], shrink_runs: number): Hunted {
  const controller = plantedIn(createController, undefined);
  let [count, cuts] = [0, 0];
  for (const job of jobs) {
    const kind = kindOf(job);
    const { finding, reached } = kind.run(job, controller);
    count++;
    for (const [name, times] of Object.entries(reached.faults)) if (name.startsWith("flash.")) cuts += times;
    if (finding === undefined) continue;
    const { plan } = shrinkPlan(finding.plan ?? kind.planOf(job), finding, controller, shrink_runs);
    if (!isSame(findingOf(runPlan(plan, controller)), finding)) throw new Error(`the plan of what was found does not repeat it: ${finding.text}`);
    return { jobs: count, cuts, found: `${finding.verdict}: ${finding.text}`, steps: plan.steps.length, text: planText(plan) };
  }
  return { jobs: count, cuts, found: undefined, steps: 0, text: "" };
}

/** Jobs of a kind, the quick ones. */
export function quickJobs(kind: string, count: number): readonly Job[] {
  const { quick } = kindOf({ kind, number: 0 });
  return Array.from({ length: count }, (_, n) => quick(n));
}
