// Intel HEX: an image with its addresses, as openocd takes it.

/** Bytes of one line. */
const LINE = 16;

const DATA = 0;
const END = 1;
/** The upper 16 bits of the addresses that follow. */
const UPPER = 4;

function line(type: number, address: number, bytes: Uint8Array): string {
  const all = [bytes.length, Math.floor(address / 256) % 256, address % 256, type, ...bytes];
  const sum = all.reduce((total, byte) => total + byte, 0);
  return `:${[...all, (256 - (sum % 256)) % 256].map((byte) => byte.toString(16).padStart(2, "0")).join("").toUpperCase()}\n`;
}

/** Pages, in ascending order of address, as a HEX file. Each begins at a multiple of a line and lies within 64 KB. */
export function writeHex(pages: readonly { readonly address: number; readonly bytes: Uint8Array }[]): string {
  const lines: string[] = [];
  let upper = -1;
  for (const { address, bytes } of pages) {
    const high = Math.floor(address / 0x1_0000);
    if (high !== upper) lines.push(line(UPPER, 0, Uint8Array.of(Math.floor(high / 256), high % 256)));
    upper = high;
    for (let at = 0; at < bytes.length; at += LINE) lines.push(line(DATA, (address + at) % 0x1_0000, bytes.subarray(at, at + LINE)));
  }
  return [...lines, line(END, 0, new Uint8Array(0))].join("");
}
