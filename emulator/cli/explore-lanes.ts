// Lanes of an exploration: this process, or others that have the code bundled.

import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Program } from "../brain";
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

/** What a process runs: a file, and how Node is to take it. */
export interface Worker {
  readonly file: string;
  readonly exec_args: readonly string[];
  readonly remove: () => void;
}

const source = fileURLToPath(new URL("./explore-worker.ts", import.meta.url));

/** Most of what a run makes is soon forgotten: with room for it, it is forgotten at less cost. */
const young = "--max-semi-space-size=64";

/** As it stands, by the loader that runs the command, too. */
function plainWorker(): Worker {
  // By its place, not by its name: the working directory need not be this package's.
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  return { file: source, exec_args: [young, "--import", tsx], remove: () => undefined };
}

/** Bundled, since enumerations are then numbers: three times as fast. Where there is no bundler, as it stands. */
export async function openWorker(target: ExploreManner["target"]): Promise<Worker> {
  // The compiled target finds its files by where its code stands.
  if (target !== "node") return plainWorker();
  const bundler = await import("esbuild").catch(() => undefined);
  if (bundler === undefined) return plainWorker();
  const folder = mkdtempSync(join(tmpdir(), "itb-pump-explore-"));
  const file = join(folder, "worker.mjs");
  await bundler.build({
    entryPoints: [source], bundle: true, platform: "node", format: "esm", outfile: file, logLevel: "error",
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    // Other targets are not for a bundle.
    external: ["../lua/*", "./pico-target", "./tether-target"],
  });
  return { file, exec_args: [young], remove: () => { rmSync(folder, { recursive: true, force: true }); } };
}

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
