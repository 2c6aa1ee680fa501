// The log's chain: a record altered, deleted or swapped is found and located.

import { describe, expect, it } from "vitest";
import { CUT_FAULTS, NorFlash, PowerCut, SECTOR } from "../../emulator/devices/flash";
import { FlashStorage, Transaction } from "../../emulator/storage/flash-storage";
import { crc32, Format, linkOf, putU32, STORAGE_SIZE } from "../../emulator/storage/format";
import { AT, LOG_HEADER, RECORD_SIZE, SLOTS_PER_SECTOR } from "../../emulator/storage/log";
import { verifyLog, type Finding } from "../../emulator/storage/verify";

/** Appends records from `sequence` on, `count` in a transaction of its own; gives the number of the last, also if it failed. */
function append(storage: FlashStorage, sequence: number, count: number): number {
  const made = new Transaction();
  if (sequence % 3 === 0) made.put(1, [sequence], 0, 1);
  for (let i = 0; i < count; i++) made.append({ sequence: sequence + i, kind: 3, pump_ms: sequence * 1000, wall_ms: sequence, a: sequence, b: i, c: -1 });
  storage.write(made, sequence * 1000);
  return sequence + count - 1;
}

function filled(records: number): NorFlash {
  const flash = new NorFlash(STORAGE_SIZE, 9);
  const storage = new FlashStorage(flash);
  for (let last = 0; last < records;) last = append(storage, last + 1, Math.min(1 + (last % 4), records - last));
  return flash;
}

const at = (sequence: number): number => Format.log_first * SECTOR
  + Math.floor((sequence - 1) / SLOTS_PER_SECTOR) * SECTOR + LOG_HEADER + ((sequence - 1) % SLOTS_PER_SECTOR) * RECORD_SIZE;
const recordOf = (flash: NorFlash, sequence: number): Uint8Array => flash.bytes.subarray(at(sequence), at(sequence) + RECORD_SIZE);
const reckon = (record: Uint8Array): void => { putU32(record, AT.crc, crc32(0, record, 0, AT.crc)); };
const told = (findings: readonly Finding[]): (string | number)[][] => findings.map(({ what, from, to }) => [what, from, to]);

describe("tamper-evident log (LOG-2a)", () => {
  const RECORDS = 200;

  it("a log that only its pump has written is whole: the first of all, at each length, and when it has gone round its ring", () => {
    for (const records of [0, 1, 2, 71, 72, 73, 300]) {
      expect(verifyLog(filled(records).bytes)).toMatchObject({ records, first: Math.min(1, records), last: records, findings: [] });
    }
    const { first, last, findings, records } = verifyLog(filled(4800).bytes);
    expect([last, findings, last - first + 1]).toEqual([4800, [], records]);
    expect(records).toBeGreaterThan(4000);
  });

  it("each record altered so that its check value fits: found, and located to it", () => {
    const flash = filled(RECORDS);
    for (let sequence = 1; sequence <= RECORDS; sequence++) {
      const record = recordOf(flash, sequence);
      const whole = record.slice();
      record[AT.values + 12]! ^= 0x35;
      reckon(record);
      const { findings } = verifyLog(flash.bytes);
      expect(told(findings), `record ${sequence}`).toEqual([["altered", Math.max(1, sequence - 1), sequence]]);
      record.set(whole);
    }
  });

  it("altered with its link as well, as if nobody looked further: located between it and the next; only the newest escapes, and its link is no longer the one that was kept", () => {
    const flash = filled(RECORDS);
    const { head } = verifyLog(flash.bytes);
    for (const sequence of [2, 71, 72, 73, 150, RECORDS]) {
      const record = recordOf(flash, sequence);
      const whole = record.slice();
      record[AT.values + 12]! ^= 0x35;
      record.set(linkOf(recordOf(flash, sequence - 1).subarray(AT.link, AT.crc), record.subarray(0, AT.link)), AT.link);
      reckon(record);
      const seen = verifyLog(flash.bytes);
      expect(told(seen.findings)).toEqual(sequence === RECORDS ? [] : [["altered", sequence, sequence + 1]]);
      expect(seen.head === head).toBe(sequence !== RECORDS);
      record.set(whole);
    }
  });

  it("every third record deleted, by a check value of nothing, by zeros or by garbage: found and located; the newest by what was kept of it", () => {
    const flash = filled(RECORDS);
    const { head } = verifyLog(flash.bytes);
    for (let sequence = 2; sequence <= RECORDS; sequence += 3) {
      const record = recordOf(flash, sequence);
      const whole = record.slice();
      for (const [how, act] of [["missing", () => { putU32(record, AT.crc, 0); }], ["missing", () => { record.fill(0); }], ["altered", () => { record.fill(0x5a); }], ["missing", () => { record.fill(0xff); }]] as const) {
        act();
        const seen = verifyLog(flash.bytes);
        if (sequence < RECORDS) expect(told(seen.findings), `record ${sequence}`).toEqual([[how, sequence, sequence]]);
        else expect([seen.last, seen.head === head]).toEqual([RECORDS - 1, false]);
        record.set(whole);
      }
    }
  });

  it("two records swapped, neighbours or not, and a sector gone: found and located", () => {
    const flash = filled(RECORDS);
    for (const [one, other] of [[10, 11], [72, 73], [20, 180], [1, 2]] as const) {
      const [a, b] = [recordOf(flash, one), recordOf(flash, other)];
      const [first, second] = [a.slice(), b.slice()];
      a.set(second);
      b.set(first);
      const { findings } = verifyLog(flash.bytes);
      expect(findings[0]?.what, `${one} and ${other}`).toBe("swapped");
      expect(findings.flatMap(({ from, to }) => [from, to])).toContain(one);
      a.set(first);
      b.set(second);
    }
    flash.bytes.fill(0xff, (Format.log_first + 1) * SECTOR, (Format.log_first + 2) * SECTOR);
    expect(told(verifyLog(flash.bytes).findings)).toEqual([["missing", SLOTS_PER_SECTOR + 1, 2 * SLOTS_PER_SECTOR]]);
  });

  it("one flipped bit is put right, transactions that failed and writes that a cut tore are no findings", () => {
    const flash = filled(RECORDS);
    for (let bit = 0; bit < RECORD_SIZE * 8; bit += 5) {
      recordOf(flash, 90)[bit >> 3]! ^= 1 << (bit & 7);
      expect(verifyLog(flash.bytes).findings).toEqual([]);
      recordOf(flash, 90)[bit >> 3]! ^= 1 << (bit & 7);
    }
    let last = RECORDS;
    for (let n = 0; n < 150; n++) {
      const failing = n % 5 === 0;
      if (failing) flash.lock(Format.journal_first, Format.journal_sectors * 2, true);
      else if (n % 2 === 0) flash.cut = { operation: flash.operations + 1 + (n % 4), how: CUT_FAULTS[n % 5]! };
      try {
        last = append(new FlashStorage(flash), last + 1, 1 + (n % 3));
      } catch (error) {
        if (!(error instanceof PowerCut)) throw error;
      }
      flash.powerOn();
      flash.cut = undefined;
      flash.lock(Format.journal_first, Format.journal_sectors * 2, false);
      expect(new FlashStorage(flash).log.last).toBeLessThanOrEqual(last + 3);
      expect(verifyLog(flash.bytes).findings, `write ${n}`).toEqual([]);
    }
    expect(verifyLog(flash.bytes).last).toBeGreaterThan(RECORDS + 50);
  });
});
