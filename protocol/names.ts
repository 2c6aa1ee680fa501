// Names of the protocol's numbers, for people: hosts only, never in an image.

import { Alarm } from "./alarms";
import { Op } from "./operations";
import { RecordKind } from "./records";
import { State } from "./states";

export const STATE_NAMES: Record<State, string> = {
  [State.shelf]: "shelf",
  [State.therapy]: "therapy",
  [State.stopped]: "stopped",
  [State.safe_minimum]: "safe minimum",
  [State.safe_off]: "safe off",
  [State.end_of_service]: "end of service",
};

export const ALARM_NAMES: Record<Alarm, string> = {
  [Alarm.none]: "none",
  [Alarm.drive_cut]: "drive cut",
  [Alarm.no_valid_prescription]: "no valid prescription",
  [Alarm.end_of_service]: "end of service",
  [Alarm.reservoir_empty]: "reservoir empty",
  [Alarm.motor_stall]: "motor stall",
  [Alarm.not_delivering]: "not delivering",
  [Alarm.repeated_resets]: "repeated resets",
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
  [Op.set_up]: "set up",
  [Op.refill]: "refill",
  [Op.prescribe]: "prescribe",
  [Op.start]: "start",
  [Op.stop]: "stop",
  [Op.set_clock]: "set clock",
  [Op.acknowledge]: "acknowledge",
  [Op.set_alarms]: "set alarms",
  [Op.status]: "status",
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
};

/** The name for a number of one of these lists, or the number itself where there is none. */
export function nameOf(names: Partial<Record<number, string>>, number: number): string {
  return names[number] ?? `number ${number}`;
}
