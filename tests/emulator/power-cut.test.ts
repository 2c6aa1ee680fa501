// Power cut inside storage's flash, on the bench: old or new, and therapy runs.

import { expect, test } from "vitest";
import { Bench, setUpOf } from "../../emulator/bench";
import { CUT_FAULTS, SECTOR, type FlashCut } from "../../emulator/devices/flash";
import { Format } from "../../emulator/storage/format";
import { createController } from "../../firmware/controller";
import { Op, Status } from "../../protocol/operations";
import { constantRate } from "../../protocol/wand/procedures/prescription";
import { filling } from "../firmware/prescribe";
import { HOUR_US } from "./running";

const DAY_US = 24 * HOUR_US;

/** 500 ug/day for an hour. */
function begun(): Bench {
  const bench = new Bench({ controller: createController, cuts: true });
  bench.powerOn();
  bench.request(Op.set_up, setUpOf(bench.unit));
  bench.request(Op.refill, filling(18_000_000, 2000));
  bench.prescribe(constantRate(500_000));
  bench.request(Op.start, [0]);
  bench.advance_us(HOUR_US);
  return bench;
}

/** Then another rate, a bolus, a stop, a refill with another drug and a start, each over and again until it is answered; then the rest of a day. Gives how many operations of the flash those took. */
function busy(bench: Bench, cut?: FlashCut): number {
  const { flash } = bench.storage;
  const from = flash.operations;
  if (cut !== undefined) bench.cutPower(cut);
  bench.prescribe(constantRate(700_000));
  bench.request(Op.bolus, [50_000, 20, 0]);
  bench.advance_us(5 * 60_000_000);
  bench.request(Op.stop, [1]);
  bench.request(Op.refill, filling(15_000_000, 2000, 17_000_000));
  bench.request(Op.start, [0]);
  const operations = flash.operations - from;
  bench.advance_us(DAY_US);
  bench.finish();
  return operations;
}

test("at every fourteenth operation of a busy hour, in each way: no violation, one refill, the therapy that was asked for (MEM-2a, MEM-2b, PROG-3a)", () => {
  const operations = busy(begun());
  expect(operations).toBeGreaterThan(60);
  let cuts = 0;
  for (let operation = 1; operation <= operations; operation += 14) {
    for (const how of CUT_FAULTS) {
      const bench = begun();
      busy(bench, { operation, how });
      expect(bench.storage.flash.cut, `${operation} ${how}`).toBeUndefined();
      expect(bench.oracle.violations, `${operation} ${how}`).toEqual([]);
      const status = bench.status();
      expect([status[Status.rate], status[Status.version]], `${operation} ${how}`).toEqual([700_000, 2]);
      expect(bench.plant.reservoir.concentration, `${operation} ${how}`).toBe(2000);
      cuts++;
    }
  }
  expect(cuts).toBeGreaterThan(29);
});

test("a cut comes at once and inside: the program does not go on, and no pulse follows the bit in the books", () => {
  for (const how of CUT_FAULTS) {
    const bench = begun();
    const motions = bench.plant.motions;
    bench.cutPower({ operation: 1, how });
    const next_us = 90_000_000;
    bench.advance_us(next_us);
    expect(bench.plant.motions, how).toBe(motions);
    expect(bench.processor.up).toBe(true);
    const { [Status.commanded]: commanded, [Status.confirmed]: confirmed, [Status.uncertain]: uncertain } = bench.status();
    expect([0, 1]).toContain(commanded! - motions);
    if (how === "cut_before" || how === "cut_after") expect(commanded! - motions).toBe(how === "cut_after" ? 1 : 0);
    expect([confirmed, uncertain]).toEqual([motions, commanded! - motions]);
    bench.finish();
    expect(bench.oracle.violations).toEqual([]);
  }
});

test("a book that has lost a pulse that was confirmed before the last fill does not keep the pump from starting (MEM-3b)", () => {
  const bench = begun();
  bench.request(Op.refill, filling(15_000_000, 2000, 17_000_000));
  const { bytes } = bench.storage.flash;
  const first = (Format.tally_first + Format.tally_sectors) * SECTOR;
  const last = bytes.subarray(first, first + SECTOR).findLastIndex((byte) => byte !== 0xff);
  bytes[first + last] = 0xff;
  const before = bench.plant.motions;
  bench.cutPower({ operation: 1, how: "cut_before" });
  bench.advance_us(HOUR_US);
  expect(bench.processor.up).toBe(true);
  expect(bench.plant.motions - before).toBeGreaterThan(35);
});

test("a bench that was not made for cuts refuses one", () => {
  expect(() => { new Bench({ controller: createController }).cutPower({ operation: 1, how: "cut_after" }); }).toThrow("was not made for cuts");
});
