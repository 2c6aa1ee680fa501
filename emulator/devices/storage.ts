// Non-volatile storage: transactions, tallies and the log, on NOR flash.

import { Source } from "../../hal/controller";
import { Fault } from "../../hal/faults";
import { Book, type Storage } from "../../hal/storage";
import type { OwnFlash } from "../brain";
import { type Engine, Timer } from "../engine/timers";
import type { FaultKind } from "../fault-kind";
import { FlashStorage, Transaction } from "../storage/flash-storage";
import { Format, STORAGE_SIZE } from "../storage/format";
import { type Trace, type TracedRecord, TraceKind } from "../trace";
import type { Crystal } from "./crystal";
import { NorFlash, PowerCut } from "./flash";
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

/** Records that are kept at the least (LOG-1). */
export const RECORDS_MIN = 4000;

/** A transaction that was committed. */
interface Posted {
  readonly transaction: Transaction;
  readonly at_ms: number;
  readonly done_ms: number;
  readonly epoch: number;
}

/** What became of the transactions that were not known to be durable when the program ended. */
export interface Fate {
  /** Those that are not, in their order: none after them is. */
  readonly lost: readonly Transaction[];
  /** A pulse's bit that was being cleared as power went, and whether it counts. */
  readonly tally: { readonly book: Book; readonly counts: boolean } | undefined;
}

/** Hears of transactions. */
export interface Transactions {
  /** Something is put or appended: from now on records may be of one that is lost. */
  readonly opened: (transaction: Transaction) => void;
  /** It has ended, durable or failed, and its event is about to come. */
  readonly ended: (transaction: Transaction) => void;
  /** Power was cut inside an operation that nobody waits for. */
  readonly cut: () => void;
}

/**
 * What is durable stands in `flash`, in the image's format (storage/README.md), and is read from there. A transaction is written when its time is over, a tally at once;
 * what the chip would be busy with adds up in `flash.busy_ns` and keeps nobody waiting. A cut of power at one of the flash's operations (`NorFlash.cut`) comes at once; other power losses
 * wait until all that was begun is durable (bench.ts).
 */
export class StorageDevice implements FaultSite {
  readonly flash: NorFlash;
  /** Of a machine that has storage of its own, if power may be cut inside it: what stands there is what is durable, and the machine tells how far it is (`went`). */
  own: OwnFlash | undefined;
  private durable: FlashStorage;
  private open = new Transaction();
  private posted: Posted[] = [];
  /** The posted one that is being written. */
  private writing: Posted | undefined;
  /** The tally that is being written, -1 for none, and the total before. */
  private tally_book = -1;
  private tally_before = 0;
  private write_fails = false;
  private damaged = -1;
  private readonly written = new Timer(() => this.finish());

  constructor(
    private readonly engine: Engine,
    private readonly crystal: Crystal,
    private readonly host: Host,
    private readonly witness: Witness,
    private readonly trace: Trace,
    private readonly commit_ms: number,
    private readonly told: Transactions,
    seed: number,
  ) {
    this.flash = new NorFlash(STORAGE_SIZE, seed);
    this.durable = new FlashStorage(this.flash);
  }

  /** The capability that the controller is given. */
  readonly capability: Storage = {
    put: (part, values, first, count) => this.put(part, values, first, count),
    append: (sequence, kind, pump_ms, wall_ms, a, b, c) => {
      this.append({ sequence, kind, pump_ms, wall_ms, a, b, c });
    },
    commit: () => this.commit(),
    tally: (book) => this.tally(book),
    tallied: (book) => this.durable.tallied(book),
    read: (part, into) => this.read(part, into),
    first_sequence: () => this.durable.log.first(),
    record: (sequence, into) => this.record(sequence, into),
    last_sequence: () => this.posted.flatMap(({ transaction }) => transaction.records).at(-1)?.sequence ?? this.durable.log.last,
  };

  /** Whether something is put, appended or posted and not durable yet. */
  get busy(): boolean {
    return this.writing !== undefined || this.posted.length > 0 || !this.open.empty;
  }

  /** The durable records that are kept, oldest first. */
  records(): TracedRecord[] {
    return this.durable.log.all();
  }

  /** A reset: the open transaction is gone. What was posted becomes durable before the program boots, but nobody hears of it. */
  resetHappened(): void {
    this.engine.cancel(this.written);
    this.open = new Transaction();
  }

  /** A machine is past what it called for last; with `all`, it has written all that it committed. */
  went(all: boolean): void {
    if (this.own === undefined) return;
    this.tally_book = -1;
    while (all && this.posted.length > 0) this.finish();
  }

  /** A power loss: what is not durable is gone. */
  powerLost(): Fate {
    this.takeOver();
    const fate = this.fate();
    this.engine.cancel(this.written);
    this.open = new Transaction();
    this.posted = [];
    this.writing = undefined;
    this.tally_book = -1;
    return fate;
  }

  /** The program is about to start: what was posted before a warm reset is written, and what a cut left is settled. */
  booting(): void {
    this.went(true);
    this.takeOver();
    this.flash.powerOn();
    while (this.posted.length > 0) {
      this.writing = this.posted.shift()!;
      this.write(this.writing);
      this.writing = undefined;
    }
    this.durable = new FlashStorage(this.flash);
  }

  private takeOver(): void {
    if (this.own === undefined) return;
    const { flash, base } = this.own;
    this.flash.bytes.set(flash.bytes.subarray(base, base + STORAGE_SIZE));
  }

  /** As a boot would find it, on a copy. */
  private fate(): Fate {
    const pending = [this.writing, ...this.posted].flatMap((posted) => (posted === undefined ? [] : [posted.transaction]));
    if (!this.open.empty) pending.push(this.open);
    const { tally_book: book, tally_before } = this;
    if (pending.length === 0 && book < 0) return { lost: [], tally: undefined };
    const copy = new NorFlash(STORAGE_SIZE, 0);
    copy.bytes.set(this.flash.bytes);
    const found = new FlashStorage(copy);
    const isKept = ({ records }: Transaction): boolean => records.length > 0 && records.every(({ sequence }) => found.log.read(sequence) !== undefined);
    return {
      lost: pending.slice(pending.findLastIndex(isKept) + 1),
      tally: book < 0 ? undefined : { book, counts: found.tallied(book) !== tally_before },
    };
  }

  private put(part: number, values: readonly number[], first: number, count: number): void {
    const content = values.slice(first, first + count);
    if (!Number.isInteger(part) || part < 0 || part >= Format.parts || content.length !== count) throw new Error(`storage cannot put ${count} values as part ${part}`);
    for (const value of content) {
      if (!Number.isSafeInteger(value) || value < 0) throw new Error(`storage holds integers from 0 to 2^53 - 1: part ${part} has ${value}`);
    }
    this.opened();
    this.trace.emit(TraceKind.put, this.host.now_ms, part, count, 0, 0);
    this.trace.more(content, count);
    this.open.put(part, content, 0, count);
  }

  private append(record: TracedRecord): void {
    for (const value of Object.values(record) as number[]) {
      if (!Number.isSafeInteger(value)) throw new Error(`a record of integers has ${value}: ${JSON.stringify(record)}`);
    }
    this.opened();
    this.open.append(record);
    this.trace.record(this.host.now_ms, record);
    this.witness.recorded(this.host.now_ms, record.kind, record.a, record.b, record.c);
  }

  private opened(): void {
    if (this.open.empty) this.told.opened(this.open);
  }

  private commit(): void {
    const { now_ms, epoch } = this.host;
    this.trace.emit(TraceKind.commit, now_ms, 0, 0, 0, 0);
    const done_ms = Math.max(this.posted.at(-1)?.done_ms ?? 0, now_ms) + this.commit_ms;
    this.posted.push({ transaction: this.open, at_ms: now_ms, done_ms, epoch });
    this.open = new Transaction();
    if (this.posted.length === 1) this.armWrite();
  }

  private armWrite(): void {
    if (this.own !== undefined) return;
    this.engine.arm(this.written, this.engine.now_us + this.crystal.trueSpan_us(this.commit_ms * 1000));
  }

  private finish(): void {
    const posted = this.posted.shift()!;
    if (this.posted.length > 0) this.armWrite();
    this.writing = posted;
    let good = false;
    try {
      good = this.write(posted);
      // The chip erases ahead when it is idle. A sector that cannot be erased would be taken for blank.
      if (!this.write_fails) this.durable.tidy();
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      this.told.cut();
      return;
    }
    this.writing = undefined;
    this.told.ended(posted.transaction);
    this.host.deliver(posted.epoch, posted.done_ms, Source.storage, good ? Fault.ok : Fault.storage_write_failed, 0);
  }

  private write({ transaction, at_ms }: Posted): boolean {
    return this.durable.write(transaction, at_ms);
  }

  private record(sequence: number, into: number[]): number {
    const found = this.durable.log.read(sequence);
    if (found === undefined) return 0;
    [found.kind, found.pump_ms, found.wall_ms, found.a, found.b, found.c].forEach((value, i) => { into[i] = value; });
    return 1;
  }

  private tally(book: Book): void {
    if (book !== Book.commanded && book !== Book.confirmed) throw new Error(`storage has no tally ${String(book)}`);
    this.tally_book = book;
    this.tally_before = this.durable.tallied(book);
    this.durable.tally(book);
    if (this.own === undefined) this.tally_book = -1;
    this.trace.emit(TraceKind.tally, this.host.now_ms, book, this.durable.tallied(book), 0, 0);
  }

  private read(part: number, into: number[]): number {
    if (part === this.damaged) return -1;
    return this.durable.read(part, into);
  }

  faultBegins(kind: string, value: number): void {
    if (kind === "storage.write_fails") this.fail(true);
    else this.damaged = value;
  }

  faultEnds(kind: string): void {
    if (kind === "storage.write_fails") this.fail(false);
    else this.damaged = -1;
  }

  private fail(fails: boolean): void {
    this.write_fails = fails;
    this.flash.lock(Format.journal_first, Format.sectors_used - Format.journal_first, fails);
  }
}
