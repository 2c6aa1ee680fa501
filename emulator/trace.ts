// The trace: everything the outside can see, in logical time; two digests.

import { Alarms } from "../protocol/alarms";
import { RecordKind } from "../protocol/records";
import { Digest } from "./engine/digest";
import { TRACE_NAMES, TraceKind, type TraceListener } from "./trace-kind";

export { HostEvent, TRACE_NAMES, TraceKind, type TraceListener } from "./trace-kind";

/** Events that are kept for a failure's message; the link's sleep and its bytes are not. */
export const RECENT_MAX = 64;
const COLUMNS = 6;

/** How often an alarm came on and went, and when (pump ms, -1 for never). */
export interface AlarmCount {
  readonly on: number;
  readonly off: number;
  readonly first_on_ms: number;
  readonly last_on_ms: number;
  readonly last_off_ms: number;
}
type Counted = { -readonly [K in keyof AlarmCount]: AlarmCount[K] };

/** A record of the log, as it is given. */
export interface TracedRecord {
  readonly sequence: number;
  readonly kind: number;
  readonly pump_ms: number;
  readonly wall_ms: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/**
 * Each event carries the logical time of the entry that caused it, so that a slow processor leaves the same
 * trace. The therapy digest covers pulses, tones and records; the full digest everything but
 * faults and the link's sleep, bytes on the link among it.
 */
export class Trace {
  /** Pulses commanded. */
  pulses = 0;
  /** Tones, by `Tone`. */
  readonly tones: number[] = [0, 0, 0];
  /** Records, by `RecordKind`. */
  readonly records: number[] = new Array<number>(64).fill(0);
  /** By `Alarm`. */
  readonly alarms: readonly AlarmCount[];
  private readonly counts: Counted[] = [];
  private readonly therapy = new Digest();
  private readonly full = new Digest();
  private readonly listeners: TraceListener[] = [];
  private readonly ring = new Float64Array(RECENT_MAX * COLUMNS);
  private events = 0;

  constructor() {
    for (let alarm = 0; alarm <= Alarms.last; alarm++) {
      this.counts.push({ on: 0, off: 0, first_on_ms: -1, last_on_ms: -1, last_off_ms: -1 });
    }
    this.alarms = this.counts;
  }

  /** Listens from now on. */
  on(listener: TraceListener): void {
    this.listeners.push(listener);
  }

  /** 16 hex digits over pulses, tones and records so far. */
  therapyDigest(): string {
    return this.therapy.text();
  }

  /** 16 hex digits over everything so far. */
  fullDigest(): string {
    return this.full.text();
  }

  /** One event. Hot: called about four times a pulse. */
  emit(kind: TraceKind, at_ms: number, a: number, b: number, c: number, d: number): void {
    if (kind === TraceKind.pulse) {
      this.pulses++;
      this.therapy.head(kind, at_ms);
      this.full.head(kind, at_ms);
    } else if (kind === TraceKind.result || kind === TraceKind.tally) {
      this.full.head(kind, at_ms);
      this.full.word(a);
      this.full.word(b);
    } else if (kind !== TraceKind.fault && kind !== TraceKind.link) {
      this.rare(kind, at_ms, a, b, c);
    }
    this.tell(kind, at_ms, a, b, c, d);
  }

  /** The values that belong to the event just emitted: full digest only. */
  more(values: readonly number[], count: number): void {
    for (let i = 0; i < count; i++) this.full.integer(values[i]!);
  }

  /** The bytes that belong to the event just emitted: full digest only, six in an integer. */
  moreBytes(bytes: ArrayLike<number>): void {
    for (let i = 0; i < bytes.length; i += 6) {
      let word = 0;
      for (let j = Math.min(i + 6, bytes.length) - 1; j >= i; j--) word = word * 256 + bytes[j]!;
      this.full.integer(word);
    }
  }

  /** One record of the log. */
  record(at_ms: number, record: TracedRecord): void {
    this.digestRecord(this.therapy, at_ms, record);
    this.digestRecord(this.full, at_ms, record);
    this.records[record.kind] = (this.records[record.kind] ?? 0) + 1;
    const count = this.counts[record.a];
    if (count !== undefined && record.kind === RecordKind.alarm_on) {
      count.on++;
      if (count.first_on_ms < 0) count.first_on_ms = at_ms;
      count.last_on_ms = at_ms;
    } else if (count !== undefined && record.kind === RecordKind.alarm_off) {
      count.off++;
      count.last_off_ms = at_ms;
    }
    this.tell(TraceKind.record, at_ms, record.kind, record.a, record.b, record.c);
  }

  /** The last events, oldest first, one line each. */
  recent(): string[] {
    const lines: string[] = [];
    for (let n = Math.max(0, this.events - RECENT_MAX); n < this.events; n++) {
      const at = (n % RECENT_MAX) * COLUMNS;
      const [kind, at_ms, ...numbers] = this.ring.slice(at, at + COLUMNS);
      lines.push(`${at_ms} ms ${TRACE_NAMES[kind as TraceKind]} ${numbers.join(" ")}`);
    }
    return lines;
  }

  private rare(kind: TraceKind, at_ms: number, a: number, b: number, c: number): void {
    if (kind === TraceKind.tone) {
      this.tones[a] = (this.tones[a] ?? 0) + 1;
      this.therapy.head(kind, at_ms);
      this.therapy.integer(a);
      this.therapy.integer(b);
    }
    this.full.head(kind, at_ms);
    this.full.integer(a);
    this.full.integer(b);
    this.full.integer(c);
  }

  private digestRecord(digest: Digest, at_ms: number, record: TracedRecord): void {
    digest.head(TraceKind.record, at_ms);
    digest.integer(record.sequence);
    digest.integer(record.kind);
    digest.integer(record.pump_ms);
    digest.integer(record.wall_ms);
    digest.integer(record.a);
    digest.integer(record.b);
    digest.integer(record.c);
  }

  /** For a message, should one be needed. */
  private keep(kind: TraceKind, at_ms: number, a: number, b: number, c: number, d: number): void {
    const ring = this.ring;
    const at = (this.events++ % RECENT_MAX) * COLUMNS;
    ring[at] = kind;
    ring[at + 1] = at_ms;
    ring[at + 2] = a;
    ring[at + 3] = b;
    ring[at + 4] = c;
    ring[at + 5] = d;
  }

  private tell(kind: TraceKind, at_ms: number, a: number, b: number, c: number, d: number): void {
    if (kind !== TraceKind.sent && kind !== TraceKind.received && kind !== TraceKind.link) this.keep(kind, at_ms, a, b, c, d);
    for (let i = 0; i < this.listeners.length; i++) this.listeners[i]!(kind, at_ms, a, b, c, d);
  }
}
