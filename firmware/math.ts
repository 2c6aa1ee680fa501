// Integer arithmetic that means the same in JavaScript and in Lua.

import { Panic } from "../hal/panic";
import type { Board } from "../hal/board";

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

/** The list's element `i`; a panic if there is none. */
export function at(board: Board, list: readonly number[], i: number): number {
  const v = list[i];
  if (v === undefined) return board.panic(Panic.index);
  return v;
}
