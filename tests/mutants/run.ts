// npm run mutants: broken firmware; what survives must be explained.

import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { firmwareTests } from "./firmware-tests";
import { ROOT, namedChange, siteChange, unchanged } from "./load";
import type { Change } from "./load";
import { NAMED_MUTANTS, OPEN_DOORS } from "./named";
import { drawSites, lineOf } from "./operators";
import { SURVIVORS } from "./survivors";
import type { Survivor } from "./survivors";
import { THERAPY_MUTANTS } from "./therapy";
import type { Tried } from "./worker";

/** The kill set must have spoken by then; a mutant that keeps it busy for longer makes no progress. */
const KILL_MS_MAX = 60_000;
const PROCESSES = 2;

interface Job {
  readonly title: string;
  readonly change: Change | undefined;
  readonly explained: Survivor | undefined;
}

/** A process that tries changes one at a time. */
class Bay {
  private child: ChildProcess | undefined;

  /** Tries one change; a process that does not answer in time is ended and replaced. */
  async attempt(change: Change | undefined): Promise<Tried> {
    const child = this.child ?? fork(fileURLToPath(new URL("./worker.ts", import.meta.url)), { execArgv: ["--import", "tsx"] });
    this.child = child;
    return new Promise((resolve) => {
      const settle = (tried: Tried, gone: boolean): void => {
        clearTimeout(timer);
        child.removeAllListeners();
        if (gone) this.close();
        resolve(tried);
      };
      const timer = setTimeout(() => { settle({ killer: `no verdict within ${KILL_MS_MAX / 1000} s` }, true); }, KILL_MS_MAX);
      child.once("message", (tried: Tried) => { settle(tried, false); });
      child.once("exit", (code) => { settle({ killer: `the process ended with ${code ?? "a signal"}` }, true); });
      child.send({ change });
    });
  }

  close(): void {
    this.child?.kill("SIGKILL");
    this.child = undefined;
  }
}

function jobs(seed: number, count: number): Job[] {
  const named = [...NAMED_MUTANTS, ...THERAPY_MUTANTS, ...OPEN_DOORS].map((mutant): Job => ({ title: `${mutant.name} (${mutant.file})`, change: namedChange(mutant), explained: undefined }));
  const drawn = drawSites(ROOT, seed, count).map((site): Job => {
    const line = lineOf(ROOT, site);
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
    const start_ms = Date.now();
    const { killer: scenario } = await bay.attempt(job.change);
    const killer = scenario ?? (job.change === undefined ? undefined : await firmwareTests(job.change, KILL_MS_MAX - (Date.now() - start_ms)));
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
  bay.close();
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { seed: { type: "string", default: "1" }, count: { type: "string", default: "50" } } });
  const seed = Number(values.seed);
  const count = Number(values.count);
  if (!Number.isSafeInteger(seed) || seed < 0 || !Number.isSafeInteger(count) || count < 0) throw new Error("--seed and --count take whole numbers");
  const bay = new Bay();
  const start = Date.now();
  const { killer } = await bay.attempt(undefined);
  bay.close();
  const healthy = killer ?? await firmwareTests(unchanged(), KILL_MS_MAX);
  if (healthy !== undefined) throw new Error(`the unchanged firmware fails the kill set: ${healthy}`);
  console.log(`kill set: ${((Date.now() - start) / 1000).toFixed(1)} s on the unchanged firmware, at most ${KILL_MS_MAX / 1000} s allowed`);
  const queue = jobs(seed, count);
  const tally: Tally = { killed: 0, explained: 0, survived: 0 };
  await Promise.all(Array.from({ length: PROCESSES }, () => drain(queue, tally)));
  console.log(`${tally.killed} killed, ${tally.explained} equivalent and explained, ${tally.survived} survived   npm run mutants -- --seed ${seed} --count ${count}`);
  process.exitCode = tally.survived > 0 ? 2 : 0;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
