// The log: records of fixed size in a ring of sectors.

import { SECTOR } from "../devices/flash";
import type { TracedRecord } from "../trace";
import { crc32, Format, getSigned, getU32, LINK_SIZE, linkOf, mend, near, putSigned, putU32 } from "./format";
import type { Region } from "./region";

/** "ITL2" */
export const LOG_MAGIC = 0x324c_5449;
export const RECORD_SIZE = 56;
export const LOG_HEADER = 16;
export const SLOTS_PER_SECTOR = Math.floor((SECTOR - LOG_HEADER) / RECORD_SIZE);
export const AT = { transaction: 0, sequence: 4, kind: 8, left: 9, values: 10, link: 44, crc: 52 } as const;
const WITH_PARTS = 0x80;
const WIDTHS = [6, 6, 7, 7, 7] as const;

/** Writes a record at `at`, all but what is known only when its transaction is written. */
export function packRecord(bytes: Uint8Array, at: number, record: TracedRecord): void {
  bytes.fill(0, at, at + RECORD_SIZE);
  putU32(bytes, at + AT.sequence, record.sequence);
  bytes[at + AT.kind] = record.kind;
  let to = at + AT.values;
  [record.pump_ms, record.wall_ms, record.a, record.b, record.c].forEach((value, i) => {
    putSigned(bytes, to, WIDTHS[i]!, value);
    to += WIDTHS[i]!;
  });
}

function unpackRecord(record: Uint8Array): TracedRecord {
  const values: number[] = [];
  let from: number = AT.values;
  for (const width of WIDTHS) {
    values.push(getSigned(record, from, width));
    from += width;
  }
  const [pump_ms, wall_ms, a, b, c] = values as [number, number, number, number, number];
  return { sequence: getU32(record, AT.sequence), kind: record[AT.kind]!, pump_ms, wall_ms, a, b, c };
}

/** The record that these bytes are, if they are one that counts; a single flipped bit is put right. */
export function goodRecord(bytes: Uint8Array): Uint8Array | undefined {
  const crc = getU32(bytes, AT.crc);
  if (crc === 0) return undefined;
  if (crc === crc32(0, bytes, 0, AT.crc)) return bytes;
  const mended = bytes.slice();
  return mend(mended) ? mended : undefined;
}

/** The generation of the log's sector `i`, which is at `at`, or -1 if it was not begun. */
export function generationAt(bytes: Uint8Array, at: number, i: number): number {
  const one = getU32(bytes, at + 4);
  const other = ~getU32(bytes, at + 8) >>> 0;
  // Of two generations that differ in one bit, one at the most belongs into the sector: a single flipped bit does no harm.
  const generation = one % Format.log_sectors === i ? one : other;
  if (generation % Format.log_sectors !== i) return -1;
  const magic = getU32(bytes, at);
  return (one === other ? near(magic, LOG_MAGIC) : magic === LOG_MAGIC && near(one, other)) ? generation : -1;
}

/**
 * A transaction's records count once the last of them is whole. What a power loss cut short is at the end of the log: a boot
 * makes those records count for nothing for good, before anything new is written. 60 sectors of 72 records, one of them erased
 * ahead: at least 4000 are kept (LOG-1), also with some that count for nothing among them. Each record that counts has a link: a hash of its own content and of the link
 * before it (LOG-2; verify.ts).
 */
export class Log {
  /** Sequence number and transaction of the newest record. */
  last = 0;
  transaction = 0;
  latest_ms = 0;
  /** Slots are counted over the pump's life: generation x SLOTS_PER_SECTOR + place. `next` is the next record's; its sector may have to be begun. */
  private next = 0;
  /** The oldest slot there may be. */
  private oldest = 0;
  /** Of the newest record; zeros before the first. */
  private link = new Uint8Array(LINK_SIZE);
  private found_slot = 0;
  private found_sequence = 0;

  /** `journal_done` is the newest transaction that has its entry. */
  constructor(private readonly region: Region, journal_done: number) {
    let newest = -1;
    for (let i = 0; i < Format.log_sectors; i++) newest = Math.max(newest, this.generationOf(i));
    if (newest < 0) return;
    let oldest = newest;
    while (oldest > 0 && newest - oldest < Format.log_sectors - 1 && this.generationOf((oldest - 1) % Format.log_sectors) === oldest - 1) oldest--;
    this.oldest = oldest * SLOTS_PER_SECTOR;
    this.next = (newest + 1) * SLOTS_PER_SECTOR;
    // Slots that are blank at the end are free; one that was begun is not.
    while (this.next > newest * SLOTS_PER_SECTOR && region.blank(this.addressOf(this.next - 1), RECORD_SIZE)) this.next--;
    this.settle(journal_done);
  }

  /** Appends `count` packed records of one transaction; `with_parts` if they count only once its entry is in the journal. */
  write(records: Uint8Array, count: number, transaction: number, with_parts: boolean): boolean {
    let link: Uint8Array = this.link;
    for (let i = 0; i < count; i++) {
      const at = i * RECORD_SIZE;
      putU32(records, at + AT.transaction, transaction);
      records[at + AT.left] = (count - 1 - i) | (with_parts ? WITH_PARTS : 0);
      link = linkOf(link, records.subarray(at, at + AT.link));
      records.set(link, at + AT.link);
      putU32(records, at + AT.crc, crc32(0, records, at, AT.crc));
    }
    for (let i = 0; i < count;) {
      const place = this.next % SLOTS_PER_SECTOR;
      const part = Math.min(count - i, SLOTS_PER_SECTOR - place);
      if (place === 0 && !this.begin()) return false;
      const good = this.region.write(this.addressOf(this.next), records, i * RECORD_SIZE, part * RECORD_SIZE);
      this.next += part;
      i += part;
      if (!good) return false;
    }
    if (count > 0) this.takeNewest();
    return true;
  }

  /** Makes the records of a transaction that failed count for nothing. */
  kill(transaction: number): void {
    const nothing = new Uint8Array(4);
    for (let slot = this.next - 1; slot >= this.oldest; slot--) {
      const record = this.recordIn(slot);
      if (record === undefined) continue;
      if (getU32(record, AT.transaction) !== transaction) break;
      this.region.write(this.addressOf(slot) + AT.crc, nothing, 0, nothing.length);
    }
    this.takeNewest();
  }

  /** Sequence number of the oldest record that is kept, 0 if there is none. */
  first(): number {
    for (let slot = this.oldest; slot < this.next; slot++) {
      const record = this.recordIn(slot);
      if (record !== undefined) return getU32(record, AT.sequence);
    }
    return 0;
  }

  /** The record of a sequence number, if it is kept. */
  read(sequence: number): TracedRecord | undefined {
    // Whoever reads a log reads on.
    const slot = this.found_slot + 1;
    if (this.found_sequence !== 0 && sequence === this.found_sequence + 1 && slot < this.next && slot >= this.oldest) {
      const record = this.recordIn(slot);
      if (record !== undefined && getU32(record, AT.sequence) === sequence) return this.found(slot, record);
    }
    return this.search(sequence);
  }

  /** The records that are kept, oldest first. */
  all(): TracedRecord[] {
    const records: TracedRecord[] = [];
    for (let slot = this.oldest; slot < this.next; slot++) {
      const record = this.recordIn(slot);
      if (record !== undefined) records.push(unpackRecord(record));
    }
    return records;
  }

  /** Erases ahead: the sector after the one that is written to; at the very beginning, the first. */
  tidy(): boolean {
    const next = this.next % SLOTS_PER_SECTOR === 0 ? this.next : this.next + SLOTS_PER_SECTOR;
    const sector = this.sectorOf(next);
    if (this.region.knownBlank(sector)) return false;
    this.forget(Math.floor(next / SLOTS_PER_SECTOR));
    return this.region.tidy(sector);
  }

  private sectorOf(slot: number): number {
    return Format.log_first + (Math.floor(slot / SLOTS_PER_SECTOR) % Format.log_sectors);
  }

  private addressOf(slot: number): number {
    return this.region.addressOf(this.sectorOf(slot)) + LOG_HEADER + (slot % SLOTS_PER_SECTOR) * RECORD_SIZE;
  }

  /** The record in a slot, if there is one that is whole. */
  private recordIn(slot: number): Uint8Array | undefined {
    const at = this.addressOf(slot);
    return goodRecord(this.region.bytes.subarray(at, at + RECORD_SIZE));
  }

  private takeNewest(): void {
    this.last = this.transaction = this.latest_ms = 0;
    this.link = new Uint8Array(LINK_SIZE);
    for (let slot = this.next - 1; slot >= this.oldest; slot--) {
      const record = this.recordIn(slot);
      if (record === undefined) continue;
      this.last = getU32(record, AT.sequence);
      this.transaction = getU32(record, AT.transaction);
      this.latest_ms = getSigned(record, AT.values, WIDTHS[0]);
      this.link = record.slice(AT.link, AT.crc);
      return;
    }
  }

  /** The newest record says whether its transaction came to its end. */
  private settle(journal_done: number): void {
    this.takeNewest();
    for (let slot = this.next - 1; slot >= this.oldest; slot--) {
      const record = this.recordIn(slot);
      if (record === undefined) continue;
      const left = record[AT.left]!;
      const whole = (left & ~WITH_PARTS) === 0;
      const counts = (left & WITH_PARTS) === 0 || this.transaction <= journal_done;
      if (!whole || !counts) this.kill(this.transaction);
      return;
    }
  }

  /** The generation of the log's sector `i`, or -1 if it was not begun. */
  private generationOf(i: number): number {
    return generationAt(this.region.bytes, this.region.addressOf(Format.log_first + i), i);
  }

  /** The sector of this generation takes the place of the oldest. */
  private forget(generation: number): void {
    const oldest = (generation - Format.log_sectors + 1) * SLOTS_PER_SECTOR;
    if (generation >= Format.log_sectors && this.oldest < oldest) this.oldest = oldest;
  }

  private begin(): boolean {
    const sector = this.sectorOf(this.next);
    const generation = Math.floor(this.next / SLOTS_PER_SECTOR);
    this.region.makeBlank(sector);
    this.region.used(sector);
    this.forget(generation);
    const header = new Uint8Array(LOG_HEADER).fill(0xff);
    [LOG_MAGIC, generation, ~generation >>> 0].forEach((word, i) => { putU32(header, 4 * i, word); });
    return this.region.write(this.region.addressOf(sector), header, 0, header.length);
  }

  private found(slot: number, record: Uint8Array): TracedRecord {
    this.found_slot = slot;
    this.found_sequence = getU32(record, AT.sequence);
    return unpackRecord(record);
  }

  /** Sequences rise from slot to slot, with holes: looks in the middle of what is left, passing over slots that do not count. */
  private search(sequence: number): TracedRecord | undefined {
    let from = this.oldest;
    let to = this.next;
    while (from < to) {
      const middle = from + Math.floor((to - from) / 2);
      let slot = middle;
      let record: Uint8Array | undefined;
      while (slot < to && (record = this.recordIn(slot)) === undefined) slot++;
      const seen = record === undefined ? Infinity : getU32(record, AT.sequence);
      if (record !== undefined && seen === sequence) return this.found(slot, record);
      if (seen > sequence) to = middle;
      else from = slot + 1;
    }
    return undefined;
  }
}
