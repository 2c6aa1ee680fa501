// Drawing: numbers and texts from a named stream, whole numbers only.

import type { Stream } from "../engine/random";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A whole number from `low` to `high`; the range is at most 2^40. */
export function between(stream: Stream, low: number, high: number): number {
  const span = high - low + 1;
  if (span <= 1 << 20) return low + stream.below(span);
  return low + Math.min(span - 1, stream.below(1 << 20) * Math.ceil(span / (1 << 20)) + stream.below(Math.min(1 << 20, Math.ceil(span / (1 << 20)))));
}

/** Small ones as often as large ones: an octave first, then a place in it. `low` is 1 or more. */
export function spreadOut(stream: Stream, low: number, high: number): number {
  let octaves = 1;
  for (let top = low * 2; top <= high; top *= 2) octaves += 1;
  const from = low * 2 ** stream.below(octaves);
  return between(stream, from, Math.min(high, from * 2 - 1));
}

export function pick<T>(stream: Stream, of: readonly T[]): T {
  return of[stream.below(of.length)]!;
}

/** "07:30", as scenarios write a time of day. */
export function timeOfDay(minute: number): string {
  return `"${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}"`;
}

/** So many different whole numbers below `count`, in order. */
export function someOf(stream: Stream, count: number, most: number): number[] {
  const found = new Set<number>();
  for (let left = stream.below(most + 1); left > 0; left -= 1) found.add(stream.below(count));
  return [...found].sort((a, b) => a - b);
}
