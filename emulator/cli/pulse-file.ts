// The emulated step pin as a pulse counter sees it: a line an edge, in a file.

import { closeSync, openSync, writeSync } from "node:fs";
import type { Bench } from "../bench";
import { systemReason } from "../scenario/load";
import { TraceKind } from "../trace-kind";
import { UsageError } from "./usage-error";

/** Writes from now on; gives what ends it. Throws `UsageError` for a file that cannot be written. */
export function writePulses(path: string, bench: Bench): () => void {
  let file: number;
  try {
    file = openSync(path, "a");
  } catch (error) {
    throw new UsageError(`--pulses ${path}: cannot be written: ${systemReason(error)}`);
  }
  bench.trace.on((kind) => {
    if (kind === TraceKind.pulse) writeSync(file, `${(bench.engine.now_us / 1_000_000).toFixed(6)}\n`);
  });
  return () => { closeSync(file); };
}
