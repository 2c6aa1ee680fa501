// JSON lines of a run: what --json prints, schema 1.

import { Alarms } from "../../protocol/alarms";
import { ALARM_NAMES, nameOf, STATE_NAMES } from "../../protocol/names";
import { RecordKind } from "../../protocol/records";
import { FAULT_KINDS } from "../faults";
import type { RunListener } from "../scenario/run";
import { TraceKind } from "../trace";
import type { Judged } from "./judged";
import type { RunHead } from "./report-writer";
import type { Run } from "./select";

/** Raised whenever a line's fields change their meaning. */
export const SCHEMA = 1;

type Write = (line: string) => void;

function writer(write: Write): (type: string, fields: Readonly<Record<string, unknown>>) => void {
  return (type, fields) => { write(`${JSON.stringify({ schema: SCHEMA, type, ...fields })}\n`); };
}

/** Prints the steps, alarms, states, resets and faults of a run as they come. */
export function jsonListener({ scenario, target, seed, lag_ms, again }: RunHead, write: Write): Required<RunListener> {
  const line = writer(write);
  return {
    begin(bench) {
      line("begin", { scenario: scenario.title, file: scenario.file, ...(scenario.row === undefined ? {} : { row: scenario.row }), target, seed, lag_ms, again });
      bench.trace.on((kind, at_ms, a, b, c) => {
        if (kind === TraceKind.record) record(line, at_ms, a, b, c);
        else if (kind === TraceKind.reset) line("reset", { pump_ms: at_ms, cause: a, detail: b });
        else if (kind === TraceKind.fault) line("fault", { pump_ms: at_ms, kind: FAULT_KINDS[a]?.kind, on: b === 1, value: c });
      });
    },
    step(step, bench) {
      line("step", { file: step.file, line: step.line, pump_ms: bench.pump_ms(), step: step.text });
    },
  };
}

function record(line: ReturnType<typeof writer>, pump_ms: number, kind: RecordKind, b: number, c: number): void {
  if (kind === RecordKind.alarm_on || kind === RecordKind.alarm_off) {
    line("alarm", { pump_ms, alarm: nameOf(ALARM_NAMES, b), critical: b <= Alarms.last_critical, on: kind === RecordKind.alarm_on });
  } else if (kind === RecordKind.state) line("state", { pump_ms, from: nameOf(STATE_NAMES, b), to: nameOf(STATE_NAMES, c) });
}

/** Prints what went wrong, then the summary: always the last line of a run. */
export function writeOutcome({ run, outcome, result, difference, again, target }: Judged, write: Write): void {
  const line = writer(write);
  for (const failure of outcome.failures) line("failure", { ...failure });
  if (outcome.refusal !== undefined) line("refusal", { ...outcome.refusal });
  if (outcome.error !== undefined) line("error", { name: outcome.error.name, message: outcome.error.message });
  if (difference !== undefined) line("golden", { ...difference });
  if (result !== "pass") line("again", { command: again });
  line("summary", {
    ...runFields(run), target, seed: outcome.seed, verdict: result, virtual_ms: outcome.virtual_ms, pulses: outcome.pulses,
    ...(outcome.choices === undefined ? {} : { choices: outcome.choices }), digest: outcome.digest, full_digest: outcome.full_digest, violations: outcome.violations,
  });
}

/** What tells one run from another. */
function runFields({ scenario }: Run): Record<string, unknown> {
  return {
    scenario: scenario.title, file: scenario.file, ...(scenario.row === undefined ? {} : { row: scenario.row }),
    requirements: scenario.requirements, tags: scenario.tags,
  };
}

/** Prints what would be run: one line a run, nothing after it. */
export function writeList(runs: readonly Run[], write: Write): void {
  const line = writer(write);
  for (const run of runs) line("scenario", runFields(run));
}

/** Prints the last line of a command: all its runs together. `runs` is how many were asked for, of which `--bail` can leave some out. */
export function writeTotal(judged: readonly Judged[], runs: number, exit_code: number, write: Write): void {
  const results: Record<string, number> = {};
  for (const { result } of judged) results[result] = (results[result] ?? 0) + 1;
  writer(write)("total", {
    runs, passed: results["pass"] ?? 0, failed: judged.length - (results["pass"] ?? 0), not_run: runs - judged.length, verdicts: results,
    virtual_ms: judged.reduce((sum, { outcome }) => sum + outcome.virtual_ms, 0), pulses: judged.reduce((sum, { outcome }) => sum + outcome.pulses, 0), exit_code,
  });
}
