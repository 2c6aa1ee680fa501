// The beginning of a run, kept event by event, and held against another's.

import { TRACE_NAMES } from "../../emulator/trace";
import type { Trace } from "../../emulator/trace";

/** Ends a run from within, at the end of what is compared. */
export class BeginningIsOver extends Error {
  override readonly name = "BeginningIsOver";
}

const COLUMNS = 6;

function textOf([kind, at_ms, ...rest]: readonly number[]): string {
  return kind === undefined ? "nothing more" : `${String(at_ms)} ms ${TRACE_NAMES[kind as keyof typeof TRACE_NAMES]} ${rest.join(" ")}`;
}

/** All that the outside saw up to the first event at or after `until_ms`, bytes on the line among it. */
export class Beginning {
  private readonly events: number[] = [];
  private digest = "";

  constructor(private readonly until_ms: number) {}

  /** How many events there are. */
  get count(): number {
    return this.events.length / COLUMNS;
  }

  /** Keeps a run's beginning; the run goes on. */
  keep(trace: Trace): void {
    trace.on((...event) => {
      if (this.digest !== "") return;
      this.events.push(...event);
      if (event[1] >= this.until_ms) this.digest = trace.fullDigest();
    });
  }

  /** Follows another run from its own beginning: ends it by `BeginningIsOver`, or at the first event that is not the same by an error that tells both. */
  follow(trace: Trace): void {
    const { events } = this;
    let at = 0;
    trace.on((...event) => {
      for (let i = 0; i < COLUMNS; i++) {
        if (event[i] !== events[at + i]) throw new Error(`event ${at / COLUMNS}: ${textOf(events.slice(at, at + COLUMNS))} expected, ${textOf(event)} seen`);
      }
      at += COLUMNS;
      if (at < events.length) return;
      // The digest has what no event tells: it is of the same events in the same order.
      if (this.digest === "" || trace.fullDigest() !== this.digest) throw new Error(`after ${at / COLUMNS} events: digest ${this.digest} expected, ${trace.fullDigest()} seen`);
      throw new BeginningIsOver(`${this.until_ms} ms are over`);
    });
  }
}
