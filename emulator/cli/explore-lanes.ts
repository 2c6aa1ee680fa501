// Lanes of an exploration: this process, or others that have the code bundled.

import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Program } from "../brain";
import type { Worker } from "./bundle";
import { answer } from "./explore-work";
import type { Ask, ExploreManner, Told } from "./explore-wire";

/** Answers one ask at a time. */
export interface ExploreLane {
  readonly ask: (ask: Ask) => Promise<Told>;
  readonly close: () => void;
}

/** In this process. */
export function ownLane(controller: Program, manner: ExploreManner): ExploreLane {
  return {
    async ask(ask) {
      // Lets an interrupt through, and what was written to its reader.
      await new Promise((resolve) => { setImmediate(resolve); });
      return answer(ask, controller, manner);
    },
    close: () => undefined,
  };
}

/** What a lane's process runs. */
export const EXPLORE_WORKER = fileURLToPath(new URL("./explore-worker.ts", import.meta.url));

/** In a process of its own. One that ends under an ask fails it, and is replaced for the next. */
export function processLane(worker: Worker, manner: ExploreManner): ExploreLane {
  let child: ChildProcess | undefined;
  return {
    ask(ask) {
      child ??= fork(worker.file, [JSON.stringify(manner)], { execArgv: [...worker.exec_args], serialization: "advanced", stdio: ["ignore", "inherit", "inherit", "ipc"] });
      const asked = child;
      return new Promise((resolve) => {
        const end = (told: Told): void => {
          asked.removeAllListeners();
          if (told.type === "failed") child = undefined;
          resolve(told);
        };
        asked.on("message", (told: Told) => { end(told); });
        asked.once("exit", (code, signal) => { end({ type: "failed", text: `the process of this run ended with ${code === null ? String(signal) : `code ${String(code)}`}` }); });
        asked.once("error", (error) => { end({ type: "failed", text: error.message }); });
        asked.send(ask);
      });
    },
    close() {
      child?.kill();
      child = undefined;
    },
  };
}

/** Asks all on the lanes, and delivers what is told in the order of the asks, whatever the number of lanes. Ends early once `deliver` gives false. */
export async function askAll<T extends Ask>(asks: Iterable<T>, lanes: readonly ExploreLane[], deliver: (ask: T, told: Told) => boolean): Promise<void> {
  const waiting = new Map<number, readonly [T, Told]>();
  const source_of = asks[Symbol.iterator]();
  let [next, due, ended] = [0, 0, false];
  const drain = async (lane: ExploreLane): Promise<void> => {
    for (;;) {
      const index = next;
      const taken = ended ? undefined : source_of.next();
      if (taken === undefined || taken.done === true) return;
      next += 1;
      waiting.set(index, [taken.value, await lane.ask(taken.value)]);
      for (let found = waiting.get(due); found !== undefined && !ended; found = waiting.get(due)) {
        waiting.delete(due);
        due += 1;
        ended = !deliver(...found);
      }
    }
  };
  await Promise.all(lanes.map(drain));
}
