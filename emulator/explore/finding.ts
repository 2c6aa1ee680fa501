// A finding: what a run that did not pass says, and what makes two alike.

import type { Violation } from "../oracle/violation";
import type { Outcome, Verdict } from "../scenario/run";
import type { Plan } from "./plan";

/** What went wrong in a run. `kind` is the same for every run that goes wrong in the same way, whatever the figures. */
export interface Finding {
  readonly verdict: Exclude<Verdict, "pass">;
  readonly kind: string;
  /** With this run's figures. */
  readonly text: string;
  /** What finds it, where that is not the job's own plan. */
  readonly plan?: Plan;
}

/** Figures differ from run to run; what they are figures of does not. */
function withoutFigures(text: string): string {
  return text.replaceAll(/\d+(?:[.:]\d+)*/g, "N");
}

export function findingOfViolation({ kind, text, expected, seen, pump_ms }: Violation): Finding {
  return { verdict: "violation", kind: `${kind}: ${withoutFigures(text)}`, text: `${kind}: ${text}: expected ${String(expected)}, seen ${String(seen)}, at ${String(pump_ms)} ms` };
}

/** Undefined for a run that passed. The first violation names it: what follows may be its consequence. */
export function findingOf({ verdict, violations, failures, refusal, error }: Outcome): Finding | undefined {
  if (verdict === "pass") return undefined;
  const [violation] = violations;
  if (verdict === "violation" && violation !== undefined) return findingOfViolation(violation);
  if (refusal !== undefined) return { verdict, kind: `${refusal.operation}: ${refusal.name}`, text: `${refusal.operation} refused: ${refusal.name}` };
  const [failure] = failures;
  if (verdict === "expectation failed" && failure !== undefined) return { verdict, kind: failure.what, text: `${failure.what}: expected ${failure.expected}, seen ${failure.seen}` };
  const text = error === undefined ? verdict : `${error.name}: ${error.message}`;
  return { verdict, kind: withoutFigures(text), text };
}

export function isSame(a: Finding | undefined, b: Finding | undefined): boolean {
  return a !== undefined && b !== undefined && a.verdict === b.verdict && a.kind === b.kind;
}
