// Tallies: each pulse clears one bit, so that none is lost and none is torn.

import { SECTOR } from "../devices/flash";
import { crc32, Format, getU32, getU64, mend, near, putU32, putU64 } from "./format";
import type { Region } from "./region";

/** "ITT1" */
export const TALLY_MAGIC = 0x3154_5449;
const HEADER = 32;
const CRC_AT = 20;
export const TALLY_BITS = (SECTOR - HEADER) * 8;
const TIDY_FROM = TALLY_BITS - 2048;

interface Tallied {
  total: number;
  sector: number;
  generation: number;
  bits: number;
  opened: boolean;
}

/**
 * A sector holds a header and 32 512 bits; the total is the header's base and the bits that are zero. A book goes round its four sectors:
 * a new one begins with the old one's total, and until its header is whole the old one counts.
 */
export class Tally {
  private readonly books: Tallied[] = [];
  private readonly byte = new Uint8Array(1);

  constructor(private readonly region: Region) {
    for (let book = 0; book < Format.books; book++) this.books.push(this.opened(book));
  }

  total(book: number): number {
    return this.books[book]!.total;
  }

  /** False if the bit cannot be cleared. Hot. */
  add(book: number): boolean {
    const at = this.books[book]!;
    let good = true;
    if (!at.opened) good = this.begin(book, 0, 1);
    else if (at.bits === TALLY_BITS) good = this.begin(book, (at.sector + 1) % Format.tally_sectors, at.generation + 1);
    this.byte[0] = 0xfe << (at.bits & 7);
    good = this.region.write(this.addressOf(book, at.sector) + HEADER + (at.bits >> 3), this.byte, 0, 1) && good;
    at.bits++;
    at.total++;
    return good;
  }

  /** Erases ahead: one sector at the most. */
  tidy(): boolean {
    for (let book = 0; book < Format.books; book++) {
      const { opened, bits, sector } = this.books[book]!;
      const next = opened ? (sector + 1) % Format.tally_sectors : 0;
      if ((!opened || bits > TIDY_FROM) && this.region.tidy(this.sectorOf(book, next))) return true;
    }
    return false;
  }

  private sectorOf(book: number, i: number): number {
    return Format.tally_first + book * Format.tally_sectors + i;
  }

  private addressOf(book: number, i: number): number {
    return this.region.addressOf(this.sectorOf(book, i));
  }

  private opened(book: number): Tallied {
    const { bytes } = this.region;
    let found: Tallied = { total: 0, sector: 0, generation: 0, bits: 0, opened: false };
    for (let i = 0; i < Format.tally_sectors; i++) {
      const at = this.addressOf(book, i);
      if (!near(getU32(bytes, at), TALLY_MAGIC)) continue;
      const header = bytes.slice(at, at + CRC_AT + 4);
      const good = mend(header) && getU32(header, 0) === TALLY_MAGIC && getU32(header, 4) === book;
      const generation = getU32(header, 8);
      if (!good || (found.opened && generation < found.generation)) continue;
      const bits = this.zeros(at + HEADER);
      found = { total: getU64(header, 12) + bits, sector: i, generation, bits, opened: true };
    }
    return found;
  }

  private zeros(at: number): number {
    let count = 0;
    for (let i = 0; i < TALLY_BITS / 8; i++) {
      const byte = this.region.bytes[at + i]!;
      if (byte === 0xff) break;
      for (let gone = ~byte & 0xff; gone !== 0; gone &= gone - 1) count++;
    }
    return count;
  }

  private begin(book: number, i: number, generation: number): boolean {
    const at = this.books[book]!;
    const sector = this.sectorOf(book, i);
    this.region.makeBlank(sector);
    this.region.used(sector);
    const header = new Uint8Array(CRC_AT + 4);
    [TALLY_MAGIC, book, generation].forEach((word, place) => { putU32(header, 4 * place, word); });
    putU64(header, 12, at.total);
    putU32(header, CRC_AT, crc32(0, header, 0, CRC_AT));
    const good = this.region.write(this.region.addressOf(sector), header, 0, header.length);
    Object.assign(at, { sector: i, generation, bits: 0, opened: true });
    return good;
  }
}
