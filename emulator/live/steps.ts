// How a live pump's time is cut into steps: the same when it is done again.

import type { Bench } from "../bench";

/**
 * A machine runs ahead of the engine as far as it is let, and what it does at the end of a stretch depends, by an instruction or a microsecond, on where that
 * end is. So its stretches end at whole multiples of this, however the wall cuts them, and inputs come only there. What an answer loses by it is less than the
 * host's timers do.
 */
const GRAIN_US = 250;
/** Virtual time ends here: a hundred years, far beyond any pump's life. */
export const END_US = 100 * 365 * 86_400 * 1_000_000;
/** A chip's whole nanoseconds end some hours later. */
const MACHINE_US = 104 * 86_400 * 1_000_000;
/** Events between two looks at the outside: some ms of work. */
const EVENTS_MAX = 20_000;
/** A machine works through up to a grain of its time in each: some ms of work too, and a tenth of a second where it is busiest. */
const MACHINE_EVENTS_MAX = 64;

/** The steps of one bench. */
export class Steps {
  /** When virtual time ends. */
  readonly end_us: number;
  /** So many at once, and then a look at the outside. */
  readonly events_max: number;
  private readonly grain_us: number;

  constructor(private readonly bench: Bench) {
    // Only a machine takes its time.
    const machine = bench.processor.rest !== undefined;
    this.grain_us = machine ? GRAIN_US : 1;
    this.end_us = machine ? MACHINE_US : END_US;
    this.events_max = machine ? MACHINE_EVENTS_MAX : EVENTS_MAX;
  }

  /** The last instant up to `us` at which a step may end. */
  upTo(us: number): number {
    return Math.floor(us / this.grain_us) * this.grain_us;
  }

  /** The first one from `us` on. */
  from(us: number): number {
    return Math.ceil(us / this.grain_us) * this.grain_us;
  }

  /** When the step of the next event ends, undefined if there is none. */
  get next_us(): number | undefined {
    const { next_us } = this.bench.engine;
    return next_us === undefined ? undefined : this.from(next_us);
  }

  /** Does the next event, if its step ends by `limit_us`. False if none does: time then stays. */
  step(limit_us: number): boolean {
    const { next_us } = this;
    if (next_us === undefined || next_us > limit_us) return false;
    this.bench.engine.step(next_us);
    return true;
  }

  /** Lets the pump come to `us`, at which a step may end, everything that is due then done. */
  runTo(us: number): void {
    while (this.step(us));
    this.bench.engine.runUntil(us);
  }

  /** Lets it come to the next instant at which an input may come, and gives that. */
  settle(): number {
    // What is due then may take it further.
    for (;;) {
      const us = this.from(this.bench.engine.now_us);
      this.runTo(us);
      if (this.bench.engine.now_us === us) return us;
    }
  }
}
