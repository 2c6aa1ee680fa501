// Non-volatile storage: what is still there after a power loss.

/** A book kept as a tally: one bit a pulse, exact to the pulse in flight (MEM-2). */
export const enum Book {
  commanded = 0,
  confirmed = 1,
}

/**
 * Changes are made by transactions: what was put and appended since the last commit becomes durable
 * together, or not at all. Reads see what is durable and never what is pending. A warm reset does not touch what was
 * posted: it is durable when the program boots, and no event tells. A transaction that is open then is dropped.
 */
export interface Storage {
  /**
   * Adds `count` of `values` (integers, 0 to 2^53 - 1) from index `first` on, as the new content of `part` (0 to 15), to
   * the open transaction. One of more than 4096 bytes, a byte for 7 bits of a value, fails as a whole.
   */
  readonly put: (this: void, part: number, values: readonly number[], first: number, count: number) => void;

  /** Adds one record to the open transaction's log entries, of which there are 32 at the most: one of more fails as a whole. The oldest record is lost first. */
  readonly append: (
    this: void, sequence: number, kind: number, pump_ms: number, wall_ms: number, a: number, b: number, c: number,
  ) => void;

  /** Posts the open transaction. One `Source.storage` event follows, with a `Fault`: 0 once it is durable. */
  readonly commit: (this: void) => void;

  /** Adds one pulse to a tally, durable by itself and before any later operation. Posts; no event follows. */
  readonly tally: (this: void, book: Book) => void;

  /** The durable tally of a book. */
  readonly tallied: (this: void, book: Book) => number;

  /**
   * Copies the durable content of `part` into `into` from index 0.
   * Returns how many values there are, 0 if the part was never written, -1 if no good copy is left.
   */
  readonly read: (this: void, part: number, into: number[]) => number;

  /** Sequence number of the newest record that is durable or posted, 0 if there is none. */
  readonly last_sequence: (this: void) => number;

  /** Sequence number of the oldest durable record that is kept, 0 if there is none. */
  readonly first_sequence: (this: void) => number;

  /**
   * Copies the durable record of that number into `into`: kind, pump_ms, wall_ms, a, b, c. Returns 1, or 0 if there is no such
   * record.
   */
  readonly record: (this: void, sequence: number, into: number[]) => number;
}
