// Reads stripped bytecode of Lua 5.4 as luac writes it.

/** `LUA_V...` of constants that stand in bytecode. */
export const enum Tag { nil = 0, no = 1, integer = 3, text = 4, yes = 17, float = 19, long_text = 20 }

export interface Constant {
  readonly tag: Tag;
  /** A number's 8 bytes as they lie in memory, or a text's; else none. */
  readonly bytes: Uint8Array;
}

export interface Upvalue {
  readonly in_stack: number;
  readonly index: number;
  readonly kind: number;
}

/** A function's prototype, without the names and lines that stripped bytecode has none of. */
export interface Prototype {
  readonly parameters: number;
  readonly is_vararg: number;
  readonly registers: number;
  /** Instructions of four bytes each, as they lie in memory. */
  readonly code: Uint8Array;
  readonly constants: readonly Constant[];
  readonly upvalues: readonly Upvalue[];
  readonly inner: readonly Prototype[];
}

/** Lua 5.4's header: signature, version, format, marks of damage, sizes of instruction, integer and number, then one of each. */
const HEADER = [0x1b, 0x4c, 0x75, 0x61, 0x54, 0, 0x19, 0x93, 0x0d, 0x0a, 0x1a, 0x0a, 4, 8, 8, 0x78, 0x56, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x28, 0x77, 0x40];

class Reader {
  at = HEADER.length;

  constructor(private readonly from: Uint8Array) {}

  byte(): number {
    const byte = this.from[this.at++];
    if (byte === undefined) throw new Error("the bytecode is cut short");
    return byte;
  }

  /** Seven bits a byte, the highest first; the last byte has bit 7. */
  size(): number {
    let value = 0;
    for (;;) {
      const byte = this.byte();
      value = value * 128 + (byte & 127);
      if (byte > 127) return value;
    }
  }

  bytes(count: number): Uint8Array {
    if (this.at + count > this.from.length) throw new Error("the bytecode is cut short");
    this.at += count;
    return this.from.slice(this.at - count, this.at);
  }

  many<T>(read: () => T): readonly T[] {
    return Array.from({ length: this.size() }, read);
  }

  /** A text, whose size is one too much: 0 is none at all. */
  text(): Uint8Array | undefined {
    const size = this.size();
    return size === 0 ? undefined : this.bytes(size - 1);
  }

  constant(): Constant {
    const tag = this.byte();
    if (tag === Tag.integer || tag === Tag.float) return { tag, bytes: this.bytes(8) };
    if (tag === Tag.nil || tag === Tag.no || tag === Tag.yes) return { tag, bytes: new Uint8Array(0) };
    if (tag !== Tag.text && tag !== Tag.long_text) throw new Error(`the bytecode has a constant of the unknown tag ${tag}`);
    const bytes = this.text();
    if (bytes === undefined) throw new Error("the bytecode has a constant that is no text");
    return { tag, bytes };
  }

  /** Skips what stripped bytecode has none of: lines and names. */
  skipDebug(): void {
    this.bytes(this.size());
    this.many(() => [this.size(), this.size()]);
    const names = this.size() + this.size();
    if (names > 0) throw new Error("the bytecode is not stripped");
  }

  prototype(): Prototype {
    this.text(); // where it comes from
    this.size(); // its first line, and its last
    this.size();
    const [parameters, is_vararg, registers] = [this.byte(), this.byte(), this.byte()];
    const code = this.bytes(this.size() * 4);
    const constants = this.many(() => this.constant());
    const upvalues = this.many(() => ({ in_stack: this.byte(), index: this.byte(), kind: this.byte() }));
    const inner = this.many(() => this.prototype());
    this.skipDebug();
    return { parameters, is_vararg, registers, code, constants, upvalues, inner };
  }
}

/** The program's main function. Throws if `bytecode` is not Lua 5.4's with 64-bit integers and doubles, or not stripped. */
export function readBytecode(bytecode: Uint8Array): Prototype {
  if (HEADER.some((byte, i) => bytecode[i] !== byte)) throw new Error("not bytecode of Lua 5.4 with 64-bit integers and doubles");
  const reader = new Reader(bytecode);
  const upvalues = reader.byte();
  const main = reader.prototype();
  if (reader.at !== bytecode.length) throw new Error("the bytecode has something behind its end");
  if (upvalues !== main.upvalues.length) throw new Error("the bytecode has another number of upvalues for its main function");
  return main;
}
