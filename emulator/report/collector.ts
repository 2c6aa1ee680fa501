// The collector: keeps what a picture of a run needs, in bounded space.

import { Book } from "../../hal/storage";
import { Tone } from "../../hal/sounder";
import { Unit } from "../../hal/units";
import { Op } from "../../protocol/operations";
import { RecordKind } from "../../protocol/records";
import type { Bench } from "../bench";
import { FAULT_KINDS } from "../faults";
import { TraceKind } from "../trace";

const bin_count = 4096;
/** Widths of a bin in ms, each a multiple of the one before: 1 min reaches 2.8 days, 1 day 11 years. */
const widths_ms = [1, 5, 15, 60, 360, 1440].map((minutes) => minutes * Unit.ms_per_minute);
/** Spans and marks that are kept; later ones are counted as part of the last. */
const spans_max = 2000;

/** From when to when something lasted, in pump ms; `to_ms` -1 while it lasts. */
export interface Span {
  readonly from_ms: number;
  to_ms: number;
}

/** Something that was done to the pump at an instant. */
export interface Mark {
  readonly at_ms: number;
  readonly what: Op | "refused" | "reset";
}

/** A value for each bin of time; bins widen as the run goes on. */
class Bins {
  readonly #values = new Float64Array(bin_count);
  #width = 0;

  get width_ms(): number {
    return widths_ms[this.#width] ?? Unit.ms_per_day;
  }

  add(at_ms: number, value: number): void {
    while (at_ms >= this.width_ms * bin_count && this.#width < widths_ms.length - 1) this.#widen();
    const bin = Math.min(bin_count - 1, Math.floor(at_ms / this.width_ms));
    this.#values[bin] = (this.#values[bin] ?? 0) + value;
  }

  /** The sum over the bins that begin in [from, to). */
  sum(from_ms: number, to_ms: number): number {
    let sum = 0;
    const end = Math.min(bin_count, Math.ceil(to_ms / this.width_ms));
    for (let bin = Math.ceil(from_ms / this.width_ms); bin < end; bin += 1) sum += this.#values[bin] ?? 0;
    return sum;
  }

  #widen(): void {
    const old_ms = this.width_ms;
    this.#width += 1;
    const ratio = Math.round(this.width_ms / old_ms);
    const old = this.#values.slice();
    this.#values.fill(0);
    old.forEach((value, bin) => { this.#values[Math.floor(bin / ratio)] = (this.#values[Math.floor(bin / ratio)] ?? 0) + value; });
  }
}

export class Collector {
  /** Sum over confirmed pulses of the concentration they were drawn from, ng/uL. */
  readonly dose = new Bins();
  /** Changes of the remaining volume by the books, pL: what refills added less what pulses took. */
  readonly volume = new Bins();
  readonly critical_tones = new Bins();
  readonly other_tones = new Bins();
  /** By alarm number and by index in FAULT_KINDS. */
  readonly alarms = new Map<number, Span[]>();
  readonly faults = new Map<number, Span[]>();
  readonly marks: Mark[] = [];
  /** Marks are kept once the scenario's own steps have begun. */
  stepping = false;
  commanded = 0;
  confirmed = 0;
  resets = 0;
  /** What the books leave, in pL. */
  remaining_pL = 0;
  #concentration = 0;
  #bench: Bench | undefined;

  /** Commanded and neither confirmed nor in flight, or not commanded at all. */
  get uncertain(): number {
    return this.commanded - this.confirmed - (this.bench.motor.in_flight ? 1 : 0) + this.bench.oracle.ledger.uncommanded;
  }

  /** The bench that was listened to. Throws before `listen`. */
  get bench(): Bench {
    if (this.#bench === undefined) throw new Error("the collector has listened to nothing yet");
    return this.#bench;
  }

  /** Listens to a bench, from before its power-on. */
  listen(bench: Bench): void {
    this.#bench = bench;
    const { pulse_pL } = bench.unit;
    bench.trace.on((kind, at_ms, a, b, c) => {
      if (kind === TraceKind.tally) this.#tally(at_ms, a, b, pulse_pL);
      else if (kind === TraceKind.record) this.#record(at_ms, a, b, c);
      else if (kind === TraceKind.tone) (a === Tone.two_tone ? this.critical_tones : this.other_tones).add(at_ms, 1);
      else if (kind === TraceKind.fault) span(this.faults, a, b === 1, at_ms, FAULT_KINDS[a]?.instant === true);
      else if (kind === TraceKind.reset) this.#reset(at_ms);
    });
  }

  /** The pump's own books, as it writes them into storage: a result that a reset lost is not in them. */
  #tally(at_ms: number, book: Book, total: number, pulse_pL: number): void {
    if (book === Book.commanded) {
      this.commanded = total;
      return;
    }
    this.confirmed = total;
    this.remaining_pL -= pulse_pL;
    this.dose.add(at_ms, this.#concentration);
    this.volume.add(at_ms, -pulse_pL);
  }

  #record(at_ms: number, kind: RecordKind, a: number, b: number): void {
    if (kind === RecordKind.alarm_on || kind === RecordKind.alarm_off) span(this.alarms, a, kind === RecordKind.alarm_on, at_ms);
    else if (kind === RecordKind.operation && a !== Op.set_up) this.#mark(at_ms, b === 0 ? a : "refused");
    else if (kind === RecordKind.refill) {
      const filled_pL = a * Unit.pL_per_nL;
      this.volume.add(at_ms, filled_pL - this.remaining_pL);
      this.remaining_pL = filled_pL;
      this.#concentration = b;
    }
  }

  #reset(at_ms: number): void {
    this.resets += 1;
    // The first boot is the beginning of the run.
    if (this.resets > 1) this.#mark(at_ms, "reset");
  }

  #mark(at_ms: number, what: Mark["what"]): void {
    if (this.stepping && this.marks.length < spans_max) this.marks.push({ at_ms, what });
  }
}

/** Begins or ends a span; what happens once is a span of no length. */
function span(spans: Map<number, Span[]>, key: number, on: boolean, at_ms: number, once = false): void {
  const list = spans.get(key) ?? [];
  spans.set(key, list);
  const last = list.at(-1);
  if (!on && last !== undefined) last.to_ms = at_ms;
  else if (on && last !== undefined && (last.to_ms < 0 || list.length >= spans_max)) last.to_ms = -1;
  else if (on) list.push({ from_ms: at_ms, to_ms: once ? at_ms : -1 });
}
