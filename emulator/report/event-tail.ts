// The tail: what happened last in a run, in words, one line each.

import { MotorResult } from "../../hal/motor";
import { RecordKind } from "../../protocol/records";
import { durationText } from "../../protocol/wand/text/wall";
import { onlyReads } from "../../protocol/wand/core/operations";
import { TraceKind } from "../trace";
import type { Trace } from "../trace";
import { eventText } from "./event-text";

/** Lines that are kept. */
export const TAIL_MAX = 16;

/** One event, or a train of pulses that all ended alike. */
interface Item {
  readonly kind: TraceKind;
  readonly at_ms: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  /** First pulse of a train. */
  readonly first: number;
  /** Last pulse of a train, and when it was commanded. */
  last: number;
  last_ms: number;
}

const ends: Readonly<Record<number, string>> = { [MotorResult.confirmed]: "confirmed", [MotorResult.missed]: "not confirmed" };

function trainText({ first, last, a }: Item): string {
  const end = ends[a] ?? "without a result";
  return first === last ? `pulse ${first} ${end}` : `pulses ${first} to ${last} ${end}`;
}

/** What goes into storage and over the link, its sleep, who logged in, what was only asked, and the log's note of an operation, which the answer tells already. */
function dull(kind: TraceKind, a: number): boolean {
  return kind === TraceKind.put || kind === TraceKind.tally || kind === TraceKind.commit || kind === TraceKind.sent || kind === TraceKind.received || kind === TraceKind.link
    || (kind === TraceKind.answer && onlyReads(a)) || (kind === TraceKind.record && (a === RecordKind.operation || a === RecordKind.login));
}

/**
 * Keeps the last events that tell a person something; a train of pulses that end alike is one line.
 */
export class EventTail {
  readonly #items: Item[] = [];
  /** The pulse in flight, 0 for none. */
  #pulse = 0;
  #pulse_ms = 0;

  /** Listens from now on. */
  listen(trace: Trace): void {
    trace.on((kind, at_ms, a, b, c, d) => {
      if (kind === TraceKind.pulse) {
        this.#lost();
        this.#pulse = a;
        this.#pulse_ms = at_ms;
      } else if (kind === TraceKind.result) this.#ended(a);
      else if (!dull(kind, a)) {
        if (kind === TraceKind.reset) this.#lost();
        this.#push({ kind, at_ms, a, b, c, d, first: 0, last: 0, last_ms: at_ms });
      }
    });
  }

  /** Oldest first: pump time, and what happened. */
  lines(): string[] {
    const lines = this.#items.map((item) => {
      const from = durationText(item.at_ms);
      if (item.kind !== TraceKind.pulse) return `${from}  ${eventText(item.kind, item.a, item.b, item.c, item.d)}`;
      return `${from}${item.first === item.last ? "" : ` to ${durationText(item.last_ms)}`}  ${trainText(item)}`;
    });
    if (this.#pulse !== 0) lines.push(`${durationText(this.#pulse_ms)}  pulse ${this.#pulse} in flight`);
    return lines.slice(-TAIL_MAX);
  }

  /** The pulse in flight ended: a longer train, or a new one. */
  #ended(result: number): void {
    const train = this.#items.at(-1);
    if (train !== undefined && train.kind === TraceKind.pulse && train.a === result && train.last + 1 === this.#pulse) {
      train.last = this.#pulse;
      train.last_ms = this.#pulse_ms;
    } else if (this.#pulse !== 0) {
      this.#push({ kind: TraceKind.pulse, at_ms: this.#pulse_ms, a: result, b: 0, c: 0, d: 0, first: this.#pulse, last: this.#pulse, last_ms: this.#pulse_ms });
    }
    this.#pulse = 0;
  }

  /** A pulse of which no result will come: a reset took it. */
  #lost(): void {
    if (this.#pulse !== 0) this.#ended(0);
  }

  #push(item: Item): void {
    this.#items.push(item);
    if (this.#items.length > TAIL_MAX) this.#items.shift();
  }
}
