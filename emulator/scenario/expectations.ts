// What a scenario can expect: each with its kind of value and its comparison.

import { Alarms } from "../../protocol/alarms";
import type { Alarm } from "../../protocol/alarms";
import { ALARM_NAMES, nameOf, RECORD_NAMES, STATE_NAMES } from "../../protocol/names";
import { Status } from "../../protocol/operations";
import { Tone } from "../../hal/sounder";
import { optional } from "./fields";
import type { Field } from "./fields";
import { count, list, mapping, oneOf, quantity, target } from "./kinds";
import type { Kind, Target } from "./kinds";
import { MEASURES } from "./quantity";
import { raised } from "./raised";
import type { Runner } from "./runner";
import { tipDose } from "./tip-dose";
import { alarmsByName } from "./verbs/acknowledge";
import { decimalText } from "./wall";

/** What was expected and seen, as text, of something that did not come out. */
export interface Mismatch {
  readonly what: string;
  readonly expected: string;
  readonly seen: string;
}

/** One thing to expect; its field is declared from it. */
export interface Expectation {
  readonly field: Field<unknown>;
  /** Compares; gives what did not come out. */
  readonly compare: (name: string, runner: Runner, wanted: unknown) => Mismatch[];
}

/** Declares an expectation with the type of its value. */
function expectation<T>(kind: Kind<T>, doc: string, compare: (name: string, runner: Runner, wanted: T) => Mismatch[]): Expectation {
  // The reader gave `wanted` by this same kind.
  return { field: optional(kind, doc), compare: (name, runner, wanted) => compare(name, runner, wanted as T) };
}

function equal(what: string, expected: number | string, seen: number | string): Mismatch[] {
  return expected === seen ? [] : [{ what, expected: String(expected), seen: String(seen) }];
}

/** A whole number that must be equal. */
function exactly(doc: string, see: (runner: Runner) => number): Expectation {
  return expectation(count(0), doc, (name, runner, wanted) => equal(name, wanted, see(runner)));
}

/** A volume in pL that must lie within a tolerance, shown in mL. */
function volume(doc: string, see: (runner: Runner) => number): Expectation {
  return expectation<Target>(target(MEASURES.exact_volume), doc, (what, runner, { value, within }) => {
    const seen = see(runner);
    if (Math.abs(seen - value) <= within) return [];
    const tolerance = within === 0 ? "" : ` +/- ${decimalText(within, 9)}`;
    return [{ what, expected: `${decimalText(value, 9)}${tolerance} mL`, seen: `${decimalText(seen, 9)} mL` }];
  });
}

function numbersByName(names: Readonly<Record<number, string>>): ReadonlyMap<string, number> {
  return new Map(Object.entries(names).map(([number, name]) => [name, Number(number)]));
}

function alarmList(alarms: readonly Alarm[]): string {
  return alarms.length === 0 ? "none" : [...alarms].sort((a, b) => a - b).map((alarm) => nameOf(ALARM_NAMES, alarm)).join(", ");
}

function activeAlarms(runner: Runner): Alarm[] {
  const bits = runner.status(Status.alarms);
  const active: Alarm[] = [];
  for (let alarm = 1; alarm <= Alarms.last; alarm += 1) if (Math.floor(bits / 2 ** alarm) % 2 === 1) active.push(alarm);
  return active;
}

const tones = new Map([["critical", Tone.two_tone], ["other", Tone.single]]);

/** Everything that `expect` knows, by field. */
export const EXPECTATIONS: Readonly<Record<string, Expectation>> = {
  pulses: exactly("Motor commands since power-on, counted at the motor.", (runner) => runner.bench.trace.pulses),
  motions: exactly("True motions of the head since power-on, which only the emulator knows.", (runner) => runner.bench.plant.motions),
  confirmed: exactly("Confirmed pulses by the pump's books.", (runner) => runner.status(Status.confirmed)),
  uncertain: exactly("Uncertain pulses by the pump's books.", (runner) => runner.status(Status.uncertain)),
  version: exactly("Version of the prescription in force.", (runner) => runner.status(Status.version)),
  rate: expectation(quantity(MEASURES.rate), "Present basal dose rate.", (what, runner, wanted) =>
    equal(what, `${String(wanted)} ng/day`, `${String(runner.status(Status.rate))} ng/day`)),
  state: expectation(oneOf("state", numbersByName(STATE_NAMES)), "State of the pump.", (what, runner, wanted) =>
    equal(what, nameOf(STATE_NAMES, wanted), nameOf(STATE_NAMES, runner.status(Status.state)))),
  remaining: volume("Deliverable volume left by the pump's books.", (runner) => runner.status(Status.remaining_pL)),
  remaining_low: volume("Its lower bound, less uncertain pulses.", (runner) => runner.status(Status.remaining_low_pL)),
  delivered: volume("Volume that truly left the reservoir through the head.", (runner) => runner.bench.plant.delivered_pL),
  tip_dose: expectation(tipDose, "Dose that truly left the catheter's tip on one day.", (what, runner, { day, dose }) => {
    const seen = runner.bench.plant.tipDose_ng(day);
    if (Math.abs(seen - dose.value) <= dose.within) return [];
    const tolerance = dose.within === 0 ? "" : ` +/- ${decimalText(dose.within, 3)}`;
    return [{ what: `${what} of day ${String(day)}`, expected: `${decimalText(dose.value, 3)}${tolerance} ug`, seen: `${decimalText(seen, 3)} ug` }];
  }),
  alarms: expectation(list(oneOf("alarm", alarmsByName)), "Exactly these alarms are active, [] for none.", (what, runner, wanted) =>
    equal(what, alarmList(wanted), alarmList(activeAlarms(runner)))),
  raised: expectation(mapping("alarm", alarmsByName, raised), "How often an alarm came on since power-on, and when the last time.", (what, runner, wanted) =>
    wanted.flatMap(([alarm, want]) => {
      const seen = runner.bench.trace.alarms[alarm];
      return want(seen?.on ?? 0, seen?.last_on_ms ?? -1).map((each) => ({ ...each, what: `${what} ${nameOf(ALARM_NAMES, alarm)}` }));
    })),
  tones: expectation(mapping("tone", tones, count(0)), "Tones sounded since power-on.", (what, runner, wanted) =>
    wanted.flatMap(([tone, times]) => equal(`${what} ${tone === Tone.two_tone ? "critical" : "other"}`, times, runner.bench.trace.tones[tone] ?? 0))),
  records: expectation(mapping("record", numbersByName(RECORD_NAMES), count(0)), "Records logged since power-on, by kind.", (what, runner, wanted) =>
    wanted.flatMap(([kind, times]) => equal(`${what} ${nameOf(RECORD_NAMES, kind)}`, times, runner.bench.trace.records[kind] ?? 0))),
};
