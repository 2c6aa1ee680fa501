// Example: a pressure sensor, as its interface would stand in hal/.

/**
 * What the catheter's inlet bears. A sample says what one instant was like: a pulse raises it for some tens of ms.
 * It is no part of the therapy: nothing in firmware/ asks for it.
 */
export interface Pressure {
  /** Samples: posts and returns. One event follows, with pascals above the ambient, or none if the line lost it. */
  readonly sample: (this: void) => void;
}

/** Numbers of the contract. */
export const enum PressureRange {
  /** A sensor of 0 to 200 kPa: what is above reads as that. */
  pascal_max = 200_000,
}
