// The canary: a controller with a planted fault, which exploration must find.

import type { Board } from "../../hal/board";
import type { ControllerFactory } from "../../hal/controller";
import { Book } from "../../hal/storage";

/** A confirmed pulse of so many is not tallied: what a power loss brings back is then a pulse short. */
const OMITTED_EVERY = 64;

/** The names of the planted faults. */
export const CANARIES = ["tally"] as const;
export type Canary = (typeof CANARIES)[number];

/** The board as the broken program uses it: every so many confirmed pulses, one leaves no bit in storage. It shows only when power is lost. */
function forgetful(board: Board): Board {
  let confirmed = 0;
  return {
    ...board,
    storage: {
      ...board.storage,
      tally: (book) => {
        if (book === Book.confirmed) confirmed += 1;
        if (book === Book.confirmed && confirmed % OMITTED_EVERY === 0) return;
        board.storage.tally(book);
      },
    },
  };
}

/** The same controller with the fault in it. */
export function plant(controller: ControllerFactory, canary: Canary): ControllerFactory {
  const boards: Readonly<Record<Canary, (board: Board) => Board>> = { tally: forgetful };
  return (board) => controller(boards[canary](board));
}
