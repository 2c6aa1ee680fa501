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
  drug_unknown = 25,
  /** More than the reservoir can have held was taken out of it. */
  aspirated_too_much = 26,
  /** More kinds of drug on the way to the tip than can be followed. */
  too_many_plugs = 27,

  // Settings.
  clock_out_of_range = 30,
  calibration_out_of_range = 31,
  low_volume_out_of_range = 32,
  tone_interval_out_of_range = 33,
  alarm_not_active = 34,
  /** Longer than a critical alarm may be silenced, or a longer silence asked for a non-critical one. */
  silence_too_long = 35,
  /** After 48 h without delivery: the hours missed must be echoed. */
  full_rate_not_confirmed = 36,
  /** The two entries of the previous daily dose differ. */
  previous_dose_differs = 37,
  catheter_out_of_range = 38,

  // Storage.
  /** A write did not become durable. */
  storage_write_failed = 40,
  /** No good copy of a part is left. */
  storage_damaged = 41,

  // Limits (LIMIT-1 to 4).
  /** More than the drug's hard maximum daily dose. */
  daily_dose_above_maximum = 60,
  /** More than the drug's hard maximum of a single bolus. */
  bolus_above_maximum = 61,
  /** A first prescription above 200 ug/day, or above the dose of the pump that was replaced. */
  first_dose_above_maximum = 62,
  /** The daily dose would rise by more than 40 % within 24 h. */
  dose_step_too_large = 63,
  /** A soft limit is passed: the value must be echoed. */
  confirmation_needed = 64,
  /** The daily dose would fall by more than 50 % within 24 h: a reason must be given. */
  reason_needed = 65,
  /** The rolling cap of 1 h would be passed. */
  above_cap_1h = 66,
  /** The rolling cap of 24 h would be passed. */
  above_cap_24h = 67,
  /** What was given is not known over the whole window: it counts as if the cap was used. */
  history_unknown = 68,
  cap_out_of_range = 69,

  // Boluses and prime.
  /** A bolus is being given: one at a time. */
  bolus_active = 70,
  /** No dose, or a duration or time of day that is out of its range. */
  bolus_out_of_range = 71,
  /** Therapy is stalled, at the minimum rate by itself, or being primed. */
  bolus_not_possible = 72,
  /** The prescription has no bolus for the patient. */
  patient_bolus_off = 73,
  /** The patient's last bolus began less than the lockout ago. */
  lockout = 74,
  /** The patient has had as many as the prescription allows in 24 h. */
  patient_bolus_count = 75,
  /** Settings of the patient's bolus: more than 10 % of the daily dose, or a lockout or count out of its range. */
  patient_bolus_out_of_range = 76,
  /** Not the token of this session, or one that was used. */
  token_wrong = 77,
  /** More than tubing and catheter hold, or less than a pulse. */
  prime_volume_out_of_range = 78,
  /** Nothing of that kind is being given. */
  not_active = 79,
  /** A titration plan whose steps are out of their range, or without a schedule. */
  titration_out_of_range = 90,

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
  /** The self-test still finds something wrong: what it led to is not left before. */
  self_test_failed = 81,
}
