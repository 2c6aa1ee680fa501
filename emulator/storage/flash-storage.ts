// Storage on flash: transactions, and the order in which one is written.

import type { NorFlash } from "../devices/flash";
import type { TracedRecord } from "../trace";
import { Format } from "./format";
import { Journal, PART_HEAD } from "./journal";
import { Log, packRecord, RECORD_SIZE } from "./log";
import { Region } from "./region";
import { Tally } from "./tally";

/** What was put and appended since the last commit, as it will stand in flash. */
export class Transaction {
  readonly bytes = new Uint8Array(Format.bytes_max);
  readonly packed = new Uint8Array(Format.records_max * RECORD_SIZE);
  readonly records: TracedRecord[] = [];
  size = 0;
  parts = 0;
  /** It has grown too large, and will fail. */
  overflown = false;

  get empty(): boolean {
    return this.parts === 0 && this.records.length === 0 && !this.overflown;
  }

  put(part: number, values: readonly number[], first: number, count: number): void {
    if (part >= Format.parts || count >= 0xffff) {
      this.overflown = true;
      return;
    }
    const head = this.size;
    this.parts |= 1 << part;
    [part, 0, count & 0xff, count >> 8, 0, 0, 0, 0].forEach((byte) => { this.add(byte); });
    for (let i = first; i < first + count; i++) {
      let value = values[i]!;
      for (; value > 0x7f; value = Math.floor(value / 128)) this.add((value % 128) + 128);
      this.add(value);
    }
    const length = this.size - head - PART_HEAD;
    if (!this.overflown) this.bytes.set([length & 0xff, length >> 8], head + 4);
  }

  append(record: TracedRecord): void {
    if (this.records.length === Format.records_max) {
      this.overflown = true;
      return;
    }
    packRecord(this.packed, this.records.length * RECORD_SIZE, record);
    this.records.push(record);
  }

  private add(byte: number): void {
    if (this.size === Format.bytes_max) this.overflown = true;
    else this.bytes[this.size++] = byte;
  }
}

/** Storage that another version of the format wrote: it is left as it is. */
export class OtherFormat extends Error {
  override readonly name = "OtherFormat";

  constructor(readonly format: number) {
    super(`storage was written by another version: format ${format}, and this is format ${Format.version}`);
  }
}

/**
 * What is durable, on flash. Made anew at each boot: that settles what a power loss cut short. A transaction's records are written first, then its parts as one entry of the
 * journal, whose header comes last and makes all of it count. A transaction without parts counts with its last record. Between any two operations of the flash there is the
 * old state or the new.
 */
export class FlashStorage {
  private readonly region: Region;
  private readonly books: Tally;
  private readonly journal: Journal;
  readonly log: Log;

  /** Storage begins at `base` of the flash. Throws OtherFormat. */
  constructor(flash: NorFlash, base = 0) {
    this.region = new Region(flash, base);
    const format = this.region.format();
    if (format !== Format.version) throw new OtherFormat(format);
    this.books = new Tally(this.region);
    this.journal = new Journal(this.region);
    this.log = new Log(this.region, this.journal.sequence);
  }

  /** Makes a transaction durable; false if it could not be, and nothing of it counts. */
  write(transaction: Transaction, now_ms: number): boolean {
    if (transaction.overflown) return false;
    const { parts, size, bytes, packed, records } = transaction;
    let number: number | undefined = Math.max(this.journal.sequence, this.log.transaction) + 1;
    if (parts !== 0) number = this.journal.room(number, now_ms, size);
    if (number === undefined) return false;
    const good = this.log.write(packed, records.length, number, parts !== 0) && (parts === 0 || this.journal.write(number, now_ms, parts, bytes, size));
    if (!good) this.log.kill(number);
    return good;
  }

  /** Adds one pulse; false if its bit cannot be cleared. */
  tally(book: number): boolean {
    return this.books.add(book);
  }

  tallied(book: number): number {
    return this.books.total(book);
  }

  /** Copies a part's content into `into`. Gives how many values there are, 0 if it was never written, -1 if no good copy is left. */
  read(part: number, into: number[]): number {
    const place = this.journal.find(part);
    if (place === undefined) return 0;
    if (place === "damaged") return -1;
    const { bytes } = place;
    const count = bytes[place.at + 2]! + bytes[place.at + 3]! * 256;
    let at = place.at + PART_HEAD;
    for (let i = 0; i < count; i++) {
      let value = 0;
      let weight = 1;
      let byte = bytes[at++]!;
      for (; byte > 0x7f; byte = bytes[at++]!) {
        value += (byte & 0x7f) * weight;
        weight *= 128;
      }
      into[i] = value + byte * weight;
    }
    return count;
  }

  /** Latest pump time that anything durable is stamped with. */
  get latest_ms(): number {
    return Math.max(this.journal.latest_ms, this.log.latest_ms);
  }

  /** Something useful when nothing else is to be done, one erase at the most; false if there was nothing. */
  tidy(): boolean {
    return this.log.tidy() || this.books.tidy() || this.journal.tidy();
  }
}
