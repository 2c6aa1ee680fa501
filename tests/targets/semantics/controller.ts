// A controller that evaluates one expression of the firmware's subset.

import { Fault } from "../../../hal/faults";
import { Unit } from "../../../hal/units";
import type { Board } from "../../../hal/board";
import type { Controller } from "../../../hal/controller";
import { Alarm, Alarms } from "../../../protocol/alarms";
import { ceilDiv, idiv, imod } from "../../../protocol/integers";

/** The expressions, by number; each takes a and b. */
export const enum Expression {
  divide, modulo, divide_up,
  add, subtract, multiply, negate, floor_of_product, minimum, maximum, absolute,
  and, or, xor, shift_right_unsigned, bit, bit_test, bit_clear, mask_xor,
  less, at_most, equal, ternary_of_zero, nullish, nullish_of_zero, both, either, not,
  index, index_outside, length, push, compound, post_increment, pre_decrement,
  switch_through, loop_break, loop_continue, do_while, nested_closure,
  constant, constant_far, alarm_bit, object_field, optional,
  count,
}

function pick(n: number): number {
  let sum = 0;
  switch (n) {
    case 1: sum += 1; break;
    case 2:
    case 3: sum += 10; break;
    case -1: return 500;
    default: sum += 100;
  }
  return sum;
}

function loops(e: Expression, a: number, b: number): number {
  let n = 0;
  if (e === Expression.do_while) {
    do n += 3; while (n < imod(a, 20));
    return n;
  }
  for (let i = 0; i < 12; i++) {
    if (e === Expression.loop_break && i === imod(b, 9)) break;
    if (e === Expression.loop_continue && i === imod(a, 9)) continue;
    n = n * 2 + i;
  }
  return n;
}

function lists(e: Expression, a: number, b: number): number {
  const list = [a, b, a - b, 0];
  switch (e) {
    case Expression.index: return (list[2] ?? 7) + (list[imod(b, 3)] ?? 7);
    case Expression.index_outside: return (list[4] ?? 7) + (list[imod(b, 3) + 4] ?? 7);
    case Expression.length: return list.length;
    case Expression.push: return list.push(a) * 10 + list.length + (list[4] ?? 0);
    case Expression.compound: list[1] = (list[1] ?? 0) + 5; list[3] = a; return (list[1] ?? 0) - (list[3] ?? 0);
    default: return 0 - (list[0] ?? 0);
  }
}

function bits(e: Expression, a: number, b: number): number {
  const n = imod(b, 31);
  switch (e) {
    case Expression.and: return a & b;
    case Expression.or: return a | b;
    case Expression.xor: return a ^ b;
    case Expression.shift_right_unsigned: return a >>> n;
    case Expression.bit: return 1 << n;
    case Expression.bit_test: return (a & (1 << n)) !== 0 ? 1 : 0;
    case Expression.bit_clear: return (a & (1 << n)) !== 0 ? a - (1 << n) : a;
    default: return ((a ^ b) & 0xffff) >>> 0;
  }
}

function logic(e: Expression, a: number, b: number): number {
  const absent: number | undefined = a > b ? undefined : a;
  const box: { readonly held: number | undefined } | undefined = a > b ? undefined : { held: b };
  switch (e) {
    case Expression.less: return a < b ? 1 : 0;
    case Expression.at_most: return a <= b ? 1 : 0;
    case Expression.equal: return a === b ? 1 : 0;
    case Expression.ternary_of_zero: return a > b ? 0 : a;
    case Expression.nullish: return absent ?? b;
    case Expression.nullish_of_zero: return (absent ?? 0) + (box?.held ?? 3);
    case Expression.both: return a > 3 && b > 3 ? 1 : 0;
    case Expression.either: return a > 3 || b > 3 ? 1 : 0;
    case Expression.not: return !(a === 0) ? 1 : 0;
    default: return box?.held ?? 11;
  }
}

function arithmetic(e: Expression, a: number, b: number): number {
  let n = a;
  switch (e) {
    case Expression.divide: return idiv(a, b + 1);
    case Expression.modulo: return imod(a, b + 1);
    case Expression.divide_up: return ceilDiv(a, b + 1);
    case Expression.add: return a + b;
    case Expression.subtract: return a - b;
    case Expression.multiply: return imod(a, 94_906_265) * imod(b, 94_906_265);
    case Expression.negate: return 0 - a;
    case Expression.floor_of_product: return Math.floor(a * 3);
    case Expression.minimum: return Math.min(a, b);
    case Expression.maximum: return Math.max(a, b);
    case Expression.absolute: return Math.abs(a - b);
    case Expression.post_increment: return n++ * 2 - n;
    default: return --n * 2 - n;
  }
}

function rest(e: Expression, a: number, b: number): number {
  const held = { x: a, y: { z: b } };
  let count = 0;
  const step = (n: number): void => { count += n; };
  switch (e) {
    case Expression.switch_through: return pick(imod(a, 5)) + pick(0 - imod(b, 2));
    case Expression.nested_closure: step(a); step(b); return count;
    case Expression.constant: return Unit.ms_per_day - Fault.storage_damaged;
    case Expression.constant_far: return a > Unit.ms_per_day ? Unit.pL_per_nL : Alarms.last;
    case Expression.alarm_bit: return (1 << Alarm.titration_ended) | (1 << Alarm.drive_cut);
    default: held.y.z += 2; held.x = held.y.z - 1; return held.x;
  }
}

/** The value of expression `e` for integers from 0 up. */
export function evaluate(e: Expression, a: number, b: number): number {
  if (e < Expression.and && e >= Expression.divide) return arithmetic(e, a, b);
  if (e < Expression.less) return bits(e, a, b);
  if (e < Expression.index || e === Expression.optional) return logic(e, a, b);
  if (e < Expression.post_increment) return lists(e, a, b);
  if (e < Expression.switch_through) return arithmetic(e, a, b);
  if (e === Expression.loop_break || e === Expression.loop_continue || e === Expression.do_while) return loops(e, a, b);
  return rest(e, a, b);
}

/** Stores the value of the expression whose number is an event's source. */
export function createController(this: void, board: Board): Controller {
  const reply = [0];
  return {
    boot: (now_ms) => now_ms + 1,
    wake: (now_ms) => now_ms + 1,
    event: (now_ms, operation, a, b) => {
      reply[0] = evaluate(operation as number, a, b);
      board.storage.put(Fault.ok, reply, 0, 1);
      return now_ms + 1;
    },
    received: (now_ms) => now_ms + 1,
  };
}
