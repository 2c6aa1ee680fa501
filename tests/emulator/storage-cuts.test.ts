// Storage on flash: power cut at every operation leaves the old or the new.

import { describe, expect, test } from "vitest";
import { CUT_FAULTS, FlashAction, NorFlash, PowerCut, SECTOR, type CutFault } from "../../emulator/devices/flash";
import { Stream } from "../../emulator/engine/random";
import { FlashStorage, Transaction } from "../../emulator/storage/flash-storage";
import { Format, getU32, STORAGE_SIZE } from "../../emulator/storage/format";
import { ENTRY_HEADER } from "../../emulator/storage/journal";
import { LOG_HEADER, RECORD_SIZE, SLOTS_PER_SECTOR } from "../../emulator/storage/log";
import { TALLY_PULSES } from "../../emulator/storage/tally";

/** Transaction number n: part 1 has n and some more, part 2 changes with each seventh, one to three records, each with n. */
function transaction(n: number, sequence: number): Transaction {
  const made = new Transaction();
  made.put(1, Array.from({ length: 120 }, (_, i) => (i === 0 ? n : (n * i) % 100_000)), 0, 120);
  if (n % 7 === 0) made.put(2, [n], 0, 1);
  for (let i = 0; i <= n % 3; i++) made.append({ sequence: sequence + i, kind: n % 200, pump_ms: n * 1000, wall_ms: -n, a: n, b: 2 ** 53 - 1, c: -(2 ** 53) + 1 });
  return made;
}

const recordsOf = (n: number): number => (n % 3) + 1;

/** What storage says: n of part 1, of part 2, of the newest record, how many records lead to it; -1 for what is damaged. */
function seen(storage: FlashStorage): readonly number[] {
  const first: number[] = [0];
  const second: number[] = [0];
  const counts = [storage.read(1, first), storage.read(2, second)];
  if (counts.some((count) => count < 0)) return counts;
  return [first[0]!, second[0]!, storage.log.read(storage.log.last)?.a ?? 0, storage.log.last];
}

/** After transaction n, which ended with that record. */
const expected = (n: number, last: number): readonly number[] => [n, Math.floor(n / 7) * 7, n, last];

/** Runs `act` on the flash with a cut; true if power went. */
function cut(flash: NorFlash, after: number, how: CutFault, act: () => void): boolean {
  flash.cut = { operation: flash.operations + after, how };
  try {
    act();
    return false;
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error;
    return true;
  } finally {
    flash.cut = undefined;
    flash.powerOn();
  }
}

/** A flash in which transactions 1 to n are durable, and the newest record's number. */
function filled(n: number): { readonly flash: NorFlash; readonly last: number } {
  const flash = new NorFlash(STORAGE_SIZE, 5);
  const storage = new FlashStorage(flash);
  let last = 0;
  for (let each = 1; each <= n; each++) {
    expect(storage.write(transaction(each, last + 1), each * 1000)).toBe(true);
    last += recordsOf(each);
  }
  return { flash, last };
}

describe("power cut before, inside and after each flash operation (MEM-2a)", () => {
  test("a transaction is there as a whole or not at all, also if a boot after it is cut; what comes next is durable", () => {
    const flash = new NorFlash(STORAGE_SIZE, 5);
    const counts = { cuts: 0, olds: 0, news: 0, erases: 0 };
    let last = 0;
    for (let n = 1; n <= 600; n++) {
      const before = flash.bytes.slice();
      const operations = flash.operations;
      const from = last + 1;
      flash.listener = (_operation, action) => { if (action === FlashAction.erase) counts.erases++; };
      expect(new FlashStorage(flash).write(transaction(n, from), n * 1000)).toBe(true);
      flash.listener = undefined;
      const whole = flash.bytes.slice();
      const count = flash.operations - operations;
      const next = last + recordsOf(n);
      // All of those that begin a sector of the log, or move all parts into the other area, which is erased first; of the others each third.
      for (let at = 1; at <= count && (n % 3 === 0 || count > 7); at++) {
        for (const how of CUT_FAULTS) {
          flash.bytes.set(before);
          expect(cut(flash, at, how, () => { new FlashStorage(flash).write(transaction(n, from), n * 1000); })).toBe(true);
          counts.cuts++;
          for (let again = 1; counts.cuts % 5 === 0 && again <= 3; again++) cut(flash, again, CUT_FAULTS[(counts.cuts / 5) % 5]!, () => new FlashStorage(flash));
          const booted = new FlashStorage(flash);
          const is_new = booted.log.last === next;
          counts[is_new ? "news" : "olds"]++;
          expect(seen(booted), `transaction ${n}, operation ${at} of ${count}, ${how}`).toEqual(is_new ? expected(n, next) : expected(n - 1, last));
          const m = is_new ? n + 1 : n;
          expect(booted.write(transaction(m, booted.log.last + 1), m * 1000)).toBe(true);
          expect(seen(new FlashStorage(flash))).toEqual(expected(m, booted.log.last));
        }
      }
      flash.bytes.set(whole);
      last = next;
    }
    expect(last).toBeGreaterThan(SLOTS_PER_SECTOR * 10);
    expect(counts.erases).toBeGreaterThanOrEqual(Format.journal_sectors);
    expect(counts.cuts).toBeGreaterThan(4400);
    expect(counts.news).toBeGreaterThan(200);
    expect(counts.olds).toBeGreaterThan(4000);
  });

  test("a tally has the pulse or has it not, also where it goes on in another sector, and goes on from there", () => {
    const flash = new NorFlash(STORAGE_SIZE, 6);
    const storage = new FlashStorage(flash);
    const counted = TALLY_PULSES * 5;
    for (let i = 0; i < counted; i++) storage.tally(1);
    expect(flash.wear[Format.tally_first + Format.tally_sectors]).toBe(1);
    const before = flash.bytes.slice();
    // Erase, header, half a byte; and the half byte after it.
    for (const pulses of [1, 2]) {
      for (let at = 1; at <= (pulses === 1 ? 3 : 4); at++) {
        for (const how of CUT_FAULTS) {
          flash.bytes.set(before);
          expect(cut(flash, at, how, () => {
            const booted = new FlashStorage(flash);
            for (let i = 0; i < pulses; i++) booted.tally(1);
          })).toBe(true);
          const booted = new FlashStorage(flash);
          const total = booted.tallied(1);
          expect([counted, counted + 1, counted + 2].slice(at === 4 ? 1 : 0, at === 4 ? 3 : 2)).toContain(total);
          booted.tally(1);
          expect(new FlashStorage(flash).tallied(1)).toBe(total + 1);
          expect(booted.tallied(0)).toBe(0);
        }
      }
    }
  });
});

describe("storage on flash", () => {
  test("keeps values up to 2^53 - 1, signed ones in records, and tells of what was never written", () => {
    const flash = new NorFlash(STORAGE_SIZE, 1);
    const storage = new FlashStorage(flash);
    const made = new Transaction();
    const values = [0, 127, 128, 2 ** 32, 2 ** 53 - 1];
    const record = { sequence: 9, kind: 255, pump_ms: 2 ** 46, wall_ms: -(2 ** 46), a: 2 ** 53 - 1, b: -(2 ** 53) + 1, c: -1 };
    made.put(15, [7, ...values], 1, values.length);
    made.append(record);
    expect(made.empty).toBe(false);
    expect(storage.write(made, 77)).toBe(true);
    const into: number[] = [];
    const booted = new FlashStorage(flash);
    expect([booted.read(15, into), ...into]).toEqual([5, ...values]);
    expect(booted.log.read(9)).toEqual(record);
    expect([booted.read(0, into), booted.read(16, into), booted.log.read(8), booted.log.first(), booted.latest_ms]).toEqual([0, 0, undefined, 9, 2 ** 46]);
  });

  test("refuses a transaction that is too large, whole", () => {
    const storage = new FlashStorage(new NorFlash(STORAGE_SIZE, 1));
    const many = new Transaction();
    for (let n = 1; n <= Format.records_max + 1; n++) many.append({ sequence: n, kind: 1, pump_ms: 0, wall_ms: 0, a: 0, b: 0, c: 0 });
    const large = new Transaction();
    large.put(0, new Array<number>(Format.bytes_max).fill(1), 0, Format.bytes_max);
    large.append({ sequence: 1, kind: 1, pump_ms: 0, wall_ms: 0, a: 0, b: 0, c: 0 });
    const outside = new Transaction();
    outside.put(Format.parts, [1], 0, 1);
    expect([many, large, outside].map((each) => storage.write(each, 0))).toEqual([false, false, false]);
    expect([storage.log.last, storage.read(0, [])]).toEqual([0, 0]);
  });

  test("keeps at least the last 4000 records, the oldest lost first, and finds each (LOG-1b)", () => {
    const { flash, last } = filled(5000);
    const { log } = new FlashStorage(flash);
    const first = log.first();
    expect(last - first).toBeGreaterThanOrEqual(4000);
    expect(log.all().map(({ sequence }) => sequence)).toEqual(Array.from({ length: last - first + 1 }, (_, i) => first + i));
    for (const sequence of [first, last, first + 1, first + 2000, first + 2001]) expect(log.read(sequence)?.sequence).toBe(sequence);
    expect([log.read(first - 1), log.read(last + 1)]).toEqual([undefined, undefined]);
  });

  test("a write that fails is told, nothing of it counts, and the log goes on where it was, at a sector's beginning too", () => {
    const { flash, last } = filled(SLOTS_PER_SECTOR / 2 * 3 - 0.5);
    const storage = new FlashStorage(flash);
    const n = Math.ceil(SLOTS_PER_SECTOR / 2 * 3 - 0.5);
    let sequence = last;
    for (let each = n; each < n + SLOTS_PER_SECTOR; each++) {
      flash.lock(Format.journal_first, 100, true);
      expect(storage.write(transaction(each, sequence + 1), each * 1000)).toBe(false);
      storage.tally(0);
      flash.lock(Format.journal_first, 100, false);
      expect(storage.write(transaction(each, sequence + 1), each * 1000)).toBe(true);
      sequence += recordsOf(each);
      expect(seen(new FlashStorage(flash))).toEqual(expected(each, sequence));
      expect(new FlashStorage(flash).tallied(0)).toBe(each - n + 1);
    }
  });

  test.each([1, 2, 3, 4, 5, 6])("bad sectors, drawn by seed %i: what was said to be durable is, what failed is not there, and neither changes by a boot", (seed) => {
    const flash = new NorFlash(STORAGE_SIZE, seed);
    const draws = new Stream(seed, "bad");
    for (let i = 0; i < 12; i++) flash.spoil(Format.journal_first + draws.below(Format.sectors_used - Format.journal_first));
    const done = { good: 0, failed: 0 };
    let n = 0;
    let last = 0;
    for (let tries = 1; tries <= 1500; tries++) {
      const storage = new FlashStorage(flash);
      const good = storage.write(transaction(n + 1, last + 1), n * 1000);
      done[good ? "good" : "failed"]++;
      if (good) last += recordsOf(++n);
      expect(seen(storage), `now, try ${tries}`).toEqual(expected(n, last));
      expect(seen(new FlashStorage(flash)), `at the next boot, try ${tries}`).toEqual(expected(n, last));
      if (tries % 3 === 0) storage.tidy();
    }
    expect(done.failed).toBeGreaterThan(0);
  });

  test("a damaged part is told, now and when all parts have moved, and the others are whole", () => {
    const { flash } = filled(8);
    const at = flash.bytes.findLastIndex((byte, i) => byte !== 0xff && i < (Format.journal_first + Format.journal_sectors) * SECTOR);
    flash.bytes[at]! ^= 6;
    const storage = new FlashStorage(flash);
    expect([storage.read(1, []), storage.read(2, [])]).toEqual([-1, 1]);
    for (let n = 0; n < 1000; n++) {
      const other = new Transaction();
      other.put(3, [n], 0, 1);
      expect(storage.write(other, 0)).toBe(true);
    }
    expect(flash.wear[Format.journal_first]).toBeGreaterThan(0);
    expect([storage.read(1, []), storage.read(2, []), storage.read(3, [])]).toEqual([-1, 1, 1]);
  });

  test("one flipped bit is put right: each bit of the newest entry and its parts, of a tally's header, pulses and what is next to them, of a log sector's header and of the newest record", () => {
    const { flash, last } = filled(9);
    const storage = new FlashStorage(flash);
    for (let i = 0; i < 301; i++) storage.tally(0);
    const entry = flash.bytes.findLastIndex((byte, i) => byte === 0x49 && i % 256 === 0 && i < Format.log_first * SECTOR);
    const log = Format.log_first * SECTOR;
    const record = log + LOG_HEADER + (last - 1) * RECORD_SIZE;
    for (const [at, count] of [[entry, ENTRY_HEADER + getU32(flash.bytes, entry + 8)], [0, 24], [32, 154], [log, 12], [record, RECORD_SIZE]] as const) {
      for (let bit = 0; bit < count * 8; bit++) {
        flash.bytes[at + (bit >> 3)]! ^= 1 << (bit & 7);
        const booted = new FlashStorage(flash);
        expect([...seen(booted), booted.tallied(0)], `bit ${bit} from ${at} on`).toEqual([...expected(9, last), 301]);
        flash.bytes[at + (bit >> 3)]! ^= 1 << (bit & 7);
      }
    }
  });

  test("two flipped bits in the newest header undo its transaction, records with it, and no other", () => {
    const { flash, last } = filled(9);
    const header = flash.bytes.findLastIndex((byte, i) => byte === 0x49 && i % 256 === 0 && i < Format.log_first * SECTOR);
    flash.bytes[header + 4]! ^= 3;
    expect(seen(new FlashStorage(flash))).toEqual(expected(8, last - recordsOf(9)));
  });
});
