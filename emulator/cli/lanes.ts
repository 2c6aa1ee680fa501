// Lanes: where runs are made, in this process or in others, in order.

import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { openWorker } from "./bundle";
import type { Worker } from "./bundle";
import type { Finished } from "./judged";
import type { Manner } from "./manner";
import type { ReportOrder } from "./report-writer";
import { PART } from "./report-file";
import type { Run } from "./select";
import { UsageError } from "./usage-error";
import { fromPlain, lostOutcome } from "./wire";
import type { Job, Message } from "./wire";

/** A run that was made; its JSON lines, where they were not written as they came. */
export interface Made extends Finished {
  readonly lines: string;
}

/** Makes one run at a time. */
export interface Lane {
  readonly make: (run: Run) => Promise<Made>;
  readonly close: () => void;
}

const source = fileURLToPath(new URL("./run-worker.ts", import.meta.url));
let run_worker: Promise<Worker> | undefined;

/** Where each run's report goes; undefined for none. */
export type ReportOf = (run: Run) => ReportOrder | undefined;

const noReport: ReportOf = () => undefined;

/** A lane in a process of its own; one that ends under a run is replaced for the next. */
export class ProcessLane implements Lane {
  #child: ChildProcess | undefined;
  readonly #manner: Manner;
  readonly #progress: ((run: Run, pump_ms: number) => void) | undefined;

  readonly #reportOf: ReportOf;
  readonly #worker: Worker | undefined;

  /** `worker` is what the process runs, if it is to be another than run-worker.ts: it answers each `Job` with a `Message`. */
  constructor(manner: Manner, progress: ((run: Run, pump_ms: number) => void) | undefined, worker?: Worker, reportOf = noReport) {
    this.#manner = manner;
    this.#reportOf = reportOf;
    this.#progress = progress;
    this.#worker = worker;
  }

  make = async (run: Run): Promise<Made> => {
    const child = this.#child ?? this.#start(this.#worker ?? await (run_worker ??= openWorker(source)));
    const report = this.#reportOf(run);
    const job: Job = {
      file: run.scenario.file, index: run.all.indexOf(run.scenario), manner: this.#manner, live: this.#progress !== undefined, ...(report === undefined ? {} : { report }),
    };
    return new Promise((resolve, reject) => {
      const end = (): void => { child.removeAllListeners(); };
      child.on("message", (message: Message) => {
        if (message.type === "progress") {
          this.#progress?.(run, message.pump_ms);
          return;
        }
        end();
        if (message.type === "unusable") reject(new UsageError(message.text));
        else resolve({ ...message, outcome: fromPlain(message.outcome, run.scenario) });
      });
      const lost = (why: string): void => {
        end();
        this.#child = undefined;
        const outcome = lostOutcome(run.scenario, this.#manner.seed ?? run.scenario.seed, why);
        resolve({ outcome, golden: { digest: "", full_digest: "", virtual_ms: 0, pulses: 0, tones: { critical: 0, other: 0 }, records: {}, trail: "" }, real_ms: 0, lines: "",
          ...(report === undefined ? {} : { unwritten: [`${report.folder}: ${why}, and what it had begun there is named ${PART.slice(1)}`] }) });
      };
      child.once("exit", (code, signal) => { lost(`the process of this run ended with ${code === null ? String(signal) : `code ${code}`}`); });
      child.once("error", (error) => { lost(error.message); });
      child.send(job);
    });
  };

  close = (): void => {
    this.#child?.kill();
    this.#child = undefined;
  };

  #start({ file, exec_args }: Worker): ChildProcess {
    return this.#child = fork(file, { execArgv: [...exec_args], serialization: "advanced", stdio: ["ignore", "inherit", "inherit", "ipc"] });
  }
}

/**
 * Makes all runs on the lanes, and delivers them in their order, whatever the number of lanes. Ends early,
 * without the runs that come later, once `deliver` gives false. The lanes are closed in the end.
 */
export async function makeAll(runs: readonly Run[], lanes: readonly Lane[], deliver: (run: Run, made: Made) => boolean): Promise<void> {
  const waiting = new Map<number, Made>();
  let next = 0;
  let due = 0;
  let ended = false;
  // What the others are doing is not wanted any more: their processes end, and what that looks like is not delivered.
  const end = (): void => {
    ended = true;
    for (const lane of lanes) lane.close();
  };
  const deliverDue = (): void => {
    for (let made = waiting.get(due), run = runs[due]; !ended && made !== undefined && run !== undefined; made = waiting.get(due), run = runs[due]) {
      waiting.delete(due);
      due += 1;
      if (!deliver(run, made)) end();
    }
  };
  const drain = async (lane: Lane): Promise<void> => {
    for (let index = next++, run = runs[index]; run !== undefined && !ended; index = next++, run = runs[index]) {
      waiting.set(index, await lane.make(run));
      deliverDue();
    }
  };
  try {
    await Promise.all(lanes.map(drain));
  } finally {
    end();
  }
}
