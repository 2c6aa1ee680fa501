// The image's own marks: boot check, text, length and check value.

import { bootCrc32, crc32 } from "./crc";
import { Flash } from "./layout";

/** The text's last eight bytes: how long the image is, and the CRC-32 over it with these last four as zeros. */
const AT_BYTES = Flash.text_at + Flash.text_size - 8;
const AT_CRC = AT_BYTES + 4;
const TITLE = "itb-pump image for the Raspberry Pi Pico";

/** What an image says of itself, checked. */
export interface ImageInfo {
  readonly title: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly bytes: number;
  readonly crc: number;
}

/** Not a good image; the message says why. */
export class ImageError extends Error {
  override readonly name = "ImageError";
}

/** Gives a linked image its check values. */
export function sealImage(raw: Uint8Array): Uint8Array {
  if (raw.length > Flash.image_size) throw new Error(`an image of ${raw.length} bytes does not fit into its ${Flash.image_size}`);
  const image = new Uint8Array(Math.ceil(raw.length / 4) * 4);
  image.set(raw);
  const view = new DataView(image.buffer);
  const boot2 = Flash.boot2_size - 4;
  view.setUint32(boot2, bootCrc32(image.subarray(0, boot2)), true);
  view.setUint32(AT_BYTES, image.length, true);
  view.setUint32(AT_CRC, 0, true);
  view.setUint32(AT_CRC, crc32(image), true);
  return image;
}

/** Checks an image that begins at the beginning of `flash`, which may go on behind it. Throws `ImageError`. */
export function readImage(flash: Uint8Array): ImageInfo {
  if (flash.length < Flash.text_at + Flash.text_size) throw new ImageError(`it has ${flash.length} bytes, less than any image: it is cut short, or something else`);
  const text = new TextDecoder("latin1").decode(flash.subarray(Flash.text_at, AT_BYTES)).replace(/\0+$/, "");
  const [title = "", ...lines] = text.split("\n").filter((line) => line !== "");
  if (title !== TITLE) throw new ImageError("it does not say that it is an image of itb-pump: it is something else, older than the first release, or damaged");
  const view = new DataView(flash.buffer, flash.byteOffset, flash.byteLength);
  const boot2 = Flash.boot2_size - 4;
  if (view.getUint32(boot2, true) !== bootCrc32(flash.subarray(0, boot2))) throw new ImageError("its boot stage is damaged: the chip would not start it");
  const bytes = view.getUint32(AT_BYTES, true);
  if (bytes < AT_CRC + 4 || bytes > Flash.image_size) throw new ImageError(`its length, ${bytes}, cannot be`);
  if (flash.length < bytes) throw new ImageError(`it has ${flash.length} of its ${bytes} bytes: it is cut short`);
  const copy = flash.slice(0, bytes);
  const crc = view.getUint32(AT_CRC, true);
  new DataView(copy.buffer).setUint32(AT_CRC, 0, true);
  if (crc32(copy) !== crc) throw new ImageError("it is damaged: its check value is another");
  return { title, bytes, crc, fields: lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)] as const) };
}
