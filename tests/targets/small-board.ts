// A board for tests of the Lua target: keeps what was asked, does nothing.

import type { Board } from "../../hal/board";
import { Retained } from "../../hal/retained";

/** What was called, in order: name, then the arguments. */
export type Call = readonly [string, ...(number | readonly number[])[]];

export class BoardPanic extends Error {
  constructor(readonly reason: number) {
    super(`panic ${reason}`);
  }
}

export interface SmallBoard {
  readonly board: Board;
  readonly calls: Call[];
}

/** `stored` is what every read of storage gives. */
export function smallBoard(stored: readonly number[] = []): SmallBoard {
  const calls: Call[] = [];
  const board: Board = {
    motor: { pulse: () => void calls.push(["pulse"]) },
    supply: { sample: () => void calls.push(["sample"]) },
    sounder: { sound: (tone, duration_ms) => void calls.push(["sound", tone, duration_ms]) },
    storage: {
      put: (part, values, first, count) => void calls.push(["put", part, values.slice(first, first + count)]),
      append: (...record) => void calls.push(["append", ...record]),
      commit: () => void calls.push(["commit"]),
      tally: (book) => void calls.push(["tally", book]),
      tallied: (book) => book + 70,
      read: (_part, into) => {
        stored.forEach((value, i) => {
          into[i] = value;
        });
        return stored.length;
      },
      last_sequence: () => 99,
    },
    link: { answer: (fault, values, count) => void calls.push(["answer", fault, values.slice(0, count)]) },
    retained: new Array<number>(Retained.slots).fill(0),
    panic: (reason) => {
      throw new BoardPanic(reason);
    },
  };
  return { board, calls };
}
