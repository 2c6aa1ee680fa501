// What goes between explore and its processes: jobs out, results back.

import type { Canary } from "../explore/canary";
import type { Ending } from "../explore/failure-file";
import type { Finding } from "../explore/finding";
import type { Job, JobResult } from "../explore/job";
import type { Plan } from "../explore/plan";
import type { Target } from "./targets";

/** How a process works. */
export interface ExploreManner {
  readonly target: Target;
  /** Runs that making a failure smaller may take. */
  readonly shrink_runs: number;
}

/** What a process is asked for. */
export type Ask =
  | { readonly type: "run"; readonly job: Job; readonly canary?: Canary }
  | { readonly type: "shrink"; readonly job: Job; readonly finding: Finding; readonly canary?: Canary };

/** A failure made small. */
export interface Smallest {
  readonly plan: Plan;
  /** How it ends. */
  readonly ending: Ending;
  readonly runs: number;
}

export type Told =
  | { readonly type: "ran"; readonly result: JobResult }
  | { readonly type: "shrunk"; readonly smallest: Smallest }
  | { readonly type: "failed"; readonly text: string };
