// Opens a live pump's state file, and holds it against the command line.

import { StateFile } from "../live/state-file";
import { sameRuns, StateProblem } from "../live/state-text";
import type { Origin } from "../live/state-text";
import type { Unit } from "../unit";
import { isTarget } from "./targets";
import type { Target } from "./targets";
import { UsageError } from "./usage-error";

/** What the command line says of the pump, as far as it does. */
interface Wanted {
  readonly target?: Target | undefined;
  readonly seed?: number | undefined;
  readonly unit?: Unit | undefined;
}

/** What of that is not as in the file, and what to do; undefined if all is. */
function differing(path: string, { target, seed, unit }: Wanted, origin: Origin): string | undefined {
  if (!isTarget(origin.target)) return `--state ${path}: the pump in it runs on target ${origin.target}, which this emulator does not have: use the emulator that wrote it`;
  const go_on = "leave it out to go on with that pump";
  if (target !== undefined && !sameRuns(target, origin.target)) return `--target ${target}: the pump in ${path} runs on target ${origin.target}, whose time is another; ${go_on}`;
  const sorted = (of: Unit): string => JSON.stringify(Object.entries(of).sort());
  const option = seed !== undefined && seed !== origin.seed ? "--seed" : unit !== undefined && sorted(unit) !== sorted(origin.unit) ? "--unit" : undefined;
  return option === undefined ? undefined : `${option}: the pump in ${path} was made with another one; ${go_on}`;
}

/** Reads and locks the file. Throws `UsageError` if it cannot be used, or holds another pump than the command line asks for: it is left as it is. */
export function openState(path: string, wanted: Wanted): StateFile {
  let state: StateFile;
  try {
    state = new StateFile(path);
  } catch (error) {
    if (error instanceof StateProblem) throw new UsageError(`--state ${path}: ${error.message}`);
    throw error;
  }
  const wrong = state.origin === undefined ? undefined : differing(path, wanted, state.origin);
  if (wrong === undefined) return state;
  state.close();
  throw new UsageError(wrong);
}
