// A plan: an explicit scenario as data, that can be cut, written and run.

import { durationText } from "../../protocol/wand/text/wall";
import { parseScenario } from "../scenario/parse";
import type { Scenario } from "../scenario/scenario";

/** One step: time that passes, or a verb with what it takes, on one line. */
export type PlanStep = { readonly wait_ms: number } | { readonly text: string };

/** What a run does, whole: nothing of it is drawn any more. */
export interface Plan {
  readonly title: string;
  /** Of the run's own streams: which pulses of a weak motor fail, which bits flip. */
  readonly seed: number;
  /** The unit as scenarios have it, "{pulse: 240nL}". */
  readonly unit: string;
  /** As scenarios have it: "instant". */
  readonly line?: string;
  readonly steps: readonly PlanStep[];
}

export function isWait(step: PlanStep): step is { readonly wait_ms: number } {
  return "wait_ms" in step;
}

function stepText(step: PlanStep): string {
  return isWait(step) ? `wait: ${durationText(step.wait_ms)}` : step.text;
}

/** The plan as a scenario file. `head` is its first lines, each a comment. */
export function planText({ title, seed, unit, line, steps }: Plan, head: readonly string[] = []): string {
  const lines = [`scenario: ${JSON.stringify(title)}`, "tags: [explore]", `seed: ${String(seed)}`, ...(line === undefined ? [] : [`line: ${line}`]), ...(unit === "{}" ? [] : [`unit: ${unit}`]), "steps:"];
  return [...head, ...lines, ...steps.map((step) => `  - ${stepText(step)}`), ""].join("\n");
}

/** The plan ready to run. Throws `ScenarioProblems` for one that cannot be. */
export function scenarioOf(plan: Plan, file = "plan.yaml"): Scenario {
  return parseScenario(file, planText(plan));
}
