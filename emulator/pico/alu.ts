// Arithmetic of the Thumb instructions on registers, with its four flags.

import { Kind } from "./decode";

/** N, Z, C and V, each 0 or 1. */
export interface Flags { n: number; z: number; c: number; v: number }

/** Takes the flags over from rp2040js's core. */
export function flagsOf(core: { readonly N: boolean; readonly Z: boolean; readonly C: boolean; readonly V: boolean }, into: Flags): void {
  into.n = core.N ? 1 : 0;
  into.z = core.Z ? 1 : 0;
  into.c = core.C ? 1 : 0;
  into.v = core.V ? 1 : 0;
}

/** The manual's AddWithCarry: all of it goes by way of this, subtraction too. */
function sum(a: number, b: number, carry: number, flags: Flags): number {
  const result = (a + b + carry) | 0;
  // Out of bit 31 of an unsigned sum, in whole 32 bits: where both had it, or one had it and the sum has not.
  flags.c = ((a & b) | ((a | b) & ~result)) >>> 31;
  flags.v = ((a ^ result) & (b ^ result)) >>> 31;
  flags.n = result >>> 31;
  flags.z = result === 0 ? 1 : 0;
  return result;
}

/** N and Z alone. */
function logic(result: number, flags: Flags): number {
  flags.n = result >>> 31;
  flags.z = result === 0 ? 1 : 0;
  return result;
}

/** LSL by 0 to 255: by 0 the carry stays, by 32 it is bit 0, beyond it is 0. */
function left(value: number, by: number, flags: Flags): number {
  if (by === 0) return logic(value, flags);
  flags.c = by > 32 ? 0 : (value >>> (32 - by)) & 1;
  return logic(by > 31 ? 0 : value << by, flags);
}

function right(value: number, by: number, flags: Flags): number {
  if (by === 0) return logic(value, flags);
  flags.c = by > 32 ? 0 : (value >>> (by - 1)) & 1;
  return logic(by > 31 ? 0 : (value >>> by) | 0, flags);
}

function rightSigned(value: number, by: number, flags: Flags): number {
  if (by === 0) return logic(value, flags);
  flags.c = by > 31 ? value >>> 31 : (value >>> (by - 1)) & 1;
  return logic(value >> Math.min(by, 31), flags);
}

function turn(value: number, by: number, flags: Flags): number {
  if (by === 0) return logic(value, flags);
  const part = by & 31;
  const result = part === 0 ? value : (value >>> part) | (value << (32 - part));
  flags.c = result >>> 31;
  return logic(result, flags);
}

function reversed(kind: Kind, value: number): number {
  const swapped = ((value & 0xff00ff) << 8) | ((value >>> 8) & 0xff00ff);
  if (kind === Kind.rev) return (swapped << 16) | (swapped >>> 16);
  return kind === Kind.rev16 ? swapped : (swapped << 16) >> 16;
}

/** One instruction of the kinds up to `Kind.last_data`. The program counter already stands behind it. */
export function alu(kind: Kind, code: number, r: Int32Array, flags: Flags): void {
  const to = code & 7;
  const from = r[(code >> 3) & 7]!;
  if (kind >= Kind.and && kind <= Kind.mvn) {
    pair(kind, to, from, r, flags);
    return;
  }
  const three = (code >> 6) & 7;
  const five = (code >> 6) & 31;
  const wide = (code >> 8) & 7;
  const eight = code & 255;
  switch (kind) {
    case Kind.lsl_immediate: r[to] = left(from, five, flags); break;
    case Kind.lsr_immediate: r[to] = right(from, five === 0 ? 32 : five, flags); break;
    case Kind.asr_immediate: r[to] = rightSigned(from, five === 0 ? 32 : five, flags); break;
    case Kind.add_register: r[to] = sum(from, r[three]!, 0, flags); break;
    case Kind.sub_register: r[to] = sum(from, ~r[three]!, 1, flags); break;
    case Kind.add_3: r[to] = sum(from, three, 0, flags); break;
    case Kind.sub_3: r[to] = sum(from, ~three, 1, flags); break;
    case Kind.mov_8: r[wide] = logic(eight, flags); break;
    case Kind.cmp_8: sum(r[wide]!, ~eight, 1, flags); break;
    case Kind.add_8: r[wide] = sum(r[wide]!, eight, 0, flags); break;
    case Kind.sub_8: r[wide] = sum(r[wide]!, ~eight, 1, flags); break;
    case Kind.cmp_high: sum(r[((code & 0x80) >> 4) | to]!, ~r[(code >> 3) & 15]!, 1, flags); break;
    case Kind.adr: r[wide] = ((r[15]! + 2) & ~3) + (eight << 2); break;
    case Kind.add_sp_to: r[wide] = r[13]! + (eight << 2); break;
    case Kind.add_sp: r[13] = r[13]! + ((code & 127) << 2); break;
    case Kind.sub_sp: r[13] = r[13]! - ((code & 127) << 2); break;
    case Kind.sxth: r[to] = (from << 16) >> 16; break;
    case Kind.sxtb: r[to] = (from << 24) >> 24; break;
    case Kind.uxth: r[to] = from & 0xffff; break;
    case Kind.uxtb: r[to] = from & 0xff; break;
    default: r[to] = reversed(kind, from); break;
  }
}

/** The sixteen operations of a low register with another. */
function pair(kind: Kind, to: number, from: number, r: Int32Array, flags: Flags): void {
  const value = r[to]!;
  switch (kind) {
    case Kind.and: r[to] = logic(value & from, flags); break;
    case Kind.eor: r[to] = logic(value ^ from, flags); break;
    case Kind.lsl: r[to] = left(value, from & 255, flags); break;
    case Kind.lsr: r[to] = right(value, from & 255, flags); break;
    case Kind.asr: r[to] = rightSigned(value, from & 255, flags); break;
    case Kind.adc: r[to] = sum(value, from, flags.c, flags); break;
    case Kind.sbc: r[to] = sum(value, ~from, flags.c, flags); break;
    case Kind.ror: r[to] = turn(value, from & 255, flags); break;
    case Kind.tst: logic(value & from, flags); break;
    case Kind.rsb: r[to] = sum(0, ~from, 1, flags); break;
    case Kind.cmp: sum(value, ~from, 1, flags); break;
    case Kind.cmn: sum(value, from, 0, flags); break;
    case Kind.orr: r[to] = logic(value | from, flags); break;
    case Kind.mul: r[to] = logic(Math.imul(value, from), flags); break;
    case Kind.bic: r[to] = logic(value & ~from, flags); break;
    default: r[to] = logic(~from, flags); break;
  }
}
