// The pump's states, as the log, the wire and the documents name them.

/** Numbers are stable. Bolus, prime, bridge and stall are inside `therapy`, not states of their own. */
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

/** How many states there are. */
export const enum States { count = 6 }
