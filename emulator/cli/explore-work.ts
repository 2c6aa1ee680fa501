// The work of an exploration, in any process: runs a job, shrinks a failure.

import { isMachine } from "../brain";
import type { Program } from "../brain";
import { plant } from "../explore/canary";
import type { Canary } from "../explore/canary";
import { kindOf } from "../explore/kinds";
import { runPlan, shrinkPlan } from "../explore/run-plan";
import type { Ask, ExploreManner, Told } from "./explore-wire";

/** The controller with the planted fault in it, if one is wanted. */
export function plantedIn(controller: Program, canary: Canary | undefined): Program {
  if (canary === undefined) return controller;
  if (isMachine(controller)) throw new Error("a machine has no board to plant a fault in");
  return plant(controller, canary);
}

/** Does what is asked. What a run can find is in its result; what is thrown is a bug here. */
export function answer(ask: Ask, controller: Program, manner: ExploreManner): Told {
  const program = plantedIn(controller, ask.canary);
  const kind = kindOf(ask.job);
  if (ask.type === "run") return { type: "ran", result: kind.run(ask.job, program) };
  const { plan, runs } = shrinkPlan(ask.finding.plan ?? kind.planOf(ask.job), ask.finding, program, manner.shrink_runs);
  const { verdict, digest, full_digest } = runPlan(plan, program);
  if (verdict === "pass") return { type: "failed", text: `its plan passes when it is run by itself, and it went wrong as a job: ${ask.finding.text}` };
  return { type: "shrunk", smallest: { plan, runs, ending: { verdict, digest, full_digest } } };
}
