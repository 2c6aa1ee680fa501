// The operations: everything a programmer can ask of the pump, by number.
// Generated from spec/pump.md by `npm run generate`: do not edit.

/** What a programmer can ask of the pump, by number; each takes and gives integers only. */
export const enum Op {
  /**
   * Reads. Pulses are counted over the pump's life; `uncertain` are those without confirmation, and those that nobody commanded; `in_flight` is 1 while one awaits it. `remaining_low_pL`
   * is the lower bound, less uncertain pulses too. Bit n of `alarms` is set while alarm n is active; `alarm_changes` rises with each that comes, goes or is acknowledged.
   * `rate` is the present basal rate in ng/day, or in nL/day at the minimum rate; 0 while the motor is off.
   */
  status = 144,
  /**
   * pulse_pL, capacity_nL. On the shelf only: this unit's calibration and its reservoir, 20 or 40 mL.
   */
  set_up = 145,
  /**
   * volume_nL, concentration. The reservoir now holds so much deliverable drug.
   */
  refill = 146,
  /**
   * mode, monday, tuesday, wednesday, thursday, friday, saturday, sunday, step_count. Begins a prescription beside the one in force, which goes on. Each weekday names the schedule it follows. Only reads and changes nothing but what is
   * staged, so it is not recorded; what is staged is dropped with the session.
   */
  stage = 147,
  /**
   * first, key, rate_ng_per_day. Steps of what is staged, from number `first` on, up to 15 in a message. `key` is schedule x 1440 + minute of the day, ascending; each schedule that is followed has one at 00:00. Sent
   * again, a step takes the place of itself. Not recorded.
   */
  stage_steps = 148,
  /**
   * Checks what is staged, whole, and tells what it would do: the rate it begins with (ng/day, nL/day at the minimum rate), the largest dose of one wall-clock day, the dose of the
   * first 24 h from now, the volume of that largest day, a pulse's dose, and until when the reservoir lasts (as in `reservoir`, by wall clock). Only reads.
   */
  review = 149,
  /**
   * base_version, hash. Puts what is staged in force at a pulse boundary, whole. Refused if it is not what was reviewed, or if the prescription in force is no longer the one it was reviewed against.
   */
  commit = 150,
  /**
   * Therapy begins, or begins again.
   */
  start = 151,
  /**
   * reason. Therapy ends at the pulse boundary. The reason is for the log.
   */
  stop = 152,
  /**
   * wall_ms.
   */
  set_clock = 153,
  /**
   * alarm, silence_ms. Silences an active alarm: 0 until its next interval, or longer for a critical one, 2 h in all.
   */
  acknowledge = 154,
  /**
   * low_volume_nL, critical_interval_min, other_interval_min.
   */
  set_alarms = 155,
  /**
   * first. Reads the prescription in force, up to 10 steps of it from number `first` on.
   */
  prescription = 156,
  /**
   * Reads reservoir and settings. `refill_by_ms` is the earliest of: the low-reservoir volume reached by the real schedule with the flow 14.5 % high, 90 days after
   * the fill, elective replacement; `refill_decided` says which. `refill_nominal_ms` is the first of them at nominal flow. Both by wall clock, 0 if nothing is delivered.
   */
  reservoir = 157,
  /**
   * first. Reads `count` records of the log from number `first` on, or from the next one there is if that is lost. The end is reached when first + count > newest. Each record is a row of numbers, each of these in groups of seven
   * bits, the lowest group first, with bit 7 set in all but its last byte: kind, pump_ms, wall_ms, a, b, c. Records can be asked for again and in any order.
   */
  log = 158,
  /**
   * Ends the session; the link falls asleep after the answer. Not recorded.
   */
  close = 159,
  /**
   * Reads what the link has seen since the last reset. Frames are refused for their check value, size, flags or address; messages for a number, a session or a seal that is not right.
   */
  link_counts = 160,
}

/** The numbers are without a gap. */
export const enum Ops { first = 144, last = 160 }

/** How the fields of each message and of its answer stand in bytes (fields.ts). */
export const enum Layout {
  status = 0,
  status_answer = 920595712841433,
  set_up = 27,
  set_up_answer = 0,
  refill = 19,
  refill_answer = 0,
  stage = 19173961,
  stage_answer = 0,
  stage_steps = 1705,
  stage_steps_answer = 0,
  review = 0,
  review_answer = 210618587,
  commit = 27,
  commit_answer = 3,
  start = 0,
  start_answer = 0,
  stop = 1,
  stop_answer = 0,
  set_clock = 4,
  set_clock_answer = 4,
  acknowledge = 25,
  acknowledge_answer = 0,
  set_alarms = 147,
  set_alarms_answer = 0,
  prescription = 1,
  prescription_answer = 1830883201611,
  reservoir = 0,
  reservoir_answer = 156305832211,
  log = 3,
  log_answer = 25307,
  close = 0,
  close_answer = 0,
  link_counts = 0,
  link_counts_answer = 57521883,
}

/** Where each value of the answer to `Op.status` stands. */
export const enum Status {
  state = 0,
  commanded = 1,
  confirmed = 2,
  uncertain = 3,
  in_flight = 4,
  remaining_pL = 5,
  remaining_low_pL = 6,
  alarms = 7,
  pump_ms = 8,
  wall_ms = 9,
  rate = 10,
  version = 11,
  charge_used_nC = 12,
  filtered_mV = 13,
  mode = 14,
  concentration = 15,
  alarm_changes = 16,
  fields = 17,
}

/** Where each value of the answer to `Op.review` stands. */
export const enum Review {
  hash = 0,
  base_version = 1,
  rate_now = 2,
  daily_dose_ng = 3,
  first_day_ng = 4,
  daily_volume_nL = 5,
  pulse_ng = 6,
  refill_by_ms = 7,
  refill_nominal_ms = 8,
  refill_decided = 9,
  fields = 10,
}

/** Where each value of the answer to `Op.prescription` stands. */
export const enum Prescription {
  version = 0,
  mode = 1,
  monday = 2,
  tuesday = 3,
  wednesday = 4,
  thursday = 5,
  friday = 6,
  saturday = 7,
  sunday = 8,
  step_count = 9,
  first = 10,
  key = 11,
  rate_ng_per_day = 12,
  fields = 13,
}

/** Where each value of the answer to `Op.reservoir` stands. */
export const enum Reservoir {
  fill_nL = 0,
  concentration = 1,
  remaining_pL = 2,
  remaining_low_pL = 3,
  low_volume_nL = 4,
  capacity_nL = 5,
  pulse_pL = 6,
  filled_wall_ms = 7,
  refill_by_ms = 8,
  refill_nominal_ms = 9,
  refill_decided = 10,
  critical_interval_min = 11,
  other_interval_min = 12,
  fields = 13,
}

/** Where each value of the answer to `Op.log` stands. */
export const enum Log {
  oldest = 0,
  newest = 1,
  first = 2,
  count = 3,
  records = 4,
  fields = 5,
}

/** Where each value of the answer to `Op.link_counts` stands. */
export const enum LinkCounts {
  frames = 0,
  frames_refused = 1,
  packets_refused = 2,
  messages_refused = 3,
  repeats = 4,
  logins = 5,
  logins_failed = 6,
  wakes = 7,
  wakes_refused = 8,
  fields = 9,
}
