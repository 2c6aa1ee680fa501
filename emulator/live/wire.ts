// A wire: one of the ways by which wands reach the live pump.

export interface Wire {
  /** Sends what the pump said to whoever listens there; nobody may. */
  write(bytes: Uint8Array): void;
  /** Whether what comes is taken, or left to wait with its sender. */
  flow(on: boolean): void;
  close(): void;
}
