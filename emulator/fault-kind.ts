// What a device declares about each of its faults.

/** One kind of fault: declared at the top of the device it belongs to, gathered in faults.ts. */
export interface FaultKind {
  /** Device and fault: "motor.stalled". */
  readonly kind: string;
  /** What happens, in one sentence. */
  readonly what: string;
  /** What the pump cannot know about it, in one sentence. The oracle does not blame the books for that. */
  readonly unknown_to_pump: string;
  /** The number it takes, if it takes one: an order without it is refused. */
  readonly value?: FaultValue;
  /** Happens once: there is nothing to heal. */
  readonly instant?: boolean;
}

/** The number a fault takes, with its inclusive range. */
export interface FaultValue {
  readonly unit: "ms" | "ppb" | "permille" | "mV" | "mOhm" | "uA" | "slot" | "count";
  readonly min: number;
  readonly max: number;
  readonly what: string;
}

/** An order to start a fault. */
export interface FaultOrder {
  readonly kind: string;
  readonly value?: number;
}
