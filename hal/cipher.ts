// The cipher: keys in slots, derivation, authenticated encryption.

/** Where the cipher keeps a key of 32 bytes. All are empty after a reset. A key never comes out again. */
export const enum KeySlot {
  /** The pump's own, from storage. */
  pump = 0,
  /** Of the role that is logging in. */
  role = 1,
  /** Of a session that is being opened: messages to the pump, messages from it. */
  opening_in = 2,
  opening_out = 3,
  /** Of the session that is open. */
  open_in = 4,
  open_out = 5,
  count = 6,
}

/** Sizes in bytes. */
export const enum CipherSize {
  key = 32,
  nonce = 13,
  tag = 16,
}

/**
 * HKDF with SHA-256 (RFC 5869) and AES-256-CCM with a nonce of 13 bytes and a tag of 16 (RFC 3610), from a library of the board's:
 * a controller has no cryptography of its own. All calls act at once (a message is 0.3 kB at most). Byte lists hold 0 to 255.
 */
export interface Cipher {
  /** Puts 32 of `bytes`, from index `first` on, into a slot. */
  readonly load: (this: void, slot: KeySlot, bytes: readonly number[], first: number) => void;

  /** Puts HKDF-SHA-256 of the key in `from` into `into`: salt is `salt_count` of `bytes` from index 0, info the `info_count` bytes after it. */
  readonly derive: (this: void, into: KeySlot, from: KeySlot, bytes: readonly number[], salt_count: number, info_count: number) => void;

  /** Copies a slot into another. */
  readonly copy: (this: void, into: KeySlot, from: KeySlot) => void;

  /** Encrypts `count` of `bytes` from index `first` on, in place, and puts the 16 bytes of the tag after them. `nonce` holds 13 bytes. */
  readonly seal: (this: void, slot: KeySlot, nonce: readonly number[], bytes: number[], first: number, count: number) => void;

  /**
   * The way back: `count` is that of the message without its tag. Returns 1 and leaves the message in place, or returns 0 and leaves
   * what is there unread and useless.
   */
  readonly open: (this: void, slot: KeySlot, nonce: readonly number[], bytes: number[], first: number, count: number) => number;
}
