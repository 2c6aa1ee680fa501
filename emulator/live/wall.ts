// The wall: real time, as the live server is given it.

/** The host's clock and its alarm. Only a command line, or a test, makes one. */
export interface Wall {
  /** Microseconds, integer, never backwards, from any beginning. */
  now_us(): number;
  /** Calls `act` once after so long, or a little later; 0: as soon as what came in meanwhile was heard. Gives what cancels it. */
  after(delay_us: number, act: () => void): () => void;
}
