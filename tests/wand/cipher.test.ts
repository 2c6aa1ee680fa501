// The cipher by published vectors, and against CCM built from plain AES.

import { createCipheriv } from "node:crypto";
import { describe, expect, test } from "vitest";
import { KeySlot } from "../../hal/cipher";
import { hkdf, open, patientKey, seal, SoftCipher } from "../../protocol/wand/cipher";
import { numbers } from "./pair";

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replace(/\s/g, ""), "hex"));
const hex = (of: Uint8Array | undefined): string => (of === undefined ? "undefined" : Buffer.from(of).toString("hex"));

describe("HKDF-SHA-256, RFC 5869 appendix A", () => {
  test.each([
    ["A.1", "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9", 42,
      "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"],
    ["A.2", Array.from({ length: 80 }, (_, i) => i.toString(16).padStart(2, "0")).join(""), Array.from({ length: 80 }, (_, i) => (0x60 + i).toString(16)).join(""),
      Array.from({ length: 80 }, (_, i) => (0xb0 + i).toString(16)).join(""), 82,
      "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"],
    ["A.3", "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "", 42,
      "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"],
  ])("%s", (_name, key, salt, info, count, okm) => {
    expect(hex(hkdf(bytes(key), bytes(salt), bytes(info), count))).toBe(okm);
  });

  test("gives at most 8160 bytes", () => {
    expect(() => hkdf(bytes("00"), bytes(""), bytes(""), 8161)).toThrow(RangeError);
  });
});

describe("AES-CCM, RFC 3610 section 8", () => {
  const key = bytes("c0c1c2c3c4c5c6c7c8c9cacbcccdcecf");
  test.each([
    ["#1", "00000003020100a0a1a2a3a4a5", "0001020304050607", "08090a0b0c0d0e0f101112131415161718191a1b1c1d1e", 8, "588c979a61c663d2f066d0c2c0f989806d5f6b61dac38417e8d12cfdf926e0"],
    ["#2", "00000004030201a0a1a2a3a4a5", "0001020304050607", "08090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", 8, "72c91a36e135f8cf291ca894085c87e3cc15c439c9e43a3ba091d56e10400916"],
  ])("packet vector %s", (_name, nonce, additional, message, tag_size, sealed) => {
    const how = { tag_size, additional: bytes(additional) };
    expect(hex(seal(key, bytes(nonce), bytes(message), how))).toBe(sealed);
    expect(hex(open(key, bytes(nonce), bytes(sealed), how))).toBe(message);
  });
});

/** One block of plain AES-256. */
function block(key: Uint8Array, of: Uint8Array): Uint8Array {
  const cipher = createCipheriv("aes-256-ecb", key, null).setAutoPadding(false);
  return new Uint8Array(Buffer.concat([cipher.update(of), cipher.final()]));
}

/** RFC 3610 section 2, no additional data, a tag of 16, a nonce of 13 (so the length has two bytes), from nothing but AES blocks. */
function plainCcm(key: Uint8Array, nonce: Uint8Array, message: Uint8Array): Uint8Array {
  const xor = (a: Uint8Array, b: Uint8Array): Uint8Array => a.map((byte, i) => byte ^ (b[i] ?? 0));
  const first = Uint8Array.of(8 * ((16 - 2) / 2) + 1, ...nonce, message.length >> 8, message.length & 255);
  let mac = block(key, first);
  for (let at = 0; at < message.length; at += 16) {
    const part = new Uint8Array(16);
    part.set(message.subarray(at, at + 16));
    mac = block(key, xor(mac, part));
  }
  const stream = (i: number): Uint8Array => block(key, Uint8Array.of(1, ...nonce, i >> 8, i & 255));
  const sealed = message.map((byte, at) => byte ^ (stream(Math.floor(at / 16) + 1)[at % 16] ?? 0));
  return Uint8Array.of(...sealed, ...xor(mac, stream(0)));
}

describe("AES-256-CCM as the session uses it", () => {
  test("is CCM built from plain AES, for every length of message", () => {
    const draw = numbers(5);
    const random = (count: number): Uint8Array => Uint8Array.from({ length: count }, () => draw(256));
    for (let length = 0; length <= 208; length += 1) {
      const [key, nonce, message] = [random(32), random(13), random(length)];
      const sealed = seal(key, nonce, message);
      expect(hex(sealed)).toBe(hex(plainCcm(key, nonce, message)));
      expect(hex(open(key, nonce, sealed))).toBe(hex(message));
    }
  });

  test("opens nothing of which a bit is wrong: message, tag, key or nonce", () => {
    const [key, nonce, message] = [new Uint8Array(32).fill(7), new Uint8Array(13).fill(9), bytes("00112233445566778899")];
    const sealed = seal(key, nonce, message);
    const flipped = (of: Uint8Array, bit: number): Uint8Array => of.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
    for (let bit = 0; bit < sealed.length * 8; bit += 1) expect(open(key, nonce, flipped(sealed, bit))).toBeUndefined();
    for (let bit = 0; bit < 32 * 8; bit += 1) expect(open(flipped(key, bit), nonce, sealed)).toBeUndefined();
    for (let bit = 0; bit < 13 * 8; bit += 1) expect(open(key, flipped(nonce, bit), sealed)).toBeUndefined();
    for (let length = 0; length < sealed.length; length += 1) expect(open(key, nonce, sealed.subarray(0, length))).toBeUndefined();
    expect(hex(open(key, nonce, sealed))).toBe(hex(message));
  });

  test("a patient's key is that of SESSION.md", () => {
    const key = new Uint8Array(32).fill(1);
    expect(hex(patientKey(key))).toBe(hex(hkdf(key, new Uint8Array(0), new Uint8Array(Buffer.from("itb-pump patient")))));
    expect(patientKey(key)).toHaveLength(32);
  });
});

describe("hal's slots", () => {
  const key = Array.from({ length: 32 }, (_, i) => 255 - i);
  const nonce = Array.from({ length: 13 }, (_, i) => i);

  test("load, derive and copy give the keys that seal and open in place", () => {
    const cipher = new SoftCipher();
    cipher.load(KeySlot.pump, [0, 0, ...key], 2);
    cipher.derive(KeySlot.opening_in, KeySlot.pump, [1, 2, 3, 4, 5, 6], 2, 3);
    cipher.copy(KeySlot.open_in, KeySlot.opening_in);
    const list = [9, 9, 10, 11, 12];
    cipher.seal(KeySlot.open_in, nonce, list, 2, 3);
    const derived = hkdf(Uint8Array.from(key), Uint8Array.of(1, 2), Uint8Array.of(3, 4, 5));
    expect(list).toEqual([9, 9, ...seal(derived, Uint8Array.from(nonce), Uint8Array.of(10, 11, 12))]);
    const spoiled = list.with(4, (list[4] ?? 0) ^ 1);
    expect(cipher.open(KeySlot.open_in, nonce, spoiled, 2, 3)).toBe(0);
    expect(cipher.open(KeySlot.opening_in, nonce, list, 2, 3)).toBe(1);
    expect(list.slice(0, 5)).toEqual([9, 9, 10, 11, 12]);
  });

  test("a broken contract is an error and no guess", () => {
    const cipher = new SoftCipher();
    expect(() => { cipher.seal(KeySlot.pump, nonce, [1], 0, 1); }).toThrow("slot 0 is empty");
    expect(() => { cipher.load(KeySlot.pump, key, 1); }).toThrow("outside a list of 32");
    expect(() => { cipher.load(KeySlot.count, key, 0); }).toThrow("no key slot 6");
    expect(() => { cipher.load(KeySlot.pump, key.with(3, 256), 0); }).toThrow("256 is no byte");
    cipher.load(KeySlot.pump, key, 0);
    cipher.clear();
    expect(() => { cipher.copy(KeySlot.role, KeySlot.pump); }).toThrow("slot 0 is empty");
  });
});
