// A digest of a stream of integers: SHA-256 cut to 64 bits, endianness fixed.

import { createHash } from "node:crypto";

const CAPACITY = 1 << 16;
/** Room that is always left for one more event's fixed part. */
const RESERVE = 128;

/** Collects little-endian words in one buffer and hashes it in large pieces. */
export class Digest {
  private readonly hash = createHash("sha256");
  private readonly bytes = new Uint8Array(CAPACITY);
  private readonly view = new DataView(this.bytes.buffer);
  private at = 0;

  /** Opens an event: its kind (below 4096) and time (ms, below 2^52). */
  head(kind: number, at_ms: number): void {
    if (this.at > CAPACITY - RESERVE) this.flush();
    this.view.setUint32(this.at, at_ms >>> 0, true);
    this.view.setUint32(this.at + 4, kind * 1048576 + Math.floor(at_ms / 4294967296), true);
    this.at += 8;
  }

  /** An integer from 0 to 2^32 - 1. At most 20 after a head. */
  word(value: number): void {
    this.view.setUint32(this.at, value, true);
    this.at += 4;
  }

  /** Any safe integer, as 64 bits in two's complement. */
  integer(value: number): void {
    if (this.at > CAPACITY - RESERVE) this.flush();
    this.view.setUint32(this.at, value >>> 0, true);
    this.view.setInt32(this.at + 4, Math.floor(value / 4294967296), true);
    this.at += 8;
  }

  /** The first 64 bits over everything so far, as 16 hex digits. More may follow. */
  text(): string {
    this.flush();
    return this.hash.copy().digest("hex").slice(0, 16);
  }

  private flush(): void {
    this.hash.update(this.bytes.subarray(0, this.at));
    this.at = 0;
  }
}
