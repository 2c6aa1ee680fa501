// Byte lists: between the shared codec's numbers and the wand's arrays.

/** "0a1b": lower case, two digits a byte. */
export function hexText(bytes: ArrayLike<number>): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The way back; undefined for what is not whole bytes in hexadecimal. */
export function parseHex(text: string): Uint8Array | undefined {
  if (!/^([0-9a-fA-F]{2})*$/.test(text)) return undefined;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export function sameBytes(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}

/** Little-endian, `width` bytes, appended. */
export function pushInteger(bytes: number[], value: bigint | number, width: number): void {
  let rest = BigInt(value);
  for (let i = 0; i < width; i += 1) {
    bytes.push(Number(rest & 0xffn));
    rest >>= 8n;
  }
}
