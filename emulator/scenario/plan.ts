// The plan: what validation knows of a scenario's course before anything runs.

import type { Place } from "./problem";

/** A value that is expected, and where. */
export interface Claim extends Place {
  readonly wanted: unknown;
}

/**
 * Followed step by step while a scenario is validated, so that a step that can only be a mistake is found
 * before the run: a wait until a time that has gone, a heal of a fault that is not there.
 */
export interface Plan {
  /** The pump's wall clock at this step if no crystal drifts, in WallMs. */
  wall_ms: number;
  /** True time since power-on at this step, in ms. */
  elapsed_ms: number;
  /** Faults in force, with the elapsed time at which each heals by itself, -1 for not. */
  faults: Map<string, number>;
  /** False once a step could not be read, or took a time that only the run knows: what follows is then not judged by the plan. */
  trusted: boolean;
  /** Power may be cut inside storage. */
  cuts: boolean;
  /** How many steps are run up to here. */
  runs: number;
  /** What is expected at this very instant, by what it is about. */
  claims: Map<string, Claim>;
}

/** Longest virtual time of a run: 10 years, beyond every age limit of the pump. */
export const RUN_MS_MAX = 3653 * 86_400_000;

/** Most steps that one run may run: a repetition of more is a mistake. */
export const RUNS_MAX = 1_000_000;

export function newPlan(wall_ms: number): Plan {
  return { wall_ms, elapsed_ms: 0, faults: new Map(), trusted: true, cuts: false, runs: 0, claims: new Map() };
}

/** Another course from the same step. */
export function forkPlan(plan: Plan): Plan {
  return { ...plan, faults: new Map(plan.faults), claims: new Map(plan.claims) };
}

/** After a choice: what is the same on every course is still known. */
export function joinPlans(plan: Plan, courses: readonly Plan[]): void {
  const [first, ...others] = courses;
  if (first === undefined) return;
  const textOf = ({ wall_ms, elapsed_ms, faults }: Plan): string => JSON.stringify([wall_ms, elapsed_ms, [...faults].sort()]);
  const same = others.every((other) => textOf(other) === textOf(first));
  Object.assign(plan, first, {
    trusted: same && courses.every(({ trusted }) => trusted), cuts: courses.some(({ cuts }) => cuts), runs: Math.max(...courses.map(({ runs }) => runs)), claims: new Map(),
  });
}

/** Lets time pass in the plan. */
export function passTime(plan: Plan, duration_ms: number): void {
  plan.wall_ms += duration_ms;
  plan.elapsed_ms += duration_ms;
  for (const [kind, until] of plan.faults) if (until >= 0 && until <= plan.elapsed_ms) plan.faults.delete(kind);
}
