// The alarms, in order of priority: a smaller number is the more urgent one.
// Generated from spec/pump.md by `npm run generate`: do not edit.

export const enum Alarm {
  none = 0,
  drive_cut = 1,
  no_valid_prescription = 2,
  end_of_service = 3,
  reservoir_empty = 4,
  motor_stall = 5,
  not_delivering = 6,
  /** The pump cannot trust itself: it was reset again and again (value 0), or failed its self-test (what failed, as in the record). */
  pump_fault = 7,
  stopped_48h = 8,
  low_reservoir = 9,
  /** Elective replacement indicator. */
  battery_eri = 10,
  stopped_1h = 11,
  clock_doubtful = 12,
  memory_corrected = 13,
  log_fault = 14,
  refill_discrepancy = 15,
  stall_trend = 16,
  titration_ended = 17,
}

export const enum Alarms {
  /** Highest number in use. */
  last = 17,
  /** `drive_cut` to this one are critical, the rest are not. */
  last_critical = 8,
}
