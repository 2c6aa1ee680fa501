// What the image sends: its program's writes, byte by byte on their way.

import { LinkSize } from "../../hal/link";

export class Outgoing {
  /** Writes of the program that are on their way out, by their counts, and what has left of the first. */
  private posted: number[] = [];
  private leaving: number[] = [];
  private posted_bytes = 0;
  /** The image's link; asleep, what it sends goes nowhere. */
  awake = false;
  /** Asleep as soon as all that was posted has left. */
  private going = false;

  /** `left` is given a write once all of it has left the transmitter, `power` whether the link is awake. */
  constructor(private readonly left: (bytes: Uint8Array) => void, private readonly power: (on: number) => void) {}

  /** A byte has left the transmitter. True if a write of the program's has with it. */
  byteLeft(byte: number): boolean {
    this.leaving.push(byte);
    // Bytes that no call announced are those of an image without an application: each leaves by itself.
    if (this.leaving.length < (this.posted[0] ?? 1)) return false;
    this.posted.shift();
    const bytes = Uint8Array.from(this.leaving);
    this.leaving = [];
    this.left(bytes);
    if (this.going && this.posted.length === 0) {
      this.going = false;
      this.power(0);
    }
    return true;
  }

  /** One write of `count` bytes, after `written` in all left the transmitter's ring. False if it does not fit into that: then it does not leave. */
  post(count: number, written: number): boolean {
    const fits = this.posted_bytes - written + count <= LinkSize.send_max;
    if (!fits || !this.awake) return fits;
    this.posted.push(count);
    this.posted_bytes += count;
    return true;
  }

  /** The program wakes its link or lets it sleep. */
  switched(on: number): void {
    this.awake = on !== 0;
    this.going = on === 0 && this.posted.length > 0;
    if (!this.going) this.power(on);
  }

  /** A reset: nothing leaves any more. */
  drop(): void {
    this.awake = this.going = false;
    this.posted = [];
    this.posted_bytes = 0;
    this.leaving = [];
  }
}
