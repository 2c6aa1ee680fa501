// Non-volatile storage: transactions, tallies and the log, as memory.

import { Source } from "../../hal/controller";
import { Fault } from "../../hal/faults";
import { Book, type Storage } from "../../hal/storage";
import { type Engine, Timer } from "../engine/timers";
import type { FaultKind } from "../fault-kind";
import { type Trace, type TracedRecord, TraceKind } from "../trace";
import type { Crystal } from "./crystal";
import type { FaultSite, Host, Witness } from "./host";

export const STORAGE_FAULTS: readonly FaultKind[] = [
  {
    kind: "storage.write_fails",
    what: "Transactions that end meanwhile do not become durable, and report it.",
    unknown_to_pump: "Nothing: the event carries the fault. Tallies are bits of their own and still work.",
  },
  {
    kind: "storage.damaged",
    what: "No good copy of a part is left: reading it finds nothing, until it is healed.",
    unknown_to_pump: "What the part held.",
    value: { unit: "slot", min: 0, max: 255, what: "number of the part" },
  },
];

/** From commit to durable. A program operation of a NOR flash page takes a few ms. */
export const COMMIT_MS = 5;

/** Records that are kept (LOG-1). */
export const RECORDS_MAX = 4000;

/** What was put and appended since the last commit. */
interface Transaction {
  readonly parts: Map<number, readonly number[]>;
  readonly records: TracedRecord[];
  done_ms: number;
  epoch: number;
}

const opened = (): Transaction => ({ parts: new Map(), records: [], done_ms: 0, epoch: 0 });

/**
 * Torn writes and sector erases are not modelled: a transaction is old or new, and a tally is durable at once.
 * Power lasts until all that was begun is durable (bench.ts), so that an accepted operation is never lost.
 */
export class StorageDevice implements FaultSite {
  private readonly parts = new Map<number, readonly number[]>();
  private readonly tallies = [0, 0];
  private readonly log: TracedRecord[] = [];
  private durable = 0;
  private newest = 0;
  private open = opened();
  private posted: Transaction[] = [];
  private write_fails = false;
  private damaged = -1;
  private readonly written = new Timer(() => this.finish());

  constructor(
    private readonly engine: Engine,
    private readonly crystal: Crystal,
    private readonly host: Host,
    private readonly witness: Witness,
    private readonly trace: Trace,
    private readonly commit_ms = COMMIT_MS,
  ) {}

  /** The capability that the controller is given. */
  readonly capability: Storage = {
    put: (part, values, first, count) => this.put(part, values, first, count),
    append: (sequence, kind, pump_ms, wall_ms, a, b, c) => {
      this.append({ sequence, kind, pump_ms, wall_ms, a, b, c });
    },
    commit: () => this.commit(),
    tally: (book) => this.tally(book),
    tallied: (book) => this.tallies[book] ?? 0,
    read: (part, into) => this.read(part, into),
    first_sequence: () => this.oldest?.sequence ?? 0,
    record: (sequence, into) => this.record(sequence, into),
    last_sequence: () => this.posted.flatMap(({ records }) => records).at(-1)?.sequence ?? this.newest,
  };

  /** Whether something is put, appended or posted and not durable yet. */
  get busy(): boolean {
    return this.posted.length > 0 || this.open.parts.size > 0 || this.open.records.length > 0;
  }

  /** The durable records that are kept, oldest first. */
  records(): TracedRecord[] {
    const from = this.durable % RECORDS_MAX;
    return this.durable <= RECORDS_MAX ? [...this.log] : [...this.log.slice(from), ...this.log.slice(0, from)];
  }

  /** A reset: the open transaction is gone. What was posted becomes durable before the program boots, but nobody hears of it. */
  resetHappened(): void {
    this.open = opened();
    while (this.posted.length > 0) this.end(this.posted.shift()!);
    this.engine.cancel(this.written);
  }

  /** A power loss: what is not durable is gone. */
  powerLost(): void {
    this.open = opened();
    this.posted = [];
    this.engine.cancel(this.written);
  }

  private put(part: number, values: readonly number[], first: number, count: number): void {
    const content = values.slice(first, first + count);
    if (!Number.isInteger(part) || part < 0 || content.length !== count) throw new Error(`storage cannot put ${count} values as part ${part}`);
    for (const value of content) {
      if (!Number.isSafeInteger(value) || value < 0) throw new Error(`storage holds integers from 0 to 2^53 - 1: part ${part} has ${value}`);
    }
    this.trace.emit(TraceKind.put, this.host.now_ms, part, count, 0, 0);
    this.trace.more(content, count);
    this.open.parts.set(part, content);
  }

  private append(record: TracedRecord): void {
    for (const value of Object.values(record) as number[]) {
      if (!Number.isSafeInteger(value)) throw new Error(`a record of integers has ${value}: ${JSON.stringify(record)}`);
    }
    this.open.records.push(record);
    this.trace.record(this.host.now_ms, record);
    this.witness.recorded(this.host.now_ms, record.kind, record.a, record.b, record.c);
  }

  private commit(): void {
    const transaction = this.open;
    this.open = opened();
    this.trace.emit(TraceKind.commit, this.host.now_ms, 0, 0, 0, 0);
    const before = this.posted[this.posted.length - 1];
    transaction.done_ms = Math.max(before?.done_ms ?? 0, this.host.now_ms) + this.commit_ms;
    transaction.epoch = this.host.epoch;
    this.posted.push(transaction);
    if (this.posted.length === 1) this.armWrite();
  }

  private armWrite(): void {
    this.engine.arm(this.written, this.engine.now_us + this.crystal.trueSpan_us(this.commit_ms * 1000));
  }

  private finish(): void {
    const transaction = this.posted.shift()!;
    if (this.posted.length > 0) this.armWrite();
    this.end(transaction);
    const fault = this.write_fails ? Fault.storage_write_failed : Fault.ok;
    this.host.deliver(transaction.epoch, transaction.done_ms, Source.storage, fault, 0);
  }

  private end({ parts, records }: Transaction): void {
    if (this.write_fails) return;
    for (const [part, values] of parts) this.parts.set(part, values);
    for (const record of records) this.keep(record);
  }

  private keep(record: TracedRecord): void {
    this.log[this.durable % RECORDS_MAX] = record;
    this.durable++;
    this.newest = record.sequence;
  }

  /** The oldest durable record that is kept. */
  private get oldest(): TracedRecord | undefined {
    return this.log[this.durable <= RECORDS_MAX ? 0 : this.durable % RECORDS_MAX];
  }

  private record(sequence: number, into: number[]): number {
    const { oldest } = this;
    if (oldest === undefined || sequence < oldest.sequence || sequence > this.newest) return 0;
    // Numbers rise by one, but where a transaction was lost there is a hole: then the place is looked for.
    const from = this.durable <= RECORDS_MAX ? 0 : this.durable % RECORDS_MAX;
    const place = this.log[(from + sequence - oldest.sequence) % RECORDS_MAX];
    const found = place?.sequence === sequence ? place : this.log.find((each) => each.sequence === sequence);
    if (found === undefined) return 0;
    [found.kind, found.pump_ms, found.wall_ms, found.a, found.b, found.c].forEach((value, i) => { into[i] = value; });
    return 1;
  }

  private tally(book: Book): void {
    if (book !== Book.commanded && book !== Book.confirmed) throw new Error(`storage has no tally ${String(book)}`);
    const total = this.tallies[book]! + 1;
    this.tallies[book] = total;
    this.trace.emit(TraceKind.tally, this.host.now_ms, book, total, 0, 0);
  }

  private read(part: number, into: number[]): number {
    if (part === this.damaged) return -1;
    const content = this.parts.get(part);
    if (content === undefined) return 0;
    for (let i = 0; i < content.length; i++) into[i] = content[i]!;
    return content.length;
  }

  faultBegins(kind: string, value: number): void {
    if (kind === "storage.write_fails") this.write_fails = true;
    else this.damaged = value;
  }

  faultEnds(kind: string): void {
    if (kind === "storage.write_fails") this.write_fails = false;
    else this.damaged = -1;
  }
}
