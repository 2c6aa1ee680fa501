// An image that passes every check and is no program: flashing needs no more.

import { sealImage } from "../../hal/pico/tools/image";
import { Chunk, Flash, Slot } from "../../hal/pico/tools/layout";
import { packSlot } from "../../hal/pico/tools/slot";
import { writeUf2 } from "../../hal/pico/tools/uf2";

export const IMAGE_BYTES = 20_000;
export const CHUNK_BYTES = 70_001;

const noise = (length: number, factor: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * factor + (i >> 8)) % 256);

/** VM and host as they lie in flash. */
export function smallImage(): Uint8Array {
  const raw = noise(IMAGE_BYTES, 37);
  raw.fill(0, Flash.text_at, Flash.text_at + Flash.text_size);
  raw.set(new TextEncoder().encode("itb-pump image for the Raspberry Pi Pico\nversion: 1.2.3\n"), Flash.text_at);
  return sealImage(raw);
}

export function smallSlot(version = "1.2.3"): Uint8Array {
  const chunk = noise(CHUNK_BYTES, 11);
  const head = new DataView(chunk.buffer);
  const place = Flash.slot + Slot.header_size;
  for (const [at, word] of [[Chunk.at_base, place], [Chunk.at_main, place + CHUNK_BYTES - 8], [Chunk.at_seed, Chunk.seed], [Chunk.at_buckets, Chunk.buckets]] as const) head.setUint32(at, word, true);
  return packSlot(chunk, version, "abcdef012345");
}

export function smallUf2(): Uint8Array {
  return writeUf2([{ address: Flash.base, bytes: smallImage() }, { address: Flash.slot, bytes: smallSlot() }]);
}
