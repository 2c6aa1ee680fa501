// Canaries: controllers with a planted fault, which exploration must find.

import type { Board } from "../../hal/board";
import { Source } from "../../hal/controller";
import type { ControllerFactory } from "../../hal/controller";
import { MotorResult } from "../../hal/motor";
import { Book } from "../../hal/storage";

/** A confirmed pulse of so many leaves no bit in storage: what a power loss brings back is then short. */
const OMITTED_EVERY = 64;
/** An unconfirmed pulse of so many is taken for a confirmed one. */
const TAKEN_EVERY = 3;

/** The part of storage that holds operation ids (firmware/state.ts). */
const ANSWERS = 4;

/** Shows only where power is lost. */
function forgetful(controller: ControllerFactory): ControllerFactory {
  return (board: Board) => {
    let confirmed = 0;
    return controller({
      ...board,
      storage: {
        ...board.storage,
        tally: (book) => {
          if (book === Book.confirmed) confirmed += 1;
          if (book !== Book.confirmed || confirmed % OMITTED_EVERY !== 0) board.storage.tally(book);
        },
      },
    });
  };
}

/** Shows only where the motor or its sensor fails. */
function gullible(controller: ControllerFactory): ControllerFactory {
  return (board) => {
    const { event, ...rest } = controller(board);
    let unconfirmed = 0;
    return {
      ...rest,
      event: (now_ms, source, a, b) => {
        if (source === Source.motor && a === (MotorResult.missed as number)) unconfirmed += 1;
        const taken = source === Source.motor && a === (MotorResult.missed as number) && unconfirmed % TAKEN_EVERY === 0;
        return event(now_ms, source, taken ? MotorResult.confirmed : a, b);
      },
    };
  };
}

/** What was done is not written with what it did: shows only where power goes between that and the answer. */
function deaf(controller: ControllerFactory): ControllerFactory {
  return (board) => controller({ ...board, storage: { ...board.storage, put: (part, values, first, count) => { if (part !== ANSWERS) board.storage.put(part, values, first, count); } } });
}

/** What is planted, by name: "tally" omits a bit now and then, "motor" believes in a pulse that was not confirmed, "answers" forgets what it has done. */
const PLANTED = { tally: forgetful, motor: gullible, answers: deaf } as const;
export type Canary = keyof typeof PLANTED;
export const CANARIES = Object.keys(PLANTED) as readonly Canary[];

/** The same controller with the fault in it. */
export function plant(controller: ControllerFactory, canary: Canary): ControllerFactory {
  return PLANTED[canary](controller);
}
