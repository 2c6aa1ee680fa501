// NOR flash: what programs, erases, cuts of power and bad sectors leave of it.

import { describe, expect, test } from "vitest";
import { CUT_FAULTS, ERASE_NS, FLASH_FAULTS, FlashAction, NorFlash, PAGE, PowerCut, PROGRAM_NS, SECTOR, type CutFault } from "../../emulator/devices/flash";

const made = (seed = 1): NorFlash => new NorFlash(4 * SECTOR, seed);
const page = (byte: number): Uint8Array => new Uint8Array(PAGE).fill(byte);
const ones = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => sum + byte.toString(2).replaceAll("0", "").length, 0);

/** Programs a page of zeros, or erases a sector of zeros, with power cut: what stands there then. */
function torn(action: FlashAction, how: CutFault, seed = 1, skipped = 0): Uint8Array {
  const flash = made(seed);
  for (let i = 0; i < skipped; i++) flash.program(SECTOR, page(0), 0, 1);
  if (action === FlashAction.erase) flash.bytes.fill(0, 0, SECTOR);
  flash.cut = { operation: flash.operations + 1, how };
  expect(() => { if (action === FlashAction.erase) flash.erase(0); else flash.program(0, page(0), 0, PAGE); }).toThrow(PowerCut);
  expect(flash.cut).toBeUndefined();
  return flash.bytes.slice(0, action === FlashAction.erase ? SECTOR : PAGE);
}

describe("a flash with power", () => {
  test("comes erased; a program clears bits and sets none; an erase sets those of its sector", () => {
    const flash = made();
    expect(flash.bytes.every((byte) => byte === 0xff)).toBe(true);
    flash.program(SECTOR + 10, Uint8Array.of(0, 0xf0, 0x0f), 1, 2);
    expect([...flash.bytes.subarray(SECTOR + 9, SECTOR + 13)]).toEqual([0xff, 0xf0, 0x0f, 0xff]);
    flash.program(SECTOR + 10, Uint8Array.of(0x3c, 0xff), 0, 2);
    expect([...flash.bytes.subarray(SECTOR + 10, SECTOR + 12)]).toEqual([0x30, 0x0f]);
    flash.bytes[2 * SECTOR] = 0;
    flash.erase(SECTOR);
    expect(ones(flash.bytes.subarray(SECTOR, 2 * SECTOR))).toBe(SECTOR * 8);
    expect(flash.bytes[2 * SECTOR]).toBe(0);
  });

  test("counts operations, wear and time, and tells of each operation before it is done", () => {
    const flash = made();
    const heard: number[][] = [];
    flash.listener = (operation, action, address, count) => { heard.push([operation, action, address, count, flash.bytes[address]!]); };
    flash.program(300, page(0), 0, 3);
    flash.erase(0);
    flash.erase(3 * SECTOR);
    flash.erase(0);
    expect(heard).toEqual([[1, FlashAction.program, 300, 3, 0xff], [2, FlashAction.erase, 0, SECTOR, 0xff], [3, FlashAction.erase, 3 * SECTOR, SECTOR, 0xff], [4, FlashAction.erase, 0, SECTOR, 0xff]]);
    expect([...flash.wear]).toEqual([2, 0, 0, 1]);
    expect(flash.busy_ns).toBe(PROGRAM_NS + 3 * ERASE_NS);
    expect(flash.operations).toBe(4);
  });

  test.each<readonly [string, (flash: NorFlash) => void, string]>([
    ["a program over a page's end", (flash) => { flash.program(PAGE - 1, page(0), 0, 2); }, "a program of 2 bytes at 255 is not within a page"],
    ["a program of nothing", (flash) => { flash.program(0, page(0), 0, 0); }, "not within a page"],
    ["a program beyond the end", (flash) => { flash.program(4 * SECTOR, page(0), 0, 1); }, "not within a page"],
    ["an erase within a sector", (flash) => { flash.erase(PAGE); }, "an erase at 256 is none of a whole sector"],
    ["an erase beyond the end", (flash) => { flash.erase(4 * SECTOR); }, "none of a whole sector"],
    ["a bad sector that is not there", (flash) => { flash.spoil(4); }, "there is no sector 4"],
    ["a size that is none", () => new NorFlash(100, 1), "a flash has whole sectors of 4096 bytes: 100"],
  ])("throws for %s, and does nothing", (_what, act, text) => {
    const flash = made();
    expect(() => { act(flash); }).toThrow(text);
    expect([flash.operations, flash.busy_ns]).toEqual([0, 0]);
  });
});

describe("power cut at an operation (MEM-2a)", () => {
  test("each kind is in the vocabulary", () => {
    expect(Object.keys(FLASH_FAULTS).sort()).toEqual([...CUT_FAULTS, "bad_sector", "locked"].sort());
  });

  test.each([FlashAction.program, FlashAction.erase])("action %i: before leaves the old, after the new, a tear something between", (action) => {
    const size = action === FlashAction.erase ? SECTOR : PAGE;
    const [old, wanted] = action === FlashAction.erase ? [0, 0xff] : [0xff, 0];
    expect(torn(action, "cut_before").every((byte) => byte === old)).toBe(true);
    expect(torn(action, "cut_after").every((byte) => byte === wanted)).toBe(true);
    const bits = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(2).padStart(8, "0").split("").reverse().join("")).join("");
    const [from, to] = action === FlashAction.erase ? ["0", "1"] : ["1", "0"];
    for (let seed = 1; seed <= 20; seed++) {
      expect(bits(torn(action, "torn_prefix", seed))).toMatch(new RegExp(`^${to}+${from}+$`));
      expect(bits(torn(action, "torn_suffix", seed))).toMatch(new RegExp(`^${from}+${to}+$`));
      const share = ones(torn(action, "torn_random", seed)) / (size * 8);
      expect(share).toBeGreaterThan(0.4);
      expect(share).toBeLessThan(0.6);
    }
  });

  test("a tear touches only bits that were to change; of a single bit it leaves either", () => {
    const left = new Set<number>();
    for (let seed = 1; seed <= 30; seed++) {
      const flash = made(seed);
      flash.program(0, Uint8Array.of(0xfe), 0, 1);
      flash.cut = { operation: 2, how: "torn_random" };
      expect(() => { flash.program(0, Uint8Array.of(0xfc), 0, 1); }).toThrow("power was cut at flash operation 2 (torn_random)");
      left.add(flash.bytes[0]!);
    }
    expect([...left].sort()).toEqual([0xfc, 0xfe]);
  });

  test("is the same for a seed and an operation, and another for another", () => {
    const text = (seed: number, skipped: number): string => torn(FlashAction.program, "torn_random", seed, skipped).join(" ");
    expect(text(7, 0)).toBe(text(7, 0));
    expect(text(7, 0)).not.toBe(text(8, 0));
    expect(text(7, 0)).not.toBe(text(7, 1));
  });

  test("a second cut is counted from the first", () => {
    const flash = made();
    flash.cut = { operation: 1, how: "cut_before", then: { operation: 2, how: "cut_after" } };
    expect(() => { flash.erase(0); }).toThrow(PowerCut);
    flash.powerOn();
    flash.erase(0);
    expect(() => { flash.erase(0); }).toThrow("power was cut at flash operation 3 (cut_after)");
    flash.powerOn();
    flash.erase(0);
    expect([flash.operations, flash.cut]).toEqual([4, undefined]);
  });

  test("no operation is possible without power; with it, all are, and an erase that was cut has worn the sector", () => {
    const flash = made();
    flash.cut = { operation: 1, how: "torn_prefix" };
    expect(() => { flash.erase(0); }).toThrow(PowerCut);
    expect(() => { flash.erase(0); }).toThrow("a flash without power was written at 0");
    expect(flash.operations).toBe(1);
    flash.powerOn();
    flash.erase(0);
    flash.cut = { operation: 3, how: "cut_before" };
    expect(() => { flash.erase(0); }).toThrow(PowerCut);
    expect(flash.wear[0]).toBe(2);
  });
});

describe("a sector that does not do as it is told", () => {
  test("a bad one has bits that stay, always the same, in most of its pages", () => {
    const flash = made();
    flash.spoil(1);
    const zeros = new Uint8Array(PAGE);
    const clear = (): number[] => {
      for (let at = SECTOR; at < 2 * SECTOR; at += PAGE) flash.program(at, zeros, 0, PAGE);
      return Array.from(flash.bytes.subarray(SECTOR, 2 * SECTOR)).flatMap((byte, at) => (byte === 0 ? [] : [at]));
    };
    const stuck = clear();
    expect(new Set(stuck.map((at) => Math.floor(at / PAGE))).size).toBeGreaterThan(7);
    expect(stuck.length).toBeLessThan(50);
    flash.erase(SECTOR);
    expect(clear()).toEqual(stuck);
    flash.bytes.fill(0, SECTOR, 2 * SECTOR);
    flash.erase(SECTOR);
    expect(Array.from(flash.bytes.subarray(SECTOR, 2 * SECTOR)).flatMap((byte, at) => (byte === 0xff ? [] : [at]))).toEqual(stuck);
    flash.program(0, zeros, 0, PAGE);
    expect(ones(flash.bytes.subarray(0, PAGE))).toBe(0);
  });

  test("a locked one takes its time and stays as it is, until it is unlocked", () => {
    const flash = made();
    flash.lock(1, 2, true);
    flash.program(SECTOR, page(0), 0, 1);
    flash.program(3 * SECTOR, page(0), 0, 1);
    expect([flash.bytes[SECTOR], flash.bytes[3 * SECTOR], flash.busy_ns]).toEqual([0xff, 0, 2 * PROGRAM_NS]);
    flash.lock(1, 2, false);
    flash.program(SECTOR, page(0), 0, 1);
    expect(flash.bytes[SECTOR]).toBe(0);
  });
});
