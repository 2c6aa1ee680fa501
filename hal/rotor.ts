// The rotor sensor: proof that the head has turned.

/**
 * The sensor has no calls, only events. An edge within 500 ms of a command is the motor's result
 * (motor.ts). Any other edge comes as a `Source.rotor` event, with one of these and, for a late edge, the
 * milliseconds since the last command.
 */
export const enum RotorEdge {
  /** After 500 ms and before the next command: the pulse stays uncertain, the edge is logged. */
  late = 1,
}
