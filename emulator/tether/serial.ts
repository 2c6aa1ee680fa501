// The serial line between controller and board: its pace, and what befalls it.

import { BAUD } from "../devices/link";
import { Pacer } from "../devices/line";

/** From the controller to the board, or back. */
export type Way = "out" | "back";

/** The line goes when that many bytes have passed one way, for so long. */
export interface Break {
  readonly way: Way;
  readonly byte: number;
  readonly outage_us: number;
}

const BYTE_US = 87;
/** The line is in use before time 0, by less than this. */
const EPOCH_US = 10_000_000;

interface Due { readonly due_us: number; readonly byte: number }

/**
 * Bytes take their time to the board; from it they come when its transmitter has sent them. A line that is down loses what is on it, both ways; one
 * that is stalled keeps it, and gives it all at once when it goes on, as a bridge or a host that has other things to do.
 */
export class Serial {
  /** Bytes that were put on the line, lost ones included. */
  readonly passed: Record<Way, number> = { out: 0, back: 0 };
  /** What breaks it, once. */
  break: Break | undefined;
  /** Hears each byte as it is put on the line. */
  tap: (way: Way, byte: number) => void = () => undefined;
  /** Hears each byte that reaches the board. */
  reached: (byte: number) => void = () => undefined;
  private down_until_us = -Infinity;
  private stalled_until_us = -Infinity;
  private queue: Due[] = [];
  private held: number[] = [];
  private noise: { readonly ends_us: number; readonly next: () => number; readonly way: Way; at_us: number } | undefined;
  private readonly pacer = new Pacer(BAUD);

  /** Nothing passes from now on, for so long. */
  cut(now_us: number, outage_us: number): void {
    this.down_until_us = Math.max(this.down_until_us, now_us + outage_us);
    this.queue = [];
    this.held = [];
  }

  stall(now_us: number, duration_us: number): void {
    this.stalled_until_us = Math.max(this.stalled_until_us, now_us + duration_us);
    this.queue = this.queue.map(({ due_us, byte }) => ({ due_us: Math.max(due_us, this.stalled_until_us), byte }));
  }

  /** Garbage at the line's rate, one way, between whatever else is said. */
  flood(now_us: number, way: Way, duration_us: number, next: () => number): void {
    this.noise = { ends_us: now_us + duration_us, next, way, at_us: now_us };
  }

  /** The controller writes. */
  write(now_us: number, bytes: Uint8Array): void {
    for (const byte of bytes) {
      const due_us = this.pacer.put(now_us + EPOCH_US, 1) - EPOCH_US;
      if (this.lets(now_us, "out", byte)) this.queue.push({ due_us: Math.max(due_us, this.stalled_until_us), byte });
    }
  }

  /** The board has sent a byte: what the controller is given of it now. */
  sent(now_us: number, byte: number): readonly number[] {
    if (!this.lets(now_us, "back", byte)) return [];
    if (now_us >= this.stalled_until_us) return [byte];
    this.held.push(byte);
    return [];
  }

  /** When something is due by itself. */
  get next_us(): number {
    const held_us = this.held.length > 0 ? this.stalled_until_us : Infinity;
    return Math.min(this.queue[0]?.due_us ?? Infinity, held_us, this.noise?.at_us ?? Infinity);
  }

  /** What is due by then: to the board, and what was held up on its way back. */
  take(now_us: number): { readonly out: readonly number[]; readonly back: readonly number[] } {
    const out: number[] = [];
    while (this.queue[0] !== undefined && this.queue[0].due_us <= now_us) out.push(this.queue.shift()!.byte);
    let back: number[] = [];
    if (this.held.length > 0 && now_us >= this.stalled_until_us) {
      back = this.held;
      this.held = [];
    }
    const { noise } = this;
    if (noise !== undefined && noise.at_us <= now_us) {
      (noise.way === "out" ? out : back).push(noise.next());
      noise.at_us += BYTE_US;
      if (noise.at_us >= noise.ends_us) this.noise = undefined;
    }
    for (const byte of out) this.reached(byte);
    return { out, back };
  }

  private lets(now_us: number, way: Way, byte: number): boolean {
    this.tap(way, byte);
    if (this.break?.way === way && this.passed[way] === this.break.byte) {
      const { outage_us } = this.break;
      this.break = undefined;
      this.cut(now_us, outage_us);
    }
    this.passed[way]++;
    return now_us >= this.down_until_us;
  }
}

