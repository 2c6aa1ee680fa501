// Executing: one run from power-on to its outcome, with what is kept of it.

import type { Program } from "../brain";
import { EventTail } from "../report/event-tail";
import type { Collector } from "../report/collector";
import { runScenario } from "../scenario/run";
import type { Outcome, RunListener } from "../scenario/run";
import type { Scenario } from "../scenario/scenario";
import { GoldenWatch } from "./golden";
import type { GoldenEntry } from "./golden";
import { jsonListener } from "./json-lines";
import type { Manner } from "./manner";

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
}

/** A run that has ended. */
export interface Finished {
  readonly outcome: Outcome;
  readonly golden: GoldenEntry;
  /** By the host's clock. */
  readonly real_ms: number;
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

/** Runs the scenario; the events of an outcome that did not pass are in words. */
export function execute(scenario: Scenario, controller: Program, manner: Manner, watch: Watch): Finished {
  const seed = manner.seed ?? scenario.seed;
  const tail = new EventTail();
  const golden = new GoldenWatch();
  const listeners: RunListener[] = [
    { begin: (bench) => { tail.listen(bench.trace); } },
    golden,
    ...(manner.json ? [jsonListener(scenario, manner, seed, watch.write)] : []),
    ...(watch.picture === undefined ? [] : [pictureListener(watch.picture)]),
    ...(watch.progress === undefined ? [] : [progressListener(watch.progress, watch.now_ms)]),
  ];
  const began_ms = watch.now_ms();
  const outcome = runScenario(scenario, {
    controller, seed, lag_ms: manner.lag_ms,
    listener: {
      begin: (bench) => { for (const each of listeners) each.begin?.(bench); },
      step: (step, bench) => { for (const each of listeners) each.step?.(step, bench); },
    },
  });
  const real_ms = watch.now_ms() - began_ms;
  return { outcome: outcome.verdict === "pass" ? outcome : { ...outcome, recent: tail.lines() }, golden: golden.entry(outcome), real_ms };
}
