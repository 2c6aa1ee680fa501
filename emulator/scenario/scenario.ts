// A scenario: a file that was read, validated whole, and can be run.

import type { Unit } from "../unit";
import type { Place } from "./problem";
import type { Step } from "./step";

export type { Step } from "./step";

export interface Scenario {
  /** As it was given on the command line. */
  readonly file: string;
  /** With " [row]" after it for a row of a table. */
  readonly title: string;
  /** The row of the file's table, if it has one. */
  readonly row?: string;
  readonly about: string;
  /** Words to select by. */
  readonly tags: readonly string[];
  /** Ids such as "DOSE-1". */
  readonly requirements: readonly string[];
  readonly seed: number;
  /** What the scenario says about the unit; the rest is the bench's default. */
  readonly unit: Partial<Unit>;
  /** The line, the wand and storage take no time: an instant is exact to the millisecond. */
  readonly instant: boolean;
  /** Wall clock at power-on. */
  readonly wall_ms: number;
  /** Where the unit is described, or the file. */
  readonly unit_place: Place;
  /** How much virtual time the steps take, as far as they tell; a wait for a condition is not in it. */
  readonly planned_ms: number;
  /** Whether a step cuts power inside storage. */
  readonly cuts: boolean;
  readonly steps: readonly Step[];
}
