// How the runs of a command are made: plain data, for this process or another.

import type { Target } from "./targets";

export interface Manner {
  readonly target: Target;
  /** Instead of each scenario's own. */
  readonly seed?: number;
  /** How late each wake reaches the processor. */
  readonly lag_ms: number;
  /** JSON lines are wanted. */
  readonly json: boolean;
}
