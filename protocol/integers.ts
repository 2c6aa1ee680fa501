// Integer arithmetic and byte order that mean the same in Node and in Lua.

/** Floor of a / b, exact for 0 <= a < 2^53 and b > 0: the quotient's rounding cannot reach the next integer below 2^53. */
export function idiv(a: number, b: number): number {
  return Math.floor(a / b);
}

/** Ceiling of a / b, for 0 <= a < 2^53 - b and b > 0. */
export function ceilDiv(a: number, b: number): number {
  return Math.floor((a + b - 1) / b);
}

/** a modulo b with a result from 0 to b - 1, for 0 <= a < 2^53 and b > 0. */
export function imod(a: number, b: number): number {
  return a - Math.floor(a / b) * b;
}

/** Reads `width` bytes from index `i` on, lowest first. Bytes beyond the list's end count as 0. Exact below 2^53. */
export function getInteger(bytes: readonly number[], i: number, width: number): number {
  let v = 0;
  for (let at = i + width - 1; at >= i; at--) v = v * 256 + (bytes[at] ?? 0);
  return v;
}

export function getU16(bytes: readonly number[], i: number): number {
  return getInteger(bytes, i, 2);
}

export function getU32(bytes: readonly number[], i: number): number {
  return getInteger(bytes, i, 4);
}

/** Writes `v`, an integer from 0 to 2^53 - 1 that fits, as `width` bytes from index `i` on, lowest first; returns the index after them. */
export function putInteger(bytes: number[], i: number, width: number, v: number): number {
  let rest = v;
  for (let at = i; at < i + width; at++) {
    const high = idiv(rest, 256);
    bytes[at] = rest - high * 256;
    rest = high;
  }
  return i + width;
}

export function putU16(bytes: number[], i: number, v: number): number {
  return putInteger(bytes, i, 2, v);
}

export function putU32(bytes: number[], i: number, v: number): number {
  return putInteger(bytes, i, 4, v);
}

/** Copies `count` items from index `from` of `bytes` to index `to` of `into`; returns the index after them. The lists differ, or `to` is before `from`. */
export function copyBytes(bytes: readonly number[], from: number, into: number[], to: number, count: number): number {
  for (let i = 0; i < count; i++) into[to + i] = bytes[from + i] ?? 0;
  return to + count;
}

/** So many zeros. The length is a constant: in Lua a table of just that size stands in the call's place. */
export function zeros(count: number): number[] {
  const list: number[] = [];
  for (let i = 0; i < count; i++) list.push(0);
  return list;
}
