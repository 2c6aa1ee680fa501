// A process that tries one mutant at a time against the scenarios.

import { kill, killSet } from "./kill";
import { loadFirmware } from "./load";
import type { Change } from "./load";

const { trials } = killSet();

/** What a half of the kill set answers. */
export interface Tried {
  /** Who noticed the mutant; undefined if nobody did. */
  readonly killer: string | undefined;
  /** Processor time since its process began. */
  readonly cpu_ms: number;
}

async function tryChange(change: Change | undefined): Promise<string | undefined> {
  try {
    return kill(await loadFirmware(change), trials, true);
  } catch (error) {
    return `does not load: ${error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error)}`;
  }
}

process.on("message", ({ change }: { readonly change?: Change }) => {
  void tryChange(change).then((killer) => {
    const { user, system } = process.cpuUsage();
    process.send?.({ killer, cpu_ms: (user + system) / 1000 } satisfies Tried);
  });
});
