// A run that was made and judged: everything that is said about it.

import type { Case } from "../report/junit";
import type { Outcome } from "../scenario/run";
import type { Result } from "./exit-codes";
import type { Difference, GoldenEntry } from "./golden";
import type { Run } from "./select";

/** A run that has ended. */
export interface Finished {
  readonly outcome: Outcome;
  readonly golden: GoldenEntry;
  /** By the host's clock. */
  readonly real_ms: number;
  /** What of its report could not be written, a line each; nothing for all of it. */
  readonly unwritten?: readonly string[];
}

export interface Judged extends Case {
  readonly run: Run;
  readonly result: Result;
  /** How it differs from its golden entry. */
  readonly difference?: Difference;
}
