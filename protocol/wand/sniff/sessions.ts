// Sessions overheard: with the key, what is sealed in them can be read.

import { errorText } from "../../../hal/fault-texts";
import { getU16, getU32 } from "../../integers";
import { Wire } from "../../limits";
import { nameOf, OPERATION_NAMES, ROLE_NAMES } from "../../names";
import { Command, Role } from "../../service";
import { open, patientKey } from "../cipher";
import { hexText } from "../core/bytes";
import { Direction, isProof, messageNonce, sessionKeys } from "../core/session";
import type { SessionKeys } from "../core/session";
import type { KeyFile } from "../library/key-file";
import { restrictedFields } from "./spec";

/** What a sealed message says. */
export interface Unsealed {
  readonly text: string;
  readonly operation: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

interface Hello {
  readonly role: Role;
  readonly nonce: Uint8Array;
}

/** A patient's messages can be read with the clinician's key, which the patient's is made from, and not the other way round. */
function roleKey({ role, key }: KeyFile, wanted: Role): Uint8Array | undefined {
  if (role === wanted) return key;
  return role === Role.clinician && wanted === Role.patient ? patientKey(key) : undefined;
}

const sessions_max = 64;

/** Follows handshakes and opens what is sealed under them. */
export class Sessions {
  readonly #key: KeyFile;
  readonly #hellos = new Map<string, Hello>();
  readonly #sessions = new Map<number, SessionKeys>();

  constructor(key: KeyFile) {
    this.#key = key;
  }

  /** A packet of the pump's service; gives what a sealed message says, or what is to say about a handshake. */
  hear(device: readonly number[], command: boolean, code: number, data: readonly number[]): Unsealed | undefined {
    if (code === Command.hello && command && data.length === 3 + Wire.nonce) this.#hello(device, data);
    else if (code === Command.hello && data.length === 4 + Wire.nonce + Wire.tag) return this.#answer(device, data);
    else if (code === Command.exec && data.length >= Wire.sealed_head + Wire.tag) return this.#message(command ? Direction.to_pump : Direction.from_pump, data);
    return undefined;
  }

  #hello(device: readonly number[], data: readonly number[]): void {
    this.#hellos.set(hexText(device), { role: data[2] ?? 0, nonce: Uint8Array.from(data.slice(3)) });
  }

  #answer(device: readonly number[], data: readonly number[]): Unsealed | undefined {
    const hello = this.#hellos.get(hexText(device));
    const key = hello === undefined ? undefined : roleKey(this.#key, hello.role);
    if (hello === undefined || key === undefined) return undefined;
    const keys = sessionKeys(key, { role: hello.role, session: getU32(data, 0), device, wand_nonce: hello.nonce, pump_nonce: Uint8Array.from(data.slice(4, 4 + Wire.nonce)) });
    if (!isProof(keys, data.slice(4 + Wire.nonce))) return { text: "the proof is not good for this key", operation: "hello", fields: { proof_good: false } };
    if (this.#sessions.size >= sessions_max) this.#sessions.clear();
    this.#sessions.set(keys.session, keys);
    return { text: `the proof is good; a session as ${nameOf(ROLE_NAMES, hello.role)}`, operation: "hello", fields: { proof_good: true, role: nameOf(ROLE_NAMES, hello.role) } };
  }

  #message(direction: Direction, data: readonly number[]): Unsealed | undefined {
    const [session, number] = [getU32(data, 0), getU32(data, 4)];
    const keys = this.#sessions.get(session);
    if (keys === undefined) return undefined;
    const key = direction === Direction.to_pump ? keys.to_pump : keys.from_pump;
    const message = open(key, messageNonce(direction, session, number), Uint8Array.from(data.slice(Wire.sealed_head)));
    if (message === undefined) return { text: "the seal is not good", operation: "", fields: { seal_good: false } };
    return direction === Direction.to_pump ? request(Array.from(message)) : answer(Array.from(message));
  }
}

function request(message: readonly number[]): Unsealed | undefined {
  if (message.length < Wire.request_head) return undefined;
  const op = getU16(message, Wire.request_head - 2);
  const { text, fields } = restrictedFields(op, true, Uint8Array.from(message.slice(Wire.request_head)));
  const op_id = hexText(message.slice(0, Wire.request_head - 2).reverse());
  return { text: `${nameOf(OPERATION_NAMES, op)}${text} (id ${op_id})`, operation: nameOf(OPERATION_NAMES, op), fields: { op, op_id, ...fields } };
}

function answer(message: readonly number[]): Unsealed | undefined {
  if (message.length < Wire.answer_head) return undefined;
  const [op, fault] = [getU16(message, 0), getU16(message, 2)];
  const name = nameOf(OPERATION_NAMES, op);
  if (fault !== 0) return { text: `${name} refused: ${errorText(fault).name} (${fault})`, operation: name, fields: { op, fault, fault_name: errorText(fault).name } };
  const { text, fields } = restrictedFields(op, false, Uint8Array.from(message.slice(Wire.answer_head)));
  return { text: `${name} done${text}`, operation: name, fields: { op, fault, ...fields } };
}
