// NOR flash: what erasing and programming do, how long, and what a cut leaves.

import type { Stream } from "../engine/random";

export const FLASH_BYTES = 2 * 1024 * 1024;
const SECTOR = 4096;
const PAGE = 256;
/** Typical figures of the W25Q16JV on a Pico. */
const ERASE_NS = 45_000_000;
const PAGE_NS = 400_000;

export interface FlashOperation {
  readonly kind: "erase" | "program";
  /** From the beginning of the flash. */
  readonly offset: number;
  readonly count: number;
}

/** How an operation goes: done, without effect, or cut off by the loss of power in the middle of it. */
export type FlashOutcome = "done" | "fails" | "torn";

/** The content lives as long as the board: resets and losses of power leave it. */
export class Flash {
  readonly bytes = new Uint8Array(FLASH_BYTES).fill(0xff);
  readonly counts = { erase: 0, program: 0 };
  /** Decides how the next operation goes, and hears of it. */
  before: (operation: FlashOperation) => FlashOutcome = () => "done";

  /** Draws what a cut leaves. */
  constructor(private readonly tears: Stream) {}

  /** Puts an image in, as a programmer would: `bytes` from `offset` on. */
  load(offset: number, bytes: Uint8Array): void {
    this.bytes.set(bytes, offset);
  }

  /** Erases whole sectors to ones; gives how long it takes. */
  erase(offset: number, count: number): number {
    if (offset % SECTOR !== 0 || count % SECTOR !== 0 || offset + count > FLASH_BYTES) throw new Error(`the image erases ${count} bytes from 0x${offset.toString(16)} on: not whole sectors`);
    this.counts.erase += count / SECTOR;
    const outcome = this.before({ kind: "erase", offset, count });
    if (outcome === "done") this.bytes.fill(0xff, offset, offset + count);
    else if (outcome === "torn") this.tear(offset, count, () => 0xff);
    return (ERASE_NS / SECTOR) * count;
  }

  /** Programs whole pages: bits go from 1 to 0 and never back. Gives how long it takes. */
  program(offset: number, count: number, byteAt: (i: number) => number): number {
    if (offset % PAGE !== 0 || count % PAGE !== 0 || offset + count > FLASH_BYTES) throw new Error(`the image programs ${count} bytes from 0x${offset.toString(16)} on: not whole pages`);
    this.counts.program += count / PAGE;
    const outcome = this.before({ kind: "program", offset, count });
    const after = (i: number): number => this.bytes[offset + i]! & byteAt(i);
    if (outcome === "torn") this.tear(offset, count, after);
    else if (outcome === "done") for (let i = 0; i < count; i++) this.bytes[offset + i] = after(i);
    return (PAGE_NS / PAGE) * count;
  }

  /** Power goes in the middle: each bit that was to change has, or has not. */
  private tear(offset: number, count: number, after: (i: number) => number): void {
    for (let i = 0; i < count; i++) {
      const old = this.bytes[offset + i]!;
      const mask = this.tears.below(256);
      this.bytes[offset + i] = (old & ~mask) | (after(i) & mask);
    }
  }
}
