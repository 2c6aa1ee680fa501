// A run that was made and judged: everything that is said about it.

import type { Case } from "../report/junit";
import type { Result } from "./exit-codes";
import type { Difference } from "./golden";
import type { Run } from "./select";

export interface Judged extends Case {
  readonly run: Run;
  readonly result: Result;
  /** How it differs from its golden entry. */
  readonly difference?: Difference;
}
