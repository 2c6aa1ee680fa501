// The pump's states and modes, as log, wire and documents name them.
// Generated from spec/pump.md by `npm run generate`: do not edit.

export const enum State {
  /** Never started: no therapy, alarms muted. */
  shelf = 0,
  /** Delivering what was prescribed. */
  therapy = 1,
  /** Stopped by a clinician, with a reason; left only by a start. */
  stopped = 2,
  /** Minimum rate because the prescription or the program cannot be trusted; critical alarm. */
  safe_minimum = 3,
  /** Motor off because it or the reservoir cannot be used; critical alarm. */
  safe_off = 4,
  /** End of service: motor off for good, clock, log and telemetry alive. */
  end_of_service = 5,
}

export const enum States {
  /** How many states there are. */
  count = 6,
}

export const enum Mode {
  /** No prescription. */
  none = 0,
  /** 0.006 mL/day. */
  minimum_rate = 1,
  /** A schedule for each weekday; simple continuous is a schedule of one step. */
  schedule = 2,
}

export const enum Drug {
  baclofen = 1,
}

export const enum Activity {
  bolus = 1,
  prime = 2,
}

export const enum BolusKind {
  none = 0,
  /** A single bolus, by a clinician's request. */
  clinician = 1,
  /** At a time of day. */
  timed = 2,
  /** Every so many minutes of pump time. */
  periodic = 3,
  /** At the patient's request. */
  patient = 4,
}

export const enum Bridge {
  undecided = 0,
  /** The old drug is in tubing and catheter: paced by it until it has gone. */
  bridge = 1,
  /** Tubing and catheter were emptied and hold the new drug. */
  cleared = 2,
}
