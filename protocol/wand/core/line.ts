// The wand's end of the line: frames in and out, and when each may leave.

import { createUnframer, frameUp, takeByte } from "../../usb";
import { reportsOf } from "./packets";
import type { Heard } from "./packets";

interface Leaving {
  readonly due_us: number;
  readonly bytes: Uint8Array;
}

/** Queues what is to be sent and reads what comes. Time is given with each call and never goes back. */
export class Line {
  readonly #unframer = createUnframer();
  readonly #turnaround_us: number;
  readonly #queue: Leaving[] = [];
  #left_us: number | undefined;

  /** Bytes that came, and good frames among them, since `clearCounts`. */
  bytes_in = 0;
  frames_in = 0;

  /** `turnaround_us`: a frame leaves at a whole multiple of this after the one before it; 0: at once. `left_us` is when one left before, if one did. */
  constructor(turnaround_us: number, left_us?: number) {
    this.#turnaround_us = turnaround_us;
    this.#left_us = left_us;
  }

  /** When the last frame left. */
  get left_us(): number | undefined {
    return this.#left_us;
  }

  clearCounts(): void {
    this.bytes_in = 0;
    this.frames_in = 0;
  }

  /** Posts a frame and returns when it may leave. */
  send(now_us: number, frame: readonly number[]): number {
    const before_us = this.#queue.at(-1)?.due_us ?? this.#left_us;
    let due_us = Math.max(now_us, before_us ?? now_us);
    if (this.#turnaround_us > 0 && before_us !== undefined) {
      const turns = Math.max(1, Math.ceil((due_us - before_us) / this.#turnaround_us));
      due_us = before_us + turns * this.#turnaround_us;
    }
    const bytes: number[] = [];
    const count = frameUp(frame, frame.length, bytes);
    this.#queue.push({ due_us, bytes: Uint8Array.from(bytes.slice(0, count)) });
    return due_us;
  }

  /** What leaves now, if anything does. */
  take(now_us: number): Uint8Array | undefined {
    const [next] = this.#queue;
    if (next === undefined || next.due_us > now_us) return undefined;
    this.#queue.shift();
    this.#left_us = next.due_us;
    return next.bytes;
  }

  /** When the next frame may leave. */
  get next_us(): number | undefined {
    return this.#queue[0]?.due_us;
  }

  /** Nothing is left to send. */
  get empty(): boolean {
    return this.#queue.length === 0;
  }

  /** Drops what has not left. */
  clear(): void {
    this.#queue.length = 0;
  }

  /** Reads bytes; `hear` is given each packet that a device reports. */
  receive(bytes: Uint8Array, hear: (packet: Heard) => void): void {
    this.bytes_in += bytes.length;
    for (const byte of bytes) {
      if (!takeByte(this.#unframer, byte)) continue;
      const packets = reportsOf(this.#unframer.bytes, this.#unframer.size);
      if (packets === undefined) continue;
      this.frames_in += 1;
      packets.forEach(hear);
    }
  }
}
