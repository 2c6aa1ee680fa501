// The operations: everything a programmer can ask of the pump, by number.

/**
 * Each takes and gives integers only. Given is what the arguments are, in order, then what the answer
 * holds after its fault. The firmware's table (firmware/operations.ts) has the checks. Numbers are stable.
 */
export const enum Op {
  /** pulse_pL, capacity_nL. On the shelf only: this unit's calibration (225 000 to 275 000) and reservoir. */
  set_up = 1,
  /** volume_nL, concentration (ng/uL): the reservoir now holds so much deliverable drug. */
  refill = 2,
  /** mode, then for a day schedule the week and the steps (`Prescribe`). Answer: version. */
  prescribe = 3,
  /** Nothing. Therapy begins, or begins again. */
  start = 4,
  /** reason (1 to 255, for the log). Therapy ends at the pulse boundary. */
  stop = 5,
  /** wall_ms. Answer: the wall time before. */
  set_clock = 6,
  /** alarm, silence_ms: 0 until its next interval, or longer for a critical one. */
  acknowledge = 7,
  /** low_volume_nL, critical_interval_min, other_interval_min. */
  set_alarms = 8,
  /** Nothing. Answer: the values of `Status`. Changes nothing. */
  status = 9,
}

/** The wall clock of a pump at which nobody has set it yet. */
export const enum WallClock {
  /** 2000-01-01T00:00, at pump time 0. */
  unset_ms = 946_684_800_000,
}

/** The arguments of `Op.prescribe`, and the therapy modes. */
export const enum Prescribe {
  /** arg 0: one of the two modes below. */
  mode = 0,
  /** 0.006 mL/day, no other arguments. */
  minimum_rate = 1,
  /** A day schedule; simple continuous is a schedule of one step. */
  schedule = 2,
  /** args 1 to 7: which schedule (0 to 6) Monday to Sunday follow. */
  week = 1,
  /** From arg 8: pairs of (schedule x 1440 + minute of day, rate in ng/day), ascending. */
  steps = 8,
  minutes_per_day = 1440,
  steps_per_day_max = 24,
  schedules_max = 7,
  steps_max = 168,
}

/** Where each value of the answer to `Op.status` stands. */
export const enum Status {
  state = 0,
  /** Pulses commanded, confirmed and uncertain, over the pump's life. */
  commanded = 1,
  confirmed = 2,
  uncertain = 3,
  /** 1 while a pulse awaits its confirmation. */
  in_flight = 4,
  /** Deliverable volume by confirmed pulses, in pL. */
  remaining_pL = 5,
  /** The same less uncertain pulses: the lower bound, in pL. */
  remaining_low_pL = 6,
  /** Bit n is set while alarm n is active. */
  alarms = 7,
  pump_ms = 8,
  wall_ms = 9,
  /** Present basal rate in ng/day, or nL/day at the minimum rate. */
  rate = 10,
  /** Version of the prescription in force: one more at each commit. */
  version = 11,
  charge_used_nC = 12,
  filtered_mV = 13,
  count = 14,
}
