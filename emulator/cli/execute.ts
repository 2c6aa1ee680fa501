// Executing: one run from power-on to its outcome, with what is kept of it.

import type { Program } from "../brain";
import { EventTail } from "../report/event-tail";
import type { Collector } from "../report/collector";
import { runScenario } from "../scenario/run";
import type { Outcome, RunListener } from "../scenario/run";
import { repeatLine } from "./explain";
import { compareWith, GoldenWatch } from "./golden";
import { jsonListener } from "./json-lines";
import { judge } from "./judge";
import type { Finished } from "./judged";
import type { Manner } from "./manner";
import { RunReport } from "./report-run";
import type { ReportOrder, RunHead } from "./report-writer";
import type { Run } from "./select";

/** What a run is watched by. */
export interface Watch {
  /** JSON lines as they come. */
  readonly write: (line: string) => void;
  /** The picture, if one is wanted. */
  readonly picture?: Collector;
  /** Hears the pump's time about ten times a second, if anybody looks. */
  readonly progress?: (pump_ms: number) => void;
  /** Milliseconds by the host's clock. */
  readonly now_ms: () => number;
  /** Where its report goes, if one is wanted. */
  readonly report?: ReportOrder;
}

/** Events between two looks at the host's clock, and the time between two reports. */
const events_between = 2048;
const report_ms = 100;

/** Calls `progress` now and then while events come. */
function progressListener(progress: (pump_ms: number) => void, now_ms: () => number): RunListener {
  let events = 0;
  let last_ms = now_ms();
  return {
    begin(bench) {
      bench.trace.on((_kind, at_ms) => {
        events += 1;
        if (events % events_between !== 0) return;
        const now = now_ms();
        if (now - last_ms < report_ms) return;
        last_ms = now;
        progress(at_ms);
      });
    },
  };
}

function pictureListener(picture: Collector): RunListener {
  return {
    begin: (bench) => { picture.listen(bench); },
    step: () => { Object.assign(picture, { stepping: true }); },
  };
}

/** What all that is written of a run says at its top. */
function headOf(run: Run, manner: Manner, seed: number): RunHead {
  return { scenario: run.scenario, target: manner.target, seed, lag_ms: manner.lag_ms, again: repeatLine(run, seed, manner) };
}

/** Runs the scenario, and leaves its report behind; the events of an outcome that did not pass are in words. */
export function execute(run: Run, controller: Program, manner: Manner, watch: Watch): Finished {
  const { scenario } = run;
  const seed = manner.seed ?? scenario.seed;
  const head = headOf(run, manner, seed);
  const tail = new EventTail();
  const golden = new GoldenWatch();
  const report = watch.report === undefined ? undefined : new RunReport(head, watch.report.folder);
  const listeners: RunListener[] = [
    { begin: (bench) => { tail.listen(bench.trace); } },
    golden,
    ...(manner.json ? [jsonListener(head, watch.write)] : []),
    ...(report === undefined ? [] : [report]),
    ...(watch.picture === undefined ? [] : [pictureListener(watch.picture)]),
    ...(watch.progress === undefined ? [] : [progressListener(watch.progress, watch.now_ms)]),
  ];
  const began_ms = watch.now_ms();
  const ended = runScenario(scenario, {
    controller, seed, lag_ms: manner.lag_ms,
    listener: {
      begin: (bench) => { for (const each of listeners) each.begin?.(bench); },
      step: (step, bench) => { for (const each of listeners) each.step?.(step, bench); },
    },
  });
  const real_ms = watch.now_ms() - began_ms;
  const outcome: Outcome = ended.verdict === "pass" ? ended : { ...ended, recent: tail.lines() };
  const entry = golden.entry(outcome);
  // The files tell the verdict that the command tells: with what the run is compared with.
  const unwritten = report?.end(judge(run, { outcome, real_ms }, compareWith(watch.report?.golden, outcome, entry), manner)) ?? [];
  return { outcome, golden: entry, real_ms, ...(unwritten.length === 0 ? {} : { unwritten }) };
}
