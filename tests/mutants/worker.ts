// A process that tries one mutant at a time against the kill set.

import { kill, killSet } from "./kill";
import { loadFirmware } from "./load";
import type { Change } from "./load";

const trials = killSet();

/** What it answers: who noticed it, or nothing. */
export interface Tried {
  readonly killer: string | undefined;
}

async function tryChange(change: Change | undefined): Promise<Tried> {
  try {
    return { killer: kill(await loadFirmware(change), trials, true) };
  } catch (error) {
    return { killer: `does not load: ${error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error)}` };
  }
}

process.on("message", ({ change }: { readonly change?: Change }) => {
  void tryChange(change).then((tried) => process.send?.(tried));
});
