// The values of each record of the log, by name, in order a, b, c.

import { ResetCause } from "../../hal/controller";
import { FAULT_TEXTS } from "../../hal/fault-texts";
import { ALARM_NAMES, BOLUS_END_NAMES, BOLUS_KIND_NAMES, OPERATION_NAMES, ROLE_NAMES, SKIPPED_NAMES, STATE_NAMES } from "../../protocol/names";
import { RotorEdge } from "../../hal/rotor";
import { Mode } from "../../protocol/states";
import { RecordKind, StallEnd } from "../../protocol/records";
import { wallTarget } from "./kinds";
import { MEASURES } from "../../protocol/wand/text/quantity";
import { wallText, durationText } from "../../protocol/wand/text/wall";
import { counted, dosed, lasting, measured, named, scaled, tolerated } from "./wanted";
import type { Wanted } from "./wanted";

/** One value of a record; some values stand in two units, and then have two names. */
export interface RecordField {
  /** 0 is a, 1 is b, 2 is c. */
  readonly slot: 0 | 1 | 2;
  readonly doc: string;
  // The kind that reads a value is the one that compares it.
  readonly wanted: Wanted<unknown>;
}

function field<T>(slot: 0 | 1 | 2, wanted: Wanted<T>, doc: string): RecordField {
  return { slot, doc, wanted: { kind: wanted.kind, differs: (value, seen) => wanted.differs(value as T, seen) } };
}

const alarm = field(0, named("alarm", ALARM_NAMES), "Which alarm.");
const fault_names = Object.fromEntries(Object.entries(FAULT_TEXTS).map(([number, { name }]) => [number, name]));
const causes = { [ResetCause.power]: "power", [ResetCause.watchdog]: "watchdog", [ResetCause.panic]: "panic" };
const modes = { [Mode.minimum_rate]: "minimum", [Mode.schedule]: "schedule" };
const ends = { [StallEnd.confirmed]: "confirmed", [StallEnd.motor_off]: "motor off" };
const edges = { [RotorEdge.uncommanded]: "uncommanded", [RotorEdge.reverse]: "reverse" };
const pacings = { 1: "dose", 2: "volume" };
const nanolitres = scaled(MEASURES.volume, 6, "mL");
const kind = field(0, named("bolus", BOLUS_KIND_NAMES), "Whose bolus it is.");
const wall = tolerated(wallTarget, wallText, "", durationText);

/** Names of the causes of a reset. */
export const RESET_NAMES: Readonly<Record<number, string>> = causes;

/** By kind of record. */
export const RECORD_FIELDS: Readonly<Record<RecordKind, Readonly<Record<string, RecordField>>>> = {
  [RecordKind.boot]: { cause: field(0, named("cause", causes), "Why the pump started."), detail: field(1, counted, "Number of the panic, else 0.") },
  [RecordKind.state]: {
    from: field(0, named("state", STATE_NAMES), "State before."), to: field(1, named("state", STATE_NAMES), "State after."), event: field(2, counted, "Number of the event."),
  },
  [RecordKind.operation]: {
    operation: field(0, named("operation", OPERATION_NAMES), "Which operation."), fault: field(1, named("fault", fault_names), "ok, or why it was refused."),
    argument: field(2, counted, "Its first argument."),
  },
  [RecordKind.alarm_on]: { alarm, value: field(1, counted, "What raised it.") },
  [RecordKind.alarm_off]: { alarm },
  [RecordKind.acknowledged]: { alarm, silence: field(1, lasting, "For how long.") },
  [RecordKind.segment]: {
    mode: field(0, named("mode", modes), "minimum or schedule."), rate: field(1, measured(MEASURES.rate), "Dose rate of a schedule."),
    flow: field(1, measured(MEASURES.flow), "The minimum rate."), version: field(2, counted, "Version of the prescription."),
  },
  [RecordKind.clock_set]: { from: field(0, wall, "Wall clock before."), to: field(1, wall, "Wall clock after.") },
  [RecordKind.refill]: {
    volume: field(0, nanolitres, "Volume after it."), concentration: field(1, measured(MEASURES.concentration), "Of the drug."), residual: field(2, nanolitres, "By the books, before it."),
  },
  [RecordKind.stall_begin]: {
    in_a_row: field(0, counted, "Uncertain pulses in a row."), in_a_day: field(1, counted, "Uncertain pulses in 24 h."), confirmed_at: field(2, lasting, "Pump time of the last confirmed pulse."),
  },
  [RecordKind.stall_end]: { missed: field(0, dosed, "Dose that was missed."), uncertain: field(1, counted, "Uncertain pulses of the stall."), how: field(2, named("end", ends), "How it ended.") },
  [RecordKind.late_edge]: { after: field(0, lasting, "From its command.") },
  [RecordKind.pulse_lost]: { pulses: field(0, counted, "Pulses without a result.") },
  [RecordKind.power_lost]: {},
  [RecordKind.not_delivered]: {
    dose: field(0, dosed, "What was not delivered, of a schedule."), volume: field(0, nanolitres, "What was not delivered, of the minimum rate."),
    over: field(1, lasting, "While the motor was off so long."), pacing: field(2, named("pacing", pacings), "dose or volume."),
  },
  [RecordKind.memory_corrected]: { slot: field(0, counted, "Which slot."), copy: field(1, counted, "Which copy, 1 or 2.") },
  [RecordKind.memory_lost]: { slot: field(0, counted, "Which slot.") },
  [RecordKind.login]: { role: field(0, named("role", ROLE_NAMES), "Whose session it is."), failures: field(1, counted, "Failed logins before it.") },
  [RecordKind.logins_refused]: { failures: field(0, counted, "Failed logins in a row."), backoff: field(1, lasting, "For how long nobody is let in.") },
  [RecordKind.provisioned]: {},
  [RecordKind.bolus_begin]: { kind, dose: field(1, dosed, "Its dose."), over: field(2, lasting, "Its duration as asked for.") },
  [RecordKind.bolus_end]: { kind, how: field(1, named("end", BOLUS_END_NAMES), "How it ended."), dose: field(2, dosed, "Its dose.") },
  [RecordKind.bolus_sum]: {
    confirmed: field(0, dosed, "Confirmed of the bolus that ended."), uncertain: field(1, dosed, "Uncertain."),
    rest: field(2, dosed, "Not delivered; if it was complete, what the next pulse brings of it."),
  },
  [RecordKind.bolus_skipped]: { kind, entry: field(1, counted, "Which entry of the prescription, from 0."), why: field(2, named("reason", SKIPPED_NAMES), "Why it was not given.") },
  [RecordKind.bridge_begin]: {
    tip: field(0, measured(MEASURES.concentration), "Drug at the tip."), reservoir: field(1, measured(MEASURES.concentration), "Drug of the reservoir."), volume: field(2, nanolitres, "Tubing and catheter."),
  },
  [RecordKind.bridge_end]: { tip: field(0, measured(MEASURES.concentration), "Drug that is now at the tip."), plugs: field(1, counted, "Drugs that are still behind it.") },
  [RecordKind.refill_detail]: {
    aspirated: field(0, nanolitres, "Taken out before."), discrepancy: field(1, nanolitres, "Between that and the books."), lot: field(2, counted, "Lot, as a number."),
  },
  [RecordKind.prime_begin]: { volume: field(0, nanolitres, "What is filled."), pulses: field(1, counted, "Pulses of it.") },
  [RecordKind.prime_end]: { left: field(0, counted, "Pulses that were not given."), how: field(1, named("end", BOLUS_END_NAMES), "How it ended.") },
  [RecordKind.titration]: { step: field(0, counted, "Step of the plan, from 1."), permille: field(1, counted, "Thousandths of the schedule.") },
  [RecordKind.daily_dose]: { dose: field(0, dosed, "Daily dose that is accepted."), highest: field(1, dosed, "Highest of the 24 h before."), lowest: field(2, dosed, "Lowest of them.") },
  [RecordKind.dose_confirmed]: { dose: field(0, dosed, "Daily dose that was confirmed."), bolus: field(1, dosed, "Bolus that was."), reason: field(2, counted, "Reason given.") },
  [RecordKind.tolerance_lost]: { hours: field(0, counted, "Hours without delivery.") },
  [RecordKind.tone_tested]: { critical: field(0, counted, "1 if critical.") },
  [RecordKind.self_test]: { failed: field(0, counted, "What failed, summed: 1 motor, 2 memory, 4 program, 8 cipher.") },
  [RecordKind.drive_cut]: {
    edge: field(0, named("edge", edges), "uncommanded or reverse."), time: field(1, counted, "Which time in 24 h."), uncommanded: field(2, counted, "Uncommanded pulses in all."),
  },
  [RecordKind.drive_restored]: { after: field(0, lasting, "For how long it had no supply."), uncommanded: field(1, counted, "Uncommanded pulses in all.") },
  [RecordKind.storage_failed]: { fault: field(0, named("fault", fault_names), "Why.") },
};
