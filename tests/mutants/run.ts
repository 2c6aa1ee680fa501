// npm run mutants: broken firmware; what survives must be explained.

import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bundleForNode } from "./bundle";
import { BUILD, firmwareTests } from "./firmware-tests";
import { killSet } from "./kill";
import { ROOT, namedChange, siteChange } from "./load";
import type { Change } from "./load";
import { NAMED_MUTANTS, OPEN_DOORS } from "./named";
import { drawSites } from "./operators";
import { explained } from "./survivors";
import type { Survivor } from "./survivors";
import { THERAPY_MUTANTS } from "./therapy";
import type { Tried } from "./worker";

/** The whole kill set on the unchanged firmware, in processor time: what else the machine does is not its fault. */
const KILL_MS_MAX = 20_000;
/** A mutant that keeps a half of the kill set busy for longer than this by the clock, or for `HUNG` times what the unchanged firmware took, makes no progress. */
const HUNG_MS_MIN = 60_000;
const HUNG = 3;
/** Until the unchanged firmware has been measured. */
const UNMEASURED_MS_MAX = 600_000;
const PROCESSES = 2;

interface Job {
  readonly title: string;
  readonly change: Change;
  readonly explained: Survivor | undefined;
}

/** A process that tries changes one at a time. */
class Bay {
  private child: ChildProcess | undefined;

  constructor(private readonly worker: string) {}

  /** Tries one change; a process that does not answer in time is ended and replaced. */
  async attempt(change: Change | undefined, ms_max: number): Promise<Tried> {
    const child = this.child ?? fork(this.worker, { execArgv: [] });
    this.child = child;
    return new Promise((resolve) => {
      const settle = (tried: Tried, gone: boolean): void => {
        clearTimeout(timer);
        child.removeAllListeners();
        if (gone) this.close();
        resolve(tried);
      };
      const timer = setTimeout(() => { settle({ killer: `no verdict within ${Math.round(ms_max / 1000)} s`, cpu_ms: 0 }, true); }, ms_max);
      child.once("message", (tried: Tried) => { settle(tried, false); });
      child.once("exit", (code) => { settle({ killer: `the process ended with ${code ?? "a signal"}`, cpu_ms: 0 }, true); });
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
  const drawn = drawSites(ROOT, seed, count).map((site): Job => ({
    title: `${site.file}:${site.line} ${site.operator}: ${site.was.replace(/\s+/g, " ")} -> ${site.replace.replace(/\s+/g, " ")}`,
    change: siteChange(site),
    explained: explained(ROOT, site),
  }));
  return [...drawn, ...named];
}

interface Tally {
  killed: number;
  explained: number;
  survived: number;
}

async function drain(queue: Job[], tally: Tally, worker: string, ms_max: number): Promise<void> {
  const bay = new Bay(worker);
  for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
    const killer = (await bay.attempt(job.change, ms_max)).killer ?? (await firmwareTests(job.change, ms_max)).killer;
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

/** The kill set on the unchanged firmware: throws if it fails or takes too long. Gives how long it took by the clock. */
async function measure(worker: string): Promise<number> {
  const bay = new Bay(worker);
  const start_ms = Date.now();
  const scenarios = await bay.attempt(undefined, UNMEASURED_MS_MAX);
  bay.close();
  const tests = await firmwareTests(undefined, UNMEASURED_MS_MAX);
  const clock_ms = Date.now() - start_ms;
  const cpu_ms = scenarios.cpu_ms + tests.cpu_ms;
  const healthy = scenarios.killer ?? tests.killer;
  if (healthy !== undefined) throw new Error(`the unchanged firmware fails the kill set: ${healthy}`);
  const { trials, left_out } = killSet();
  const text = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
  console.log(`kill set: ${trials.length} scenarios (${left_out} longer than a month left out) ${text(scenarios.cpu_ms)}, firmware tests ${text(tests.cpu_ms)}`);
  console.log(`          ${text(cpu_ms)} of processor time on the unchanged firmware, ${text(clock_ms)} by the clock; at most ${text(KILL_MS_MAX)} of processor time allowed`);
  if (cpu_ms > KILL_MS_MAX) throw new Error("the kill set takes too long");
  return clock_ms;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { seed: { type: "string", default: "1" }, count: { type: "string", default: "50" } } });
  const seed = Number(values.seed);
  const count = Number(values.count);
  if (!Number.isSafeInteger(seed) || seed < 0 || !Number.isSafeInteger(count) || count < 0) throw new Error("--seed and --count take whole numbers");
  mkdirSync(BUILD, { recursive: true });
  const folder = mkdtempSync(join(BUILD, "worker-"));
  try {
    const worker = join(folder, "worker.mjs");
    await bundleForNode(["tests/mutants/worker.ts"], worker, undefined);
    const ms_max = Math.max(HUNG_MS_MIN, HUNG * await measure(worker));
    const queue = jobs(seed, count);
    const tally: Tally = { killed: 0, explained: 0, survived: 0 };
    await Promise.all(Array.from({ length: PROCESSES }, () => drain(queue, tally, worker, ms_max)));
    console.log(`${tally.killed} killed, ${tally.explained} equivalent and explained, ${tally.survived} survived   npm run mutants -- --seed ${seed} --count ${count}`);
    process.exitCode = tally.survived > 0 ? 2 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
