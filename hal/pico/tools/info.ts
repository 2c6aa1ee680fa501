// What a file is: image, application slot or both, every byte of it checked.

import { readImage } from "./image";
import type { ImageInfo } from "./image";
import { Flash, Slot } from "./layout";
import { SlotError, readSlot } from "./slot";
import type { SlotInfo } from "./slot";
import { isUf2, readUf2 } from "./uf2";

export interface FileInfo {
  readonly format: "UF2" | "flash content" | "application slot";
  readonly image?: ImageInfo;
  readonly application?: SlotInfo;
}

/** What stands behind a thing in flash, up to `end`, must be as erased: else it is damaged, or not of our making. */
function checkRest(flash: Uint8Array, from: number, end: number, fill: number, what: string): void {
  const at = flash.subarray(from, end).findIndex((byte) => byte !== fill);
  if (at >= 0) throw new SlotError(`behind ${what}, at ${(from + at).toString(16)}, there is something that does not belong there: it is damaged`);
}

/** A slot at the beginning of `bytes`, with nothing but ones behind it. */
function wholeSlot(bytes: Uint8Array): SlotInfo {
  const info = readSlot(bytes);
  checkRest(bytes, Slot.at_crc + 4, Slot.header_size, 0, "the application's header");
  checkRest(bytes, Slot.header_size + info.bytes, bytes.length, 0xff, "the application");
  return info;
}

/**
 * Reads a file as `itb-pump build pico` makes them. Throws an error whose message says what is wrong with it: cut short, another's,
 * of an older format, damaged in any bit.
 */
export function readInfo(file: Uint8Array): FileInfo {
  if (file.length >= 4 && new DataView(file.buffer, file.byteOffset).getUint32(0, true) === Slot.magic) {
    return { format: "application slot", application: wholeSlot(file) };
  }
  const uf2 = isUf2(file);
  const flash = uf2 ? readUf2(file) : file;
  const image = readImage(flash);
  const slot_at = Flash.slot - Flash.base;
  checkRest(flash, image.bytes, Math.min(slot_at, flash.length), 0xff, "the image");
  const format = uf2 ? "UF2" : "flash content";
  if (flash.length <= slot_at) return { format, image };
  const slot = flash.subarray(slot_at, slot_at + Flash.slot_size);
  checkRest(flash, slot_at + Flash.slot_size, Math.min(Flash.storage - Flash.base, flash.length), 0xff, "the application slot");
  return { format, image, application: wholeSlot(slot) };
}
