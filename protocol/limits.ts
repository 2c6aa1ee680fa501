// Limits and lengths that both ends of the wire go by.

/** The wall clock of a pump at which nobody has set it yet. */
export const enum WallClock {
  /** 2000-01-01T00:00, at pump time 0. */
  unset_ms = 946_684_800_000,
}

/** Prescriptions. */
export const enum Prescribe {
  minutes_per_day = 1440,
  steps_per_day_max = 24,
  schedules_max = 7,
  steps_max = 168,
  /** Steps that one message stages at most, and that one answer reads. */
  steps_staged = 15,
  steps_read = 10,
  /** Timed boluses of a prescription, and steps of its titration plan. */
  timed_max = 8,
  titration_max = 8,
}

/** Lengths in bytes (SESSION.md). */
export const enum Wire {
  /** The version of the protocol. */
  version = 1,
  frame_max = 252,
  /** From the check value to the first packet. */
  frame_head = 12,
  packet_head = 4,
  /** Most data of a packet: what the smallest stacks hold. */
  data_max = 232,
  device_id = 8,
  nonce = 16,
  /** session and number before what is sealed. */
  sealed_head = 8,
  tag = 16,
  /** data_max - sealed_head - tag. */
  message_max = 208,
  /** Operation id and operation before the fields of a request. */
  request_head = 10,
  /** Operation and fault before the fields of an answer. */
  answer_head = 4,
}

/** Times of the link in ms. */
export const enum LinkTime {
  /** Announcements, while awake. */
  announce_ms = 500,
  /** A woken pump waits so long for a login. */
  unproven_ms = 5000,
  /** A session ends, and the link falls asleep, so long after the last message that was good (LINK-3, BATT-3). */
  idle_ms = 180_000,
  /** Back-off after `failures_max` failed logins in a row; it doubles with each one more. */
  backoff_ms_min = 60_000,
  backoff_ms_max = 3_600_000,
  failures_max = 5,
  /** From 60 s to an hour. */
  backoff_steps = 6,
}
