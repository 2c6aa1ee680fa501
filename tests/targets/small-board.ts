// A board for tests of the Lua target: keeps what was asked, does nothing.

import type { Board } from "../../hal/board";
import type { Cipher } from "../../hal/cipher";
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

/** Keeps what it was asked. To seal adds one to each byte, and the tag is 16 bytes of 7. */
function smallCipher(calls: Call[]): Cipher {
  return {
    load: (slot, bytes, first) => void calls.push(["load", slot, bytes.slice(first, first + 32)]),
    derive: (into, from, bytes, salt, info) => void calls.push(["derive", into, from, bytes.slice(0, salt), bytes.slice(salt, salt + info)]),
    copy: (into, from) => void calls.push(["copy", into, from]),
    seal: (slot, nonce, bytes, first, count) => {
      calls.push(["seal", slot, nonce.slice(0, 13), bytes.slice(first, first + count)]);
      for (let i = first; i < first + count; i++) bytes[i] = (bytes[i] ?? 0) + 1;
      for (let i = 0; i < 16; i++) bytes[first + count + i] = 7;
    },
    open: (slot, nonce, bytes, first, count) => {
      calls.push(["open", slot, nonce.slice(0, 13), bytes.slice(first, first + count + 16)]);
      if (bytes[first + count] !== 7) return 0;
      for (let i = first; i < first + count; i++) bytes[i] = (bytes[i] ?? 0) - 1;
      return 1;
    },
  };
}

/** `stored` is what every read of storage gives. */
export function smallBoard(stored: readonly number[] = []): SmallBoard {
  const calls: Call[] = [];
  const board: Board = {
    motor: { pulse: () => void calls.push(["pulse"]) },
    cutoff: { cut: (on) => void calls.push(["cut", on]) },
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
      first_sequence: () => 98,
      record: (sequence, into) => {
        [sequence, 1, 2, 3, 4, 5].forEach((value, i) => {
          into[i] = value;
        });
        return 1;
      },
    },
    link: {
      send: (bytes, count) => {
        calls.push(["send", bytes.slice(0, count)]);
        return 1;
      },
      power: (on) => void calls.push(["power", on]),
    },
    cipher: smallCipher(calls),
    entropy: {
      fill: (into, first, count) => {
        for (let i = 0; i < count; i++) into[first + i] = 100 + i;
      },
    },
    retained: new Array<number>(Retained.slots).fill(0),
    panic: (reason) => {
      throw new BoardPanic(reason);
    },
  };
  return { board, calls };
}
