// npm run mutants: broken firmware against the kill set; survivors must be explained.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { FIRMWARE, namedChange, siteChange } from "./load";
import type { Change } from "./load";
import { NAMED_MUTANTS } from "./named";
import { drawSites } from "./operators";
import { SURVIVORS } from "./survivors";
import type { Survivor } from "./survivors";
import type { Tried } from "./worker";

/** The kill set must have spoken by then; a mutant that keeps it busy for longer makes no progress. */
const KILL_MS_MAX = 20_000;
const WORKERS = 2;

interface Job {
  readonly title: string;
  readonly change: Change | undefined;
  readonly explained: Survivor | undefined;
}

class Bay {
  private worker: Worker | undefined;

  /** Tries one change; a worker that does not answer in time is ended and replaced. */
  async attempt(change: Change | undefined): Promise<Tried> {
    const worker = this.worker ?? new Worker(new URL("./worker.ts", import.meta.url));
    this.worker = worker;
    return new Promise((resolve) => {
      const settle = (tried: Tried, gone: boolean): void => {
        clearTimeout(timer);
        worker.removeAllListeners();
        if (gone) {
          this.worker = undefined;
          void worker.terminate();
        }
        resolve(tried);
      };
      const timer = setTimeout(() => { settle({ killer: `no verdict within ${KILL_MS_MAX / 1000} s` }, true); }, KILL_MS_MAX);
      worker.once("message", (tried: Tried) => { settle(tried, false); });
      worker.once("error", (error: Error) => { settle({ killer: `worker died: ${error.message}` }, true); });
      worker.postMessage(change);
    });
  }

  async close(): Promise<void> {
    await this.worker?.terminate();
  }
}

function sourceLine(file: string, line: number): string {
  return readFileSync(join(FIRMWARE, file), "utf8").split("\n")[line - 1]?.trim() ?? "";
}

function jobs(seed: number, count: number): Job[] {
  const named = NAMED_MUTANTS.map((mutant): Job => ({ title: `${mutant.name} (${mutant.file})`, change: namedChange(mutant), explained: undefined }));
  const drawn = drawSites(FIRMWARE, seed, count).map((site): Job => {
    const line = sourceLine(site.file, site.line);
    return {
      title: `${site.file}:${site.line} ${site.operator}: ${site.was.replace(/\s+/g, " ")} -> ${site.replace.replace(/\s+/g, " ")}`,
      change: siteChange(site),
      explained: SURVIVORS.find((known) => known.file === site.file && known.operator === site.operator && known.line === line),
    };
  });
  return [...named, ...drawn];
}

interface Tally {
  killed: number;
  explained: number;
  survived: number;
}

async function drain(queue: Job[], tally: Tally): Promise<void> {
  const bay = new Bay();
  for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
    const { killer } = await bay.attempt(job.change);
    if (killer !== undefined) {
      tally.killed++;
      console.log(`killed     ${job.title}  by ${killer}`);
    } else if (job.explained !== undefined) {
      tally.explained++;
      console.log(`equivalent ${job.title}  ${job.explained.why}`);
    } else {
      tally.survived++;
      console.log(`SURVIVED   ${job.title}`);
    }
  }
  await bay.close();
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { seed: { type: "string", default: "1" }, count: { type: "string", default: "50" } } });
  const seed = Number(values.seed);
  const count = Number(values.count);
  if (!Number.isSafeInteger(seed) || seed < 0 || !Number.isSafeInteger(count) || count < 0) throw new Error("--seed and --count take whole numbers");
  const bay = new Bay();
  const start = Date.now();
  const healthy = await bay.attempt(undefined);
  await bay.close();
  if (healthy.killer !== undefined) throw new Error(`the unchanged firmware fails the kill set: ${healthy.killer}`);
  console.log(`kill set: ${((Date.now() - start) / 1000).toFixed(1)} s on the unchanged firmware, at most ${KILL_MS_MAX / 1000} s allowed`);
  const queue = jobs(seed, count);
  const tally: Tally = { killed: 0, explained: 0, survived: 0 };
  await Promise.all(Array.from({ length: WORKERS }, () => drain(queue, tally)));
  console.log(`${tally.killed} killed, ${tally.explained} equivalent and explained, ${tally.survived} survived   npm run mutants -- --seed ${seed} --count ${count}`);
  process.exitCode = tally.survived > 0 ? 2 : 0;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
