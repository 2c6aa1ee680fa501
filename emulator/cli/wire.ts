// What goes between the command and its processes: runs out, outcomes back.

import type { Outcome } from "../scenario/run";
import type { Announced } from "../scenario/runner";
import type { Scenario } from "../scenario/scenario";
import type { Finished } from "./judged";
import type { Manner } from "./manner";
import type { ReportOrder } from "./report-writer";

/** A run to be made: the process loads the scenario itself. */
export interface Job {
  readonly file: string;
  /** Which of the file's runs, from 0. */
  readonly index: number;
  readonly manner: Manner;
  /** Somebody looks at the progress. */
  readonly live: boolean;
  /** Where the process leaves the run's report, if one is wanted. */
  readonly report?: ReportOrder;
}

type PlainError = Pick<Error, "name" | "message" | "stack">;

/** An outcome as data: without the scenario, which both sides have, and without functions. */
export interface PlainOutcome extends Omit<Outcome, "scenario" | "error" | "ended_at"> {
  readonly error?: PlainError;
  readonly ended_at?: Announced;
}

/** What a process says. */
export type Message =
  | { readonly type: "progress"; readonly pump_ms: number }
  | Omit<Finished, "outcome"> & { readonly type: "done"; readonly outcome: PlainOutcome; readonly lines: string }
  /** The target cannot be opened, or the file is no scenario any more: a message for the user. */
  | { readonly type: "unusable"; readonly text: string };

/** The outcome as it travels. */
export function toPlain(outcome: Outcome): PlainOutcome {
  const { seed, verdict, virtual_ms, pulses, digest, full_digest, violations, failures, refusal, error, ended_at, choices, recent } = outcome;
  return {
    seed, verdict, virtual_ms, pulses, digest, full_digest, violations, failures, recent,
    ...(refusal === undefined ? {} : { refusal }), ...(choices === undefined ? {} : { choices }),
    ...(error === undefined ? {} : { error: { name: error.name, message: error.message, ...(error.stack === undefined ? {} : { stack: error.stack }) } }),
    ...(ended_at === undefined ? {} : { ended_at: { file: ended_at.file, line: ended_at.line, column: ended_at.column, text: ended_at.text } }),
  };
}

/** The outcome as it was. */
export function fromPlain(plain: PlainOutcome, scenario: Scenario): Outcome {
  const { error, ended_at, ...rest } = plain;
  return {
    ...rest, scenario,
    ...(error === undefined ? {} : { error: Object.assign(new Error(error.message), { name: error.name, stack: error.stack ?? "" }) }),
    ...(ended_at === undefined ? {} : { ended_at }),
  };
}

/** The outcome of a run whose process ended under it. */
export function lostOutcome(scenario: Scenario, seed: number, why: string): Outcome {
  return {
    scenario, seed, verdict: "crashed", virtual_ms: 0, pulses: 0, digest: "", full_digest: "", violations: [], failures: [], recent: [],
    error: Object.assign(new Error(why), { name: "ProcessEnded", stack: "" }),
  };
}
