// A serial line in time: how long bytes take, and when the board sees them.

import { LinkSize } from "../../hal/link";

const BITS_PER_BYTE = 10;
const US_PER_S = 1_000_000;
/** The board takes what has come once the line has paused for so many bytes. */
const PAUSE_BYTES = 2;

/** Bytes one after another: an unbroken row of them is counted from its first, so that no rounding adds up. */
export class Pacer {
  /** When the last byte is through. */
  free_us = 0;
  private start_us = 0;
  private count = 0;

  /** `baud` is 0 for a line on which bytes take no time. */
  constructor(private readonly baud: number) {}

  /** How long so many bytes take, rounded up. */
  span_us(count: number): number {
    return this.baud === 0 ? 0 : Math.ceil((count * BITS_PER_BYTE * US_PER_S) / this.baud);
  }

  /** Puts bytes on the line at `now_us`, or behind those that are on it; returns when the last of them is through. */
  put(now_us: number, count: number): number {
    if (now_us > this.free_us || this.count === 0) {
      this.start_us = Math.max(now_us, this.free_us);
      this.count = 0;
    }
    this.count += count;
    this.free_us = this.start_us + this.span_us(this.count);
    return this.free_us;
  }

  /** Bytes that are not through at `now_us`. */
  waiting(now_us: number): number {
    if (this.baud === 0 || now_us >= this.free_us) return 0;
    return this.count - Math.max(0, Math.floor(((now_us - this.start_us) * this.baud) / (BITS_PER_BYTE * US_PER_S)));
  }

  /** Nothing is on the line. */
  reset(): void {
    this.free_us = 0;
    this.count = 0;
  }
}

/** Bytes that the board gives to the program at once. */
interface Chunk {
  readonly bytes: number[];
  readonly first_us: number;
  last_us: number;
}

/** The receiving end: bytes come at their pace and gather in chunks. */
export class Receiver {
  private readonly pacer: Pacer;
  private readonly pause_us: number;
  private chunks: Chunk[] = [];

  constructor(baud: number) {
    this.pacer = new Pacer(baud);
    this.pause_us = this.pacer.span_us(PAUSE_BYTES);
  }

  /** When the line is free for the next byte. */
  get free_us(): number {
    return this.pacer.free_us;
  }

  /** When the next chunk is complete, undefined if none is coming. */
  get due_us(): number | undefined {
    const chunk = this.chunks[0];
    if (chunk === undefined) return undefined;
    return chunk.bytes.length === LinkSize.chunk_max ? chunk.last_us : chunk.last_us + this.pause_us;
  }

  /** Bytes are put on the line at `now_us`. */
  put(now_us: number, bytes: Uint8Array): void {
    let from_us = Math.max(now_us, this.pacer.free_us);
    for (const byte of bytes) {
      const at_us = this.pacer.put(now_us, 1);
      let chunk = this.chunks.at(-1);
      if (chunk === undefined || chunk.bytes.length === LinkSize.chunk_max || from_us > chunk.last_us + this.pause_us) {
        chunk = { bytes: [], first_us: at_us, last_us: at_us };
        this.chunks.push(chunk);
      }
      chunk.bytes.push(byte);
      chunk.last_us = at_us;
      from_us = at_us;
    }
  }

  /** Takes the chunk that is due. */
  take(): readonly number[] {
    return this.chunks.shift()?.bytes ?? [];
  }

  /** Drops the chunks whose first byte has come. */
  dropArrived(now_us: number): void {
    this.chunks = this.chunks.filter(({ first_us }) => first_us > now_us);
  }
}
