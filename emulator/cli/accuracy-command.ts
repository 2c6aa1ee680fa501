// The accuracy command: measures each rate, prints, writes CSV and chart.

import { accuracyOf, overLimit } from "../accuracy/accuracy";
import type { OverLimit, RateAccuracy } from "../accuracy/accuracy";
import type { BolusAccuracy } from "../accuracy/bolus";
import { measureBoluses, type BolusTest } from "../accuracy/bolus-test";
import { trumpetChart } from "../accuracy/chart";
import { accuracyCsv } from "../accuracy/csv";
import { measure } from "../accuracy/measure";
import type { Measured } from "../accuracy/measure";
import type { SetRate } from "../accuracy/set-rate";
import { accuracyTable, bolusText, overText, TABLE_NOTES } from "../accuracy/table";
import { percentOf } from "../accuracy/text";
import { NoAnswer, NoProgress } from "../bench";
import { isMachine } from "../brain";
import type { Program } from "../brain";
import { FAULT_KINDS } from "../faults";
import type { FaultOrder } from "../faults";
import type { Unit } from "../unit";
import { errorText } from "../../hal/fault-texts";
import { nameOf, OPERATION_NAMES } from "../../protocol/names";
import { Refused } from "../../protocol/wand/procedures/procedure";
import { decimalText, durationText } from "../../protocol/wand/text/wall";
import { worstExitCode } from "./exit-codes";
import type { Result } from "./exit-codes";
import { SCHEMA } from "./json-lines";
import { prepareFile, writeWhole } from "./output-file";
import type { openTarget, Target } from "./targets";
import type { Terminal } from "./terminal";
import { UsageError } from "./usage-error";

/** A whole test, checked. */
export interface AccuracyTest {
  readonly rates: readonly SetRate[];
  /** ng/uL. */
  readonly concentration: number;
  readonly unit: Unit;
  /** As it was given. */
  readonly unit_text?: string;
  readonly faults: readonly FaultOrder[];
  readonly windows_us: readonly number[];
  readonly stabilization_us: number;
  readonly analysis_us: number;
  readonly limit_ppm?: number;
  /** 25 boluses at each rate, too. */
  readonly bolus?: BolusTest;
  readonly csv?: string;
  readonly svg?: string;
  readonly target: Target;
  readonly seed: number;
  readonly json: boolean;
}

/** How a rate ended: measured, or why not. */
type Ended = { readonly accuracy: RateAccuracy; readonly measured: Measured; readonly over: readonly OverLimit[]; readonly boluses?: BolusAccuracy } | { readonly error: Error };

function resultOf(ended: Ended): Result {
  if ("error" in ended) {
    const { error } = ended;
    if (error instanceof Refused) return "refused";
    if (error instanceof NoProgress) return "no progress";
    // What the emulator does not model, such as a flat battery, says nothing about the pump.
    return error instanceof NoAnswer ? "expectation failed" : "crashed";
  }
  if (ended.measured.violations.length > 0) return "violation";
  return ended.over.length > 0 ? "expectation failed" : "pass";
}

/** Under what it was measured, in a line. */
function conditionsText({ unit, unit_text, concentration, analysis_us, stabilization_us, faults, target, seed }: AccuracyTest): string {
  const faults_text = faults.map(({ kind, value }) => `fault ${kind}${value === undefined ? "" : ` ${value} ${FAULT_KINDS.find((each) => each.kind === kind)?.value?.unit ?? ""}`}`);
  const parts = [
    `${decimalText(unit.pulse_pL, 3)} nL a pulse, ${concentration} ug/mL`, `analysis period ${durationText(analysis_us / 1000)} after ${durationText(stabilization_us / 1000)} of stabilization`,
    ...(unit_text === undefined ? [] : [`unit ${unit_text}`]), ...faults_text, `target ${target}, seed ${seed}`,
  ];
  return parts.join("; ");
}

function measured(test: AccuracyTest, rate: SetRate, controller: Program, terminal: Terminal): Ended {
  const progress = (done_us: number, total_us: number): void => { terminal.progress(`${rate.text}: ${Math.floor((done_us * 100) / total_us)} %`); };
  try {
    const run = measure(rate, { ...test, controller, progress });
    const accuracy = accuracyOf(rate, test.unit.pulse_pL, run.train, test.windows_us);
    const over = test.limit_ppm === undefined ? [] : overLimit(accuracy, test.limit_ppm);
    if (test.bolus === undefined) return { accuracy, measured: run, over };
    const boluses = measureBoluses(rate, { ...test, controller }, test.bolus);
    return { accuracy, measured: { ...run, violations: [...run.violations, ...boluses.violations] }, over, boluses: boluses.accuracy };
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }
}

/** What is said of a rate besides its table. */
function remarks({ measured: { ended_in, violations }, over, boluses }: Exclude<Ended, { readonly error: unknown }>, test: AccuracyTest, terminal: Terminal): string {
  const { paint } = terminal;
  const [first] = violations;
  return [
    ...(boluses === undefined ? [] : [bolusText(boluses)]),
    ...(ended_in === undefined ? [] : [paint("yellow", `  the pump was no longer in therapy at the end, but in: ${ended_in}\n`)]),
    ...(over.length === 0 ? [] : [paint("red", `${overText(over, test.limit_ppm ?? 0)}\n`)]),
    ...(first === undefined ? [] : [paint("red", `  the oracle found ${violations.length} dose violation${violations.length === 1 ? "" : "s"}, the first: ${first.kind}: ${first.text}: ${first.expected}, ${first.seen}\n`)]),
  ].join("");
}

function printRate(rate: SetRate, ended: Ended, test: AccuracyTest, terminal: Terminal): void {
  const { out, paint } = terminal;
  if ("error" in ended) out(`\n${paint("bold", rate.text)}\n${paint("red", `  not measured: ${ended.error.message}\n`)}`);
  else out(`\n${accuracyTable(ended.accuracy, ended.over, paint)}${remarks(ended, test, terminal)}`);
}

function jsonWindows({ windows }: RateAccuracy): readonly unknown[] {
  return windows.map(({ window_us, requested_pL, max, min, floor_max, floor_min, one_pulse_ppm }) => ({
    window_ms: window_us / 1000, requested_pL, max_pL: max.delivered_pL, min_pL: min.delivered_pL,
    max_percent: percentOf(max.deviation_ppm), min_percent: percentOf(min.deviation_ppm),
    floor_max_percent: percentOf(floor_max.deviation_ppm), floor_min_percent: percentOf(floor_min.deviation_ppm), one_pulse_percent: percentOf(one_pulse_ppm),
  }));
}

function jsonRate(rate: SetRate, ended: Ended, line: (type: string, fields: Readonly<Record<string, unknown>>) => void): void {
  if ("error" in ended) {
    const { error } = ended;
    if (error instanceof Refused) line("refusal", { rate: rate.text, operation: nameOf(OPERATION_NAMES, error.op), fault: error.fault, ...errorText(error.fault) });
    else line("error", { rate: rate.text, name: error.name, message: error.message });
    return;
  }
  const { accuracy, measured: run, over, boluses } = ended;
  line("accuracy", {
    rate: rate.text, analysis_ms: accuracy.analysis_us / 1000, pulses: accuracy.pulses, requested_pL: accuracy.requested_pL, delivered_pL: accuracy.mean.delivered_pL,
    mean_error_percent: percentOf(accuracy.mean.deviation_ppm), windows: jsonWindows(accuracy), violations: run.violations,
    over_limit: over.map(({ window_us, which, deviation_ppm }) => ({ window_ms: window_us / 1000, which, percent: percentOf(deviation_ppm) })),
    ...(boluses === undefined ? {} : { boluses: {
      count: boluses.count, requested_pL: boluses.requested_pL, mean_percent: percentOf(boluses.mean.deviation_ppm), max_percent: percentOf(boluses.max.deviation_ppm), min_percent: percentOf(boluses.min.deviation_ppm),
    } }),
    ...(run.ended_in === undefined ? {} : { ended_in: run.ended_in }),
  });
}

/** Writes what was asked for besides the output. */
function writeFiles({ csv, svg }: AccuracyTest, rates: readonly RateAccuracy[], conditions: string, terminal: Terminal): void {
  if (csv !== undefined) writeWhole("--csv", csv, accuracyCsv(rates));
  if (svg !== undefined) writeWhole("--svg", svg, trumpetChart(rates, conditions));
  for (const file of [csv, svg]) if (file !== undefined) terminal.err(`wrote ${file}\n`);
}

/** Measures rate after rate and gives the exit code. Throws `UsageError` before anything runs. */
export async function accuracyCommand(test: AccuracyTest, open: typeof openTarget, terminal: Terminal): Promise<number> {
  const { csv, svg, target, faults, json } = test;
  if (csv !== undefined) prepareFile("--csv", csv);
  if (svg !== undefined) prepareFile("--svg", svg);
  const controller = await open(target);
  const excluded = isMachine(controller) ? faults.find(({ kind }) => controller.excluded[kind] !== undefined) : undefined;
  if (excluded !== undefined) throw new UsageError(`--fault ${excluded.kind}: not on target ${target}: choose another target`);
  const line = (type: string, fields: Readonly<Record<string, unknown>>): void => { terminal.out(`${JSON.stringify({ schema: SCHEMA, type, ...fields })}\n`); };
  const conditions = conditionsText(test);
  if (json) line("begin", { conditions, target, seed: test.seed });
  else terminal.out(`flow accuracy: ${conditions}\n`);
  const all: Ended[] = [];
  for (const rate of test.rates) {
    // Lets what was written reach its reader, and an interrupt through.
    await new Promise((resolve) => { setImmediate(resolve); });
    const ended = measured(test, rate, controller, terminal);
    terminal.progress("");
    all.push(ended);
    if (json) jsonRate(rate, ended, line);
    else printRate(rate, ended, test, terminal);
  }
  const found = all.flatMap((ended) => ("error" in ended ? [] : [ended.accuracy]));
  const code = worstExitCode(all.map(resultOf));
  if (json) line("total", { rates: all.length, measured: found.length, exit_code: code });
  else if (found.length > 0) terminal.out(`\n${TABLE_NOTES}`);
  writeFiles(test, found, conditions, terminal);
  return code;
}
