// The cut-off: a switch in the drive's supply, apart from the step.

/**
 * The independent path of MOTOR-4: without its supply the drive cannot turn the head, whatever its step input, its
 * driver stage or the program that steps it does. It is a switch of its own, on a line of its own; nothing that
 * makes a pulse (motor.ts) opens or closes it.
 *
 * It is open, and the drive cut, from each reset and each power-on until a controller closes it: a program that
 * does not run cannot notice what the head does.
 */
export interface Cutoff {
  /**
   * 1 cuts the drive's supply, 0 gives it back: acts and returns. May be called at any time, also in the state it
   * has, and with a pulse in flight, which then may or may not have turned the head; its result still comes.
   *
   * Nothing tells whether the switch did what it was told. Whoever needs to know watches the rotor sensor: an edge
   * of a head that has no supply is a switch that failed, or a head that ran on.
   *
   * `Motor.pulse` must not be called while the supply is cut: it would turn nothing, and its result would be
   * `missed`.
   */
  readonly cut: (this: void, on: number) => void;
}
