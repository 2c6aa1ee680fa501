// Whether the log in a flash image is what was written: its chain, followed.

import { SECTOR } from "../devices/flash";
import { Format, getU32, LINK_SIZE, linkOf } from "./format";
import { AT, generationAt, goodRecord, LOG_HEADER, RECORD_SIZE, SLOTS_PER_SECTOR } from "./log";

/**
 * altered: what a record says is not what was written, or it cannot be read. missing: records between two that stand there are gone. swapped: records do not stand in the order in which they were written.
 */
export type Tampering = "altered" | "missing" | "swapped";

export interface Finding {
  readonly what: Tampering;
  /** The first sequence number concerned, and the last. */
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

export interface Verified {
  /** Records that count, and the numbers of the oldest and the newest of them. */
  readonly records: number;
  readonly first: number;
  readonly last: number;
  /** The newest one's link, in hex: whoever keeps it can tell later whether all up to that record is still there. */
  readonly head: string;
  /** In the order of the log; the first is where it begins to be another. */
  readonly findings: readonly Finding[];
}

interface Slot {
  /** Undefined for one that is unreadable. */
  readonly record: Uint8Array | undefined;
  /** It was made to count for nothing. */
  readonly killed: boolean;
  readonly sector: number;
}

/** What stands in the log's slots, the oldest first; blank slots are left out. Sectors are taken by their generations, also where one between them is gone. */
function slotsOf(bytes: Uint8Array, base: number): { readonly slots: Slot[]; readonly lost: number[] } {
  const place = (i: number): number => base + (Format.log_first + i) * SECTOR;
  const generations = Array.from({ length: Format.log_sectors }, (_, i) => generationAt(bytes, place(i), i)).filter((generation) => generation >= 0);
  const newest = Math.max(-1, ...generations);
  const kept = generations.filter((generation) => newest - generation < Format.log_sectors).sort((a, b) => a - b);
  const slots: Slot[] = [];
  for (const generation of kept) {
    for (let slot = 0; slot < SLOTS_PER_SECTOR; slot++) {
      const at = place(generation % Format.log_sectors) + LOG_HEADER + slot * RECORD_SIZE;
      const content = bytes.subarray(at, at + RECORD_SIZE);
      if (content.every((byte) => byte === 0xff)) continue;
      slots.push({ record: goodRecord(content), killed: getU32(content, AT.crc) === 0, sector: generation });
    }
  }
  return { slots, lost: kept.slice(1).flatMap((generation, i) => (generation === kept[i]! + 1 ? [] : [generation])) };
}

const sequenceOf = (record: Uint8Array): number => getU32(record, AT.sequence);
const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const range = (from: number, to: number): string => (from === to ? `record ${from}` : `records ${from} to ${to}`);

/** What is wrong where a record does not follow from the one before it. */
function findingAt(before: Uint8Array, record: Uint8Array, between: readonly Slot[], all: ReadonlySet<number>): Finding {
  const seen = sequenceOf(record);
  const from = sequenceOf(before) + 1;
  const to = seen - 1;
  if (to < from - 1) return { what: "swapped", from: seen, to: from - 1, text: `record ${seen} stands behind record ${from - 1}` };
  if (to < from) return { what: "altered", from: from - 1, to: seen, text: `record ${seen} does not follow from record ${from - 1}: one of the two is not what was written` };
  let later = true;
  for (let each = from; each <= to; each++) later &&= all.has(each);
  if (later) return { what: "swapped", from, to, text: `${range(from, to)} should stand before record ${seen}, and are elsewhere` };
  if (between.some(({ record: good, killed }) => good === undefined && !killed)) return { what: "altered", from, to, text: `${range(from, to)} cannot be read any more` };
  if (between.length > 0) return { what: "missing", from, to, text: `${range(from, to)} were made to count for nothing after others had followed` };
  return { what: "missing", from, to, text: `${range(from, to)} are gone` };
}

/**
 * Follows the chain of links through the log of an image, which begins at `base` of `bytes`. It only reads. A record whose link does not fit names the place: its own content, or the record before it, is not what was
 * written. The oldest record has nothing before it to be checked against, unless it is the first of all. Killed transactions and torn writes are no links of the chain, so they are no findings.
 */
export function verifyLog(bytes: Uint8Array, base = 0): Verified {
  const { slots, lost } = slotsOf(bytes, base);
  const good = slots.flatMap(({ record }) => (record === undefined ? [] : [record]));
  const all = new Set(good.map(sequenceOf));
  const findings: Finding[] = [];
  let before: Uint8Array | undefined;
  let between: Slot[] = [];
  for (const slot of slots) {
    const { record } = slot;
    if (record === undefined) {
      between.push(slot);
      continue;
    }
    const body = record.subarray(0, AT.link);
    const fits = (link: Uint8Array): boolean => hex(linkOf(link, body)) === hex(record.subarray(AT.link, AT.crc));
    const first_of_all = before === undefined && sequenceOf(record) === 1;
    if (before !== undefined && !fits(before.subarray(AT.link, AT.crc))) findings.push(findingAt(before, record, between, all));
    else if (first_of_all && !fits(new Uint8Array(LINK_SIZE))) findings.push({ what: "altered", from: 1, to: 1, text: "record 1 is not what was written" });
    before = record;
    between = [];
  }
  for (const generation of lost) {
    if (findings.length === 0) findings.push({ what: "missing", from: 0, to: 0, text: `a sector before the log's ${generation}th is gone, and no record with it` });
  }
  const last = before === undefined ? 0 : sequenceOf(before);
  return { records: good.length, first: good[0] === undefined ? 0 : sequenceOf(good[0]), last, head: before === undefined ? "" : hex(before.subarray(AT.link, AT.crc)), findings };
}
