// The run of a failure file, with its report: for replay, and after explore.

import type { Program } from "../brain";
import { differenceOf } from "../explore/failure-file";
import type { Ending } from "../explore/failure-file";
import { EventTail } from "../report/event-tail";
import { runScenario } from "../scenario/run";
import type { Scenario } from "../scenario/scenario";
import { reasonsOf, replayLine } from "./explain";
import type { Judged } from "./judged";
import { RunReport } from "./report-run";
import type { Target } from "./targets";

/** What is run again, and how it ended before. */
export interface Replay {
  readonly scenario: Scenario;
  readonly head: Ending;
  readonly target: Target;
  /** Where the run's files go, if anywhere. */
  readonly folder?: string;
  readonly now_ms: () => number;
}

/** Runs it. One that ends otherwise than it did is judged so, whatever its verdict. */
export function replayRun({ scenario, head, target, folder, now_ms }: Replay, controller: Program): { readonly judged: Judged; readonly unwritten: readonly string[] } {
  const again = replayLine(scenario.file);
  const report = folder === undefined ? undefined : new RunReport({ scenario, target, seed: scenario.seed, lag_ms: 0, again }, folder);
  const tail = new EventTail();
  const began_ms = now_ms();
  const ended = runScenario(scenario, {
    controller,
    listener: {
      begin: (bench) => {
        tail.listen(bench.trace);
        report?.begin(bench);
      },
      step: (step, bench) => { report?.step(step, bench); },
    },
  });
  const outcome = ended.verdict === "pass" ? ended : { ...ended, recent: tail.lines() };
  const text = differenceOf(head, outcome);
  const reasons = reasonsOf(outcome);
  const judged: Judged = {
    run: { scenario, all: [scenario] }, outcome, real_ms: now_ms() - began_ms, target, again,
    ...(text === undefined ? { result: outcome.verdict, reasons } : {
      result: "differs from golden", reasons: [`two runs differed: ${text}`, ...reasons], difference: { kind: head.digest === outcome.digest ? "full" : "therapy", text },
    }),
  };
  return { judged, unwritten: report?.end(judged) ?? [] };
}
