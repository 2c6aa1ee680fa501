// The chip's memory, as a bench looks at it and damages it.

import { Retained } from "../../hal/retained";
import type { Stream } from "../engine/random";

const SRAM = 0x2000_0000;
export const SRAM_BYTES = 264 * 1024;
const SLOT_BITS = 53;

/** What memory holds after a power loss. */
export function fillAnyhow(sram: Uint8Array, garbage: Stream): void {
  const words = new DataView(sram.buffer);
  for (let i = 0; i < SRAM_BYTES; i += 4) words.setUint32(i, garbage.next(), true);
}

/** Where in it an address of the image is. Throws if so many bytes from there are none of it. */
export function placeOf(address: number, count: number): number {
  if (address < SRAM || address + count > SRAM + SRAM_BYTES) throw new Error(`the image reported bytes at 0x${address.toString(16)}, which is no SRAM`);
  return address - SRAM;
}

/** Flips one bit of a retained slot; the slots begin at `retained_at`, -1 if nobody has said where. */
export function flipSlot(sram: Uint8Array, retained_at: number, slot: number, flips: Stream): void {
  if (slot >= Retained.slots) throw new Error(`memory.flip: there is no slot ${slot}`);
  const bit = flips.below(SLOT_BITS);
  if (retained_at < 0) throw new Error("memory.flip: the image has not booted yet");
  sram[retained_at + slot * 8 + Math.floor(bit / 8)]! ^= 1 << (bit % 8);
}
