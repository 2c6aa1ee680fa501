// The journal: parts of storage, entry after entry in one of two areas.

import { PAGE, SECTOR } from "../devices/flash";
import { crc32, flippedBit, Format, getU32, getU64, mend, near, putU32, putU64 } from "./format";
import type { Region } from "./region";

/** "ITJ2" */
export const ENTRY_MAGIC = 0x324a_5449;
export const ENTRY_HEADER = 32;
const AREA_SIZE = Format.journal_sectors * SECTOR;
const AT = { sequence: 4, bytes: 8, parts: 12, ms: 16, payload_crc: 24, crc: 28 } as const;
/** What stands before a part's values. */
export const PART_HEAD = 8;

/** Where a part's content stands in a payload, its head included. */
export interface Place {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly count: number;
}

const pages = (count: number): number => Math.ceil((count + ENTRY_HEADER) / PAGE);

/**
 * An entry begins at a page and is written from its second page to its last, then the rest of its first page, and its header
 * at the end: so that, in which are the entry's length and check value, is there only if all else is. When an area is full, all parts as they are now are
 * copied into the other one as one entry; the old area is erased when there is time. At a boot the header with the highest sequence says which area
 * counts and where each part's latest content is. Pages that were begun and have no header are passed over.
 */
export class Journal {
  /** Of the newest entry. */
  sequence = 0;
  latest_ms = 0;
  private area = 0;
  /** Of the next entry, from the area's beginning. Nothing is there yet: the first area may hold pages that were begun. */
  private next = AREA_SIZE;
  /** Where the latest content of each part is, -1 if there is none. */
  private readonly entries = new Array<number>(Format.parts).fill(-1);

  constructor(private readonly region: Region) {
    const newest = new Array<number>(Format.parts).fill(0);
    for (let area = 0; area < 2; area++) this.scan(area, newest);
  }

  /** Makes room for such an entry. Gives the sequence that it is to have, another if the parts had to be moved first, or undefined if there is no room. */
  room(sequence: number, now_ms: number, count: number): number | undefined {
    if (this.next + pages(count) * PAGE <= AREA_SIZE) return sequence;
    if (!this.move(sequence, now_ms)) return undefined;
    return this.next + pages(count) * PAGE <= AREA_SIZE ? sequence + 1 : undefined;
  }

  /** Writes an entry of the first `count` of `bytes`: parts one after another. */
  write(sequence: number, now_ms: number, parts: number, bytes: Uint8Array, count: number): boolean {
    const address = this.areaAddress(this.area) + this.next;
    const size = pages(count) * PAGE;
    this.markUsed(this.area, this.next, size);
    this.next += size;
    if (!this.put(address, sequence, now_ms, parts, bytes, count)) return false;
    for (let part = 0; part < Format.parts; part++) if (((parts >> part) & 1) === 1) this.entries[part] = address;
    this.sequence = sequence;
    this.latest_ms = now_ms;
    return true;
  }

  /** Where the latest content of a part stands: undefined if it was never written, `damaged` if no good copy is left. */
  find(part: number): Place | "damaged" | undefined {
    const entry = this.entries[part] ?? -1;
    if (entry < 0) return undefined;
    const found = this.findIn(entry, part);
    return found === undefined || (found.bytes[found.at + 2]! & found.bytes[found.at + 3]!) === 0xff ? "damaged" : found;
  }

  /** Erases ahead in the area that does not count: one sector at the most. */
  tidy(): boolean {
    const other = this.sequence === 0 ? 0 : 1 - this.area;
    for (let i = 0; i < Format.journal_sectors; i++) {
      if (this.region.tidy(Format.journal_first + other * Format.journal_sectors + i)) return true;
    }
    return false;
  }

  private areaAddress(area: number): number {
    return this.region.addressOf(Format.journal_first + area * Format.journal_sectors);
  }

  /** The header at an address, if there is one that is good. */
  private headerAt(at: number): Uint8Array | undefined {
    if (!near(getU32(this.region.bytes, at), ENTRY_MAGIC)) return undefined;
    const header = this.region.bytes.slice(at, at + ENTRY_HEADER);
    return mend(header) && getU32(header, 0) === ENTRY_MAGIC && getU32(header, AT.bytes) < AREA_SIZE ? header : undefined;
  }

  private scan(area: number, newest: number[]): void {
    const from = this.areaAddress(area);
    let end = 0;
    let newer = false;
    for (let at = 0; at < AREA_SIZE;) {
      let step = PAGE;
      const header = this.headerAt(from + at);
      if (header !== undefined) {
        step = pages(getU32(header, AT.bytes)) * PAGE;
        this.takeIn(from + at, header, newest);
        const sequence = getU32(header, AT.sequence);
        if (sequence > this.sequence) {
          newer = true;
          this.sequence = sequence;
          this.latest_ms = getU64(header, AT.ms);
        }
        end = at + step;
      } else if (!this.region.blank(from + at, PAGE)) end = at + step;
      at += step;
    }
    if (!newer) return;
    this.area = area;
    this.next = end;
  }

  private takeIn(entry: number, header: Uint8Array, newest: number[]): void {
    const sequence = getU32(header, AT.sequence);
    const parts = getU32(header, AT.parts);
    for (let part = 0; part < Format.parts; part++) {
      if (((parts >> part) & 1) === 0 || sequence < newest[part]!) continue;
      newest[part] = sequence;
      this.entries[part] = entry;
    }
  }

  private markUsed(area: number, at: number, count: number): void {
    const first = Format.journal_first + area * Format.journal_sectors;
    for (let sector = Math.floor(at / SECTOR); sector <= Math.floor((at + count - 1) / SECTOR); sector++) this.region.used(first + sector);
  }

  /** Writes an entry in its order: the header makes it count. */
  private put(address: number, sequence: number, now_ms: number, parts: number, bytes: Uint8Array, count: number): boolean {
    const image = new Uint8Array(pages(count) * PAGE).fill(0xff);
    image.set(bytes.subarray(0, count), ENTRY_HEADER);
    [ENTRY_MAGIC, sequence, count, parts].forEach((word, i) => { putU32(image, 4 * i, word); });
    putU64(image, AT.ms, now_ms);
    putU32(image, AT.payload_crc, crc32(0, bytes, 0, count));
    putU32(image, AT.crc, crc32(0, image, 0, AT.crc));
    let good = true;
    for (let at = PAGE; at < image.length; at += PAGE) good = this.region.write(address + at, image, at, PAGE) && good;
    // In an operation of its own: a page that is cut short may have its first bytes and not its last.
    good = this.region.write(address + ENTRY_HEADER, image, ENTRY_HEADER, PAGE - ENTRY_HEADER) && good;
    if (!good || this.region.write(address, image, 0, ENTRY_HEADER)) return good;
    // What a boot would find counts, also with a bit that does not change.
    return this.headerAt(address)?.every((byte, i) => byte === image[i]) ?? false;
  }

  /** An entry's payload, a single flipped bit put right; undefined if it is damaged. */
  private payloadOf(entry: number): Uint8Array | undefined {
    const header = this.headerAt(entry);
    if (header === undefined) return undefined;
    const from = entry + ENTRY_HEADER;
    const payload = this.region.bytes.slice(from, from + getU32(header, AT.bytes));
    const differ = (crc32(0, payload, 0, payload.length) ^ getU32(header, AT.payload_crc)) >>> 0;
    if (differ === 0) return payload;
    const bit = flippedBit(differ, payload.length * 8);
    if (bit < 0) return undefined;
    payload[bit >> 3]! ^= 1 << (bit & 7);
    return payload;
  }

  /** The last of a part's contents in an entry. */
  private findIn(entry: number, part: number): Place | undefined {
    const bytes = this.payloadOf(entry);
    if (bytes === undefined) return undefined;
    let found: Place | undefined;
    for (let at = 0; at + PART_HEAD <= bytes.length;) {
      const count = PART_HEAD + getU32(bytes, at + 4);
      if (bytes[at] === part) found = { bytes, at, count };
      at += count;
    }
    return found;
  }

  /** Copies all parts into the other area. One of which no good copy is left goes with it as a head that says so. */
  private move(sequence: number, now_ms: number): boolean {
    const area = this.sequence === 0 ? 0 : 1 - this.area;
    for (let i = 0; i < Format.journal_sectors; i++) this.region.makeBlank(Format.journal_first + area * Format.journal_sectors + i);
    const payload: number[] = [];
    let parts = 0;
    for (let part = 0; part < Format.parts; part++) {
      const entry = this.entries[part]!;
      if (entry < 0) continue;
      const from = this.findIn(entry, part);
      parts |= 1 << part;
      if (from === undefined) payload.push(part, 0, 0xff, 0xff, 0, 0, 0, 0);
      else payload.push(...from.bytes.subarray(from.at, from.at + from.count));
    }
    const size = pages(payload.length) * PAGE;
    this.markUsed(area, 0, size);
    const address = this.areaAddress(area);
    if (!this.put(address, sequence, now_ms, parts, Uint8Array.from(payload), payload.length)) return false;
    for (let part = 0; part < Format.parts; part++) this.entries[part] = ((parts >> part) & 1) === 1 ? address : -1;
    this.area = area;
    this.next = size;
    this.sequence = sequence;
    return true;
  }
}
