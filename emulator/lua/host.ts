// Runs a built controller in Lua 5.4: the same entry points, the same board.

import type { Board } from "../../hal/board";
import type { Controller, ControllerFactory, ResetCause, Source } from "../../hal/controller";
import { LinkSize } from "../../hal/link";
import { Bridge, LuaProgramError } from "./bridge";
import type { LuaBuild } from "./build";
import { countListSlots } from "./inspect";
import { RetainedTable } from "./retained";
import { Base, LuaType, LuaWasm } from "./wasm";
import type { HeapCount, LuaState } from "./wasm";

export { LuaProgramError } from "./bridge";

/** Collect once the heap holds this much more than what lived after the last collection (a figure of the chip's budget). */
const GARBAGE_BYTES_MAX = 8192;

/** Bytes of a controller's heap above `bare`, as Lua asked for them. */
export interface LuaMemory {
  /** The VM with its library, and retained memory, which stands outside the heap on a chip. Not part of the others. */
  readonly bare: number;
  /** After the entry `boot` and a collection, at the latest reset; before it, what is loaded. */
  readonly boot: number;
  /** After the last collection. */
  readonly live: number;
  readonly used: number;
  /** The most there ever was since that reset. */
  readonly peak: number;
}

export interface LuaOptions {
  /** Run bytecode without names and lines, as a chip does; errors then have none either. Default: false. */
  readonly stripped?: boolean;
  /** The heap's limit above `bare`, in bytes; past it Lua fails. Default: none. */
  readonly heap_bytes_max?: number;
}

/** A factory of controllers in Lua. Each call makes a new Lua state, and ends the one it made before for the same board. */
export interface LuaControllerFactory extends ControllerFactory {
  /** Of the controller made last. */
  readonly memory: () => LuaMemory;
  /** What is loaded, in bytes. */
  readonly bytecode: number;
  /** Collects all garbage of the controller made last. */
  readonly collect: () => void;
  /** Slots of all lists of numbers that the controller made last holds, retained memory apart. Adds to its heap: ask last. */
  readonly listSlots: () => number;
}

/** Places on a state's stack. */
const enum At { retained = 4, bytes = 5, boot = 6, wake = 7, event = 8, received = 9 }
const ENTRIES = ["boot", "wake", "event", "received"] as const;

/** Loads wasm Lua and compiles the build's text, once for all controllers. Throws if Lua does not load it. */
export async function createLuaFactory(build: LuaBuild, options: LuaOptions = {}): Promise<LuaControllerFactory> {
  const wasm = await LuaWasm.load();
  const bridge = new Bridge(wasm);
  const code = wasm.compile(build.text, "lua", options.stripped ?? false);
  const states = new WeakMap<Board, LuaState>();
  /** States whose controller nobody holds any more. */
  const abandoned = new FinalizationRegistry<LuaState>((L) => wasm.close(L));
  let last: LuaProgram | undefined;

  const create = (board: Board): Controller => {
    const before = states.get(board);
    if (before !== undefined && abandoned.unregister(board)) wasm.close(before);
    const program = new LuaProgram(wasm, bridge, board, build, code, options.heap_bytes_max ?? Number.MAX_SAFE_INTEGER);
    states.set(board, program.L);
    last = program;
    const controller: Controller = {
      boot: (now_ms, cause, detail, failed) => program.boot(now_ms, cause, detail, failed),
      wake: (now_ms) => program.wake(now_ms),
      event: (now_ms, source, a, b) => program.event(now_ms, source, a, b),
      received: (now_ms, bytes, count) => program.received(now_ms, bytes, count),
    };
    abandoned.register(controller, program.L, board);
    return controller;
  };
  const latest = (): LuaProgram => {
    if (last === undefined) throw new Error("no controller was made yet");
    return last;
  };
  return Object.assign(create, { memory: () => latest().memory(), bytecode: code.length, collect: () => latest().collect(), listSlots: () => latest().listSlots() });
}

/** The bytecode that a chip loads: stripped of names and lines. The same build gives the same bytes. */
export async function luaBytecode(build: LuaBuild): Promise<Uint8Array> {
  return (await LuaWasm.load()).compile(build.text, "lua", true);
}

/** One life of a controller, from a reset to the next. */
class LuaProgram {
  readonly L: LuaState;
  private readonly heap: HeapCount;
  private readonly retained: RetainedTable;
  private readonly bare: number;
  private boot_bytes = 0;
  private live_bytes = 0;
  private broken = false;

  constructor(
    private readonly wasm: LuaWasm, private readonly bridge: Bridge, private readonly board: Board, private readonly build: LuaBuild, code: Uint8Array, heap_max: number,
  ) {
    const { api } = wasm;
    const L = wasm.open(bridge.traceback);
    this.L = L;
    this.heap = wasm.use(L);
    this.retained = new RetainedTable(wasm, L, At.retained, board.retained);
    api._lua_createtable(L, 0, 0);
    this.bare = this.heap.used;
    this.heap.max = this.bare + heap_max;
    this.guard(() => this.load(code));
    this.live_bytes = this.heap.used;
    this.boot_bytes = this.heap.used;
  }

  /** Runs the chunk and createController; leaves the entry points in their places. */
  private load(code: Uint8Array): void {
    const { L, wasm: { api }, wasm, bridge } = this;
    wasm.loadChunk(L, code, "lua");
    bridge.setStrictGlobals(L, Base.math);
    bridge.call(L, undefined, 0);
    if (api._lua_type(L, -1) !== LuaType.table || api._lua_getfield(L, -1, wasm.string("createController")) !== LuaType.function) {
      throw new LuaProgramError("the chunk exports no createController");
    }
    bridge.pushBoard(L, At.retained);
    bridge.call(L, undefined, 1);
    const made = api._lua_gettop(L);
    for (const name of ENTRIES) {
      if (api._lua_type(L, made) !== LuaType.table || api._lua_getfield(L, made, wasm.string(name)) !== LuaType.function) {
        throw new LuaProgramError(`the controller has no entry ${name}`);
      }
    }
    // Down to their places, over the exports and the controller's table, which nobody needs any more.
    for (const [i] of ENTRIES.entries()) {
      api._lua_pushvalue(L, made + 1 + i);
      api._lua_copy(L, -1, At.boot + i);
      api._lua_settop(L, -2);
    }
    api._lua_settop(L, At.received);
  }

  boot(now_ms: number, cause: ResetCause, detail: number, failed: number): number {
    const deadline = this.entry(At.boot, 4, now_ms, cause, detail, failed);
    this.collect();
    this.boot_bytes = this.live_bytes;
    return deadline;
  }

  wake(now_ms: number): number {
    return this.entry(At.wake, 1, now_ms);
  }

  event(now_ms: number, source: Source, a: number, b: number): number {
    return this.entry(At.event, 4, now_ms, source, a, b);
  }

  /** The list that the bytes are in is one and the same each time, as a chip's would be. */
  received(now_ms: number, bytes: readonly number[], count: number): number {
    const { L, wasm, bridge } = this;
    if (bytes.length < count || count > LinkSize.chunk_max) throw new Error(`${bytes.length} bytes came, said to be ${count}`);
    wasm.use(L);
    bridge.fill(At.bytes, bytes, 0, L, count);
    return this.entry(At.received, 3, now_ms, At.bytes, count);
  }

  /** One entry: retained memory in, the call, retained memory out, the collector. */
  private entry(at: At, count: number, a: number, b = 0, c = 0, d = 0): number {
    const { L, wasm: { api }, wasm, bridge } = this;
    if (this.broken) throw new Error("this controller ended in a reset or an error; its host must make a new one");
    wasm.use(L);
    this.retained.toLua();
    api._lua_pushvalue(L, at);
    bridge.push(L, a);
    if (count > 1) {
      if (at === At.received) api._lua_pushvalue(L, b);
      else bridge.push(L, b);
    }
    if (count > 2) bridge.push(L, c);
    if (count > 3) bridge.push(L, d);
    const deadline = this.guard(() => {
      bridge.call(L, this.board, count);
      return bridge.integer(-1, "a deadline", L);
    });
    api._lua_settop(L, At.received);
    this.retained.fromLua();
    if (this.heap.used > this.live_bytes + GARBAGE_BYTES_MAX) this.collect();
    return deadline;
  }

  /** Runs what may leave Lua by an error: keeps what was written to retained memory, and says where in TypeScript it was. */
  private guard<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      this.broken = true;
      if (!(error instanceof LuaProgramError)) {
        this.retained.fromLua();
        throw error;
      }
      throw new LuaProgramError(error.message.replace(/\blua:(\d+)/g, (text, line: string) => {
        const where = this.build.where(Number(line));
        return where === undefined ? text : `${where} (${text})`;
      }), { cause: error });
    }
  }

  collect(): void {
    this.wasm.collect(this.L);
    this.live_bytes = this.heap.used;
  }

  listSlots(): number {
    // To look costs memory that the controller's limit has no room for.
    this.heap.max = Number.MAX_SAFE_INTEGER;
    return countListSlots(this.wasm, this.L, [At.boot, At.wake, At.event, At.received, At.bytes], At.retained);
  }

  memory(): LuaMemory {
    const { bare, heap } = this;
    return { bare, boot: this.boot_bytes - bare, live: this.live_bytes - bare, used: heap.used - bare, peak: heap.peak - bare };
  }
}
