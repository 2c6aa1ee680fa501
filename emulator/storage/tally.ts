// Tallies: each pulse clears four bits in one operation; any three tell of it.

import { SECTOR } from "../devices/flash";
import { crc32, Format, getU32, getU64, mend, near, putU32, putU64 } from "./format";
import type { Region } from "./region";

/** "ITT2" */
export const TALLY_MAGIC = 0x3254_5449;
const HEADER = 32;
const CRC_AT = 20;
/** Half a byte each. */
export const TALLY_PULSES = (SECTOR - HEADER) * 2;
const TIDY_FROM = TALLY_PULSES - 2048;
/** Bit n is set if the half byte n has two zeros or more. */
const COUNTED = 0x177f;

interface Tallied {
  total: number;
  sector: number;
  generation: number;
  /** Pulses in the sector. */
  pulses: number;
  opened: boolean;
}

function isCounted(half: number): boolean {
  return ((COUNTED >> (half & 0xf)) & 1) === 1;
}

/**
 * A sector holds a header and 8128 half bytes, cleared one a pulse; the total is the header's base and those that are. One bit that flips in any of them is outvoted. A book goes
 * round its four sectors: a new one begins with the old one's total, and until its header is whole the old one counts.
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

  /** False if it would not be counted at a boot. Hot. */
  add(book: number): boolean {
    const at = this.books[book]!;
    let good = true;
    if (!at.opened) good = this.begin(book, 0, 1);
    else if (at.pulses === TALLY_PULSES) good = this.begin(book, (at.sector + 1) % Format.tally_sectors, at.generation + 1);
    const half = at.pulses & 1;
    const address = this.addressOf(book, at.sector) + HEADER + (at.pulses >> 1);
    // The second of a byte clears what may have come back of the first.
    this.byte[0] = half === 0 ? 0xf0 : 0;
    this.region.write(address, this.byte, 0, 1);
    at.pulses++;
    at.total++;
    return good && isCounted(this.region.bytes[address]! >> (4 * half));
  }

  /** Erases ahead: one sector at the most. */
  tidy(): boolean {
    for (let book = 0; book < Format.books; book++) {
      const { opened, pulses, sector } = this.books[book]!;
      const next = opened ? (sector + 1) % Format.tally_sectors : 0;
      if ((!opened || pulses > TIDY_FROM) && this.region.tidy(this.sectorOf(book, next))) return true;
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
    let found: Tallied = { total: 0, sector: 0, generation: 0, pulses: 0, opened: false };
    for (let i = 0; i < Format.tally_sectors; i++) {
      const at = this.addressOf(book, i);
      if (!near(getU32(bytes, at), TALLY_MAGIC)) continue;
      const header = bytes.slice(at, at + CRC_AT + 4);
      const good = mend(header) && getU32(header, 0) === TALLY_MAGIC && getU32(header, 4) === book;
      const generation = getU32(header, 8);
      if (!good || (found.opened && generation < found.generation)) continue;
      const pulses = this.counted(at + HEADER);
      found = { total: getU64(header, 12) + pulses, sector: i, generation, pulses, opened: true };
    }
    return found;
  }

  /** Up to the last half byte that is cleared: those before it were. Ends at the first byte with none. */
  private counted(at: number): number {
    let count = 0;
    for (let i = 0; i < TALLY_PULSES / 2; i++) {
      const byte = this.region.bytes[at + i]!;
      if (isCounted(byte >> 4)) count = 2 * i + 2;
      else if (isCounted(byte)) count = 2 * i + 1;
      else break;
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
    Object.assign(at, { sector: i, generation, pulses: 0, opened: true });
    return good;
  }
}
