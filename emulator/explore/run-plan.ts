// Running a plan: the ordinary run of a scenario, with what it found.

import type { Program } from "../brain";
import { ScenarioProblems } from "../scenario/problem";
import { runScenario } from "../scenario/run";
import type { Outcome, RunListener } from "../scenario/run";
import { findingOf, isSame } from "./finding";
import type { Finding } from "./finding";
import { scenarioOf } from "./plan";
import type { Plan } from "./plan";
import { shrink } from "./shrink";
import type { Shrunk } from "./shrink";

/** Runs a plan that must be valid. */
export function runPlan(plan: Plan, controller: Program, listener?: RunListener): Outcome {
  return runScenario(scenarioOf(plan), { controller, ...(listener === undefined ? {} : { listener }) });
}

/** What a candidate finds; nothing where it is no scenario any more, such as a heal without its fault. */
function tried(plan: Plan, controller: Program): Finding | undefined {
  try {
    return findingOf(runPlan(plan, controller));
  } catch (error) {
    if (error instanceof ScenarioProblems) return undefined;
    throw error;
  }
}

/** Makes a plan smaller for as long as it finds the same. */
export function shrinkPlan(plan: Plan, finding: Finding, controller: Program, runs_max: number): Shrunk {
  return shrink(plan, (candidate) => isSame(tried(candidate, controller), finding), runs_max);
}
