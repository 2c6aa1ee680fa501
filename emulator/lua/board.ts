// A board as Lua sees it: functions that check what they are given.

import type { Board } from "../../hal/board";
import { CipherSize } from "../../hal/cipher";

/** The arguments of a call out of Lua, from 0; each is checked when it is read. */
export interface LuaArguments {
  readonly integer: (i: number) => number;
  /** `count` items of a list, from index `first` on. */
  readonly list: (i: number, first: number, count: number) => number[];
  /** Overwrites a list from index `first` on. */
  readonly fill: (i: number, values: readonly number[], first?: number) => void;
}

export interface BoardCall {
  /** Where it stands in the board: ["motor", "pulse"]. */
  readonly path: readonly string[];
  readonly arguments: number;
  /** Gives what Lua gets back; nothing where that is undefined. */
  readonly run: (board: Board, given: LuaArguments) => number | undefined;
}

/** A call that gives nothing back. */
function act(path: string, count: number, run: (board: Board, given: LuaArguments) => void): BoardCall {
  return {
    path: path.split("."), arguments: count, run: (board, given) => {
      run(board, given);
      return undefined;
    },
  };
}

/** A call that gives an integer. */
function ask(path: string, count: number, run: (board: Board, given: LuaArguments) => number): BoardCall {
  return { path: path.split("."), arguments: count, run };
}

/** Every function of a board. `retained` is not one: retained.ts. */
export const BOARD_CALLS: readonly BoardCall[] = [
  act("motor.pulse", 0, ({ motor }) => motor.pulse()),
  act("cutoff.cut", 1, ({ cutoff }, { integer }) => cutoff.cut(integer(0))),
  act("supply.sample", 0, ({ supply }) => supply.sample()),
  act("sounder.sound", 2, ({ sounder }, { integer }) => sounder.sound(integer(0), integer(1))),
  act("storage.put", 4, ({ storage }, { integer, list }) => storage.put(integer(0), list(1, integer(2), integer(3)), 0, integer(3))),
  act("storage.append", 7, ({ storage }, { integer }) =>
    storage.append(integer(0), integer(1), integer(2), integer(3), integer(4), integer(5), integer(6))),
  act("storage.commit", 0, ({ storage }) => storage.commit()),
  act("storage.tally", 1, ({ storage }, { integer }) => storage.tally(integer(0))),
  ask("storage.tallied", 1, ({ storage }, { integer }) => storage.tallied(integer(0))),
  ask("storage.read", 2, ({ storage }, { integer, fill }) => {
    const values: number[] = [];
    const count = storage.read(integer(0), values);
    fill(1, values);
    return count;
  }),
  ask("storage.last_sequence", 0, ({ storage }) => storage.last_sequence()),
  ask("storage.first_sequence", 0, ({ storage }) => storage.first_sequence()),
  ask("storage.record", 2, ({ storage }, { integer, fill }) => {
    const values: number[] = [];
    const found = storage.record(integer(0), values);
    fill(1, values);
    return found;
  }),
  ask("link.send", 2, ({ link }, { integer, list }) => link.send(list(0, 0, integer(1)), integer(1))),
  act("link.power", 1, ({ link }, { integer }) => link.power(integer(0))),
  act("cipher.load", 3, ({ cipher }, { integer, list }) => cipher.load(integer(0), list(1, integer(2), CipherSize.key), 0)),
  act("cipher.derive", 5, ({ cipher }, { integer, list }) =>
    cipher.derive(integer(0), integer(1), list(2, 0, integer(3) + integer(4)), integer(3), integer(4))),
  act("cipher.copy", 2, ({ cipher }, { integer }) => cipher.copy(integer(0), integer(1))),
  act("cipher.seal", 5, ({ cipher }, { integer, list, fill }) => {
    const bytes = list(2, integer(3), integer(4));
    cipher.seal(integer(0), list(1, 0, CipherSize.nonce), bytes, 0, bytes.length);
    fill(2, bytes, integer(3));
  }),
  ask("cipher.open", 5, ({ cipher }, { integer, list, fill }) => {
    const count = integer(4);
    const bytes = list(2, integer(3), count + CipherSize.tag);
    const good = cipher.open(integer(0), list(1, 0, CipherSize.nonce), bytes, 0, count);
    if (good === 1) fill(2, bytes.slice(0, count), integer(3));
    return good;
  }),
  act("entropy.fill", 3, ({ entropy }, { integer, fill }) => {
    const bytes: number[] = [];
    entropy.fill(bytes, 0, integer(2));
    fill(0, bytes, integer(1));
  }),
  act("panic", 1, ({ panic }, { integer }) => {
    panic(integer(0));
    throw new Error("board.panic returned");
  }),
];
