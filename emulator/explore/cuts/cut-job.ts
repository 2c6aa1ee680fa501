// The job kind "cuts": a part of all cuts of power in a plan's run.

import { createHash } from "node:crypto";
import type { Program } from "../../brain";
import { addTo, CoverageWatch } from "../coverage";
import { findingOf, findingOfViolation, type Finding } from "../finding";
import { PLAN_VERSION, planOf as seedPlan } from "../generate";
import type { Job, JobKind, JobResult } from "../job";
import { planText, scenarioOf, type Plan } from "../plan";
import { select, sweep, type Lived, type Wanted } from "./sweep";
import { busyYear } from "./year";

/** What a job of this kind is a part of. */
export interface CutsAsked extends Wanted {
  /** Days of the busy year, the drawn plan whose seed is the job's number, or a file's plan. */
  readonly in: { readonly days: number } | { readonly plan: "drawn" } | { readonly file: string; readonly of_file: Plan };
  /** In how many parts. */
  readonly parts: number;
}

/** Such a job. */
export interface CutJob extends Job {
  readonly asked: CutsAsked;
}

/** Raised whenever the busy year, or what is cut in it, means something else. */
const VERSION = 1;
const DAY_MS = 86_400_000;

function plainPlan({ asked, number }: CutJob): Plan {
  if ("file" in asked.in) return asked.in.of_file;
  return "days" in asked.in ? busyYear(asked.in.days) : seedPlan(number);
}

/** The cuts of a sweep are the same for all its parts: worked out once in a process. */
const selections = new Map<string, readonly number[]>();

function chosenOf({ asked, number }: CutJob, controller: Program, plan: Plan): ReadonlySet<number> {
  const key = JSON.stringify([asked, "plan" in asked.in ? number : 0]);
  const known = selections.get(key) ?? [...select(scenarioOf(plan), controller, asked)].sort((a, b) => a - b);
  selections.set(key, known);
  return new Set(known.filter((_, i) => i % asked.parts === ("plan" in asked.in ? 0 : number - 1)));
}

/** The plan up to a cut, with the cut, the step that it came in, and a day. `from` is how many operations there had been before that step. */
function planWith(plan: Plan, step: number, from: number, { operation, how, then }: Lived): Plan {
  const second = then === undefined ? "" : `, then: ${String(then.operation)}, then_how: ${then.how}`;
  const steps = [...plan.steps.slice(0, step), { text: `cut: {operation: ${String(operation.number - from)}, how: ${how}${second}}` }, ...plan.steps.slice(step, step + 1), { wait_ms: DAY_MS }];
  return { ...plan, title: `${plan.title}: power cut at operation ${String(operation.number)}`, steps };
}

function findingIn({ bench, error }: Lived): Finding | undefined {
  const [violation] = bench.oracle.violations;
  if (violation !== undefined) return findingOfViolation(violation);
  if (error !== undefined) return { verdict: "no progress", kind: "the pump does not answer after a cut of power", text: error.message };
  return undefined;
}

function run(job: CutJob, controller: Program): JobResult {
  const plan = plainPlan(job);
  const scenario = scenarioOf(plan);
  const watch = new CoverageWatch();
  const hash = createHash("sha256");
  const faults: Record<string, number> = {};
  const found: { finding?: Finding } = {};
  let [virtual_ms, pulses] = [0, 0];
  const chosen = chosenOf(job, controller, plan);
  let step = 0;
  let from = 0;
  const first_line = planText(plan).split("\n").indexOf("steps:") + 2;
  const lived = (each: Lived): void => {
    const { bench, how, operation, motions } = each;
    addTo(faults, `flash.${how}`);
    virtual_ms += DAY_MS;
    pulses += motions;
    hash.update(`${String(operation.number)} ${how} ${String(bench.plant.motions)} ${String(bench.motor.commanded)} ${String(bench.oracle.violation_count)}\n`);
    const finding = findingIn(each);
    if (finding !== undefined && found.finding === undefined) found.finding = { ...finding, plan: planWith(plan, step, from, each) };
  };
  const outcome = sweep(scenario, controller, chosen, job.asked, {
    lived, begin: (bench) => { watch.listen(bench); },
    step: ({ line }, bench) => {
      step = line - first_line;
      from = bench.storage.flash.operations;
    },
  });
  const finding = findingOf(outcome) ?? found.finding;
  const reached = watch.end();
  for (const [name, count] of Object.entries(faults)) addTo(reached.faults, name, count);
  return {
    job, verdict: finding?.verdict ?? outcome.verdict, digest: hash.digest("hex").slice(0, 16), virtual_ms, pulses, reached, ...(finding === undefined ? {} : { finding }),
  };
}

/** Such jobs do not know of one another, and each makes the whole run for its part of the cuts. */
export const CUTS_KIND: JobKind = {
  kind: "cuts", version: VERSION * 1000 + PLAN_VERSION,
  run: (job, controller) => run(job as CutJob, controller),
  planOf: (job) => plainPlan(job as CutJob),
  telling: { kind: "cuts", number: 1, asked: { in: { days: 1 }, cuts: 5, drawn: 0, seed: 1, depth: 1, parts: 1 } satisfies CutsAsked },
  quick: (n) => ({ kind: "cuts", number: 1, asked: { in: { days: 1 }, cuts: "all", drawn: 20, seed: n, depth: 1, parts: 1 } satisfies CutsAsked }),
  canaries: ["tally", "answers"],
  optionsOf(job) {
    const { number, asked: { cuts, drawn, depth, parts, ...asked } } = job as CutJob;
    const more = [cuts === "all" ? ` --drawn ${String(drawn)}` : "", depth === 1 ? "" : " --depth 2"].join("");
    const shard = parts === 1 ? "" : ` --shard ${String(number)}/${String(parts)}`;
    const where = "file" in asked.in ? `${asked.in.file}${shard}` : "days" in asked.in ? `--days ${String(asked.in.days)}${shard}` : `--seeds ${String(number)}..${String(number)}`;
    return `--power-cuts ${String(cuts)}${more} ${where}`;
  },
};
