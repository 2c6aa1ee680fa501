// The motor of the peristaltic head: one call turns it by one pulse.

/** How a pulse ended. Carried by `Source.motor` events. Numbers are stable. */
export const enum MotorResult {
  /** The rotor sensor saw the step within `Motion.confirm_ms_max`. */
  confirmed = 1,
  /** It did not. Whether the drug moved is not known. */
  missed = 2,
}

/** The motor's contract in numbers (MOTOR-1). */
export const enum Motion {
  /** An edge later than this after its command does not confirm it. */
  confirm_ms_max = 500,
  /** Least time from one command to the next; a pump at 24 mL/day needs one each 810 ms. */
  interval_ms_min = 750,
}

export interface Motor {
  /**
   * Turns the head by one pulse: posts and returns.
   *
   * Exactly one `Source.motor` event follows, with a `MotorResult` and the latency in ms, measured by the
   * board from the instant the drive was energised: `confirmed` at the edge, or `missed` at 500 ms. Between
   * the call and that event the pulse is in flight; an instant with none in flight is a pulse boundary.
   *
   * A board that reports nothing by `Motion.interval_ms_min` is broken: the controller then counts the pulse
   * as uncertain by itself and ignores what comes later.
   *
   * Must not be called while a pulse is in flight, nor within `interval_ms_min` of the last call.
   */
  readonly pulse: (this: void) => void;
}
