// What the oracle found: one violation of what the pump must do.

/** over and under: the dose at the motor. books: what the pump says. contract: the board. alarm: ALARM and its causes. */
export type ViolationKind = "over" | "under" | "books" | "contract" | "alarm";

export interface Violation {
  readonly kind: ViolationKind;
  /** True time. */
  readonly at_us: number;
  /** Logical pump time. */
  readonly pump_ms: number;
  readonly expected: number;
  readonly seen: number;
  readonly text: string;
}
