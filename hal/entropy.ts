// Entropy: bytes that nobody can guess.

export interface Entropy {
  /** Fills `count` places of `into`, from index `first` on, with random bytes (0 to 255) fit for nonces and identifiers. At once. */
  readonly fill: (this: void, into: number[], first: number, count: number) => void;
}
