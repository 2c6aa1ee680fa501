// The intake: wands' bytes reach the pump no faster than a line carries them.

import type { Wall } from "./wall";

/** Bytes a second at 115 200 baud. */
const RATE = 11_520;
/** What may come at once after a pause: a thousand messages. A pseudo-terminal has no rate, and an exchange should not wait for one. */
const BURST = 65_536;
/** To a machine, whose own line takes its time for each byte: the longest frame. What is ahead of it there would hold up whatever comes next. */
export const MACHINE_BURST = 512;
/** What waits here before its senders are made to wait, after the burst. */
const WAITING_MAX = 4096;

/**
 * A flood comes through at the rate of the line, by which the pump and its state file are no worse off than on a real one. Short messages
 * pass at once.
 */
export class Intake {
  private readonly waiting: Uint8Array[] = [];
  private count = 0;
  private credit: number;
  private since_us: number;
  private held = false;
  private stop: (() => void) | undefined;

  /** `wall` is whose time the line's rate is in. `flow` is told when senders have to wait, and when not any more; `burst` is what passes at once. */
  constructor(
    private readonly wall: Wall, private readonly pass: (bytes: Uint8Array) => void, private readonly flow: (on: boolean) => void, private readonly burst = BURST,
  ) {
    this.credit = burst;
    this.since_us = wall.now_us();
  }

  readonly heard = (bytes: Uint8Array): void => {
    this.waiting.push(bytes);
    this.count += bytes.length;
    this.drain();
  };

  close(): void {
    this.stop?.();
    this.waiting.length = 0;
    this.count = 0;
  }

  private refill(): void {
    const now_us = this.wall.now_us();
    const earned = Math.floor(((now_us - this.since_us) * RATE) / 1_000_000);
    this.credit = Math.min(this.burst, this.credit + earned);
    // What is not yet a whole byte is kept.
    this.since_us = this.credit === this.burst ? now_us : this.since_us + Math.ceil((earned * 1_000_000) / RATE);
  }

  private drain(): void {
    this.refill();
    for (let bytes = this.waiting[0]; bytes !== undefined && this.credit > 0; bytes = this.waiting[0]) {
      const part = bytes.subarray(0, this.credit);
      if (part.length === bytes.length) this.waiting.shift();
      else this.waiting[0] = bytes.subarray(part.length);
      this.credit -= part.length;
      this.count -= part.length;
      this.pass(part);
    }
    this.hold(this.count > WAITING_MAX);
    if (this.count > 0 && this.stop === undefined) {
      this.stop = this.wall.after(5000, () => {
        this.stop = undefined;
        this.drain();
      });
    }
  }

  private hold(on: boolean): void {
    if (on === this.held) return;
    this.held = on;
    this.flow(!on);
  }
}
