// The link to the programmer: bytes on a serial line, and its sleep.

/** Sizes that a board and a controller may rely on. */
export const enum LinkSize {
  /** Most bytes that one entry `received` is given, so that no entry takes long. */
  chunk_max = 64,
  /** Bytes the board can hold that were sent and have not left yet: two of the longest frames, escaped. */
  send_max = 1024,
}

/**
 * A full-duplex byte stream, 115 200 baud 8N1 where the line has a rate. Bytes that arrive are given to the controller by its entry
 * `received`, in order, in chunks; the board notices a chunk when 64 bytes have come, or when the line pauses for the time of two bytes.
 *
 * What is on the line may be anything: noise, a part of something, somebody else's. No flow control.
 */
export interface Link {
  /**
   * Posts the first `count` of `bytes` (0 to 255); they leave in order. Returns 1, or 0 if not all of them fit into what is
   * left of `LinkSize.send_max`: then none leaves. Never waits, never fails otherwise, also if nobody listens.
   */
  readonly send: (this: void, bytes: readonly number[], count: number) => number;

  /**
   * Sleep (0) or awake (1). Asleep, the transceiver is off but for what it takes to notice that somebody calls: bytes are still handed over, those
   * at the beginning of a call may be lost, and what is sent from then on does not leave. What was sent before does: the transceiver is off once that has left. A reset leaves it asleep.
   */
  readonly power: (this: void, on: number) => void;
}
