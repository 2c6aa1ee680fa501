// Records of the log in words.

import { SelfTest } from "../../../hal/self-test";
import { errorText } from "../../../hal/fault-texts";
import { ALARM_NAMES, BOLUS_END_NAMES, BOLUS_KIND_NAMES, MODE_NAMES, nameOf, OPERATION_NAMES, RECORD_NAMES, ROLE_NAMES, SKIPPED_NAMES, STATE_NAMES } from "../../names";
import { RecordKind, StallEnd } from "../../records";
import { BolusKind } from "../../states";
import type { LogRecord } from "../procedures/log";
import { basalText, doseText, volumeText } from "./amounts";
import { lotText } from "./lot";
import { reasonText } from "./reasons";
import { decimalText, durationText, wallText } from "./wall";

/** Why the pump started (hal/controller.ts, ResetCause). */
const CAUSES: Partial<Record<number, string>> = { 1: "power came", 2: "watchdog or reset", 3: "panic" };
const STALL_ENDS: Partial<Record<number, string>> = { [StallEnd.confirmed]: "a pulse was confirmed", [StallEnd.motor_off]: "the motor was turned off" };

/** Which way the head turned with no command to explain it (hal/rotor.ts, RotorEdge), and which time. */
const EDGES: Partial<Record<number, string>> = { 2: "by itself", 3: "backwards" };
const TIMES: Partial<Record<number, string>> = { 1: "first", 2: "second", 3: "third" };

/** What failed a self-test, in words. */
function partsText(failed: number): string {
  const parts = [[SelfTest.motor, "motor"], [SelfTest.memory, "memory"], [SelfTest.program, "program"], [SelfTest.cipher, "cipher"]] as const;
  return parts.filter(([part]) => (failed & part) !== 0).map(([, name]) => name).join(", ");
}

const several = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

/** Which bolus of the prescription: of the timed ones the first, the second, ... */
function bolusName(kind: number, entry: number): string {
  return kind === BolusKind.timed ? `timed bolus ${entry + 1}` : nameOf(BOLUS_KIND_NAMES, kind);
}

/** Records of the therapy beside basal. */
function deliveryText({ kind, a, b, c }: LogRecord): string {
  switch (kind) {
    case RecordKind.bolus_begin: return `${nameOf(BOLUS_KIND_NAMES, a)}, ${doseText(b)} over ${durationText(c)}`;
    case RecordKind.bolus_end: return `${nameOf(BOLUS_KIND_NAMES, a)}, ${nameOf(BOLUS_END_NAMES, b)}, of ${doseText(c)}`;
    case RecordKind.bolus_sum: return `${doseText(a)} confirmed, ${doseText(b)} uncertain, ${doseText(c)} not delivered`;
    case RecordKind.bolus_skipped: return `${bolusName(a, b)}: ${nameOf(SKIPPED_NAMES, c)}`;
    case RecordKind.bridge_begin: return `${a} ug/mL at the tip, ${b} ug/mL in the reservoir, ${volumeText(c)} between them`;
    case RecordKind.bridge_end: return `${a} ug/mL at the tip${b === 0 ? "" : `, ${several(b, "drug")} behind it`}`;
    case RecordKind.refill_detail: return `${volumeText(a)} taken out, ${volumeText(b)} off the books${c === 0 ? "" : `, lot ${lotText(c)}`}`;
    case RecordKind.prime_begin: return volumeText(a);
    case RecordKind.prime_end: return `${nameOf(BOLUS_END_NAMES, b)}, ${several(a, "pulse")} left`;
    case RecordKind.titration: return `step ${a}, ${decimalText(b, 1)} %`;
    case RecordKind.daily_dose: return `${doseText(a)}; in the 24 h before ${b === 0 ? "none" : `${doseText(c)} to ${doseText(b)}`}`;
    case RecordKind.dose_confirmed: return [a === 0 ? "" : `daily dose ${doseText(a)}`, b === 0 ? "" : `bolus ${doseText(b)}`, c === 0 ? "" : `reason ${reasonText(c)}`].filter((each) => each !== "").join(", ");
    case RecordKind.tolerance_lost: return `${several(a, "hour")} without delivery: minimum rate until the full rate is confirmed`;
    case RecordKind.tone_tested: return a === 1 ? "critical" : "other";
    default: return [a, b, c].join(" ");
  }
}

/** What a record tells beside its kind; "" if nothing. */
export function recordText(record: LogRecord): string {
  const { kind, a, b, c } = record;
  switch (kind) {
    case RecordKind.boot: return `${nameOf(CAUSES, a)}${a === 3 ? ` ${b}: ${errorText(b).name}` : ""}`;
    case RecordKind.state: return `${nameOf(STATE_NAMES, a)} to ${nameOf(STATE_NAMES, b)}`;
    case RecordKind.operation: return `${nameOf(OPERATION_NAMES, a)}: ${b === 0 ? "done" : `refused, ${errorText(b).name}`}`;
    case RecordKind.alarm_on: return nameOf(ALARM_NAMES, a);
    case RecordKind.alarm_off: return nameOf(ALARM_NAMES, a);
    case RecordKind.acknowledged: return `${nameOf(ALARM_NAMES, a)}${b === 0 ? "" : `, silent for ${durationText(b)}`}`;
    case RecordKind.segment: return `${nameOf(MODE_NAMES, a)} ${basalText(a, b)}, version ${c}`;
    case RecordKind.clock_set: return `from ${wallText(a)} to ${wallText(b)}`;
    case RecordKind.refill: return `${volumeText(a)} of ${b} ug/mL; the books had ${volumeText(c)} left`;
    case RecordKind.stall_begin: return `${a} unconfirmed in a row, ${b} in 24 h, last confirmed at pump time ${durationText(c)}`;
    case RecordKind.stall_end: return `${nameOf(STALL_ENDS, c)}; missed ${doseText(a)}, ${several(b, "pulse")} uncertain`;
    case RecordKind.late_edge: return `${a} ms after its command`;
    case RecordKind.pulse_lost: return several(a, "pulse");
    case RecordKind.power_lost: return "for an unknown time";
    case RecordKind.not_delivered: return `${c === 1 ? doseText(a) : volumeText(a)} over ${durationText(b)}`;
    case RecordKind.memory_corrected: return `value ${a}, copy ${b}`;
    case RecordKind.memory_lost: return `value ${a}`;
    case RecordKind.storage_failed: return errorText(a).name;
    case RecordKind.login: return `${nameOf(ROLE_NAMES, a)}${b === 0 ? "" : `, after ${several(b, "failed login")}`}`;
    case RecordKind.logins_refused: return `${several(a, "failed login")} in a row; for ${durationText(b)}`;
    case RecordKind.provisioned: return "";
    case RecordKind.self_test: return a === 0 ? "nothing fails any more" : `failed: ${partsText(a)}`;
    case RecordKind.drive_cut: return a === 0 ? `the motor failed its self-test, for the ${nameOf(TIMES, b)} time in 24 h` : `the head turned ${nameOf(EDGES, a)}, for the ${nameOf(TIMES, b)} time in 24 h; ${several(c, "pulse")} uncommanded in all`;
    case RecordKind.drive_restored: return `after ${durationText(a)}; ${several(b, "pulse")} uncommanded in all`;
    default: return deliveryText(record);
  }
}

/** A record as a row: number, wall time, kind, what it tells. */
export function recordRow(record: LogRecord): readonly string[] {
  return [String(record.number), wallText(record.wall_ms), nameOf(RECORD_NAMES, record.kind), recordText(record)];
}
