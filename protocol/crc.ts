// Jacdac's check value: CRC-16-CCITT, half a byte at a time.

/** What the upper four bits of the register do to the rest: sixteen entries, since a table of 256 would take 4 KB on the chip. */
const TABLE: readonly number[] = [
  0x0000, 0x1021, 0x2042, 0x3063, 0x4084, 0x50a5, 0x60c6, 0x70e7, 0x8108, 0x9129, 0xa14a, 0xb16b, 0xc18c, 0xd1ad, 0xe1ce, 0xf1ef,
];

/** CRC of bytes `first` to `end`, exclusive: polynomial 0x1021 from 0xFFFF, not reflected. "123456789" gives 0x29B1. */
export function crc16(bytes: readonly number[], first: number, end: number): number {
  let crc = 0xffff;
  for (let i = first; i < end; i++) {
    const byte = bytes[i] ?? 0;
    crc = (crc * 16 & 0xffff) ^ (TABLE[(crc >>> 12) ^ (byte >>> 4)] ?? 0);
    crc = (crc * 16 & 0xffff) ^ (TABLE[(crc >>> 12) ^ (byte & 15)] ?? 0);
  }
  return crc;
}
