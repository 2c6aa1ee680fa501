// Names of the numbers on the wire and in the log, for people. Hosts only.
// Generated from spec/pump.md by `npm run generate`: do not edit.

import { Alarm } from "./alarms";
import { Op } from "./operations";
import { BolusEnd, RecordKind, Skipped } from "./records";
import { RefillBy, Role } from "./service";
import { Activity, BolusKind, Bridge, Drug, Mode, State } from "./states";

export const STATE_NAMES: Record<State, string> = {
  [State.shelf]: "shelf",
  [State.therapy]: "therapy",
  [State.stopped]: "stopped",
  [State.safe_minimum]: "safe minimum",
  [State.safe_off]: "safe off",
  [State.end_of_service]: "end of service",
};

export const MODE_NAMES: Record<Mode, string> = {
  [Mode.none]: "none",
  [Mode.minimum_rate]: "minimum rate",
  [Mode.schedule]: "schedule",
};

export const DRUG_NAMES: Record<Drug, string> = {
  [Drug.baclofen]: "baclofen",
};

export const ACTIVITY_NAMES: Record<Activity, string> = {
  [Activity.bolus]: "bolus",
  [Activity.prime]: "prime",
};

export const BOLUS_KIND_NAMES: Record<BolusKind, string> = {
  [BolusKind.none]: "none",
  [BolusKind.clinician]: "clinician",
  [BolusKind.timed]: "timed",
  [BolusKind.periodic]: "periodic",
  [BolusKind.patient]: "patient",
};

export const BRIDGE_NAMES: Record<Bridge, string> = {
  [Bridge.undecided]: "undecided",
  [Bridge.bridge]: "bridge",
  [Bridge.cleared]: "cleared",
};

export const BOLUS_END_NAMES: Record<BolusEnd, string> = {
  [BolusEnd.complete]: "complete",
  [BolusEnd.cancelled]: "cancelled",
  [BolusEnd.stopped]: "stopped",
  [BolusEnd.stalled]: "stalled",
  [BolusEnd.reset]: "reset",
  [BolusEnd.motor_off]: "motor off",
  [BolusEnd.reduced]: "reduced",
};

export const SKIPPED_NAMES: Record<Skipped, string> = {
  [Skipped.clock_jump]: "clock jump",
  [Skipped.given_before]: "given before",
  [Skipped.not_delivering]: "not delivering",
  [Skipped.away]: "away",
  [Skipped.replaced]: "replaced",
};

export const ALARM_NAMES: Record<Alarm, string> = {
  [Alarm.none]: "none",
  [Alarm.drive_cut]: "drive cut",
  [Alarm.no_valid_prescription]: "no valid prescription",
  [Alarm.end_of_service]: "end of service",
  [Alarm.reservoir_empty]: "reservoir empty",
  [Alarm.motor_stall]: "motor stall",
  [Alarm.not_delivering]: "not delivering",
  [Alarm.pump_fault]: "pump fault",
  [Alarm.stopped_48h]: "stopped 48h",
  [Alarm.low_reservoir]: "low reservoir",
  [Alarm.battery_eri]: "battery eri",
  [Alarm.stopped_1h]: "stopped 1h",
  [Alarm.clock_doubtful]: "clock doubtful",
  [Alarm.memory_corrected]: "memory corrected",
  [Alarm.log_fault]: "log fault",
  [Alarm.refill_discrepancy]: "refill discrepancy",
  [Alarm.stall_trend]: "stall trend",
  [Alarm.titration_ended]: "titration ended",
};

export const OPERATION_NAMES: Record<Op, string> = {
  [Op.status]: "status",
  [Op.set_up]: "set up",
  [Op.refill]: "refill",
  [Op.stage]: "stage",
  [Op.stage_steps]: "stage steps",
  [Op.review]: "review",
  [Op.commit]: "commit",
  [Op.start]: "start",
  [Op.stop]: "stop",
  [Op.set_clock]: "set clock",
  [Op.acknowledge]: "acknowledge",
  [Op.set_alarms]: "set alarms",
  [Op.prescription]: "prescription",
  [Op.reservoir]: "reservoir",
  [Op.log]: "log",
  [Op.close]: "close",
  [Op.link_counts]: "link counts",
  [Op.stage_timed]: "stage timed",
  [Op.stage_extra]: "stage extra",
  [Op.stage_titration]: "stage titration",
  [Op.stage_refill]: "stage refill",
  [Op.bolus]: "bolus",
  [Op.patient_bolus]: "patient bolus",
  [Op.cancel]: "cancel",
  [Op.prime_arm]: "prime arm",
  [Op.prime]: "prime",
  [Op.delivery]: "delivery",
  [Op.prescription_boluses]: "prescription boluses",
  [Op.prescription_plan]: "prescription plan",
  [Op.test_tone]: "test tone",
};

export const RECORD_NAMES: Record<RecordKind, string> = {
  [RecordKind.boot]: "boot",
  [RecordKind.state]: "state",
  [RecordKind.operation]: "operation",
  [RecordKind.alarm_on]: "alarm on",
  [RecordKind.alarm_off]: "alarm off",
  [RecordKind.acknowledged]: "acknowledged",
  [RecordKind.segment]: "segment",
  [RecordKind.clock_set]: "clock set",
  [RecordKind.refill]: "refill",
  [RecordKind.stall_begin]: "stall begin",
  [RecordKind.stall_end]: "stall end",
  [RecordKind.late_edge]: "late edge",
  [RecordKind.pulse_lost]: "pulse lost",
  [RecordKind.power_lost]: "power lost",
  [RecordKind.not_delivered]: "not delivered",
  [RecordKind.memory_corrected]: "memory corrected",
  [RecordKind.memory_lost]: "memory lost",
  [RecordKind.storage_failed]: "storage failed",
  [RecordKind.login]: "login",
  [RecordKind.logins_refused]: "logins refused",
  [RecordKind.provisioned]: "provisioned",
  [RecordKind.bolus_begin]: "bolus begin",
  [RecordKind.bolus_end]: "bolus end",
  [RecordKind.bolus_sum]: "bolus sum",
  [RecordKind.bolus_skipped]: "bolus skipped",
  [RecordKind.bridge_begin]: "bridge begin",
  [RecordKind.bridge_end]: "bridge end",
  [RecordKind.refill_detail]: "refill detail",
  [RecordKind.prime_begin]: "prime begin",
  [RecordKind.prime_end]: "prime end",
  [RecordKind.titration]: "titration",
  [RecordKind.daily_dose]: "daily dose",
  [RecordKind.dose_confirmed]: "dose confirmed",
  [RecordKind.tolerance_lost]: "tolerance lost",
  [RecordKind.tone_tested]: "tone tested",
  [RecordKind.self_test]: "self test",
  [RecordKind.drive_cut]: "drive cut",
  [RecordKind.drive_restored]: "drive restored",
};

export const ROLE_NAMES: Record<Role, string> = {
  [Role.clinician]: "clinician",
  [Role.patient]: "patient",
};

export const REFILL_BY_NAMES: Record<RefillBy, string> = {
  [RefillBy.low_reservoir]: "low reservoir",
  [RefillBy.drug_stability]: "drug stability",
  [RefillBy.battery_eri]: "battery eri",
  [RefillBy.already]: "already",
};

/** The name for a number of one of these lists, or the number itself where there is none. */
export function nameOf(names: Partial<Record<number, string>>, number: number): string {
  return names[number] ?? `number ${number}`;
}
