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
   * pulse_pL, capacity_nL, catheter_cm, previous_ng, previous_again_ng. On the shelf only: this unit's calibration, its reservoir, 20 or 40 mL, and its catheter. `previous_ng` is the daily dose of the pump that this one replaces, entered twice; both 0 if there was none.
   */
  set_up = 145,
  /**
   * drug, volume_nL, concentration, aspirated_nL, rinsed, lot. One transaction: so much was taken out of the reservoir, and it now holds so much deliverable drug, mixed with the dead volume unless that was rinsed. Refused if the drug in it would then have another
   * concentration than before: that takes `stage_refill`. `lot` is the lot's text as a number to the base of 36.
   */
  refill = 146,
  /**
   * mode, monday, tuesday, wednesday, thursday, friday, saturday, sunday, step_count, timed_count, titration_count, parts. Begins a prescription beside the one in force, which goes on. Each weekday names the schedule it follows. Only reads and changes nothing but what is
   * staged, so it is not recorded; what is staged is dropped with the session. The counts, and `parts` (1: `stage_extra`, 2: `stage_refill`, 3: both), say what else must come before it is whole.
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
   * base_version, hash, confirmed_ng, confirmed_bolus_ng, reason. Puts what is staged in force at a pulse boundary, whole. Refused if it is not what was reviewed, or if the prescription in force is no longer the one it was reviewed against. What `review` said it needs is confirmed by echo: the daily dose, the largest bolus; a reason is for the log. 0 where nothing is needed.
   */
  commit = 150,
  /**
   * missed_hours. Therapy begins, or begins again. After 48 h without delivery it begins at the minimum rate, and a second start that echoes the hours missed (`delivery`) leads to the full rate; otherwise 0.
   */
  start = 151,
  /**
   * reason. Therapy ends at the pulse boundary. The reason is for the log.
   */
  stop = 152,
  /**
   * wall_ms, confirmed_wall_ms. A clock set that could break a rolling cap, by giving a part of the day again, is refused unless the same time is given twice; otherwise `confirmed_wall_ms` is 0.
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
  /**
   * first, minute, dose_ng, duration_min. Timed boluses of what is staged, from number `first` on: at a minute of each day, ascending. Not recorded.
   */
  stage_timed = 161,
  /**
   * interval_min, periodic_ng, periodic_min, patient_ng, patient_min, lockout_min, patient_max, cap_1h_ng, cap_24h_ng. The rest of what is staged: a periodic bolus every `interval_min` of pump time with its dose and duration, the patient's bolus with its dose, duration, lockout from start to start, and how many in any 24 h; the two rolling
   * caps. Zeros: no periodic bolus, no patient bolus, the default caps (150 ug in 1 h, 1.5 times the daily dose in 24 h). Not recorded.
   */
  stage_extra = 162,
  /**
   * first, permille, days. A titration plan: for so many days of therapy actually delivered, each rate of the schedule is so many thousandths of what is written. It holds at its last step, with an alarm, when that is over. Not recorded.
   */
  stage_titration = 163,
  /**
   * drug, volume_nL, concentration, aspirated_nL, rinsed, bridge, lot. A refill that is done with the commit, in one: the only way to another concentration. `bridge` says what is in tubing and catheter. Not recorded.
   */
  stage_refill = 164,
  /**
   * dose_ng, duration_min, confirmed_ng. A single bolus on top of basal. Above the soft limit it is confirmed by echo, otherwise `confirmed_ng` is 0. Tells how long it will last at the present rate: it is lengthened to stay below the greatest flow.
   */
  bolus = 165,
  /**
   * The patient's own bolus, as prescribed.
   */
  patient_bolus = 166,
  /**
   * activity. Ends a bolus or a prime at the pulse boundary. What was not delivered is not.
   */
  cancel = 167,
  /**
   * volume_nL. The first half of a prime: a token that is good for one prime of this volume in this session. At most tubing and catheter. Not recorded.
   */
  prime_arm = 168,
  /**
   * token. Fills tubing and catheter at the greatest flow. On the shelf or stopped only.
   */
  prime = 169,
  /**
   * Reads what is being delivered on top of basal and through which drug: the bolus in hand, how long the patient must wait and how many were given in 24 h, the drug that the next pulse pushes out at the tip, prime, the hours since the
   * last confirmed pulse while none is coming, the step of the titration plan (from 1, 0 for none) and how much of it was delivered, and what counts against the rolling caps.
   */
  delivery = 170,
  /**
   * Reads the boluses of the prescription in force.
   */
  prescription_boluses = 171,
  /**
   * Reads its caps, as they are in force, and its titration plan.
   */
  prescription_plan = 172,
  /**
   * critical. Sounds the tone of a critical alarm, or of another, once. Alarms are not touched.
   */
  test_tone = 173,
}

/** The numbers are without a gap. */
export const enum Ops { first = 144, last = 173 }

/** How the fields of each message and of its answer stand in bytes (fields.ts). */
export const enum Layout {
  status = 0,
  status_answer = 920595712841433,
  set_up = 13979,
  set_up_answer = 0,
  refill = 136857,
  refill_answer = 0,
  stage = 9817068105,
  stage_answer = 0,
  stage_steps = 1705,
  stage_steps_answer = 0,
  review = 0,
  review_answer = 6281600288987,
  commit = 5851,
  commit_answer = 3,
  start = 2,
  start_answer = 0,
  stop = 1,
  stop_answer = 0,
  set_clock = 36,
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
  stage_timed = 9897,
  stage_timed_answer = 0,
  stage_extra = 56960666,
  stage_extra_answer = 0,
  stage_titration = 1193,
  stage_titration_answer = 0,
  stage_refill = 1087129,
  stage_refill_answer = 0,
  bolus = 211,
  bolus_answer = 3,
  patient_bolus = 0,
  patient_bolus_answer = 3,
  cancel = 1,
  cancel_answer = 0,
  prime_arm = 3,
  prime_arm_answer = 27,
  prime = 3,
  prime_answer = 0,
  delivery = 0,
  delivery_answer = 121045621520089,
  prescription_boluses = 0,
  prescription_boluses_answer = 20756116691,
  prescription_plan = 0,
  prescription_plan_answer = 76507,
  test_tone = 1,
  test_tone_answer = 0,
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
  concentration = 10,
  bridge_nL = 11,
  hour_max_ng = 12,
  day_max_ng = 13,
  needs = 14,
  fields = 15,
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

/** Where each value of the answer to `Op.prime_arm` stands. */
export const enum PrimeArm {
  token = 0,
  duration_ms = 1,
  fields = 2,
}

/** Where each value of the answer to `Op.delivery` stands. */
export const enum Delivery {
  bolus = 0,
  requested_ng = 1,
  delivered_ng = 2,
  uncertain_ng = 3,
  left_ng = 4,
  lockout_ms = 5,
  patient_count = 6,
  tip_concentration = 7,
  plugs = 8,
  bridge_left_pL = 9,
  prime_left_pL = 10,
  missed_hours = 11,
  titration_step = 12,
  titration_ms = 13,
  given_1h_ng = 14,
  given_24h_ng = 15,
  fields = 16,
}

/** Where each value of the answer to `Op.prescription_boluses` stands. */
export const enum PrescriptionBoluses {
  version = 0,
  interval_min = 1,
  periodic_ng = 2,
  periodic_min = 3,
  patient_ng = 4,
  patient_min = 5,
  lockout_min = 6,
  patient_max = 7,
  minute = 8,
  dose_ng = 9,
  duration_min = 10,
  fields = 11,
}

/** Where each value of the answer to `Op.prescription_plan` stands. */
export const enum PrescriptionPlan {
  version = 0,
  cap_1h_ng = 1,
  cap_24h_ng = 2,
  permille = 3,
  days = 4,
  fields = 5,
}
