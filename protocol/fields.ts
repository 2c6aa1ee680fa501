// Fields: integers to bytes and back, by a message's layout.

import { getInteger, idiv, imod, putInteger } from "./integers";

/** A digit of a layout, to the base of 8, the first field's lowest; 0 ends it. */
const enum Digit {
  u8 = 1,
  u16 = 2,
  u32 = 3,
  u64 = 4,
  /** The fields after it come any number of times. */
  repeats = 5,
  /** Any number of bytes, one value each. */
  bytes = 6,
}

/** 2^21: the upper half of an integer below 2^53 is below it. */
const HIGH_MAX = 2_097_152;

function width(digit: number): number {
  switch (digit) {
    case Digit.u16: return 2;
    case Digit.u32: return 4;
    case Digit.u64: return 8;
    default: return 1;
  }
}

/** What a field of so many bytes cannot hold; 2^53 for eight. */
function limit(bytes: number): number {
  switch (bytes) {
    case 1: return 256;
    case 2: return 65_536;
    case 4: return 4_294_967_296;
    default: return 9_007_199_254_740_992;
  }
}

/**
 * Reads bytes `first` to `end`, exclusive, as the fields of `layout` into `into`. Returns how many values there are, or -1 if the bytes are not exactly
 * those fields, a value is above 2^53 - 1, or there are more than `most`.
 */
export function readFieldsUpTo(layout: number, bytes: readonly number[], first: number, end: number, into: number[], most: number): number {
  let count = 0;
  let at = first;
  let rest = layout;
  let again = 0;
  while (rest !== 0 || (again !== 0 && at < end)) {
    if (rest === 0) rest = again;
    let digit = imod(rest, 8);
    rest = idiv(rest, 8);
    if (digit === Digit.repeats) {
      again = rest;
      if (at === end) return count;
      digit = imod(rest, 8);
      rest = idiv(rest, 8);
    } else if (digit === Digit.bytes) {
      again = digit;
      if (at === end) return count;
    }
    const size = width(digit);
    if (count === most || at + size > end || (size === 8 && getInteger(bytes, at + 4, 4) >= HIGH_MAX)) return 0 - 1;
    into[count] = getInteger(bytes, at, size);
    at += size;
    count++;
  }
  return at === end ? count : 0 - 1;
}

/** As `readFieldsUpTo`, with no limit but the message's. */
export function readFields(layout: number, bytes: readonly number[], first: number, end: number, into: number[]): number {
  return readFieldsUpTo(layout, bytes, first, end, into, end);
}

/** Writes `count` of `values` as the fields of `layout` from index `first` of `into` on. Returns the index after them, or -1 if the count is not right or a value does not fit. */
export function writeFields(layout: number, values: readonly number[], count: number, into: number[], first: number): number {
  let at = first;
  let rest = layout;
  let again = 0;
  let i = 0;
  while (rest !== 0 || (again !== 0 && i < count)) {
    if (rest === 0) rest = again;
    let digit = imod(rest, 8);
    rest = idiv(rest, 8);
    if (digit === Digit.repeats) {
      again = rest;
      if (i === count) return at;
      digit = imod(rest, 8);
      rest = idiv(rest, 8);
    } else if (digit === Digit.bytes) {
      again = digit;
      if (i === count) return at;
    }
    const size = width(digit);
    const v = values[i];
    if (i >= count || v === undefined || v < 0 || v !== Math.floor(v) || v >= limit(size)) return 0 - 1;
    at = putInteger(into, at, size, v);
    i++;
  }
  return i === count ? at : 0 - 1;
}
