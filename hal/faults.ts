// Faults: the one list of error numbers, shared by firmware, log and wire.

/**
 * Why something was refused or failed. 0 is ok. Numbers are stable; a retired one is not used again.
 * Panics (panic.ts) are 901 and up in the same list. Texts for people: fault-texts.ts.
 */
export const enum Fault {
  ok = 0,

  // The request itself.
  unknown_operation = 1,
  /** Too few or too many arguments, or one that is not in its range. */
  malformed = 2,
  /** A request is already in hand, waiting for a pulse boundary. */
  busy = 3,
  /** The state table does not allow it in the present state. */
  not_in_this_state = 4,
  /** The pump had to start again from storage before it was done; nothing of it was done. */
  interrupted = 5,

  /** The role that asks may not do this. */
  not_permitted = 6,

  // Prescriptions.
  /** A step flows less than 0.048 mL/day and more than zero (DOSE-2). */
  flow_below_minimum = 10,
  /** A step flows more than 24 mL/day (DOSE-2). */
  flow_above_maximum = 11,
  /** A schedule of nothing but zero (DOSE-2). */
  schedule_all_zero = 12,
  /** Steps must be in ascending order of day and minute, each once. */
  steps_out_of_order = 13,
  /** Each day's schedule must have a step at 00:00. */
  no_step_at_midnight = 14,
  /** More than 24 steps in a day. */
  too_many_steps = 15,
  /** There is no prescription to start. */
  no_prescription = 16,

  /** Nothing is staged, or not all of its steps have come. */
  nothing_staged = 17,
  /** What is staged is not what was reviewed. */
  not_as_reviewed = 18,
  /** The prescription in force is not the one that this one was reviewed against. */
  base_version_stale = 19,

  // Reservoir.
  /** No drug has been filled in. */
  no_drug = 20,
  /** More than the reservoir holds. */
  overfill = 21,
  /** Not one of the drug's label concentrations. */
  concentration_unknown = 22,
  /** Another concentration than the one in tubing and catheter, and no bridge was decided. */
  concentration_needs_bridge = 23,
  /** The reservoir is at or below the empty level. */
  reservoir_empty = 24,

  // Settings.
  clock_out_of_range = 30,
  calibration_out_of_range = 31,
  low_volume_out_of_range = 32,
  tone_interval_out_of_range = 33,
  alarm_not_active = 34,
  /** Longer than a critical alarm may be silenced, or a longer silence asked for a non-critical one. */
  silence_too_long = 35,

  // Storage.
  /** A write did not become durable. */
  storage_write_failed = 40,
  /** No good copy of a part is left. */
  storage_damaged = 41,

  // The link. The pump answers these in the open, as hints.
  /** The pump has no key yet: it must be provisioned. */
  not_provisioned = 50,
  /** The pump has its key, and takes no other. */
  already_provisioned = 51,
  /** A version of the protocol that this pump does not speak. */
  version_unknown = 52,
  /** Too many failed logins: nobody is let in for a while (LINK-3). */
  backing_off = 53,
  /** The session has ended, or there never was one of that number. */
  no_session = 54,
  /** The first sealed message of a session was not sealed with its key. */
  login_failed = 55,
  /** The pump has a key and can no longer read it: nobody can log in. */
  key_lost = 56,
  /** The key did not become durable: the pump has none. */
  not_stored = 57,

  // The drive.
  /** The drive was cut for the third time in a day, and the head has not been still for a minute since (MOTOR-4). */
  drive_not_quiet = 80,
}
