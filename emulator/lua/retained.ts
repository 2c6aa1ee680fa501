// Retained memory for a controller in Lua: one content, seen as two arrays.

import { Retained } from "../../hal/retained";
import { LuaType } from "./wasm";
import type { LuaApi, LuaState, LuaWasm, Pointer } from "./wasm";

/** Of Lua 5.4 on a 32-bit machine: where a table keeps its array, and how an array keeps an integer. */
const enum Layout {
  /** `Table.alimit`, `Table.array`. */
  alimit = 8,
  array = 12,
  /** `sizeof(TValue)`, in 32-bit words, with the tag in the third. */
  value_words = 4,
  tag_word = 2,
  /** `LUA_VNUMINT`. */
  integer_tag = 3,
}

/**
 * The board's array and a Lua table of the same content. `toLua` before each entry carries what the emulator changed (a
 * flipped bit), `fromLua` after it, and at a panic, what the controller wrote. A controller checks some forty slots at every
 * entry, so the table is a plain one; a proxy would cost a call out of wasm for each. What changed is found by reading the
 * table's memory, 256 slots in about 0.3 us; through the C API that is 20 us. The constructor checks the layout it relies on.
 */
export class RetainedTable {
  private readonly table: Pointer;
  private readonly low = new Int32Array(Retained.slots);
  private readonly high = new Int32Array(Retained.slots);
  private readonly known = new Float64Array(Retained.slots);

  /** Leaves the table on the stack, at `index`. */
  constructor(private readonly wasm: LuaWasm, private readonly L: LuaState, private readonly index: number, private readonly slots: number[]) {
    const { api } = wasm;
    if (slots.length !== Retained.slots) throw new Error(`retained memory has ${slots.length} slots instead of ${Retained.slots}`);
    api._lua_createtable(L, Retained.slots, 0);
    if (api._lua_gettop(L) !== index || api._lua_type(L, index) !== LuaType.table) throw new Error("retained memory is not where it should be");
    this.table = api._lua_topointer(L, index);
    for (let i = 0; i < Retained.slots; i++) this.write(api, i, i % 2 === 0 ? 2 ** 40 + i : -i);
    const array = this.array(api);
    for (let i = 0; i < Retained.slots; i++) {
      if (this.read(api.HEAP32, array, i) !== (i % 2 === 0 ? 2 ** 40 + i : -i)) throw new Error("Lua does not lay out tables as expected");
    }
    for (let i = 0; i < Retained.slots; i++) this.write(api, i, slots[i]);
  }

  /** Carries what was changed in the board's array since the last entry. */
  toLua(): void {
    const { slots, known } = this;
    for (let i = 0; i < known.length; i++) {
      if (slots[i] !== known[i]) this.write(this.wasm.api, i, slots[i]);
    }
  }

  /** Carries what the controller has written. Throws if one of the slots no longer holds an integer up to 2^53. */
  fromLua(): void {
    const { api } = this.wasm;
    const array = this.array(api);
    const words = api.HEAP32;
    const { low, high } = this;
    let word = array >>> 2;
    for (let i = 0; i < low.length; i++, word += Layout.value_words) {
      const low_word = words[word] ?? 0;
      const high_word = words[word + 1] ?? 0;
      if (low_word === low[i] && high_word === high[i] && ((words[word + Layout.tag_word] ?? 0) & 255) === Layout.integer_tag) continue;
      const value = this.read(words, array, i);
      this.known[i] = value;
      low[i] = low_word;
      high[i] = high_word;
      this.slots[i] = value;
    }
  }

  private write(api: LuaApi, i: number, value: number | undefined): void {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new Error(`retained memory: slot ${i} is ${String(value)}, not an integer up to 2^53`);
    this.wasm.use(this.L);
    api._lua_pushinteger(this.L, BigInt(value ?? 0));
    api._lua_rawseti(this.L, this.index, BigInt(i + 1));
    const known = value ?? 0;
    this.known[i] = known;
    this.low[i] = known % 2 ** 32;
    this.high[i] = Math.floor(known / 2 ** 32);
  }

  private array(api: LuaApi): Pointer {
    if (api.HEAPU32[(this.table + Layout.alimit) >>> 2] !== Retained.slots) throw new Error(`the controller made retained memory another size than ${Retained.slots}`);
    return api.HEAPU32[(this.table + Layout.array) >>> 2] ?? 0;
  }

  private read(words: Int32Array, array: Pointer, i: number): number {
    const word = (array >>> 2) + i * Layout.value_words;
    const tag = (words[word + Layout.tag_word] ?? 0) & 255;
    const value = (words[word + 1] ?? 0) * 2 ** 32 + ((words[word] ?? 0) >>> 0);
    if (tag !== Layout.integer_tag || !Number.isSafeInteger(value)) {
      throw new Error(`the controller wrote into retained memory, slot ${i}, what is not an integer up to 2^53 (Lua tag ${tag})`);
    }
    return value;
  }
}
