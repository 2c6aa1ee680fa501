// Makes a flash chunk of stripped bytecode: linked to its place, used there.

import { Tag, readBytecode } from "./bytecode";
import type { Constant, Prototype } from "./bytecode";
import { Chunk as At, Flash, Slot } from "./layout";

/** A program as it lies in flash, all of it: none of these bytes takes RAM. */
export interface Chunk {
  readonly bytes: Uint8Array;
  readonly functions: number;
  /** Bytes of instructions. */
  readonly code: number;
  /** Bytes of prototypes, their constants and their upvalue descriptors. */
  readonly prototypes: number;
  /** Bytes of texts, each there once, and of the table by which Lua finds them. */
  readonly texts: number;
}

/** `LUA_V...` of what Lua counts among its objects, and the bit that a value's tag has if it is one. */
const PROTOTYPE = 10;
const COLLECTABLE = 64;
/** Black: the collector takes it for marked, always, and so never writes to it. */
const MARKED = 32;
/** Longer texts are not in Lua's table (`LUAI_MAXSHORTLEN`). */
const SHORT_MAX = 40;

/** As `luaS_hash` has it. */
function hashOf(text: Uint8Array): number {
  let hash = (At.seed ^ text.length) >>> 0;
  for (let i = text.length - 1; i >= 0; i--) hash = (hash ^ ((hash << 5) + (hash >>> 2) + (text[i] ?? 0))) >>> 0;
  return hash;
}

/** Lays out what src/chunk.c has as C structs; its assertions hold both to the same offsets. */
class Linker {
  private view = new DataView(new ArrayBuffer(4096));
  private size = At.first + 4 * At.buckets;
  private readonly texts = new Map<string, number>();
  functions = 0;
  code = 0;

  /** `base` is the address of the chunk's first byte. */
  constructor(private readonly base: number) {}

  /** Room for `bytes`, zeroed: its place from the chunk's beginning. */
  private room(bytes: number, align: number): number {
    const at = Math.ceil(this.size / align) * align;
    this.size = at + bytes;
    while (this.size > this.view.byteLength) {
      const larger = new Uint8Array(2 * this.view.byteLength);
      larger.set(new Uint8Array(this.view.buffer));
      this.view = new DataView(larger.buffer);
    }
    return at;
  }

  private word(at: number, value: number): void {
    this.view.setUint32(at, value, true);
  }

  private byte(at: number, ...values: readonly number[]): void {
    values.forEach((value, i) => { this.view.setUint8(at + i, value); });
  }

  private put(at: number, bytes: Uint8Array): void {
    new Uint8Array(this.view.buffer).set(bytes, at);
  }

  /** `TString`. A short one comes before those of its bucket that were there; a long one has its hash, or Lua would write it there. */
  private text(text: Uint8Array): number {
    const key = Buffer.from(text).toString("latin1");
    const before = this.texts.get(key);
    if (before !== undefined) return before;
    const short = text.length <= SHORT_MAX;
    const hash = hashOf(text);
    const at = this.room(16 + text.length + 1, 4);
    this.byte(at + 4, short ? Tag.text : Tag.long_text, MARKED, short ? 0 : 1, short ? text.length : 0);
    this.word(at + 8, hash);
    if (short) {
      const bucket = At.first + 4 * (hash % At.buckets);
      this.word(at + 12, this.view.getUint32(bucket, true));
      this.word(bucket, this.base + at);
    } else this.word(at + 12, text.length);
    this.put(at + 16, text);
    this.texts.set(key, at);
    return at;
  }

  /** Texts of all functions, in the order in which they come. */
  allTexts({ constants, inner }: Prototype): void {
    for (const { tag, bytes } of constants) if (tag === Tag.text || tag === Tag.long_text) this.text(bytes);
    for (const each of inner) this.allTexts(each);
  }

  /** `TValue`. */
  private constant(at: number, { tag, bytes }: Constant): void {
    if (tag === Tag.text || tag === Tag.long_text) {
      this.word(at, this.base + this.text(bytes));
      this.byte(at + 8, (bytes.length <= SHORT_MAX ? Tag.text : Tag.long_text) | COLLECTABLE);
    } else {
      this.put(at, bytes);
      this.byte(at + 8, tag);
    }
  }

  /** An array of items of `size` bytes: its address, or none for none. */
  private array<T>(items: readonly T[], size: number, align: number, put: (at: number, item: T) => void): number {
    if (items.length === 0) return 0;
    const at = this.room(items.length * size, align);
    items.forEach((item, i) => { put(at + i * size, item); });
    return this.base + at;
  }

  /** `Proto`, with what it points to; gives its address. */
  prototype(of: Prototype): number {
    const at = this.room(84, 4);
    const constants = this.array(of.constants, 16, 8, (to, constant) => { this.constant(to, constant); });
    const upvalues = this.array(of.upvalues, 8, 4, (to, { in_stack, index, kind }) => { this.byte(to + 4, in_stack, index, kind); });
    const code = this.room(of.code.length, 4);
    this.put(code, of.code);
    const inner = this.array(of.inner.map((each) => this.prototype(each)), 4, 4, (to, address) => { this.word(to, address); });
    this.byte(at + 4, PROTOTYPE, MARKED, of.parameters, of.is_vararg, of.registers);
    this.word(at + 12, of.upvalues.length);
    this.word(at + 16, of.constants.length);
    this.word(at + 20, of.code.length / 4);
    this.word(at + 28, of.inner.length);
    this.word(at + 48, constants);
    this.word(at + 52, this.base + code);
    this.word(at + 56, inner);
    this.word(at + 60, upvalues);
    this.functions++;
    this.code += of.code.length;
    return this.base + at;
  }

  /** All of it, with `main`'s address and what else an image checks before it runs it. */
  bytes(main: number): Uint8Array {
    this.word(At.at_base, this.base);
    this.word(At.at_main, main);
    this.word(At.at_seed, At.seed);
    this.word(At.at_buckets, At.buckets);
    return new Uint8Array(this.view.buffer).slice(0, this.size);
  }

  get used(): number {
    return this.size;
  }
}

/** Throws if `bytecode` is not Lua 5.4's with 64-bit integers and doubles, or not stripped. `base` is where the chunk will lie. */
export function packChunk(bytecode: Uint8Array, base: number = Flash.slot + Slot.header_size): Chunk {
  const main = readBytecode(bytecode);
  const linker = new Linker(base);
  linker.allTexts(main);
  const texts = linker.used;
  const bytes = linker.bytes(linker.prototype(main));
  return { bytes, functions: linker.functions, code: linker.code, prototypes: bytes.length - texts - linker.code, texts };
}
