// fw.uf2 as another's reader has it, which knows nothing of ours.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UF2DecodeError, UF2Flags, blockSize, decodeBlock, familyMap } from "uf2";
import type { UF2BlockData } from "uf2";
import { beforeAll, describe, expect, test } from "vitest";
import { IMAGE_FOLDER, picoFlash } from "../../emulator/cli/pico-target";
import { writeUf2 } from "../../hal/pico/tools/uf2";
import { withoutImage } from "./image";

const FLASH = 0x1000_0000;
const FLASH_BYTES = 0x20_0000;
const APPLICATION = 0x1008_0000;
const STORAGE = 0x1018_0000;
const PAYLOAD = 256;
const SECTOR = 4096;
const RP2040_FAMILY = 0xe48b_ff56;

/** What the reader makes of a file, block by block. */
function read(file: Uint8Array): readonly UF2BlockData[] {
  return Array.from({ length: Math.ceil(file.length / blockSize) }, (_, i) => decodeBlock(file.slice(i * blockSize, (i + 1) * blockSize)));
}

/** What a boot loader that obeys these blocks would stumble over; nothing for a good file. */
function problems(blocks: readonly UF2BlockData[]): readonly string[] {
  const found: string[] = [];
  const pages = new Set<number>();
  blocks.forEach(({ flags, flashAddress, payload, blockNumber, totalBlocks, boardFamily }, i) => {
    const say = (text: string): void => { found.push(`block ${i}: ${text}`); };
    if (flags !== UF2Flags.familyIDPresent) say(`flags ${flags.toString(16)}`);
    if (boardFamily !== RP2040_FAMILY) say(`family ${boardFamily.toString(16)}`);
    if (blockNumber !== i || totalBlocks !== blocks.length) say(`is called ${blockNumber} of ${totalBlocks}, and is ${i} of ${blocks.length}`);
    if (payload.length !== PAYLOAD) say(`${payload.length} bytes`);
    if (flashAddress % PAYLOAD !== 0) say(`address ${flashAddress.toString(16)} is within a page`);
    if (flashAddress < FLASH || flashAddress + payload.length > FLASH + FLASH_BYTES) say(`address ${flashAddress.toString(16)} is outside flash`);
    if (pages.has(flashAddress)) say(`address ${flashAddress.toString(16)} a second time`);
    pages.add(flashAddress);
  });
  // Erratum RP2040-E14: a sector that is not covered whole may be left wrong.
  for (const sector of new Set([...pages].map((at) => at - (at % SECTOR)))) {
    for (let at = sector; at < sector + SECTOR; at += PAYLOAD) if (!pages.has(at)) found.push(`sector ${sector.toString(16)} lacks ${at.toString(16)}`);
  }
  return found;
}

/** Flash once it is written: 0xff where no block went. */
function flashed(blocks: readonly UF2BlockData[]): Uint8Array {
  const flash = new Uint8Array(FLASH_BYTES).fill(0xff);
  for (const { flashAddress, payload } of blocks) flash.set(payload, flashAddress - FLASH);
  return flash;
}

test("the reader's own list has the RP2040's family", () => {
  expect(familyMap.get(RP2040_FAMILY)).toBe("Raspberry Pi RP2040");
});

test("what is wrong in a file is told", () => {
  const good = writeUf2([{ address: FLASH, bytes: new Uint8Array(5000).fill(7) }]);
  const broken = (at: number, value: number): readonly string[] => {
    const file = good.slice();
    new DataView(file.buffer).setUint32(at, value, true);
    return problems(read(file));
  };
  expect(problems(read(good))).toEqual([]);
  expect(problems(read(good).slice(0, -1))).toContain("sector 10001000 lacks 10001f00");
  expect(problems(read(good).slice(0, -1))).toContain("block 0: is called 0 of 32, and is 0 of 31");
  expect(broken(12, FLASH + 1)).toContain("block 0: address 10000001 is within a page");
  expect(broken(12, FLASH + PAYLOAD)).toContain("block 1: address 10000100 a second time");
  expect(broken(12, FLASH + FLASH_BYTES)).toContain("block 0: address 10200000 is outside flash");
  expect(broken(16, 255)).toContain("block 0: 255 bytes");
  expect(broken(28, 0xe48b_ff59)).toContain("block 0: family e48bff59");
  expect(broken(8, 0x2001)).toContain("block 0: flags 2001");
  expect(() => broken(508, 0)).toThrow(UF2DecodeError);
});

function imageTests(): void {
  let blocks: readonly UF2BlockData[] = [];
  const bytes = (name: string): Buffer => readFileSync(join(IMAGE_FOLDER, name));

  beforeAll(async () => {
    await picoFlash();
    blocks = read(bytes("fw.uf2"));
  });

  test("every block is the RP2040's, in order, a page long, on a page, in a whole sector", () => {
    expect(problems(blocks)).toEqual([]);
    expect(blocks.length * blockSize).toBe(bytes("fw.uf2").length);
    expect(blocks.length).toBeGreaterThan(500);
  });

  test("flash is then fw.bin and the application, byte for byte, and storage is left alone", () => {
    const flash = Buffer.from(flashed(blocks));
    const wanted = Buffer.alloc(FLASH_BYTES, 0xff);
    wanted.set(bytes("fw.bin"), 0);
    wanted.set(bytes("app.bin"), APPLICATION - FLASH);
    expect(flash.subarray(0, bytes("fw.bin").length).equals(bytes("fw.bin"))).toBe(true);
    expect(flash.compare(wanted)).toBe(0);
    expect(Math.max(...blocks.map(({ flashAddress, payload }) => flashAddress + payload.length))).toBeLessThanOrEqual(STORAGE);
  });
}

const missing = withoutImage();
if (missing === undefined) describe("the image's UF2", imageTests);
else test(`the image was not built, and its UF2 not read: ${missing}`, () => { expect(missing).toContain("apt-get install"); });
