// The bridge between Lua and its host: values, functions, errors.

import { BOARD_CALLS } from "./board";
import type { BoardCall, LuaArguments } from "./board";
import type { Board } from "../../hal/board";
import { LuaType } from "./wasm";
import type { LuaState, LuaWasm, Pointer } from "./wasm";

/** The program broke: it failed in Lua, or gave the board what is not an integer. Not a panic; the emulator does not go on. */
export class LuaProgramError extends Error {
  override readonly name = "LuaProgramError";
}

const ITEMS_MAX = 65_536;

/** The host's functions in one wasm Lua: made once, they serve whichever controller is running. */
export class Bridge {
  /** Message handler: adds a traceback. */
  readonly traceback: Pointer;
  private readonly unknownGlobal: Pointer;
  private readonly calls: readonly { readonly call: BoardCall; readonly pointer: Pointer }[];
  /** What is running: the state, and the board it may call. */
  private L: LuaState = 0;
  private board: Board | undefined;
  /** What ends the present call from the host's side, to be thrown once Lua is unwound. */
  private failure: { readonly error: unknown } | undefined;

  constructor(private readonly wasm: LuaWasm) {
    const { api } = wasm;
    const given: LuaArguments = {
      integer: (i) => this.integer(i + 1),
      list: (i, first, count) => this.list(i + 1, first, count),
      fill: (i, values, first) => this.fill(i + 1, values, first),
    };
    this.calls = BOARD_CALLS.map((call) => ({ call, pointer: api.addFunction((L) => this.enter(L ?? 0, call, given), "ii") }));
    this.traceback = api.addFunction((L) => {
      const state = L ?? 0;
      api._luaL_traceback(state, state, api._lua_type(state, 1) === LuaType.string ? api._lua_tolstring(state, 1, 0) : 0, 1);
      return 1;
    }, "ii");
    this.unknownGlobal = api.addFunction((L) => {
      this.failure = { error: new LuaProgramError(`unknown global "${wasm.text(L ?? 0, 2)}"`) };
      return this.unwind(L ?? 0);
    }, "ii");
  }

  /**
   * Calls what stands under its arguments on the stack of `L`, where 1 is the message handler; one result is left. What the
   * board throws comes out as it is; an error of Lua or of its values as a `LuaProgramError` with Lua's traceback.
   */
  call(L: LuaState, board: Board | undefined, args: number): void {
    if (this.L !== 0) throw new Error("a board called back into a controller");
    this.L = L;
    this.board = board;
    let status: number;
    try {
      status = this.wasm.api._lua_pcallk(L, args, 1, 1, 0, 0);
    } finally {
      this.L = 0;
      this.board = undefined;
    }
    if (status === 0) return;
    const trace = this.wasm.text(L, -1);
    const { failure } = this;
    this.failure = undefined;
    if (failure === undefined) throw new LuaProgramError(trace);
    if (failure.error instanceof LuaProgramError) throw new LuaProgramError(`${failure.error.message}\n${trace}`);
    throw failure.error;
  }

  /** A call out of Lua. */
  private enter(L: LuaState, call: BoardCall, given: LuaArguments): number {
    const { api } = this.wasm;
    try {
      const { board } = this;
      const name = `board.${call.path.join(".")}`;
      if (board === undefined) throw new LuaProgramError(`${name} was called before boot`);
      const count = api._lua_gettop(L);
      if (count !== call.arguments) throw new LuaProgramError(`${name} takes ${call.arguments} arguments and got ${count}`);
      const result = call.run(board, given);
      if (result === undefined) return 0;
      this.push(L, result);
      return 1;
    } catch (error) {
      this.failure = { error };
    }
    return this.unwind(L);
  }

  /** Leaves Lua by Lua's own error, so that the stack of wasm stays as it should be. */
  private unwind(L: LuaState): number {
    this.wasm.api._lua_pushnil(L);
    return this.wasm.api._lua_error(L);
  }

  /** Pushes a value for Lua. */
  push(L: LuaState, value: number): void {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new Error(`${value} is not an integer up to 2^53 and cannot be given to a controller`);
    this.wasm.api._lua_pushinteger(L, BigInt(value));
  }

  /** The integer at `index`. */
  integer(index: number, what = "a value", L = this.L): number {
    const { api } = this.wasm;
    const value = api._lua_tonumberx(L, index, 0);
    if (api._lua_isinteger(L, index) === 0) {
      throw new LuaProgramError(`${what} given to the host is no integer (Lua type ${api._lua_type(L, index)}, as a number ${value})`);
    }
    if (!Number.isSafeInteger(value)) throw new LuaProgramError(`${what} given to the host is past 2^53: about ${value}`);
    return value;
  }

  private list(index: number, first: number, count: number): number[] {
    const { api } = this.wasm;
    if (first < 0 || count < 0 || count > ITEMS_MAX || api._lua_type(this.L, index) !== LuaType.table) throw new LuaProgramError(`no list of ${count} integers was given to the host`);
    const list: number[] = [];
    for (let i = first; i < first + count; i++) {
      api._lua_rawgeti(this.L, index, BigInt(i + 1));
      list.push(this.integer(-1, `item ${i} of a list`));
      api._lua_settop(this.L, -2);
    }
    return list;
  }

  /** Writes `count` of `values`, all unless told, into the list at `index`, from its item `first` (0 is its first) on. */
  fill(index: number, values: readonly number[], first = 0, L = this.L, count = values.length): void {
    if (first < 0 || this.wasm.api._lua_type(L, index) !== LuaType.table) throw new LuaProgramError(`no list to be filled from ${first} on was given to the host`);
    for (let i = 0; i < count; i++) {
      this.push(L, values[i] ?? NaN);
      this.wasm.api._lua_rawseti(L, index, BigInt(first + i + 1));
    }
  }

  /** Leaves a table of all board functions on the stack, with the value at `retained` as their neighbour. */
  pushBoard(L: LuaState, retained: number): void {
    const { api } = this.wasm;
    const name = (text: string): Pointer => this.wasm.string(text);
    api._lua_createtable(L, 0, 0);
    for (const { call, pointer } of this.calls) {
      const [first = "", second] = call.path;
      if (second === undefined) {
        api._lua_pushcclosure(L, pointer, 0);
        api._lua_setfield(L, -2, name(first));
        continue;
      }
      if (api._lua_getfield(L, -1, name(first)) === LuaType.nil) {
        api._lua_settop(L, -2);
        api._lua_createtable(L, 0, 0);
        api._lua_pushvalue(L, -1);
        api._lua_setfield(L, -3, name(first));
      }
      api._lua_pushcclosure(L, pointer, 0);
      api._lua_setfield(L, -2, name(second));
      api._lua_settop(L, -2);
    }
    api._lua_pushvalue(L, retained);
    api._lua_setfield(L, -2, name("retained"));
  }

  /** Gives the chunk on top of the stack its globals: those of `math` the firmware may use, and an error for the rest. */
  setStrictGlobals(L: LuaState, math: number): void {
    const { api } = this.wasm;
    const name = (text: string): Pointer => this.wasm.string(text);
    api._lua_createtable(L, 0, 1);
    api._lua_createtable(L, 0, 4);
    for (const each of ["abs", "floor", "max", "min"]) {
      api._lua_getfield(L, math, name(each));
      api._lua_setfield(L, -2, name(each));
    }
    api._lua_setfield(L, -2, name("math"));
    api._lua_createtable(L, 0, 2);
    for (const event of ["__index", "__newindex"]) {
      api._lua_pushcclosure(L, this.unknownGlobal, 0);
      api._lua_setfield(L, -2, name(event));
    }
    api._lua_setmetatable(L, -2);
    api._lua_setupvalue(L, -2, 1);
  }
}
