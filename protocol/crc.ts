// Jacdac's check value: CRC-16-CCITT, a byte at a time, without a table.

/** CRC of bytes `first` to `end`, exclusive: polynomial 0x1021 from 0xFFFF, not reflected. "123456789" gives 0x29B1. */
export function crc16(bytes: readonly number[], first: number, end: number): number {
  let crc = 0xffff;
  for (let i = first; i < end; i++) {
    // What leaves the register comes back by the polynomial's terms x^12, x^5 and 1; its upper four bits do so twice, since x^12 puts them there again.
    const out = (crc >>> 8) ^ (bytes[i] ?? 0);
    const again = out ^ (out >>> 4);
    crc = (crc * 256 ^ again * 4096 ^ again * 32 ^ again) & 0xffff;
  }
  return crc;
}
