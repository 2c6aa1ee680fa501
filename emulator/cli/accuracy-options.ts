// The accuracy command's options, and their checks before anything runs.

import type { Command } from "commander";
import { Option } from "commander";
import { fitsFields } from "../../protocol/wand/core/operations";
import { PPM_PER_PERCENT } from "../accuracy/flow";
import { DEFAULT_RATES, parseSetRate } from "../accuracy/set-rate";
import type { SetRate } from "../accuracy/set-rate";
import { WINDOWS_US } from "../accuracy/windows";
import { FAULT_KINDS } from "../faults";
import type { FaultOrder } from "../faults";
import { parseFaultValue, valueExpected } from "../scenario/verbs/fault";
import { DEFAULT_UNIT } from "../unit";
import type { Unit } from "../unit";
import { Op } from "../../protocol/operations";
import { MEASURES, parseQuantity } from "../../protocol/wand/text/quantity";
import type { Measure } from "../../protocol/wand/text/quantity";
import { didYouMean } from "../../protocol/wand/text/suggest";
import { durationText } from "../../protocol/wand/text/wall";
import { accuracyCommand } from "./accuracy-command";
import type { AccuracyTest } from "./accuracy-command";
import { several, SEED_MAX, unitOf, wholeNumber } from "./option-values";
import { TARGETS } from "./targets";
import type { openTarget, Target } from "./targets";
import type { Terminal } from "./terminal";
import { UsageError } from "./usage-error";

/** As they are given. */
interface AccuracyOptions {
  readonly rate: readonly string[];
  readonly concentration: string;
  readonly for: string;
  readonly stabilization: string;
  readonly window: readonly string[];
  readonly unit?: string;
  readonly fault: readonly string[];
  readonly limit?: string;
  readonly bolus?: string;
  readonly over: string;
  readonly csv?: string;
  readonly svg?: string;
  readonly target: Target;
  readonly seed: number;
  readonly json?: true;
}

/** What acts on the motor. At the other devices' faults the flow is what it was, or nobody can refill. */
const FLOW_FAULTS = FAULT_KINDS.filter(({ kind, instant }) => instant !== true && /^(motor|rotor|crystal|battery)\./.test(kind));

/** More pulses at one rate take more memory than most have. */
const PULSES_MAX = 10_000_000;

function quantityOf(option: string, given: string, of: Measure, least: number, least_text: string): number {
  const parsed = parseQuantity(given, of);
  if ("wrong" in parsed) throw new UsageError(`${option} ${given}: ${parsed.wrong}`);
  if (parsed.value < least) throw new UsageError(`${option} ${given}: expected ${least_text} or more`);
  return parsed.value;
}

/** "5" or "0.5%", in millionths. */
function limitOf(given: string): number {
  const [, whole = "", fraction = ""] = /^(\d{1,4})(?:\.(\d{1,4}))?\s*%?$/.exec(given.trim()) ?? [];
  if (whole === "") throw new UsageError(`--limit ${given}: expected a percentage from 0, with four decimals at most, such as 5%`);
  return Number(whole) * PPM_PER_PERCENT + Number(fraction.padEnd(4, "0"));
}

/** `motor.worn=1145permille`, or a kind alone if it takes no value. */
function faultOf(given: string): FaultOrder {
  const [name = "", ...rest] = given.split("=");
  const names = FLOW_FAULTS.map(({ kind }) => kind);
  const known = FLOW_FAULTS.find(({ kind }) => kind === name.trim());
  if (known === undefined) {
    const other = FAULT_KINDS.some(({ kind }) => kind === name.trim());
    throw new UsageError(`--fault ${given}: ${other ? `"${name}" does not act on the flow all the time: expected one of ${names.join(", ")}` : `there is no fault "${name}"${didYouMean(name, names)}`}`);
  }
  const value = rest.length === 0 ? undefined : rest.join("=").trim();
  if (known.value === undefined) {
    if (value !== undefined) throw new UsageError(`--fault ${given}: ${known.kind} takes no value: leave out "=${value}"`);
    return { kind: known.kind };
  }
  if (value === undefined) throw new UsageError(`--fault ${given}: needs a value, ${known.kind}=VALUE: ${valueExpected(known.value)}`);
  const parsed = parseFaultValue(known.value, value);
  if ("wrong" in parsed) throw new UsageError(`--fault ${given}: ${parsed.wrong}`);
  return { kind: known.kind, value: parsed.value };
}

function faultsOf(given: readonly string[]): readonly FaultOrder[] {
  const faults = given.map(faultOf);
  const twice = faults.find(({ kind }, at) => faults.findIndex((each) => each.kind === kind) !== at);
  if (twice !== undefined) throw new UsageError(`--fault ${twice.kind} is given twice: give it once, with one value`);
  return faults;
}

function rateOf(given: string, concentration: number, unit: Unit, for_ms: number): SetRate {
  const rate = parseSetRate(given, concentration);
  if ("wrong" in rate) throw new UsageError(`--rate ${given}: ${rate.wrong}`);
  const pulses = (rate.flow.pL / rate.flow.days / unit.pulse_pL) * (for_ms / 86_400_000);
  if (pulses > PULSES_MAX) throw new UsageError(`--rate ${given}: some ${Math.round(pulses / 1e6)} million pulses in ${durationText(for_ms)}, of which at most ${PULSES_MAX / 1e6} million are kept: give a lower rate or a shorter --for`);
  return rate;
}

function windowsOf(given: readonly string[], for_ms: number): readonly number[] {
  if (given.length === 0) return WINDOWS_US;
  const windows_ms = given.map((each) => {
    const window_ms = quantityOf("--window", each, MEASURES.duration, 1000, "1s");
    if (window_ms > for_ms) throw new UsageError(`--window ${each}: is longer than the analysis period of ${durationText(for_ms)}: give a longer --for`);
    return window_ms;
  });
  return [...new Set(windows_ms)].sort((a, b) => a - b).map((window_ms) => window_ms * 1000);
}

/** Everything checked, nothing begun. Throws `UsageError`. */
function testOf(given: AccuracyOptions): AccuracyTest {
  const { target, seed, csv, svg, json } = given;
  const concentration = quantityOf("--concentration", given.concentration, MEASURES.concentration, 1, "1ug/mL");
  if (!fitsFields(Op.refill, [0, 0, concentration, 0, 0, 0])) throw new UsageError(`--concentration ${given.concentration}: is more than the pump's protocol can say: give one of 500, 1000 or 2000 ug/mL`);
  const unit = given.unit === undefined ? DEFAULT_UNIT : unitOf(given.unit);
  if (unit.pulse_pL === 0) throw new UsageError("--unit: a pulse of no volume is no pump");
  const for_ms = quantityOf("--for", given.for, MEASURES.duration, 1000, "1s");
  const rates = (given.rate.length === 0 ? DEFAULT_RATES : given.rate).map((each) => rateOf(each, concentration, unit, for_ms));
  const twice = rates.find(({ text }, at) => rates.findIndex((each) => each.text === text) !== at);
  if (twice !== undefined) throw new UsageError(`--rate: ${twice.text} is given twice`);
  const minutes = quantityOf("--over", given.over, MEASURES.duration, 60_000, "1min") / 60_000;
  if (!Number.isInteger(minutes) || minutes > 30) throw new UsageError(`--over ${given.over}: expected whole minutes, up to 30min: one bolus an hour is given`);
  const bolus = given.bolus === undefined ? {} : { bolus: { dose_ng: quantityOf("--bolus", given.bolus, MEASURES.dose, 1, "1ng"), minutes } };
  return {
    ...bolus, rates, concentration, unit, faults: faultsOf(given.fault), windows_us: windowsOf(given.window, for_ms), target, seed, json: json === true,
    stabilization_us: quantityOf("--stabilization", given.stabilization, MEASURES.duration, 0, "0s") * 1000, analysis_us: for_ms * 1000,
    ...(given.unit === undefined ? {} : { unit_text: given.unit }), ...(given.limit === undefined ? {} : { limit_ppm: limitOf(given.limit) }),
    ...(csv === undefined ? {} : { csv }), ...(svg === undefined ? {} : { svg }),
  };
}

const help = `
What is measured is what left the reservoir at each true motion of the head, against true time; the pump's books are not asked. Windows, mean flow error
and trumpet curve are as in IEC 60601-2-24, which itself leaves implants out; a day and a week are added. Windows longer than the analysis period are left out.
The reservoir is refilled before it runs low. Faults last from the start of therapy to the end.
Exit codes: 0 measured, 1 usage or what the emulator does not model, such as a flat battery, 2 a deviation is more than --limit, or the pump did not answer, 3 the oracle found a dose violation, 4 no progress,
6 the pump refused a rate; of several the most severe: 1, 3, 4, 6, 2.`;

/** Adds the command; `done` hears its exit code. */
export function addAccuracy(program: Command, terminal: Terminal, open: typeof openTarget, done: (code: number) => void): void {
  program.command("accuracy")
    .description("flow accuracy of an emulated pump: mean flow error and trumpet curve")
    .addOption(new Option("--rate <rate>", "a set rate, such as 500ug/day, 0.25mL/day or minimum; may be given several times").argParser(several).default([], DEFAULT_RATES.join(", ")))
    .option("--concentration <c>", "of the drug", "2000ug/mL")
    .option("--for <duration>", "the analysis period", "30d")
    .option("--stabilization <duration>", "from the start of therapy to the analysis period", "1d")
    .addOption(new Option("--window <duration>", "an observation window; may be given several times").argParser(several).default([], "15, 60, 150, 330, 570, 930min, 24h, 7d"))
    .option("--unit <unit>", "the pump's unit as scenarios have it, such as '{stroke: 286nL, crystal: 20ppm}', or a scenario file to take it from")
    .addOption(new Option("--fault <kind[=value]>", "such as motor.worn=1145permille; may be given several times").argParser(several).default([], "none"))
    .option("--limit <percent>", "exit with 2 if the mean, or the deviation of any window, is more")
    .option("--bolus <dose>", "at each rate also 25 boluses, one an hour, and how far they are from what was asked for")
    .option("--over <duration>", "duration of a bolus", "10min")
    .option("--csv <file>", "write the figures there: a row for each rate and window")
    .option("--svg <file>", "draw the trumpet chart there")
    .addOption(new Option("--target <target>", "what runs the firmware").choices(TARGETS).default("node"))
    .option("--seed <n>", "seed of all random streams", wholeNumber(SEED_MAX), 1)
    .option("--json", "JSON lines instead of text: one a rate, the total last")
    .addHelpText("after", help)
    .action(async (options: AccuracyOptions) => { done(await accuracyCommand(testOf(options), open, terminal)); });
}
