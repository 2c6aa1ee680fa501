// Entropy: random bytes for nonces, from a stream of the seed.

import type { Entropy } from "../../hal/entropy";
import { Stream } from "../engine/random";

export class EntropyDevice {
  private readonly stream: Stream;

  constructor(seed: number) {
    this.stream = new Stream(seed, "entropy");
  }

  /** The capability that the controller is given. */
  readonly capability: Entropy = {
    fill: (into, first, count) => {
      if (!Number.isInteger(first) || !Number.isInteger(count) || first < 0 || count < 0) throw new Error(`entropy cannot fill ${count} places from ${first} on`);
      for (let i = first; i < first + count; i++) into[i] = this.stream.below(256);
    },
  };
}

/** So many bytes of a named stream: keys and nonces of whoever is not the pump. */
export function drawBytes(stream: Stream, count: number): Uint8Array {
  return Uint8Array.from({ length: count }, () => stream.below(256));
}
