// Running: a validated scenario on a bench, to an outcome with a verdict.

import type { Program } from "../brain";
import { Op } from "../../protocol/operations";
import { Bench, NoAnswer, NoProgress, setUpOf } from "../bench";
import type { Violation } from "../bench";
import { RefusedByPump, Runner } from "./runner";
import type { Announced, Failure, Refusal } from "./runner";
import type { Scenario } from "./scenario";
import { perform } from "./step";

/** How a run ended, most severe last. The command line maps each to its exit code. */
export type Verdict = "pass" | "expectation failed" | "refused" | "no progress" | "violation" | "crashed";

/** Hears a run as it goes. Must not call back into the bench. */
export interface RunListener {
  /** The bench is there, nothing has happened: the instant to listen to the trace. */
  readonly begin?: (bench: Bench) => void;
  /** A step is about to run, also one inside another. */
  readonly step?: (step: Announced, bench: Bench) => void;
}

export interface RunOptions {
  readonly controller: Program;
  /** Instead of the scenario's. */
  readonly seed?: number;
  /** How late each wake reaches the processor. */
  readonly lag_ms?: number;
  /** Instead of the scenario's: whether line, wand and storage take no time. */
  readonly instant?: boolean;
  readonly listener?: RunListener;
  /** Power may be cut inside storage, also if no step of the scenario does: for whoever copies the bench. */
  readonly cuts?: boolean;
}

export interface Outcome {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly verdict: Verdict;
  /** True time from power-on to the end. */
  readonly virtual_ms: number;
  readonly pulses: number;
  readonly digest: string;
  readonly full_digest: string;
  readonly violations: readonly Violation[];
  readonly failures: readonly Failure[];
  readonly refusal?: Refusal;
  /** What ended the run, if it was neither a refusal nor a pump that did not answer. */
  readonly error?: Error;
  /** The step that was being run when it ended before the end. */
  readonly ended_at?: Announced;
  /** What each `choose` step chose, in order: "which-fault 2 of 3". */
  readonly choices?: readonly string[];
  /** The last events of the trace, for a run that did not pass. */
  readonly recent: readonly string[];
}

/** Power-on, this unit's calibration and its clock: what comes before the first step. */
function prepare(scenario: Scenario, runner: Runner): void {
  const { bench } = runner;
  bench.powerOn();
  runner.operate(scenario.unit_place, Op.set_up, setUpOf(bench.unit), undefined);
  runner.operate(scenario.unit_place, Op.set_clock, [scenario.wall_ms, 0], undefined);
}

function verdictOf(bench: Bench, runner: Runner, error: unknown): Verdict {
  const known = error === undefined || error instanceof NoProgress || error instanceof NoAnswer || error instanceof RefusedByPump;
  if (!known) return "crashed";
  if (bench.oracle.violations.length > 0) return "violation";
  if (error instanceof RefusedByPump) return "refused";
  if (error instanceof NoProgress) return "no progress";
  return runner.failures.length > 0 ? "expectation failed" : "pass";
}

/**
 * Runs the scenario from power-on to its last step and the closing check. Gives an outcome for whatever
 * happens in there, also for a controller that throws.
 */
export function runScenario(scenario: Scenario, options: RunOptions): Outcome {
  const seed = options.seed ?? scenario.seed;
  const bench = new Bench({ controller: options.controller, seed, lag_us: (options.lag_ms ?? 0) * 1000, unit: scenario.unit, instant: options.instant ?? scenario.instant, cuts: options.cuts ?? scenario.cuts });
  let error: unknown;
  let at: Announced | undefined;
  const runner = new Runner(bench, seed, (step) => {
    at = step;
    options.listener?.step?.(step, bench);
  });
  try {
    options.listener?.begin?.(bench);
    prepare(scenario, runner);
    perform(runner, scenario.steps);
    at = undefined;
    bench.finish();
  } catch (thrown) {
    error = thrown instanceof Error ? thrown : new Error(String(thrown));
    if (thrown instanceof NoAnswer) runner.unanswered(at ?? scenario.unit_place, thrown);
  }
  const verdict = verdictOf(bench, runner, error);
  return {
    scenario, seed, verdict,
    virtual_ms: Math.floor(bench.now_us / 1000),
    pulses: bench.trace.pulses,
    digest: bench.trace.therapyDigest(),
    full_digest: bench.trace.fullDigest(),
    violations: bench.oracle.violations,
    failures: runner.failures,
    ...(error instanceof RefusedByPump ? { refusal: error.refusal } : error instanceof Error && !(error instanceof NoAnswer) ? { error } : {}),
    ...(error === undefined || at === undefined ? {} : { ended_at: at }),
    ...(runner.choices.length === 0 ? {} : { choices: runner.choices }),
    recent: verdict === "pass" ? [] : bench.trace.recent(),
  };
}
