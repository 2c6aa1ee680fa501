// Replay: a state file's run once more, at full speed, checked by its digests.

import type { Bench } from "../bench";
import { applyInput, runTo } from "./input";
import { isMark, StateProblem } from "./state-text";
import type { Entry } from "./state-text";

/** Brings a new bench, powered on, to the end of the entries. Throws `StateProblem` if the run is another one now. */
export function replay(bench: Bench, entries: readonly Entry[]): void {
  for (const { line, item } of entries) {
    runTo(bench, item.us);
    if (!isMark(item)) {
      try {
        applyInput(bench, item);
      } catch (error) {
        throw new StateProblem(line, `cannot be done again: ${error instanceof Error ? error.message : String(error)}`);
      }
    } else if (bench.trace.fullDigest() !== item.digest) {
      throw new StateProblem(line, "the run comes out differently from what it was: firmware or emulator have changed since. "
        + "Go on with the version that wrote it, or begin another state file");
    }
  }
}
