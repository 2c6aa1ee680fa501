// JSON lines of a run: what --json prints, schema 1.

import { errorText } from "../../hal/fault-texts";
import { MotorResult } from "../../hal/motor";
import { RotorEdge } from "../../hal/rotor";
import { Tone } from "../../hal/sounder";
import { Alarms } from "../../protocol/alarms";
import { ALARM_NAMES, nameOf, OPERATION_NAMES, STATE_NAMES } from "../../protocol/names";
import { RecordKind } from "../../protocol/records";
import { onlyReads } from "../../protocol/wand/core/operations";
import { FAULT_KINDS } from "../faults";
import { eventText } from "../report/event-text";
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

/** Lines of one type that can come with every pulse or byte: a broken head has millions. */
export const LINES_MAX = 10_000;

/** What a run tells as it goes; `line` writes one. */
class Teller {
  readonly #counts = new Map<string, number>();
  #pulse = 0;

  constructor(private readonly line: ReturnType<typeof writer>) {}

  event(kind: TraceKind, pump_ms: number, a: number, b: number, c: number, d: number): void {
    const { line } = this;
    switch (kind) {
      case TraceKind.pulse: this.#pulse = a; break;
      case TraceKind.result: if (a === MotorResult.missed) this.#often("missed", { pump_ms, pulse: this.#pulse }); break;
      case TraceKind.late_edge: this.#often("edge", { pump_ms, edge: "late", after_ms: a }); break;
      case TraceKind.edge: this.#often("edge", { pump_ms, edge: a === (RotorEdge.reverse as number) ? "reverse" : "uncommanded", after_ms: b }); break;
      case TraceKind.link: this.#often("link", { pump_ms, awake: a === 1 }); break;
      case TraceKind.answer: this.#answer(pump_ms, a, b); break;
      case TraceKind.record: this.#record(pump_ms, a, b, c); break;
      case TraceKind.tone: line("tone", { pump_ms, critical: a === Tone.two_tone, duration_ms: b }); break;
      case TraceKind.drive: line("drive", { pump_ms, supplied: a === 1 }); break;
      case TraceKind.reset: line("reset", { pump_ms, cause: a, detail: b }); break;
      case TraceKind.host: line("host", { pump_ms, event: eventText(kind, a, b, c, d).replace("host: ", "") }); break;
      case TraceKind.fault: line("fault", { pump_ms, kind: FAULT_KINDS[a]?.kind, on: b === 1, value: c }); break;
      default:
    }
  }

  /** What only reads and is answered is left out: a scenario that looks a thousand times would drown the rest. */
  #answer(pump_ms: number, op: number, fault: number): void {
    if (fault === 0 && onlyReads(op)) return;
    this.line("operation", { pump_ms, operation: nameOf(OPERATION_NAMES, op), number: op, accepted: fault === 0, ...(fault === 0 ? {} : { fault, name: errorText(fault).name }) });
  }

  #record(pump_ms: number, kind: RecordKind, b: number, c: number): void {
    if (kind === RecordKind.alarm_on || kind === RecordKind.alarm_off) {
      this.line("alarm", { pump_ms, alarm: nameOf(ALARM_NAMES, b), critical: b <= Alarms.last_critical, on: kind === RecordKind.alarm_on });
    } else if (kind === RecordKind.state) this.line("state", { pump_ms, from: nameOf(STATE_NAMES, b), to: nameOf(STATE_NAMES, c) });
  }

  #often(type: string, fields: Readonly<Record<string, unknown>>): void {
    const count = (this.#counts.get(type) ?? 0) + 1;
    this.#counts.set(type, count);
    if (count <= LINES_MAX) this.line(type, fields);
    else if (count === LINES_MAX + 1) this.line("left_out", { of: type, after: LINES_MAX, pump_ms: fields["pump_ms"] });
  }
}

/** Prints what happens in a run as it comes: steps, operations, alarms, tones, states, resets, faults, and what the motor did not do as it should. */
export function jsonListener({ scenario, target, seed, lag_ms, again }: RunHead, write: Write): Required<RunListener> {
  const line = writer(write);
  const teller = new Teller(line);
  return {
    begin(bench) {
      line("begin", { scenario: scenario.title, file: scenario.file, ...(scenario.row === undefined ? {} : { row: scenario.row }), target, seed, lag_ms, again });
      bench.trace.on((kind, at_ms, a, b, c, d) => {
        // Two in three events are of no line: they cost a comparison or two.
        if (kind !== TraceKind.tally && kind !== TraceKind.put && kind !== TraceKind.commit) teller.event(kind, at_ms, a, b, c, d);
      });
    },
    step(step, bench) {
      line("step", { file: step.file, line: step.line, pump_ms: bench.pump_ms(), step: step.text });
    },
  };
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
