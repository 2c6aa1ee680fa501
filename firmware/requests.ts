// Requests: from the bytes of the link to an operation, and its one answer.

import { KeySlot, CipherSize } from "../hal/cipher";
import { Fault } from "../hal/faults";
import { readFieldsUpTo } from "../protocol/fields";
import { getU16, getU32 } from "../protocol/integers";
import { Wire } from "../protocol/limits";
import { Op, Ops } from "../protocol/operations";
import { RecordKind } from "../protocol/records";
import { Command, Refused, Role } from "../protocol/service";
import { close, device_ms, runDevice } from "../protocol/device/power";
import { receive } from "../protocol/device/receive";
import { refuse, report, sendChanged } from "../protocol/device/send";
import { backOff_ms, clearFailures, endSession } from "../protocol/device/session";
import { D, Heard, Key, get } from "../protocol/device/state";
import { Index } from "../protocol/frames";
import { MessageAt, findAnswer, remember, rememberedFault, rememberedOperation, rememberedValues, takeId } from "./answers";
import { at } from "./list";
import { record } from "./log";
import { When, operations } from "./operations";
import { checkRegion } from "./recovery";
import { put } from "./region";
import { reply } from "./reply";
import { C, Dirty, Length, Part, Region, W } from "./state";
import { turnBoluses } from "./timed";
import type { Operation } from "./operations";
import type { Pump } from "./state";

function rowOf(op: number): Operation | undefined {
  return op < Ops.first || op > Ops.last ? undefined : operations[op - Ops.first];
}

/** Records the request in hand, remembers its answer and gives it. */
function conclude(p: Pump, op: number, fault: Fault, layout: number, values: number): void {
  record(p, RecordKind.operation, op, fault, p.w[W.held_count] > 0 ? at(p.board, p.args, 0) : 0);
  remember(p, op, fault, values);
  reply(p, op, fault, layout, values, p.w[W.posted] + 1);
}

/** Does what is asked, or refuses it: one answer, one record. */
function perform(p: Pump, op: number, row: Operation): void {
  p.w[W.held] = 0;
  const fault = row.check(p);
  conclude(p, op, fault, row.answer, fault === Fault.ok ? row.apply(p) : 0);
}

/** Refuses what changes nothing by being refused: on record, at once. */
function refuseNow(p: Pump, op: number, fault: Fault): void {
  record(p, RecordKind.operation, op, fault, 0);
  reply(p, op, fault, 0, 0, 0);
}

/** A request that changes nothing that lasts: answered at once, recorded only if it is refused. */
function read(p: Pump, op: number, row: Operation, fault: Fault): void {
  if (fault !== Fault.ok) {
    refuseNow(p, op, fault);
  } else if (op === Op.log) {
    row.apply(p); // its records do not pass through `reply`
  } else {
    reply(p, op, fault, row.answer, row.apply(p), 0);
    if (op === Op.close) close(p.d, p.w[W.now_ms]);
  }
}

/** Answers as before, once what the answer tells is durable: it may have been done in this very entry. */
function answerAgain(p: Pump, entry: number): void {
  const op = rememberedOperation(p, entry);
  const awaited = (p.w[W.dirty] & Dirty.answers) === 0 ? p.w[W.posted] : p.w[W.posted] + 1;
  reply(p, op, rememberedFault(p, entry), rowOf(op)?.answer ?? 0, rememberedValues(p, entry), awaited);
}

/** Takes up the request of the message in hand, whose fields stand at `first` to `end` of the frame. */
function takeUp(p: Pump, op: number, row: Operation, first: number, end: number): void {
  const count = readFieldsUpTo(row.request, p.d.unframer.bytes, first, end, p.args, Length.args);
  p.w[W.held_count] = Math.max(0, count);
  let fault = count < 0 ? Fault.malformed : Fault.ok;
  if (get(p.d, D.role) === Role.patient && row.patient === 0) fault = Fault.not_permitted;
  if (row.when === When.reading) read(p, op, row, fault === Fault.ok ? row.check(p) : fault);
  else if (fault !== Fault.ok) conclude(p, op, fault, 0, 0);
  else if (row.when === When.at_boundary && p.c[C.in_flight] === 1) p.w[W.held] = op;
  else perform(p, op, row);
}

/**
 * A message while a request of the session before waits for its pulse boundary. The same request again, in a new session, waits on there; anything else is told to come
 * again, since its values would stand where those of the one that waits do.
 */
function takeWhileHeld(p: Pump, op: number, first: number): void {
  const frame = p.d.unframer.bytes;
  const waiting = p.w[W.held_session];
  p.w[W.held_session] = get(p.d, D.session);
  if (get(p.d, D.role) === p.w[W.held_role] && getU32(frame, first) === p.w[W.id_low] && getU32(frame, first + 4) === p.w[W.id_high]) return;
  refuseNow(p, op, Fault.busy);
  p.w[W.held_session] = waiting;
}

/** The message in hand: refused, answered from memory, or taken up. */
function takeMessage(p: Pump): void {
  const first = get(p.d, D.message_first);
  const end = get(p.d, D.message_end);
  const frame = p.d.unframer.bytes;
  checkRegion(p, Region.hot_end, C.size);
  p.w[W.awaited] = 0; // an answer that waits is one of a session that has ended
  const whole = end - first >= Wire.request_head;
  const op = whole ? getU16(frame, first + MessageAt.operation) : 0;
  if (p.w[W.held] !== 0) {
    takeWhileHeld(p, op, first);
    return;
  }
  p.w[W.held_session] = get(p.d, D.session);
  p.w[W.held_role] = get(p.d, D.role);
  p.w[W.held_count] = 0;
  if (!whole) {
    refuseNow(p, 0, Fault.malformed);
    return;
  }
  const row = rowOf(op);
  takeId(p, frame, first);
  const entry = findAnswer(p, p.w[W.held_role], p.w[W.id_low], p.w[W.id_high]);
  if (entry >= 0) answerAgain(p, entry);
  else if (row === undefined) conclude(p, op, Fault.unknown_operation, 0, 0);
  else takeUp(p, op, row, first + MessageAt.fields, end);
}

/** A key for a pump that had none: stored, in force at once, answered when it is durable. */
function takeKey(p: Pump): void {
  const { cipher, storage } = p.board;
  cipher.load(KeySlot.pump, p.d.unframer.bytes, get(p.d, D.message_first));
  storage.put(Part.key, p.d.unframer.bytes, get(p.d, D.message_first), CipherSize.key);
  p.d.n[D.key] = Key.loaded;
  record(p, RecordKind.provisioned, 0, 0, 0);
  p.w[W.key_waits] = p.w[W.posted] + 1;
  for (let i = 0; i < CipherSize.key; i++) p.d.unframer.bytes[get(p.d, D.message_first) + i] = 0; // it stays in its slot alone
}

/** A transaction has ended with `fault`: says that the key is durable, or that the pump has none after all. */
export function releaseKey(p: Pump, fault: Fault): void {
  if (p.w[W.key_waits] === 0 || p.w[W.ended] < p.w[W.key_waits]) return;
  p.w[W.key_waits] = 0;
  if (fault === Fault.ok) {
    report(p.d, Index.pump, Command.provision, p.d.nonce, 0);
  } else {
    endSession(p.d);
    p.d.n[D.key] = Key.none;
    refuse(p.d, Command.provision, Refused.not_stored, 0);
  }
}

function heed(p: Pump, heard: Heard): void {
  switch (heard) {
    case Heard.login:
      record(p, RecordKind.login, get(p.d, D.role), clearFailures(p.d), 0);
      takeMessage(p);
      break;
    case Heard.request:
      takeMessage(p);
      break;
    case Heard.key:
      takeKey(p);
      break;
    case Heard.barred:
      record(p, RecordKind.logins_refused, get(p.d, D.failures), backOff_ms(p.d), 0);
      break;
    case Heard.nothing:
      break;
  }
}

/** Bytes from the line. */
export function received(p: Pump, bytes: readonly number[], count: number): void {
  for (let i = 0; i < count; i++) heed(p, receive(p.d, p.w[W.now_ms], at(p.board, bytes, i)));
}

/** Performs the held request, if there is one and this is a pulse boundary. A bolus that is complete at it has ended before. */
export function runHeld(p: Pump): void {
  if (p.w[W.held] === 0 || p.c[C.in_flight] === 1) return;
  turnBoluses(p);
  const row = rowOf(p.w[W.held]);
  if (row !== undefined) perform(p, p.w[W.held], row);
}

/** What the link does by the clock, and what it owes: announcements, sleep, the hint that alarms have changed, the charge. */
export function runLink(p: Pump): void {
  if (p.w[W.hint] === 1) {
    p.w[W.hint] = 0;
    sendChanged(p.d);
  }
  runDevice(p.d, p.w[W.now_ms]);
  const spent_ms = get(p.d, D.spent_ms);
  if (spent_ms === 0) return;
  p.d.n[D.spent_ms] = 0;
  put(p, C.link_ms, p.c[C.link_ms] + spent_ms);
}

/** When the link must be looked at next; 0 while it sleeps. */
export function link_ms(p: Pump): number {
  return device_ms(p.d);
}
