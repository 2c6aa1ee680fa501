// Shrinking: the fewest steps and shortest waits that still go wrong alike.

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

/** The first candidate that still fails. */
function firstOf(candidates: readonly Plan[], attempts: Attempts): Plan | undefined {
  return candidates.find((candidate) => attempts.try(candidate));
}

/** The plan without `size` steps from `from` on; if the piece holds verbs, also with its waits left, so that what comes after it keeps its time. */
function without(plan: Plan, from: number, size: number): readonly Plan[] {
  const piece = plan.steps.slice(from, from + size);
  const [before, after] = [plan.steps.slice(0, from), plan.steps.slice(from + size)];
  const waits = piece.filter(isWait);
  const kept = waits.length > 0 && waits.length < piece.length ? [[...before, ...waits, ...after]] : [];
  return [[...before, ...after], ...kept].map((steps) => withSteps(plan, steps)).filter(({ steps }) => steps.length < plan.steps.length);
}

/** Leaves out pieces, large ones first. */
function leaveOut(plan: Plan, attempts: Attempts): Plan {
  let best = plan;
  for (let size = Math.ceil(best.steps.length / 2); size >= 1 && attempts.left; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < best.steps.length && attempts.left;) {
      const found = firstOf(without(best, from, size), attempts);
      if (found === undefined) from += size;
      else best = found;
    }
  }
  return best;
}

/** The plan with another wait at step `at`. */
function withWait(plan: Plan, at: number, wait_ms: number): Plan {
  return withSteps(plan, plan.steps.map((step, index) => (index === at ? { wait_ms } : step)));
}

/** Waits that are shorter or rounder than `wait_ms`, the shortest first. */
function shorterThan(wait_ms: number): readonly number[] {
  const rounded = [DAY, HOUR, MINUTE].map((unit) => wait_ms - (wait_ms % unit));
  return [...new Set([MINUTE, HOUR, DAY, Math.floor(wait_ms / 4), Math.floor(wait_ms / 2), ...rounded])].filter((each) => each > 0 && each < wait_ms);
}

function withShorterWaits(plan: Plan, at: number, wait_ms: number): readonly Plan[] {
  return shorterThan(wait_ms).map((shorter) => withWait(plan, at, shorter));
}

/** Each wait as short and as round as it gets in a few tries. */
function shorten(plan: Plan, attempts: Attempts): Plan {
  let best = plan;
  for (let at = 0; at < best.steps.length; at += 1) {
    for (let tries = 0; tries < 4; tries += 1) {
      const step = best.steps[at];
      if (step === undefined || !isWait(step)) break;
      const found = firstOf(withShorterWaits(best, at, step.wait_ms), attempts);
      if (found === undefined) break;
      best = found;
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

/** The text without field `at` of what stands in its braces. */
function withoutField(text: string, at: number): string {
  const { head, parts } = partsOf(text)!;
  const fewer = parts.filter((_, index) => index !== at);
  return fewer.length === 0 && head !== "" ? head.replace(/: $/, "") : `${head}{${fewer.join(", ")}}`;
}

/** The plan whose text, by `put`, has as few fields as it needs. */
function fewerFields(plan: Plan, text: string, put: (plan: Plan, text: string) => Plan, attempts: Attempts): Plan {
  let [best, kept] = [plan, text];
  for (let at = (partsOf(text)?.parts.length ?? 0) - 1; at >= 0; at -= 1) {
    const shorter = withoutField(kept, at);
    const candidate = put(best, shorter);
    if (attempts.try(candidate)) [best, kept] = [candidate, shorter];
  }
  return best;
}

/** Leaves out fields of steps and of the unit: a prescription without its boluses, a fault that lasts. */
function simplify(plan: Plan, attempts: Attempts): Plan {
  let best = fewerFields(plan, plan.unit, (of, unit) => ({ ...of, unit }), attempts);
  plan.steps.forEach((step, at) => {
    if (isWait(step)) return;
    best = fewerFields(best, step.text, (of, text) => ({ ...of, steps: of.steps.map((old, index) => (index === at ? { text } : old)) }), attempts);
  });
  return best;
}

/** The smallest plan that was found in `runs_max` runs; the plan itself if none is smaller. */
export function shrink(plan: Plan, fails: Fails, runs_max: number): Shrunk {
  const attempts = new Attempts(fails, runs_max);
  let best = cutEnd(plan, attempts);
  for (let before = ""; attempts.left && before !== JSON.stringify(best);) {
    before = JSON.stringify(best);
    best = simplify(shorten(leaveOut(best, attempts), attempts), attempts);
  }
  return { plan: best, runs: attempts.runs };
}
