// UF2, the format that the board's boot loader takes: written and read.

import { Flash } from "./layout";

/** Bytes at an address. */
export interface Region {
  readonly address: number;
  readonly bytes: Uint8Array;
}

/** A file that is no good UF2 for this board; the message says why. */
export class Uf2Error extends Error {
  override readonly name = "Uf2Error";
}

const MAGIC_1 = 0x0a324655;
const MAGIC_2 = 0x9e5d5157;
const MAGIC_END = 0x0ab16f30;
const FAMILY_FLAG = 0x2000;
/** RP2040, of the UF2 project's list of families. */
export const RP2040_FAMILY = 0xe48bff56;
const BLOCK = 512;
const PAYLOAD = 256;
const AT_PAYLOAD = 32;

/**
 * Regions as UF2, each filled up with ones to whole sectors of 4 KB: the boot loader erases a sector with the first block of it and may then
 * leave wrong what no block covers (erratum RP2040-E14).
 */
export function writeUf2(regions: readonly Region[]): Uint8Array {
  const pages = regions.flatMap(({ address, bytes }) => {
    const whole = new Uint8Array(Math.ceil(bytes.length / Flash.sector) * Flash.sector).fill(0xff);
    whole.set(bytes);
    return Array.from({ length: whole.length / PAYLOAD }, (_, i) => ({ address: address + i * PAYLOAD, bytes: whole.subarray(i * PAYLOAD, (i + 1) * PAYLOAD) }));
  });
  const file = new Uint8Array(pages.length * BLOCK);
  const view = new DataView(file.buffer);
  for (const [i, { address, bytes }] of pages.entries()) {
    const words = [MAGIC_1, MAGIC_2, FAMILY_FLAG, address, PAYLOAD, i, pages.length, RP2040_FAMILY];
    for (const [at, word] of words.entries()) view.setUint32(i * BLOCK + at * 4, word, true);
    file.set(bytes, i * BLOCK + AT_PAYLOAD);
    view.setUint32(i * BLOCK + BLOCK - 4, MAGIC_END, true);
  }
  return file;
}

/** Whether a file begins as UF2 does. */
export function isUf2(file: Uint8Array): boolean {
  return file.length >= 8 && new DataView(file.buffer, file.byteOffset).getUint32(0, true) === MAGIC_1;
}

/** The family that a file's first block is for, undefined if it names none. */
export function familyOf(file: Uint8Array): number | undefined {
  if (file.length < AT_PAYLOAD) return undefined;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  return Math.floor(view.getUint32(8, true) / FAMILY_FLAG) % 2 === 1 ? view.getUint32(28, true) : undefined;
}

/** The pages of a file that `readUf2` takes, each with its address, as they stand in it. */
export function pagesOf(file: Uint8Array): readonly Region[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  return Array.from({ length: file.length / BLOCK }, (_, i) => {
    const at = i * BLOCK;
    return { address: view.getUint32(at + 12, true), bytes: file.subarray(at + AT_PAYLOAD, at + AT_PAYLOAD + PAYLOAD) };
  });
}

/** The 2 MB of flash that a UF2 file gives, ones where it says nothing. Throws `Uf2Error`. */
export function readUf2(file: Uint8Array): Uint8Array {
  if (file.length === 0 || file.length % BLOCK !== 0) throw new Uf2Error(`it has ${file.length} bytes, which is no whole number of blocks of ${BLOCK}: it is cut short`);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const flash = new Uint8Array(Flash.size).fill(0xff);
  const blocks = file.length / BLOCK;
  const pages = new Set<number>();
  for (let i = 0; i < blocks; i++) {
    const word = (at: number): number => view.getUint32(i * BLOCK + at, true);
    if (word(0) !== MAGIC_1 || word(4) !== MAGIC_2 || word(BLOCK - 4) !== MAGIC_END) throw new Uf2Error(`block ${i} is not one of UF2`);
    if (word(8) !== FAMILY_FLAG || word(28) !== RP2040_FAMILY) throw new Uf2Error(`block ${i} is for another chip than the RP2040`);
    if (word(20) !== i || word(24) !== blocks) throw new Uf2Error(`block ${i} says that it is block ${word(20)} of ${word(24)}, and the file has ${blocks}: some are missing`);
    const at = word(12) - Flash.base;
    if (word(16) !== PAYLOAD || at < 0 || at % PAYLOAD !== 0 || at + PAYLOAD > Flash.size) throw new Uf2Error(`block ${i} lies outside the flash of 2 MB`);
    if (file.subarray(i * BLOCK + AT_PAYLOAD + PAYLOAD, (i + 1) * BLOCK - 4).some((byte) => byte !== 0)) throw new Uf2Error(`block ${i} has something behind its bytes: it is damaged`);
    if (pages.has(at)) throw new Uf2Error(`block ${i} is for an address that another block has too`);
    pages.add(at);
    flash.set(file.subarray(i * BLOCK + AT_PAYLOAD, i * BLOCK + AT_PAYLOAD + PAYLOAD), at);
  }
  for (const page of pages) {
    const sector = page - page % Flash.sector;
    for (let at = sector; at < sector + Flash.sector; at += PAYLOAD) {
      if (!pages.has(at)) throw new Uf2Error(`the sector at ${(Flash.base + sector).toString(16)} is not covered as a whole: the boot loader may leave it wrong (RP2040-E14)`);
    }
  }
  return flash;
}
