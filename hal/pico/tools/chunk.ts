// Makes a flash chunk of stripped bytecode: code is laid out to stay in flash.

/** What of a program stays in flash, and how many functions it has. */
export interface Chunk {
  readonly bytes: Uint8Array;
  /** Bytes of code and upvalue descriptors, which no longer take RAM. */
  readonly kept: number;
  readonly functions: number;
}

/** Lua 5.4's header: signature, version, format, marks of damage, sizes of instruction, integer and number, then one of each. */
const HEADER = [0x1b, 0x4c, 0x75, 0x61, 0x54, 0, 0x19, 0x93, 0x0d, 0x0a, 0x1a, 0x0a, 4, 8, 8, 0x78, 0x56, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x28, 0x77, 0x40];

/** `LUA_V...` of constants that stand in bytecode. */
const enum Tag { nil = 0, no = 1, integer = 3, text = 4, yes = 17, float = 19, long_text = 20 }

class Packer {
  readonly out: number[] = [];
  at = HEADER.length;
  kept = 0;
  functions = 0;

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

  copy(count: number): void {
    for (let i = 0; i < count; i++) this.out.push(this.byte());
  }

  skip(count: number): void {
    for (let i = 0; i < count; i++) this.byte();
  }

  /** Copies a size, and gives it. */
  copySize(): number {
    const value = this.size();
    const bytes = [(value % 128) + 128];
    for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) bytes.unshift(rest % 128);
    this.out.push(...bytes);
    return value;
  }

  align(): void {
    while (this.out.length % 4 !== 0) this.out.push(0);
  }

  constant(): void {
    const tag = this.byte();
    this.out.push(tag);
    if (tag === Tag.integer || tag === Tag.float) this.copy(8);
    else if (tag === Tag.text || tag === Tag.long_text) this.copy(Math.max(0, this.copySize() - 1));
    else if (tag !== Tag.nil && tag !== Tag.no && tag !== Tag.yes) throw new Error(`the bytecode has a constant of the unknown tag ${tag}`);
  }

  /** Skips what stripped bytecode has none of: a name, lines, variables. */
  skipDebug(): void {
    this.skip(this.size());
    for (let left = this.size(); left > 0; left--) {
      this.size();
      this.size();
    }
    const names = this.size() + this.size();
    if (names > 0) throw new Error("the bytecode is not stripped");
  }

  function(): void {
    this.functions++;
    this.skip(Math.max(0, this.size() - 1)); // where it comes from
    this.size(); // its first line, and its last
    this.size();
    this.copy(3); // parameters, whether more may come, registers
    const code = this.copySize() * 4;
    this.align();
    this.copy(code);
    for (let left = this.copySize(); left > 0; left--) this.constant();
    const upvalues = this.copySize();
    this.align();
    // As `Upvaldesc` of lobject.h lies in memory: no name, in stack, index, kind.
    for (let i = 0; i < upvalues; i++) {
      this.out.push(0, 0, 0, 0);
      this.copy(3);
      this.out.push(0);
    }
    this.kept += code + upvalues * 8;
    for (let left = this.copySize(); left > 0; left--) this.function();
    this.skipDebug();
  }
}

/** Throws if `bytecode` is not Lua 5.4's with 64-bit integers and doubles, or not stripped. */
export function packChunk(bytecode: Uint8Array): Chunk {
  if (HEADER.some((byte, i) => bytecode[i] !== byte)) throw new Error("not bytecode of Lua 5.4 with 64-bit integers and doubles");
  const packer = new Packer(bytecode);
  packer.copy(1); // upvalues of the main function
  packer.function();
  if (packer.at !== bytecode.length) throw new Error("the bytecode has something behind its end");
  return { bytes: Uint8Array.from(packer.out), kept: packer.kept, functions: packer.functions };
}
