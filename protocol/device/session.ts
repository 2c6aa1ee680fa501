// The secure session, the pump's side: hello, login, numbered sealed messages.

import { CipherSize, KeySlot } from "../../hal/cipher";
import { Index, PacketAt, addPacket, beginFrame, endFrame } from "../frames";
import { copyBytes, getU16, getU32, putU16, putU32 } from "../integers";
import { LinkTime, Wire } from "../limits";
import { Command, Refused, Role } from "../service";
import { INFO, PATIENT } from "./identity";
import { AnswerAt, refuse, report, sendAnswer } from "./send";
import { D, Heard, Key, get, tally } from "./state";
import type { Device } from "./state";

/** Of a message's nonce and of a key's derivation. */
const enum Direction { in = 1, out = 2 }

function setNonce(d: Device, direction: Direction, session: number, number: number): void {
  d.nonce[0] = direction;
  putU32(d.nonce, 1, session);
  putU32(d.nonce, 5, number);
  putU32(d.nonce, 9, 0);
}

/** Where salt and info stand in `out` while a session's keys are made. */
const enum Derive { wand_nonce = 0, pump_nonce = 16, info = 32, direction = 55, salt_count = 32, info_count = 24 }

/** Makes the keys of the session that is being opened; both nonces stand in `out` already. */
function deriveKeys(d: Device, role: Role, session: number): void {
  const { cipher } = d.board;
  const bytes = d.out;
  let at = copyBytes(INFO, 0, bytes, Derive.info, INFO.length);
  at = putU16(bytes, at, Wire.version);
  bytes[at] = role;
  at = putU32(bytes, at + 1, session);
  copyBytes(d.id, 0, bytes, at, Wire.device_id);
  bytes[Derive.direction] = Direction.in;
  cipher.derive(KeySlot.opening_in, KeySlot.role, bytes, Derive.salt_count, Derive.info_count);
  bytes[Derive.direction] = Direction.out;
  cipher.derive(KeySlot.opening_out, KeySlot.role, bytes, Derive.salt_count, Derive.info_count);
}

const enum Hello { version = 0, role = 2, nonce = 3, size = 19, session = 0, pump_nonce = 4, proof = 20, answer = 36 }

/** Why no session can be opened now; 0 if one can. */
function barred(d: Device, now_ms: number, version: number): number {
  if (version !== Wire.version) return Refused.version_unknown;
  if (get(d, D.key) === Key.lost) return Refused.key_lost;
  if (get(d, D.key) === Key.none) return Refused.not_provisioned;
  return now_ms < get(d, D.barred_ms) ? Refused.backing_off : 0;
}

/** Begins a session beside the one that is open, and proves that the pump has the key. `at` is where the packet's data stand. False if it is no hello. */
export function hello(d: Device, now_ms: number, at: number, count: number): boolean {
  const frame = d.unframer.bytes;
  const role = frame[at + Hello.role] ?? 0;
  if (count !== Hello.size || (role !== Role.clinician && role !== Role.patient)) return false;
  const reason = barred(d, now_ms, getU16(frame, at + Hello.version));
  if (reason !== 0) {
    refuse(d, Command.hello, reason, reason === Refused.backing_off ? get(d, D.barred_ms) - now_ms : 0);
    return true;
  }
  const { cipher, entropy } = d.board;
  if (role === Role.clinician) cipher.copy(KeySlot.role, KeySlot.pump);
  else cipher.derive(KeySlot.role, KeySlot.pump, PATIENT, 0, PATIENT.length);
  copyBytes(frame, at + Hello.nonce, d.out, Derive.wand_nonce, Wire.nonce);
  entropy.fill(d.out, Derive.pump_nonce, Wire.nonce);
  // The frame is understood: what comes to stand in it now is the answer.
  copyBytes(d.out, Derive.pump_nonce, frame, Hello.pump_nonce, Wire.nonce);
  entropy.fill(frame, Hello.session, 4);
  if (getU32(frame, Hello.session) === 0) frame[Hello.session] = 1;
  const session = getU32(frame, Hello.session);
  deriveKeys(d, role, session);
  d.n[D.opening] = session;
  d.n[D.opening_role] = role;
  setNonce(d, Direction.out, session, 0);
  cipher.seal(KeySlot.opening_out, d.nonce, frame, Hello.proof, 0);
  report(d, Index.pump, Command.hello, frame, Hello.answer);
  return true;
}

/** Ends whatever session there is. */
export function endSession(d: Device): void {
  d.n[D.session] = 0;
  d.n[D.opening] = 0;
  d.n[D.in_hand] = 0;
  d.n[D.answer_size] = 0;
}

/** Good traffic: the link stays awake. */
function heardGood(d: Device, now_ms: number, number: number): void {
  d.n[D.number] = number;
  d.n[D.in_hand] = 1;
  d.n[D.answer_size] = 0;
  d.n[D.asleep_ms] = now_ms + LinkTime.idle_ms;
}

/** The first message of a session was good: it takes the place of the one before. */
function login(d: Device, now_ms: number): Heard {
  const { cipher } = d.board;
  cipher.copy(KeySlot.open_in, KeySlot.opening_in);
  cipher.copy(KeySlot.open_out, KeySlot.opening_out);
  d.n[D.session] = get(d, D.opening);
  d.n[D.role] = get(d, D.opening_role);
  d.n[D.opening] = 0;
  d.n[D.proven] = 1;
  d.n[D.closing] = 0;
  tally(d, D.logins);
  heardGood(d, now_ms, 1);
  return Heard.login;
}

/** For how long nobody is let in after so many failed logins in a row: 60 s after five, twice as long with each one more, an hour at most. */
export function backOff_ms(d: Device): number {
  let ms: number = LinkTime.backoff_ms_min;
  for (let n: number = LinkTime.failures_max; n < get(d, D.failures) && ms < LinkTime.backoff_ms_max; n++) ms = Math.min(2 * ms, LinkTime.backoff_ms_max);
  return ms;
}

/** It was not: after five in a row nobody is let in for a while, and with each one more for twice as long. */
function loginFailed(d: Device, now_ms: number): Heard {
  d.n[D.opening] = 0;
  tally(d, D.logins_failed);
  tally(d, D.failures);
  if (get(d, D.failures) < LinkTime.failures_max) {
    refuse(d, Command.exec, Refused.login_failed, 0);
    return Heard.nothing;
  }
  d.n[D.barred_ms] = now_ms + backOff_ms(d);
  refuse(d, Command.exec, Refused.login_failed, backOff_ms(d));
  // Each step up is told; what comes at the top is summed up in the next login (LOG-1).
  return get(d, D.failures) <= LinkTime.failures_max + LinkTime.backoff_steps ? Heard.barred : Heard.nothing;
}

/** A sealed message of `count` bytes with its head, at `at` in the frame. */
export function exec(d: Device, now_ms: number, at: number, count: number): Heard {
  const frame = d.unframer.bytes;
  const length = count - Wire.sealed_head - CipherSize.tag;
  if (length < 0) {
    tally(d, D.messages_refused);
    return Heard.nothing;
  }
  const session = getU32(frame, at);
  const number = getU32(frame, at + 4);
  const first = at + Wire.sealed_head;
  d.n[D.message_first] = first;
  d.n[D.message_end] = first + length;
  setNonce(d, Direction.in, session, number);
  if (session !== 0 && session === get(d, D.opening) && number === 1) {
    return d.board.cipher.open(KeySlot.opening_in, d.nonce, frame, first, length) === 1 ? login(d, now_ms) : loginFailed(d, now_ms);
  }
  if (session === 0 || session !== get(d, D.session)) {
    refuse(d, Command.exec, Refused.no_session, 0);
    return Heard.nothing;
  }
  if (number === get(d, D.number)) {
    tally(d, D.repeats);
    if (get(d, D.in_hand) === 0 && get(d, D.answer_size) > 0) sendAnswer(d);
    return Heard.nothing;
  }
  if (number !== get(d, D.number) + 1 || get(d, D.in_hand) === 1 || d.board.cipher.open(KeySlot.open_in, d.nonce, frame, first, length) === 0) {
    tally(d, D.messages_refused);
    return Heard.nothing;
  }
  heardGood(d, now_ms, number);
  return Heard.request;
}

/** A login's failures are told once it succeeds: how many there were. Clears them. */
export function clearFailures(d: Device): number {
  const failures = get(d, D.failures);
  d.n[D.failures] = 0;
  return failures;
}

/** Begins the answer to the message in hand; returns where its fields begin in `answer`. */
export function beginAnswer(d: Device, operation: number, fault: number): number {
  putU16(d.answer, AnswerAt.message, operation);
  return putU16(d.answer, AnswerAt.message + 2, fault);
}

/** Seals the answer that ends at `end`, exclusive, and makes its frame. It is not sent yet. */
export function sealAnswer(d: Device, end: number): void {
  const head = AnswerAt.message - Wire.sealed_head;
  putU32(d.answer, head, get(d, D.session));
  putU32(d.answer, head + 4, get(d, D.number));
  setNonce(d, Direction.out, get(d, D.session), get(d, D.number));
  d.board.cipher.seal(KeySlot.open_out, d.nonce, d.answer, AnswerAt.message, end - AnswerAt.message);
  const size = beginFrame(d.answer, 0, d.id, 0);
  // The data stand where they belong: only the packet's head is missing.
  addPacket(d.answer, size, Index.pump, Command.exec, d.answer, size + PacketAt.data, end + CipherSize.tag - size - PacketAt.data);
  d.n[D.answer_size] = endFrame(d.answer, end + CipherSize.tag);
}
