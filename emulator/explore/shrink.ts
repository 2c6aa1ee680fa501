// Shrinking: the fewest steps, and the shortest waits, that still go wrong alike.

import { DAY, HOUR, MINUTE } from "./draw";
import { isWait } from "./plan";
import type { Plan, PlanStep } from "./plan";

/** Whether a plan still goes wrong in the same way. */
export type Fails = (plan: Plan) => boolean;

export interface Shrunk {
  readonly plan: Plan;
  readonly runs: number;
}

/** Counts runs, and gives up when they are used up: by runs and not by the wall, so that every machine shrinks alike. */
class Attempts {
  runs = 0;

  constructor(private readonly fails: Fails, private readonly most: number) {}

  get left(): boolean {
    return this.runs < this.most;
  }

  try(plan: Plan): boolean {
    if (!this.left) return false;
    this.runs += 1;
    return this.fails(plan);
  }
}

/** Neighbouring waits are one. */
function joined(steps: readonly PlanStep[]): PlanStep[] {
  const all: PlanStep[] = [];
  for (const step of steps) {
    const before = all.at(-1);
    if (isWait(step) && before !== undefined && isWait(before)) all[all.length - 1] = { wait_ms: before.wait_ms + step.wait_ms };
    else all.push(step);
  }
  return all;
}

function withSteps(plan: Plan, steps: readonly PlanStep[]): Plan {
  return { ...plan, steps: joined(steps) };
}

/** Cuts the end off: what comes after the failure does not matter to it. */
function cutEnd(plan: Plan, attempts: Attempts): Plan {
  let [low, high] = [0, plan.steps.length];
  let best = plan;
  while (low + 1 < high) {
    const middle = Math.ceil((low + high) / 2);
    const shorter = withSteps(plan, plan.steps.slice(0, middle));
    if (attempts.try(shorter)) [high, best] = [middle, shorter];
    else low = middle;
  }
  return best;
}

/** Leaves out pieces, large ones first; of a piece that holds verbs its waits may stay, so that what comes after it keeps its time. */
function leaveOut(plan: Plan, attempts: Attempts): Plan {
  let best = plan;
  for (let size = Math.ceil(best.steps.length / 2); size >= 1 && attempts.left; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < best.steps.length && attempts.left;) {
      const piece = best.steps.slice(from, from + size);
      const [before, after] = [best.steps.slice(0, from), best.steps.slice(from + size)];
      const waits = piece.filter(isWait);
      const candidates = [[...before, ...after], ...(waits.length > 0 && waits.length < piece.length ? [[...before, ...waits, ...after]] : [])];
      const found = candidates.map((steps) => withSteps(best, steps)).find((candidate) => candidate.steps.length < best.steps.length && attempts.try(candidate));
      if (found === undefined) from += size;
      else best = found;
    }
  }
  return best;
}

/** A wait that is shorter and rounder: a few tries for each. */
function shorten(plan: Plan, attempts: Attempts): Plan {
  let best = plan;
  for (let at = 0; at < best.steps.length; at += 1) {
    for (const shorter of [MINUTE, HOUR, DAY, "half", "half", "half", DAY, HOUR, MINUTE] as const) {
      const step = best.steps[at]!;
      if (!isWait(step)) break;
      const wait_ms = shorter === "half" ? Math.floor(step.wait_ms / 2) : shorter < step.wait_ms && shorter * 2 > step.wait_ms ? shorter : step.wait_ms - (step.wait_ms % shorter);
      const tried = typeof shorter === "number" && shorter < step.wait_ms ? [shorter, wait_ms] : [wait_ms];
      const found = tried.filter((each) => each > 0 && each < step.wait_ms).map((each) => withSteps(best, best.steps.map((old, index) => (index === at ? { wait_ms: each } : old)))).find((candidate) => attempts.try(candidate));
      if (found !== undefined) best = found;
    }
  }
  return best;
}

/** What stands in braces, part by part: the parts of a text at depth one. */
function partsOf(text: string): { readonly head: string; readonly parts: readonly string[] } | undefined {
  const open = text.indexOf("{");
  if (open < 0 || !text.endsWith("}")) return undefined;
  const parts: string[] = [];
  let depth = 0;
  let part = "";
  for (const letter of text.slice(open + 1, -1)) {
    if (letter === "{" || letter === "[") depth += 1;
    if (letter === "}" || letter === "]") depth -= 1;
    if (letter === "," && depth === 0) {
      parts.push(part.trim());
      part = "";
    } else part += letter;
  }
  return { head: text.slice(0, open), parts: [...parts, part.trim()] };
}

/** Leaves out fields of steps and of the unit: a prescription without its boluses, a fault that lasts. */
function simplify(plan: Plan, attempts: Attempts): Plan {
  let best = plan;
  const fields = (text: string, tryText: (text: string) => boolean): string => {
    let kept = text;
    for (let at = (partsOf(text)?.parts.length ?? 0) - 1; at >= 0; at -= 1) {
      const { head, parts } = partsOf(kept)!;
      const fewer = parts.filter((_, index) => index !== at);
      const shorter = fewer.length === 0 && head !== "" ? head.replace(/: $/, "") : `${head}{${fewer.join(", ")}}`;
      if (tryText(shorter)) kept = shorter;
    }
    return kept;
  };
  best = { ...best, unit: fields(best.unit, (unit) => attempts.try({ ...best, unit })) };
  best.steps.forEach((step, at) => {
    if (isWait(step)) return;
    const put = (text: string): Plan => ({ ...best, steps: best.steps.map((old, index) => (index === at ? { text } : old)) });
    best = put(fields(step.text, (text) => attempts.try(put(text))));
  });
  return best;
}

/** The smallest plan that was found in `runs_max` runs; the plan itself if none is smaller. */
export function shrink(plan: Plan, fails: Fails, runs_max: number): Shrunk {
  const attempts = new Attempts(fails, runs_max);
  let best = cutEnd(plan, attempts);
  for (let before = -1; before !== attempts.runs && attempts.left;) {
    const [steps, text] = [best.steps.length, JSON.stringify(best)];
    best = shorten(leaveOut(best, attempts), attempts);
    best = simplify(best, attempts);
    if (best.steps.length === steps && JSON.stringify(best) === text) break;
    before = -1;
  }
  return { plan: best, runs: attempts.runs };
}
