// The cipher in software: HKDF-SHA-256 and AES-256-CCM by Node's library.

import { createCipheriv, createDecipheriv, createHmac } from "node:crypto";
import { CipherSize, KeySlot } from "../../hal/cipher";
import type { Cipher } from "../../hal/cipher";

const hash_size = 32;

function hmac(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const made = createHmac("sha256", key);
  for (const each of parts) made.update(each);
  return made.digest();
}

/** HKDF with SHA-256 (RFC 5869): `count` bytes, 32 unless told, at most 8160. No salt is a salt of nothing. */
export function hkdf(key: Uint8Array, salt: Uint8Array, info: Uint8Array, count: number = CipherSize.key): Uint8Array {
  if (count > 255 * hash_size) throw new RangeError(`HKDF gives at most ${255 * hash_size} bytes, not ${count}`);
  const extracted = hmac(salt, key);
  const out = new Uint8Array(Math.ceil(count / hash_size) * hash_size);
  let block: Uint8Array = new Uint8Array(0);
  for (let i = 0; i * hash_size < count; i += 1) {
    block = hmac(extracted, block, info, Uint8Array.of(i + 1));
    out.set(block, i * hash_size);
  }
  return out.subarray(0, count);
}

/** How AES-CCM is used; the session's sizes unless told, others for published vectors only. */
export interface Sealing {
  readonly tag_size?: number;
  readonly additional?: Uint8Array;
}

function algorithmOf(key: Uint8Array): "aes-128-ccm" | "aes-256-ccm" {
  if (key.length === 16) return "aes-128-ccm";
  if (key.length === CipherSize.key) return "aes-256-ccm";
  throw new RangeError(`AES-CCM takes a key of 16 or 32 bytes, not ${key.length}`);
}

/** AES-CCM (RFC 3610): the message encrypted, its tag after it. */
export function seal(key: Uint8Array, nonce: Uint8Array, message: Uint8Array, { tag_size = CipherSize.tag, additional }: Sealing = {}): Uint8Array {
  const cipher = createCipheriv(algorithmOf(key), key, nonce, { authTagLength: tag_size });
  if (additional !== undefined) cipher.setAAD(additional, { plaintextLength: message.length });
  const out = new Uint8Array(message.length + tag_size);
  out.set(cipher.update(message));
  cipher.final();
  out.set(cipher.getAuthTag(), message.length);
  return out;
}

/** The way back: the message, or undefined if this is not what `seal` made with that key and nonce. */
export function open(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array, { tag_size = CipherSize.tag, additional }: Sealing = {}): Uint8Array | undefined {
  const count = sealed.length - tag_size;
  if (count < 0) return undefined;
  const decipher = createDecipheriv(algorithmOf(key), key, nonce, { authTagLength: tag_size });
  decipher.setAuthTag(sealed.subarray(count));
  if (additional !== undefined) decipher.setAAD(additional, { plaintextLength: count });
  try {
    // Where a message is empty, `final` is what looks at the tag.
    const message = Uint8Array.from(decipher.update(sealed.subarray(0, count)));
    decipher.final();
    return message;
  } catch {
    return undefined;
  }
}

const none = new Uint8Array(0);

/** A patient's key, made from the pump's: it opens a session of the patient's role and tells nothing of the key it was made from (SESSION.md). */
export function patientKey(key: Uint8Array): Uint8Array {
  return hkdf(key, none, new TextEncoder().encode("itb-pump patient"));
}

/** hal's cipher with its slots. Throws where the contract of hal/cipher.ts is broken: an empty slot, a range outside the bytes. */
export class SoftCipher implements Cipher {
  readonly #slots: (Uint8Array | undefined)[] = [];

  #key(slot: KeySlot): Uint8Array {
    const key = this.#slots[slot];
    if (key === undefined) throw new Error(`cipher: key slot ${slot} is empty`);
    return key;
  }

  /** A reset of the board: all slots are empty. */
  clear(): void {
    this.#slots.length = 0;
  }

  #put(slot: KeySlot, key: Uint8Array): void {
    if (slot < 0 || slot >= KeySlot.count) throw new Error(`cipher: there is no key slot ${slot}`);
    this.#slots[slot] = key;
  }

  readonly load = (slot: KeySlot, bytes: readonly number[], first: number): void => {
    this.#put(slot, part(bytes, first, CipherSize.key));
  };

  readonly derive = (into: KeySlot, from: KeySlot, bytes: readonly number[], salt_count: number, info_count: number): void => {
    this.#put(into, hkdf(this.#key(from), part(bytes, 0, salt_count), part(bytes, salt_count, info_count)));
  };

  readonly copy = (into: KeySlot, from: KeySlot): void => {
    this.#put(into, this.#key(from));
  };

  readonly seal = (slot: KeySlot, nonce: readonly number[], bytes: number[], first: number, count: number): void => {
    put(bytes, first, seal(this.#key(slot), part(nonce, 0, CipherSize.nonce), part(bytes, first, count)));
  };

  readonly open = (slot: KeySlot, nonce: readonly number[], bytes: number[], first: number, count: number): number => {
    const message = open(this.#key(slot), part(nonce, 0, CipherSize.nonce), part(bytes, first, count + CipherSize.tag));
    if (message === undefined) return 0;
    put(bytes, first, message);
    return 1;
  };
}

function part(bytes: readonly number[], first: number, count: number): Uint8Array {
  if (first < 0 || count < 0 || first + count > bytes.length) throw new Error(`cipher: ${count} bytes from ${first} on are outside a list of ${bytes.length}`);
  const out = new Uint8Array(count);
  for (let i = 0; i < count; i += 1) {
    const byte = bytes[first + i];
    if (byte === undefined || !Number.isInteger(byte) || byte < 0 || byte > 255) throw new Error(`cipher: ${String(byte)} is no byte`);
    out[i] = byte;
  }
  return out;
}

function put(bytes: number[], first: number, from: Uint8Array): void {
  for (let i = 0; i < from.length; i += 1) bytes[first + i] = from[i] ?? 0;
}
