// Answers: each operation is done at most once, and its answer remembered.

import type { Fault } from "../hal/faults";
import { getU32 } from "../protocol/integers";
import { Wire } from "../protocol/limits";
import type { Op } from "../protocol/operations";
import { Role } from "../protocol/service";
import { at } from "./list";
import { mark } from "./log";
import { Dirty, W } from "./state";
import type { Pump } from "./state";

/**
 * The answers to the last eight recorded operations of each role, by operation id; a ring in `p.answers`, stored in the transaction
 * of what they did (PROG-3). So a command that comes again, over a lost answer, in a new session or after a reset, is not done again.
 */
const enum Ring {
  /** Operations of a role that are kept. */
  entries = 8,
  /** Before them: how many there were, modulo `entries`. */
  head = 1,
  /** An entry: id low, id high, operation (0 if there is none), fault, how many values (0 or 1), value. */
  entry = 6,
  size = head + entries * entry,
}

const enum Entry { id_low = 0, id_high = 1, operation = 2, fault = 3, values = 4, value = 5 }

function ringOf(role: number): number {
  return role === Role.patient ? Ring.size : 0;
}

/** Where the answer to this operation id of this role stands; -1 if it is not known. */
export function findAnswer(p: Pump, role: number, id_low: number, id_high: number): number {
  const ring = ringOf(role) + Ring.head;
  for (let i = ring; i < ring + Ring.entries * Ring.entry; i += Ring.entry) {
    if (at(p.board, p.answers, i + Entry.operation) !== 0 && at(p.board, p.answers, i + Entry.id_low) === id_low
      && at(p.board, p.answers, i + Entry.id_high) === id_high) return i;
  }
  return 0 - 1;
}

/** The operation, fault and value of a remembered answer; the value goes into `reply`, and how many there are is returned. */
export function rememberedOperation(p: Pump, entry: number): number {
  return at(p.board, p.answers, entry + Entry.operation);
}

export function rememberedFault(p: Pump, entry: number): Fault {
  return at(p.board, p.answers, entry + Entry.fault);
}

export function rememberedValues(p: Pump, entry: number): number {
  p.reply[0] = at(p.board, p.answers, entry + Entry.value);
  return at(p.board, p.answers, entry + Entry.values);
}

/** Remembers the answer to the request in hand in the place of the oldest; `reply` holds its `values` values, one at most. */
export function remember(p: Pump, operation: Op, fault: Fault, values: number): void {
  const ring = ringOf(p.w[W.held_role]);
  const next = at(p.board, p.answers, ring);
  const entry = ring + Ring.head + next * Ring.entry;
  p.answers[ring] = next + 1 === Ring.entries ? 0 : next + 1;
  p.answers[entry + Entry.id_low] = p.w[W.id_low];
  p.answers[entry + Entry.id_high] = p.w[W.id_high];
  p.answers[entry + Entry.operation] = operation;
  p.answers[entry + Entry.fault] = fault;
  p.answers[entry + Entry.values] = values;
  p.answers[entry + Entry.value] = values === 0 ? 0 : at(p.board, p.reply, 0);
  mark(p, Dirty.answers);
}

/** Forgets all of them: none were stored, or no good copy is left. */
export function forgetAnswers(p: Pump): void {
  for (let i = 0; i < p.answers.length; i++) p.answers[i] = 0;
}

/** Takes the operation id of a message that begins at `first` of `bytes`. */
export function takeId(p: Pump, bytes: readonly number[], first: number): void {
  p.w[W.id_low] = getU32(bytes, first);
  p.w[W.id_high] = getU32(bytes, first + 4);
}

/** Where the operation stands in a message, after its id. */
export const enum MessageAt { operation = 8, fields = Wire.request_head }
