// Check values: CRC-32 as of zlib, and the one that the boot ROM looks for.

/** What each value of a byte adds: bit by bit, an image takes eight times as long. */
const BY_BYTE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/** As zlib has it: "123456789" gives 0xCBF43926. */
export function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ BY_BYTE[(crc ^ bytes[i]!) & 255]!;
  return ~crc >>> 0;
}

/** Of the second boot stage's first 252 bytes (RP2040 datasheet 2.8.1.3.1): not reflected, not inverted at the end. */
export function bootCrc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  }
  return crc >>> 0;
}
