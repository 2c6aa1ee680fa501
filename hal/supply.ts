// The supply: what the battery gives while it is loaded.

export interface Supply {
  /**
   * Samples the battery's voltage under the load of the motor pulse in flight: posts and returns. One
   * `Source.supply` event follows, with millivolts. A sample says what that instant was like and no more:
   * it may be a sag (BATT-1).
   */
  readonly sample: (this: void) => void;
}
