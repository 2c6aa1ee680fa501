// A process that makes one run at a time, for `itb-pump run --workers`.

import type { Program } from "../brain";
import { loadScenarios } from "../scenario/load";
import { ScenarioProblems } from "../scenario/problem";
import { execute } from "./execute";
import { openTarget } from "./targets";
import type { Target } from "./targets";
import { UsageError } from "./usage-error";
import { toPlain } from "./wire";
import type { Job, Message } from "./wire";

const opened = new Map<Target, Promise<Program>>();

function say(message: Message): void {
  process.send?.(message);
}

async function make({ file, index, manner, live, report }: Job): Promise<void> {
  const controller = opened.get(manner.target) ?? openTarget(manner.target);
  opened.set(manner.target, controller);
  const factory = await controller;
  const all = loadScenarios(file);
  const scenario = all[index];
  if (scenario === undefined) throw new UsageError(`${file}: was changed while it was being run`);
  let lines = "";
  const { outcome, ...rest } = execute({ scenario, all }, factory, manner, {
    write: (line) => { lines += line; },
    now_ms: () => performance.now(),
    ...(report === undefined ? {} : { report }),
    ...(live ? { progress: (pump_ms: number) => { say({ type: "progress", pump_ms }); } } : {}),
  });
  say({ ...rest, type: "done", outcome: toPlain(outcome), lines });
}

process.on("message", (job: Job) => {
  make(job).catch((error: unknown) => {
    if (!(error instanceof UsageError || error instanceof ScenarioProblems)) throw error;
    say({ type: "unusable", text: error.message });
  });
});
// The command has gone: nobody wants the answer.
process.on("disconnect", () => { process.exit(); });
