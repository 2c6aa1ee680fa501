// A scenario: a file that was read, validated whole, and can be run.

import type { Unit } from "../unit";
import type { Place } from "./problem";
import type { Action } from "./verb";

/** One step that is ready to run. */
export interface Step extends Place {
  /** The verb and what stands after it, on one line. */
  readonly text: string;
  readonly run: Action;
}

export interface Scenario {
  /** As it was given on the command line. */
  readonly file: string;
  readonly title: string;
  readonly about: string;
  /** Ids such as "DOSE-1". */
  readonly requirements: readonly string[];
  readonly seed: number;
  /** What the scenario says about the unit; the rest is the bench's default. */
  readonly unit: Partial<Unit>;
  /** Wall clock at power-on. */
  readonly wall_ms: number;
  /** Where the unit is described, or the file. */
  readonly unit_place: Place;
  readonly steps: readonly Step[];
}
