// The plan: what validation knows of a scenario's course before anything runs.

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
  readonly faults: Map<string, number>;
  /** False once a step could not be read: what follows is then not judged by the plan. */
  trusted: boolean;
}

/** Longest virtual time of a run: 10 years, beyond every age limit of the pump. */
export const RUN_MS_MAX = 3653 * 86_400_000;

export function newPlan(wall_ms: number): Plan {
  return { wall_ms, elapsed_ms: 0, faults: new Map(), trusted: true };
}

/** Lets time pass in the plan. */
export function passTime(plan: Plan, duration_ms: number): void {
  plan.wall_ms += duration_ms;
  plan.elapsed_ms += duration_ms;
  for (const [kind, until] of plan.faults) if (until >= 0 && until <= plan.elapsed_ms) plan.faults.delete(kind);
}
