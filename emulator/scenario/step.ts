// A step that is ready to run, and the running of several.

import type { Place } from "./problem";
import type { Runner } from "./runner";

/** What a step does once everything was validated. */
export type Action = (runner: Runner) => void;

/** One step that is ready to run. */
export interface Step extends Place {
  /** The verb and what stands after it, on one line. */
  readonly text: string;
  readonly run: Action;
}

/** Runs the steps in order, each announced before it. */
export function perform(runner: Runner, steps: readonly Step[]): void {
  for (const step of steps) {
    runner.announce(step);
    step.run(runner);
  }
}
