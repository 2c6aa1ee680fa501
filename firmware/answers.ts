// Answers: each operation is done at most once, and its answer remembered.

import { getU32, idiv, imod } from "../protocol/integers";
import { Wire } from "../protocol/limits";
import { Role } from "../protocol/service";
import { at } from "./list";
import { mark } from "./log";
import { put } from "./region";
import { C, Dirty, W } from "./state";
import type { Fault } from "../hal/faults";
import type { Op } from "../protocol/operations";
import type { Pump } from "./state";

/**
 * The answers to the last eight recorded operations of each role, by operation id; in `p.answers`, stored in the transaction
 * of what they did (PROG-3). So a command that comes again, over a lost answer, in a new session or after a reset, is not done again.
 */
const enum Ring {
  /** Operations of a role that are kept. */
  entries = 8,
  entry = 4,
  size = entries * entry,
}

/** An entry; `packed` is 0 if there is none. */
const enum Entry { id_low = 0, id_high = 1, packed = 2, value = 3 }

/** How the third number of an entry is made: ((turn x 65 536 + operation) x 1024 + fault) x 2 + how many values, 0 or 1: below 2^46. */
const enum Pack { values = 2, fault = 1024, operation = 65_536, turns = 524_288 }

function ringOf(role: number): number {
  return role === Role.patient ? Ring.size : 0;
}

function packedAt(p: Pump, entry: number): number {
  return at(p.board, p.answers, entry + Entry.packed);
}

function turnOf(p: Pump, entry: number): number {
  return idiv(packedAt(p, entry), Pack.values * Pack.fault * Pack.operation);
}

/** Where the answer to this operation id of this role stands; -1 if it is not known. */
export function findAnswer(p: Pump, role: number, id_low: number, id_high: number): number {
  const ring = ringOf(role);
  for (let i = ring; i < ring + Ring.size; i += Ring.entry) {
    if (packedAt(p, i) !== 0 && at(p.board, p.answers, i + Entry.id_low) === id_low && at(p.board, p.answers, i + Entry.id_high) === id_high) return i;
  }
  return 0 - 1;
}

/** Of a remembered answer: its operation. */
export function rememberedOperation(p: Pump, entry: number): number {
  return imod(idiv(packedAt(p, entry), Pack.values * Pack.fault), Pack.operation);
}

/** Its fault. */
export function rememberedFault(p: Pump, entry: number): Fault {
  return imod(idiv(packedAt(p, entry), Pack.values), Pack.fault);
}

/** Its values: into `reply`; returns how many there are. */
export function rememberedValues(p: Pump, entry: number): number {
  p.reply[0] = at(p.board, p.answers, entry + Entry.value);
  return imod(packedAt(p, entry), Pack.values);
}

/** Puts what is known of the operation done last into its role's ring, in the place of the oldest. */
function keep(p: Pump): void {
  const ring = ringOf(p.c[C.done_role]);
  let oldest = ring;
  let newest = ring;
  for (let i = ring; i < ring + Ring.size; i += Ring.entry) {
    if (turnOf(p, i) < turnOf(p, oldest)) oldest = i;
    if (turnOf(p, i) > turnOf(p, newest)) newest = i;
  }
  const turn = turnOf(p, newest) + 1;
  // After half a million operations all begin anew: what is remembered then is forgotten.
  if (turn === Pack.turns) forgetAnswers(p);
  p.answers[oldest + Entry.id_low] = p.c[C.done_id_low];
  p.answers[oldest + Entry.id_high] = p.c[C.done_id_high];
  p.answers[oldest + Entry.packed] = (turn === Pack.turns ? 1 : turn) * Pack.operation * Pack.fault * Pack.values + p.c[C.done_packed];
  p.answers[oldest + Entry.value] = p.c[C.done_value];
  mark(p, Dirty.answers);
}

/**
 * Remembers the answer to the request in hand; `reply` holds its `values` values, one at most. It also stands in the region: what was done
 * survives a warm reset there, and so must the knowledge that it was done, also when storage did not take it.
 */
export function remember(p: Pump, operation: Op, fault: Fault, values: number): void {
  put(p, C.done_role, p.w[W.held_role]);
  put(p, C.done_id_low, p.w[W.id_low]);
  put(p, C.done_id_high, p.w[W.id_high]);
  put(p, C.done_packed, (operation * Pack.fault + fault) * Pack.values + values);
  put(p, C.done_value, values === 0 ? 0 : at(p.board, p.reply, 0));
  keep(p);
}

/** After a reset: what the region knows and storage does not. */
export function recallAnswer(p: Pump): void {
  if (p.c[C.done_packed] !== 0 && findAnswer(p, p.c[C.done_role], p.c[C.done_id_low], p.c[C.done_id_high]) < 0) keep(p);
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
