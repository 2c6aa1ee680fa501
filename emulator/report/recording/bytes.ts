// Whole numbers as bytes: short for small ones, both signs, up to 2^53.

/** Writes numbers one after another; its space grows. */
export class ByteWriter {
  #bytes = new Uint8Array(1024);
  length = 0;

  /** What was written so far, as a copy. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.length);
  }

  /** Forgets what was written, and keeps the space. */
  clear(): void {
    this.length = 0;
  }

  /** A number from 0 on: seven bits a byte, the least first. */
  whole(value: number): void {
    if (this.length + 8 > this.#bytes.length) this.#grow();
    let rest = value;
    while (rest >= 128) {
      const high = Math.floor(rest / 128);
      this.#bytes[this.length++] = rest - high * 128 + 128;
      rest = high;
    }
    this.#bytes[this.length++] = rest;
  }

  /** A number of either sign: what is near 0 is short. Up to 2^52. */
  signed(value: number): void {
    this.whole(value < 0 ? -2 * value - 1 : 2 * value);
  }

  #grow(): void {
    const wider = new Uint8Array(this.#bytes.length * 2);
    wider.set(this.#bytes);
    this.#bytes = wider;
  }
}

/** Reads what a `ByteWriter` wrote. Throws at the end of the bytes. */
export class ByteReader {
  at = 0;

  constructor(readonly bytes: Uint8Array) {}

  get ended(): boolean {
    return this.at >= this.bytes.length;
  }

  whole(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw new Error("the recording ends in the middle of a number");
      if (byte < 128) return value + byte * factor;
      value += (byte - 128) * factor;
    }
  }

  signed(): number {
    const value = this.whole();
    const half = Math.floor(value / 2);
    return half * 2 === value ? half : -half - 1;
  }
}
