// A session's keys: derived from both nonces, one for each direction.

import { CipherSize } from "../../../hal/cipher";
import { Wire } from "../../limits";
import type { Role } from "../../service";
import { hkdf, open, seal } from "../cipher";
import { pushInteger, sameBytes } from "./bytes";

/** Whom a message is for. */
export const enum Direction { to_pump = 1, from_pump = 2 }

/** What both ends know after `hello` and its answer. */
export interface Handshake {
  readonly role: Role;
  /** The session's number, drawn by the pump. */
  readonly session: number;
  /** The pump's device id in this wake, 8 bytes. */
  readonly device: readonly number[];
  readonly wand_nonce: Uint8Array;
  readonly pump_nonce: Uint8Array;
}

/** The keys of a session. They never repeat a nonce: whoever seals counts up, and the nonces of the handshake are fresh. */
export interface SessionKeys extends Handshake {
  readonly to_pump: Uint8Array;
  readonly from_pump: Uint8Array;
}

/** Derives the keys of a session (SESSION.md section 4); `key` is the role's. */
export function sessionKeys(key: Uint8Array, handshake: Handshake): SessionKeys {
  const salt = Uint8Array.of(...handshake.wand_nonce, ...handshake.pump_nonce);
  const derived = (direction: Direction): Uint8Array => {
    const info: number[] = [...new TextEncoder().encode("itb-pump")];
    pushInteger(info, Wire.version, 2);
    info.push(handshake.role);
    pushInteger(info, handshake.session, 4);
    info.push(...handshake.device, direction);
    return hkdf(key, salt, Uint8Array.from(info));
  };
  return { ...handshake, to_pump: derived(Direction.to_pump), from_pump: derived(Direction.from_pump) };
}

/** The nonce of a message: its direction, session and number, so that no two of a key are alike. */
export function messageNonce(direction: Direction, session: number, number: number): Uint8Array {
  const nonce: number[] = [direction];
  pushInteger(nonce, session, 4);
  pushInteger(nonce, number, 4);
  while (nonce.length < CipherSize.nonce) nonce.push(0);
  return Uint8Array.from(nonce);
}

const empty = new Uint8Array(0);

/** Whether `proof` shows that the pump derived the same keys: the tag of an empty message, number 0, from the pump. */
export function isProof(keys: SessionKeys, proof: ArrayLike<number>): boolean {
  return sameBytes(proof, proofOf(keys));
}

/** The proof itself. */
export function proofOf(keys: SessionKeys): Uint8Array {
  return seal(keys.from_pump, messageNonce(Direction.from_pump, keys.session, 0), empty);
}

/** Seals message `number` to the pump. */
export function sealRequest(keys: SessionKeys, number: number, message: Uint8Array): Uint8Array {
  return seal(keys.to_pump, messageNonce(Direction.to_pump, keys.session, number), message);
}

/** Opens the answer to message `number`; undefined if the pump did not seal it so. */
export function openAnswer(keys: SessionKeys, number: number, sealed: Uint8Array): Uint8Array | undefined {
  return open(keys.from_pump, messageNonce(Direction.from_pump, keys.session, number), sealed);
}
