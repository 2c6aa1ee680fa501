// The bench's wand: the programmer's core at the end of the emulated line.

import type { LineEnd } from "./devices/link";
import { type Engine, Timer } from "./engine/timers";
import { Wand } from "../protocol/wand/core/wand";
import type { Order, Result, WandOptions } from "../protocol/wand/core/order";

/** A frame leaves at a multiple of this after the one before it: longer than the slowest target takes, so that it hides how fast that is. */
export const TURNAROUND_US = 100_000;
/** An order is given up after so long: a line with heavy loss needs many attempts. */
export const GIVE_UP_US = 30_000_000;

/**
 * Drives a wand in virtual time. Its clock is the scenario's: true time less the processor's lag.
 */
export class BenchWand {
  private wand: Wand;
  /** Whether this wand was ever given an order. */
  private ordered = false;
  private readonly waking = new Timer(() => {
    this.wand.wake(this.now_us());
    this.move();
  });

  constructor(private readonly engine: Engine, private readonly line: LineEnd, private readonly lag_us: number, options: WandOptions) {
    this.wand = new Wand(options);
    line.heard = (bytes) => {
      this.wand.receive(this.now_us(), bytes);
      this.move();
    };
  }

  /** Another wand takes its place: it knows nothing of a session. Its frames keep to the turnarounds of the one before, or they would tell how fast the pump answers. */
  replace(options: WandOptions): void {
    const { left_us } = this.wand;
    this.renew({ ...options, ...(left_us === undefined ? {} : { left_us }) });
  }

  /** A wand of which the line has never heard. */
  renew(options: WandOptions): void {
    this.wand = new Wand(options);
    this.ordered = false;
    this.engine.cancel(this.waking);
  }

  /** Whether it has a session, as far as it knows. */
  get in_session(): boolean {
    return this.wand.session !== undefined;
  }

  /** Whether an order is in hand. */
  get busy(): boolean {
    return this.ordered && this.wand.result === undefined;
  }

  /** What became of the order begun last, undefined while that is open. */
  get result(): Result | undefined {
    return this.wand.result;
  }

  /** Begins an order, at a time that the engine may have passed (Bench.rest). The one before must have its result. */
  begin(order: Order, at_us = this.now_us()): void {
    this.ordered = true;
    this.wand.begin(at_us, order);
    this.move();
  }

  private now_us(): number {
    return this.engine.now_us - this.lag_us;
  }

  /** Sends what may leave now, and arms the next look. */
  private move(): void {
    for (let bytes = this.wand.take(); bytes !== undefined; bytes = this.wand.take()) this.line.write(bytes);
    const { next_us } = this.wand;
    if (next_us === undefined) this.engine.cancel(this.waking);
    else this.engine.arm(this.waking, Math.max(this.engine.now_us, next_us + this.lag_us));
  }
}
