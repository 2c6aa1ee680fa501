// In which states each alarm can be on, and which pairs of them together.

import { Alarm, Alarms } from "../../protocol/alarms";
import { State } from "../../protocol/states";

const { therapy, stopped, safe_minimum, safe_off, end_of_service } = { therapy: State.therapy, stopped: State.stopped, safe_minimum: State.safe_minimum, safe_off: State.safe_off, end_of_service: State.end_of_service };
const ANYWHERE = [therapy, stopped, safe_minimum, safe_off, end_of_service];

/** In which states each can be on; the shelf is muted. A stop leaves what led to the minimum rate on, and so does an empty reservoir there. */
export const WHERE: Readonly<Record<Exclude<Alarm, Alarm.none>, readonly State[]>> = {
  [Alarm.drive_cut]: ANYWHERE,
  [Alarm.no_valid_prescription]: [safe_minimum, stopped, safe_off],
  [Alarm.end_of_service]: [end_of_service],
  [Alarm.reservoir_empty]: ANYWHERE,
  [Alarm.motor_stall]: [therapy, safe_minimum],
  [Alarm.not_delivering]: [safe_minimum, stopped, safe_off],
  [Alarm.pump_fault]: [safe_minimum, stopped, safe_off],
  [Alarm.stopped_48h]: [stopped],
  [Alarm.low_reservoir]: ANYWHERE,
  [Alarm.battery_eri]: ANYWHERE,
  [Alarm.stopped_1h]: [stopped],
  [Alarm.clock_doubtful]: ANYWHERE,
  [Alarm.memory_corrected]: ANYWHERE,
  [Alarm.log_fault]: ANYWHERE,
  [Alarm.refill_discrepancy]: ANYWHERE,
  [Alarm.stall_trend]: ANYWHERE,
  [Alarm.titration_ended]: ANYWHERE,
};

const ALL = Array.from({ length: Alarms.last }, (_, i): Exclude<Alarm, Alarm.none> => i + 1);
/** Every two of them, the more urgent first. */
export const PAIRS = ALL.flatMap((a) => ALL.filter((b) => b > a).map((b) => [a, b] as const));
/** The states in which both can be on. */
export const common = (a: Exclude<Alarm, Alarm.none>, b: Exclude<Alarm, Alarm.none>): readonly State[] => WHERE[a].filter((state) => WHERE[b].includes(state));
