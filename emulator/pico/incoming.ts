// Bytes on their way to the chip, at the line's pace.

import { BAUD } from "../devices/link";
import { Pacer } from "../devices/line";
import { type Engine, Timer } from "../engine/timers";

/** Between two bytes that are late. */
const HURRY_US = 12;

/** What was put on the line comes byte by byte. */
export class Incoming {
  private bytes: { readonly byte: number; readonly due_us: number }[] = [];
  private readonly line = new Pacer(BAUD);
  private readonly coming = new Timer(() => { this.came(); });

  constructor(private readonly engine: Engine, private readonly now_us: () => number, private readonly give: (byte: number) => void) {}

  readonly hear = (bytes: Uint8Array): void => {
    for (const byte of bytes) this.bytes.push({ byte, due_us: this.line.put(this.now_us(), 1) });
    if (!this.coming.armed) this.arm();
  };

  private arm(): void {
    const next = this.bytes[0];
    const { engine } = this;
    // What the chip's rest has delayed comes as fast as its UART can be emptied.
    if (next !== undefined) engine.arm(this.coming, next.due_us < engine.now_us ? engine.now_us + HURRY_US : next.due_us);
  }

  private came(): void {
    const { byte } = this.bytes.shift()!;
    this.arm();
    this.give(byte);
  }
}
