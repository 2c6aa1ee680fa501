// Judging: a run that was made, with its golden digest, to what is reported.

import { differenceText, reasonsOf, repeatLine } from "./explain";
import type { Difference } from "./golden";
import type { Finished, Judged } from "./judged";
import type { Manner } from "./manner";
import type { Run } from "./select";

/** What is said about a run; `difference` is how it differs from its golden entry. */
export function judge(run: Run, { outcome, real_ms }: Pick<Finished, "outcome" | "real_ms">, difference: Difference | undefined, manner: Manner): Judged {
  return {
    run, outcome, real_ms, target: manner.target,
    result: difference === undefined ? outcome.verdict : "differs from golden",
    reasons: difference === undefined ? reasonsOf(outcome) : [differenceText(outcome, difference)],
    again: repeatLine(run, outcome.seed, manner),
    ...(difference === undefined ? {} : { difference }),
  };
}
