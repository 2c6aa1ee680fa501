// The storage format's figures, and how its integers lie in bytes.

import { createHash } from "node:crypto";
import { SECTOR } from "../devices/flash";

/** README.md here says what these mean; hal/pico/src/storage-parts.h has the same. */
export const enum Format {
  version = 2,
  parts = 16,
  books = 2,
  tally_first = 0, tally_sectors = 4,
  journal_first = 8, journal_sectors = 24,
  log_first = 56, log_sectors = 60,
  sectors_used = 116,
  /** Of a transaction: bytes of its parts, and records. */
  bytes_max = 4096,
  records_max = 32,
}

/** What the region is made for: 512 KB, of which 48 KB are not used. */
export const STORAGE_SIZE = 128 * SECTOR;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc >>> 0;
});

/** CRC-32 as of zlib, over `count` bytes from `at` on; begins with 0, and goes on from what it returned. */
export function crc32(before: number, bytes: Uint8Array, at: number, count: number): number {
  let crc = ~before;
  for (let i = at; i < at + count; i++) crc = (crc >>> 8) ^ table[(crc ^ bytes[i]!) & 0xff]!;
  return ~crc >>> 0;
}

/** What a record's link is made of: the first bytes of SHA-256 over the link before it and what the record says. */
export const LINK_SIZE = 8;

export function linkOf(before: Uint8Array, body: Uint8Array): Uint8Array {
  return createHash("sha256").update(before).update(body).digest().subarray(0, LINK_SIZE);
}

/** Whether two words differ in one bit at the most. */
export function near(a: number, b: number): boolean {
  const differ = a ^ b;
  return (differ & (differ - 1)) === 0;
}

/** Up to so many bytes two flipped bits never look like one: a CRC-32 then tells any three apart. */
const MENDED_BYTES_MAX = 11_450;

/**
 * The bit, of `bits`, that was flipped if the check value over them differs by `differ`; -1 if no single one does that. A bit changes the check value by an amount that
 * depends on its place alone, and no two places have the same. The last bit's is what one step makes of 1, each one before it is a step further.
 */
export function flippedBit(differ: number, bits: number): number {
  if (bits > MENDED_BYTES_MAX * 8) return -1;
  let step = 1;
  for (let bit = bits - 1; bit >= 0; bit--) {
    step = (step & 1) === 1 ? ((step >>> 1) ^ 0xedb88320) >>> 0 : step >>> 1;
    if (step === differ) return bit;
  }
  return -1;
}

/** Whether `bytes`, whose last four are the check value of those before them, are good; a single flipped bit is put right first. */
export function mend(bytes: Uint8Array): boolean {
  const size = bytes.length - 4;
  const computed = crc32(0, bytes, 0, size);
  const differ = (computed ^ getU32(bytes, size)) >>> 0;
  if (near(differ, 0)) {
    putU32(bytes, size, computed);
    return true;
  }
  const bit = flippedBit(differ, size * 8);
  if (bit >= 0) bytes[bit >> 3]! ^= 1 << (bit & 7);
  return bit >= 0;
}

export function getU32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

export function putU32(bytes: Uint8Array, at: number, value: number): void {
  for (let i = 0; i < 4; i++) bytes[at + i] = (value >>> (8 * i)) & 0xff;
}

/** Two words, the lower first: integers up to 2^53. */
export function getU64(bytes: Uint8Array, at: number): number {
  return getU32(bytes, at + 4) * 4_294_967_296 + getU32(bytes, at);
}

export function putU64(bytes: Uint8Array, at: number, value: number): void {
  putU32(bytes, at, value % 4_294_967_296);
  putU32(bytes, at + 4, Math.floor(value / 4_294_967_296));
}

/** Two's complement of `width` bytes, the lowest first. */
export function getSigned(bytes: Uint8Array, at: number, width: number): number {
  let value = (bytes[at + width - 1]! << 24) >> 24;
  for (let i = width - 2; i >= 0; i--) value = value * 256 + bytes[at + i]!;
  return value;
}

export function putSigned(bytes: Uint8Array, at: number, width: number, value: number): void {
  let left = value;
  for (let i = 0; i < width; i++) {
    const byte = ((left % 256) + 256) % 256;
    bytes[at + i] = byte;
    left = (left - byte) / 256;
  }
}
