// What a scenario can expect: each with its kind of value and its comparison.

import { Tone } from "../../hal/sounder";
import { Alarms } from "../../protocol/alarms";
import type { Alarm } from "../../protocol/alarms";
import { ALARM_NAMES, BOLUS_KIND_NAMES, MODE_NAMES, nameOf, RECORD_NAMES, REFILL_BY_NAMES, STATE_NAMES } from "../../protocol/names";
import { Delivery, LinkCounts, Reservoir, Status } from "../../protocol/operations";
import { FAULT_KINDS } from "../faults";
import { optional } from "./fields";
import type { Field } from "./fields";
import { countTarget, list, mapping, oneOf, target, wallTarget } from "./kinds";
import type { Kind } from "./kinds";
import { compareRecord, loggedKind } from "./logged";
import { MEASURES } from "../../protocol/wand/text/quantity";
import { rateText } from "../../protocol/wand/text/rate";
import { compareRaised, raised } from "./raised";
import { rateKind } from "./rate";
import { RESET_NAMES } from "./record-fields";
import type { Runner } from "./runner";
import { tipDose } from "./tip-dose";
import { alarmsByName } from "./verbs/acknowledge";
import { durationText, wallText } from "../../protocol/wand/text/wall";
import { counted, dosed, exactVolume, lasting, measured, named, scaled, tolerated } from "./wanted";
import type { Difference, Wanted } from "./wanted";

/** What was expected and seen, as text, of something that did not come out. */
export interface Mismatch extends Difference {
  readonly what: string;
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

function mismatch(what: string, difference: Difference | undefined): Mismatch[] {
  return difference === undefined ? [] : [{ what, ...difference }];
}

/** One number. */
function number<T>(wanted: Wanted<T>, doc: string, see: (runner: Runner) => number): Expectation {
  return expectation(wanted.kind, doc, (name, runner, value) => mismatch(name, wanted.differs(value, see(runner))));
}

/** A count for each of some names. */
function counts(what: string, choices: ReadonlyMap<string, number>, doc: string, see: (runner: Runner, number: number) => number): Expectation {
  const nameOfNumber = new Map([...choices].map(([name, value]) => [value, name]));
  return expectation(mapping(what, choices, countTarget), doc, (field, runner, wanted) => wanted.flatMap(([each, times]) =>
    mismatch(`${field} ${nameOfNumber.get(each) ?? ""}`, counted.differs(times, see(runner, each)))));
}

/** A set of names. */
function names<T>(what: string, choices: ReadonlyMap<string, T>, doc: string, textOf: (wanted: readonly T[]) => string, see: (runner: Runner) => readonly T[]): Expectation {
  return expectation(list(oneOf(what, choices)), doc, (name, runner, wanted) => {
    const [expected, seen] = [textOf(wanted), textOf(see(runner))];
    return expected === seen ? [] : [{ what: name, expected, seen }];
  });
}

/** Names by their text, as a scenario writes them. */
function numbersByName(of: Partial<Record<number, string>>): ReadonlyMap<string, number> {
  return new Map(Object.entries(of).map(([value, name]) => [name ?? value, Number(value)]));
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

const faultsByName = new Map(FAULT_KINDS.filter(({ instant }) => instant !== true).map(({ kind }) => [kind, kind]));
const faultList = (kinds: readonly string[]): string => (kinds.length === 0 ? "none" : [...kinds].sort().join(", "));
/** The counts of `Op.link_counts`, as scenarios name them. */
const LINK_COUNT_NAMES: Record<Exclude<LinkCounts, LinkCounts.fields>, string> = {
  [LinkCounts.frames]: "frames", [LinkCounts.frames_refused]: "frames refused", [LinkCounts.packets_refused]: "packets refused",
  [LinkCounts.messages_refused]: "messages refused", [LinkCounts.repeats]: "repeats", [LinkCounts.logins]: "logins",
  [LinkCounts.logins_failed]: "logins failed", [LinkCounts.wakes]: "wakes", [LinkCounts.wakes_refused]: "wakes refused",
};

const charge = measured(MEASURES.charge);
const voltage = measured(MEASURES.voltage);
const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);
const tip = (runner: Runner): number => Math.floor(sum(runner.bench.plant.tipDose_fg) / 1_000_000);

const nanolitres = scaled(MEASURES.volume, 6, "mL");

/** What the pump tells of what it delivers on top of basal. */
const OF_DELIVERY: Readonly<Record<string, Expectation>> = {
  bolus: number(named("bolus", BOLUS_KIND_NAMES), "The bolus that is being given, none if there is none.", (runner) => runner.delivery(Delivery.bolus)),
  bolus_delivered: number(dosed, "Confirmed of it.", (runner) => runner.delivery(Delivery.delivered_ng)),
  bolus_uncertain: number(dosed, "Uncertain of it.", (runner) => runner.delivery(Delivery.uncertain_ng)),
  bolus_left: number(dosed, "What of it has not accrued.", (runner) => runner.delivery(Delivery.left_ng)),
  lockout: number(lasting, "How long the patient must wait.", (runner) => runner.delivery(Delivery.lockout_ms)),
  patient_boluses: number(counted, "The patient's boluses of 24 h.", (runner) => runner.delivery(Delivery.patient_count)),
  tip_drug: number(measured(MEASURES.concentration), "What the next pulse brings to the tip, by the pump's books.", (runner) => runner.delivery(Delivery.tip_concentration)),
  bridge_left: number(exactVolume, "What is left of a bridge, by the pump's books.", (runner) => runner.delivery(Delivery.bridge_left_pL)),
  prime_left: number(exactVolume, "What is left of a prime.", (runner) => runner.delivery(Delivery.prime_left_pL)),
  missed_hours: number(counted, "Hours without delivery.", (runner) => runner.delivery(Delivery.missed_hours)),
  titration_step: number(counted, "Step of the titration plan, 0 for none.", (runner) => runner.delivery(Delivery.titration_step)),
  given_1h: number(dosed, "What counts against the rolling cap of 1 h.", (runner) => runner.delivery(Delivery.given_1h_ng)),
  given_24h: number(dosed, "What counts against that of 24 h.", (runner) => runner.delivery(Delivery.given_24h_ng)),
  refill_by: number(tolerated(wallTarget, wallText, "", durationText), "Until when the reservoir lasts at the worst, by the pump.", (runner) => runner.reservoir(Reservoir.refill_by_ms)),
  refill_nominal: number(tolerated(wallTarget, wallText, "", durationText), "Until when it lasts nominally.", (runner) => runner.reservoir(Reservoir.refill_nominal_ms)),
  refill_decided: number(named("reason", REFILL_BY_NAMES), "What decided the refill-by date.", (runner) => runner.reservoir(Reservoir.refill_decided)),
  fill: number(nanolitres, "Fill of the last refill.", (runner) => runner.reservoir(Reservoir.fill_nL)),
};

/** What the pump itself answers and logs. */
const OF_THE_PUMP: Readonly<Record<string, Expectation>> = {
  state: number(named("state", STATE_NAMES), "State of the pump.", (runner) => runner.status(Status.state)),
  commanded: number(counted, "Pulses commanded by the pump's books, over its life.", (runner) => runner.status(Status.commanded)),
  confirmed: number(counted, "Confirmed pulses by the pump's books.", (runner) => runner.status(Status.confirmed)),
  uncertain: number(counted, "Uncertain pulses by the pump's books.", (runner) => runner.status(Status.uncertain)),
  remaining: number(exactVolume, "Deliverable volume left by the pump's books.", (runner) => runner.status(Status.remaining_pL)),
  remaining_low: number(exactVolume, "Its lower bound, less uncertain pulses.", (runner) => runner.status(Status.remaining_low_pL)),
  version: number(counted, "Version of the prescription in force.", (runner) => runner.status(Status.version)),
  rate: expectation(rateKind, "Present basal rate: a dose a day, at the minimum rate a volume a day.", (what, runner, wanted) => {
    const value = runner.status(Status.rate);
    // A pump that delivers nothing tells 0, of whatever.
    const seen = { value, by_volume: value === 0 ? wanted.by_volume : runner.seen.by_volume };
    return rateText(seen) === rateText(wanted) ? [] : [{ what, expected: rateText(wanted), seen: rateText(seen) }];
  }),
  clock: number(tolerated(wallTarget, wallText, "", durationText), "What the pump's wall clock shows.", (runner) => runner.wall_ms()),
  pump_time: number(lasting, "The pump's own time since power-on, as it answers: that is some 100 ms after the instant of the step.", (runner) => runner.status(Status.pump_ms)),
  mode: number(named("mode", MODE_NAMES), "Mode of the prescription in force.", (runner) => runner.status(Status.mode)),
  drug: number(measured(MEASURES.concentration), "Concentration of the drug by the pump's books.", (runner) => runner.status(Status.concentration)),
  alarm_changes: number(counted, "How often an alarm came, went or was acknowledged, as the pump counts.", (runner) => runner.status(Status.alarm_changes)),
  charge_used: number(charge, "Charge that the pump has counted.", (runner) => runner.status(Status.charge_used_nC)),
  filtered_voltage: number(voltage, "Battery voltage as the pump has filtered it.", (runner) => runner.status(Status.filtered_mV)),
  alarms: names("alarm", alarmsByName, "Exactly these alarms are active, [] for none.", alarmList, activeAlarms),
  raised: expectation(mapping("alarm", alarmsByName, raised), "How often an alarm came on since power-on, and when.", (what, runner, wanted) =>
    wanted.flatMap(([alarm, want]) => compareRaised(want, runner.bench.trace.alarms[alarm]).map((each) => ({ ...each, what: `${what} ${nameOf(ALARM_NAMES, alarm)}` })))),
  ...OF_DELIVERY,
  link: counts("count", numbersByName(LINK_COUNT_NAMES), "What the pump's link has seen since the last reset.", (runner, index) => runner.linkCount(index)),
  records: counts("record", numbersByName(RECORD_NAMES), "Records logged since power-on, by kind.", (runner, kind) => runner.bench.trace.records[kind] ?? 0),
  logged: expectation(loggedKind, "Values of the last record of a kind.", (what, runner, wanted) => wanted.flatMap((record) =>
    compareRecord(record, runner.seen.records.get(record.kind)).map(({ field, ...difference }) => ({ what: `${what} ${record.name}${field}`, ...difference })))),
};

/** What the outside sees, and what only the emulator knows. */
const OF_THE_WORLD: Readonly<Record<string, Expectation>> = {
  in_flight: number(counted, "1 while a pulse awaits its confirmation, else 0, seen at the motor.", (runner) => (runner.bench.motor.in_flight ? 1 : 0)),
  pulses: number(counted, "Motor commands since power-on, counted at the motor.", (runner) => runner.bench.trace.pulses),
  motions: number(counted, "True motions of the head since power-on, which only the emulator knows.", (runner) => runner.bench.plant.motions),
  uncommanded: number(counted, "Those of them that nobody commanded.", (runner) => runner.bench.plant.uncommanded),
  reversed: number(counted, "Backward motions of the head since power-on.", (runner) => runner.bench.plant.reversed),
  drive: number(counted, "1 while the drive has its supply, 0 while it is cut, seen at the drive.", (runner) => (runner.bench.cutoff.supplied ? 1 : 0)),
  late_edges: number(counted, "Rotor edges that came after the confirmation window.", (runner) => runner.seen.late_edges),
  delivered: number(exactVolume, "Volume that truly left the reservoir through the head.", (runner) => runner.bench.plant.delivered_pL),
  dry: number(exactVolume, "Strokes that turned without drug, as a volume.", (runner) => runner.bench.plant.dry_pL),
  reservoir: number(exactVolume, "Drug that truly is in the reservoir and can be drawn.", (runner) => runner.bench.plant.reservoir_pL),
  concentration: number(measured(MEASURES.concentration), "True concentration of the drug in the reservoir.", (runner) => runner.bench.plant.reservoir.concentration),
  pocket: number(exactVolume, "Drug that was filled in beside the pump.", (runner) => runner.bench.plant.reservoir.pocket_nL * 1000),
  lost: number(exactVolume, "Drug that the catheter lost on its way.", (runner) => runner.bench.plant.catheter.lost_pL),
  tip_dose: expectation(tipDose, "Dose that truly left the catheter's tip on one day.", (what, runner, { day, dose }) =>
    mismatch(`${what} of day ${String(day)}`, dosed.differs(dose, runner.bench.plant.tipDose_ng(day)))),
  tip_total: number(dosed, "Dose that truly left the catheter's tip since power-on.", tip),
  charge_drawn: number(charge, "Charge that was truly drawn from the battery.", (runner) => runner.bench.battery.drawn_nC),
  battery_voltage: number(voltage, "What the battery would give under a pulse now, without a sag.", (runner) => runner.bench.battery.loaded_mV),
  film: number(scaled(MEASURES.resistance, 0, "mOhm"), "Film on the battery's electrode.", (runner) => Math.floor(runner.bench.battery.film_on_it_uOhm / 1000)),
  tones: counts("tone", new Map([["critical", Tone.two_tone], ["other", Tone.single]]), "Tones sounded since power-on.", (runner, tone) => runner.bench.trace.tones[tone] ?? 0),
  resets: counts("cause", numbersByName(RESET_NAMES), "Starts of the program by cause; the power-on is the first.", (runner, cause) => runner.seen.resets.get(cause) ?? 0),
  link_awake: number(counted, "1 while the pump's link is awake, else 0.", (runner) => (runner.bench.link.awake ? 1 : 0)),
  faults: names("fault", faultsByName, "Exactly these faults are in force, [] for none.", faultList, (runner) => [...runner.bench.active_faults]),
  elapsed: number(tolerated(target(MEASURES.duration), durationText), "True time since power-on.", (runner) => Math.floor(runner.bench.now_us / 1000)),
};

/** Those for which the pump must be called; all others are seen without, and are looked at before time passes in a call. */
const CALLED = new Set(Object.keys(OF_THE_PUMP).filter((name) => name !== "raised" && name !== "records" && name !== "logged"));

/** Whether the pump is called to see it. */
export function isCalledFor(name: string): boolean {
  return CALLED.has(name);
}

/** Everything that `expect` and `when` know, by field. */
export const EXPECTATIONS: Readonly<Record<string, Expectation>> = { ...OF_THE_PUMP, ...OF_THE_WORLD };
