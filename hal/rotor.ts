// The rotor sensor: proof that the head has turned, and which way.

/**
 * The sensor has no calls, only events, and is never off: it tells of each edge at any time, whether the motor is
 * on or not, with its direction. The first forward edge within 500 ms of a command is the motor's result
 * (motor.ts). Any other comes as a `Source.rotor` event: one of these, and the milliseconds since the last command
 * after the last reset, or 0 if there was none (a day at most, but for a late one).
 *
 * A board knows no command from before its reset. So an edge that a pulse cut off by the reset owes comes as
 * `uncommanded` too, and only the controller can tell (firmware/motion.ts).
 */
export const enum RotorEdge {
  /** Forward, the first after 500 ms and before the next command: the pulse stays uncertain, the edge is logged. */
  late = 1,
  /** Forward, and neither a result nor late: the head turned by one pulse that nobody commanded (MOTOR-4). */
  uncommanded = 2,
  /** Backward, with a pulse in flight or without; it confirms nothing (MOTOR-4). */
  reverse = 3,
}

/** Numbers of the contract. */
export const enum Edge {
  /** The most that is told of the time since the last command. */
  since_ms_max = 86_400_000,
}
