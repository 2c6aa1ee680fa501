// Lists with a guard: an index outside is a panic, not a silent nothing.

import { Panic } from "../hal/panic";
import type { Board } from "../hal/board";

/** The list's element `i`; a panic if there is none. */
export function at(board: Board, list: readonly number[], i: number): number {
  const v = list[i];
  if (v === undefined) return board.panic(Panic.index);
  return v;
}
