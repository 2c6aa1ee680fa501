// The C API of Lua 5.4 in wasm, raw: typed, with an allocator that counts.

import { LuaFactory } from "wasmoon";

/** A `lua_State *`. */
export type LuaState = number;
/** A pointer into wasm memory. */
export type Pointer = number;

/** The calls of the C API that are used, as wasmoon exports them: integers are 64 bits and therefore BigInt. */
export interface LuaApi {
  readonly HEAP32: Int32Array;
  readonly HEAPU32: Uint32Array;
  readonly HEAPU8: Uint8Array;
  readonly addFunction: (f: (...args: number[]) => number, signature: string) => Pointer;
  readonly _malloc: (size: number) => Pointer;
  readonly _realloc: (pointer: Pointer, size: number) => Pointer;
  readonly _free: (pointer: Pointer) => void;
  readonly _lua_newstate: (allocator: Pointer, data: Pointer) => LuaState;
  readonly _lua_close: (L: LuaState) => void;
  readonly _lua_gettop: (L: LuaState) => number;
  readonly _lua_settop: (L: LuaState, index: number) => void;
  readonly _lua_pushvalue: (L: LuaState, index: number) => void;
  readonly _lua_copy: (L: LuaState, from: number, to: number) => void;
  readonly _lua_type: (L: LuaState, index: number) => number;
  readonly _lua_isinteger: (L: LuaState, index: number) => number;
  readonly _lua_tonumberx: (L: LuaState, index: number, is_number: Pointer) => number;
  readonly _lua_tolstring: (L: LuaState, index: number, length: Pointer) => Pointer;
  readonly _lua_topointer: (L: LuaState, index: number) => Pointer;
  readonly _lua_pushnil: (L: LuaState) => void;
  readonly _lua_pushinteger: (L: LuaState, value: bigint) => void;
  readonly _lua_pushstring: (L: LuaState, text: Pointer) => Pointer;
  readonly _lua_pushcclosure: (L: LuaState, f: Pointer, upvalues: number) => void;
  readonly _lua_createtable: (L: LuaState, items: number, fields: number) => void;
  readonly _lua_getfield: (L: LuaState, index: number, name: Pointer) => number;
  readonly _lua_setfield: (L: LuaState, index: number, name: Pointer) => void;
  readonly _lua_rawgeti: (L: LuaState, index: number, i: bigint) => number;
  readonly _lua_rawseti: (L: LuaState, index: number, i: bigint) => void;
  readonly _lua_setmetatable: (L: LuaState, index: number) => number;
  readonly _lua_setupvalue: (L: LuaState, index: number, n: number) => Pointer;
  readonly _lua_pcallk: (L: LuaState, args: number, results: number, handler: number, context: number, k: Pointer) => number;
  readonly _lua_error: (L: LuaState) => number;
  readonly _lua_dump: (L: LuaState, writer: Pointer, data: Pointer, strip: number) => number;
  readonly _luaL_loadbufferx: (L: LuaState, text: Pointer, size: number, name: Pointer, mode: Pointer) => number;
  readonly _luaL_requiref: (L: LuaState, name: Pointer, open: Pointer, global: number) => void;
  readonly _luaL_traceback: (L: LuaState, of: LuaState, message: Pointer, level: number) => void;
  readonly _luaopen_base: (L: LuaState) => number;
  readonly _luaopen_debug: (L: LuaState) => number;
  readonly _luaopen_math: (L: LuaState) => number;
}

/** `lua_type`. */
export const enum LuaType { nil = 0, string = 4, table = 5, function = 6 }
/** What stands on the stack of each state from its beginning. */
export const enum Base { handler = 1, math = 2, collectgarbage = 3 }

/** Bytes of one state's heap, as its allocator counts them: what Lua asked for, without overhead. */
export interface HeapCount {
  used: number;
  peak: number;
  /** More than this is refused; Lua then collects once and, if that does not help, fails. */
  max: number;
}

/** Lua in wasm: one for any number of states. */
export class LuaWasm {
  private readonly strings = new Map<string, Pointer>();
  private readonly counts = new Map<LuaState, HeapCount>();
  private readonly allocator: Pointer;
  private readonly writer: Pointer;
  private readonly openMath: Pointer;
  private readonly openBase: Pointer;
  private readonly openDebug: Pointer;
  /** Whose heap is counted. Lua calls its allocator on nobody else's behalf, so this is set before each call into it. */
  private counting: HeapCount = { used: 0, peak: 0, max: 0 };
  private dumped: Uint8Array[] = [];

  private constructor(readonly api: LuaApi) {
    this.allocator = api.addFunction((_data, block, old_size, new_size) => this.allocate(block ?? 0, old_size ?? 0, new_size ?? 0), "iiiii");
    this.writer = api.addFunction((_L, block, size) => {
      this.dumped.push(api.HEAPU8.slice(block ?? 0, (block ?? 0) + (size ?? 0)));
      return 0;
    }, "iiiii");
    this.openMath = api.addFunction((L) => api._luaopen_math(L ?? 0), "ii");
    this.openBase = api.addFunction((L) => api._luaopen_base(L ?? 0), "ii");
    this.openDebug = api.addFunction((L) => api._luaopen_debug(L ?? 0), "ii");
  }

  static async load(): Promise<LuaWasm> {
    const { module } = await new LuaFactory().getLuaModule();
    return new LuaWasm(module as unknown as LuaApi);
  }

  /** `realloc` as Lua wants it: counts, and refuses past the limit. */
  private allocate(block: Pointer, old_size: number, new_size: number): Pointer {
    const count = this.counting;
    // For a new block the old size says what kind of object it is for.
    const used = count.used - (block === 0 ? 0 : old_size) + new_size;
    if (new_size === 0) {
      this.api._free(block);
      count.used = used;
      return 0;
    }
    if (used > count.max && (block === 0 || new_size > old_size)) return 0;
    const moved = this.api._realloc(block, new_size);
    if (moved === 0) return 0;
    count.used = used;
    if (used > count.peak) count.peak = used;
    return moved;
  }

  /** A new state, its collector stopped, with the libraries that a chip has, and `Base` on its stack. */
  open(handler: Pointer): LuaState {
    const { api } = this;
    const count = { used: 0, peak: 0, max: Number.MAX_SAFE_INTEGER };
    this.counting = count;
    const L = api._lua_newstate(this.allocator, 0);
    if (L === 0) throw new Error("no memory for a Lua state");
    this.counts.set(L, count);
    api._lua_pushcclosure(L, handler, 0);
    api._luaL_requiref(L, this.string("math"), this.openMath, 0);
    api._luaL_requiref(L, this.string("_G"), this.openBase, 0);
    // wasmoon does not export lua_gc.
    api._lua_getfield(L, -1, this.string("collectgarbage"));
    api._lua_copy(L, -1, Base.collectgarbage);
    api._lua_settop(L, Base.collectgarbage);
    this.collector(L, "stop");
    return L;
  }

  /** Gives chunks with ordinary globals Lua's debug library, for looking into a state. */
  openDebugLibrary(L: LuaState): void {
    this.use(L);
    this.api._luaL_requiref(L, this.string("debug"), this.openDebug, 1);
    this.api._lua_settop(L, -2);
  }

  private collector(L: LuaState, order: "stop" | "collect"): void {
    const { api } = this;
    api._lua_pushvalue(L, Base.collectgarbage);
    api._lua_pushstring(L, this.string(order));
    if (api._lua_pcallk(L, 1, 0, 0, 0, 0) !== 0) throw new Error(`Lua's collector fails: ${this.text(L, -1)}`);
  }

  /** From here on what is allocated is this state's. To be called before any call that may allocate, if another was used since. */
  use(L: LuaState): HeapCount {
    const count = this.counts.get(L);
    if (count === undefined) throw new Error("this Lua state is closed");
    this.counting = count;
    return count;
  }

  close(L: LuaState): void {
    this.use(L);
    this.api._lua_close(L);
    this.counts.delete(L);
  }

  /** A full collection. */
  collect(L: LuaState): void {
    this.use(L);
    this.collector(L, "collect");
  }

  /** A C string that stays. For names, of which there are few. */
  string(text: string): Pointer {
    const known = this.strings.get(text);
    if (known !== undefined) return known;
    const pointer = this.copyIn(new TextEncoder().encode(`${text}\0`));
    this.strings.set(text, pointer);
    return pointer;
  }

  private copyIn(bytes: Uint8Array): Pointer {
    const pointer = this.api._malloc(bytes.length);
    this.api.HEAPU8.set(bytes, pointer);
    return pointer;
  }

  /** The string at `index`, or how Lua would print the type of what is there. */
  text(L: LuaState, index: number): string {
    const { api } = this;
    if (api._lua_type(L, index) !== LuaType.string) return `(a value of Lua type ${api._lua_type(L, index)})`;
    const start = api._lua_tolstring(L, index, 0);
    return new TextDecoder().decode(api.HEAPU8.subarray(start, api.HEAPU8.indexOf(0, start)));
  }

  /** Pushes the chunk of `code`, Lua text or bytecode. Throws Lua's message if it is no good. */
  loadChunk(L: LuaState, code: Uint8Array, name: string): void {
    this.use(L);
    const copy = this.copyIn(code);
    const status = this.api._luaL_loadbufferx(L, copy, code.length, this.string(`=${name}`), 0);
    this.api._free(copy);
    if (status !== 0) throw new Error(`Lua does not load the chunk: ${this.text(L, -1)}`);
  }

  /** The bytecode of a text, as `luac` gives it; stripped: without names and lines. */
  compile(text: string, name: string, stripped: boolean): Uint8Array {
    const L = this.open(this.openBase);
    try {
      this.loadChunk(L, new TextEncoder().encode(text), name);
      this.dumped = [];
      // The C API gives no error here: the writer never refuses.
      this.api._lua_dump(L, this.writer, 0, stripped ? 1 : 0);
      return Uint8Array.from(Buffer.concat(this.dumped));
    } finally {
      this.dumped = [];
      this.close(L);
    }
  }
}
