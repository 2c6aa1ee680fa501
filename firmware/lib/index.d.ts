// The firmware's standard library: what means the same in Node and in Lua.

/*
 * firmware/tsconfig.json asks for lib ES5 with libReplacement, so TypeScript takes this file in place of its own. A name
 * that is not here does not exist for the firmware: Date, JSON, Map, Set, typed arrays, Promise, RegExp, Object.keys, sort,
 * toString, Math.random and the rest are compile errors. To widen it, first show in tests/targets/semantics.test.ts that
 * the addition gives the same result on both targets.
 */

interface Math {
  /** Gives an integer in Lua too. */
  floor(x: number): number;
  abs(x: number): number;
  min(a: number, b: number): number;
  max(a: number, b: number): number;
}
declare const Math: Math;

/** Dense and append-only: `length` counts to the first hole in Lua. Index loops cost half of for-of there. */
interface Array<T> {
  readonly length: number;
  [index: number]: T;
  push(item: T): number;
}

interface ReadonlyArray<T> {
  readonly length: number;
  readonly [index: number]: T;
}

type Readonly<T> = { readonly [P in keyof T]: T[P] };
type Exclude<T, U> = T extends U ? never : T;
type Extract<T, U> = T extends U ? T : never;
type NonNullable<T> = T & {};

/** Marks a name that TypeScript knows but that differs between the targets. */
interface NotInFirmware { readonly not_in_firmware: unique symbol }
declare const NaN: NotInFirmware;
declare const Infinity: NotInFirmware;
/** Indexing through it is from 1 in Lua. */
type ArrayLike<T> = NotInFirmware & { readonly never: T };

// Types the compiler itself must find. They have no members here: no text is made or read in the firmware.
interface Boolean { readonly valueOf: NotInFirmware }
interface CallableFunction extends Function { readonly call: NotInFirmware }
interface Function { readonly prototype: NotInFirmware }
interface IArguments { readonly callee: NotInFirmware }
interface NewableFunction extends Function { readonly call: NotInFirmware }
interface Number { readonly valueOf: NotInFirmware }
interface Object { readonly constructor: NotInFirmware }
interface RegExp { readonly source: NotInFirmware }
interface String { readonly length: number }
