// The application slot: header and chunk, packed and checked.

import { crc32 } from "./crc";
import { Chunk, Flash, Slot } from "./layout";

/** What an application's header says. */
export interface SlotInfo {
  readonly version: string;
  readonly commit: string;
  /** Of the chunk, in bytes. */
  readonly bytes: number;
  readonly crc: number;
  readonly kind: Kind;
}

/** A slot that may not run; the message says why. */
export class SlotError extends Error {
  override readonly name = "SlotError";
}

/** ASCII of at most 16 characters, zeros behind it. */
function text16(text: string): Uint8Array {
  if (text.length > Slot.text_size || /[^\x20-\x7e]/.test(text)) throw new Error(`"${text}" does not fit into ${Slot.text_size} ASCII characters`);
  const bytes = new Uint8Array(Slot.text_size);
  bytes.set(new TextEncoder().encode(text));
  return bytes;
}

/** What a slot is for, its header's flags (src/peripherals.h): a program, or the board's own peripheral server, which has none. */
export const enum Kind { program = 0, peripherals = 1 }

/** What stands in a slot for the peripheral server, which is in the image. */
export const PERIPHERALS_PAYLOAD = new TextEncoder().encode("peripherals\0");

/** Header and chunk as they lie in flash. */
export function packSlot(chunk: Uint8Array, version: string, commit: string, kind: Kind = Kind.program): Uint8Array {
  if (chunk.length > Flash.slot_size - Slot.header_size) throw new Error(`an application of ${chunk.length} bytes does not fit into its slot`);
  const slot = new Uint8Array(Slot.header_size + chunk.length);
  const view = new DataView(slot.buffer);
  view.setUint32(Slot.at_magic, Slot.magic, true);
  view.setUint32(Slot.at_format, Slot.format, true);
  view.setUint32(Slot.at_bytes, chunk.length, true);
  view.setUint32(Slot.at_payload_crc, crc32(chunk), true);
  slot.set(text16(version), Slot.at_version);
  slot.set(text16(commit), Slot.at_commit);
  view.setUint32(Slot.at_flags, kind, true);
  view.setUint32(Slot.at_crc, crc32(slot.subarray(0, Slot.at_crc)), true);
  slot.set(chunk, Slot.header_size);
  return slot;
}

function textAt(bytes: Uint8Array, at: number): string {
  const text = bytes.subarray(at, at + Slot.text_size);
  const end = text.indexOf(0);
  return new TextDecoder("latin1").decode(end < 0 ? text : text.subarray(0, end));
}

/** Why a chunk cannot run where it is, as `chunk_suits` of src/chunk.c has it. */
function unsuited(chunk: DataView): string | undefined {
  if (chunk.byteLength < Chunk.first + 4 * Chunk.buckets) return `the application's length, ${chunk.byteLength}, cannot be`;
  const word = (at: number): number => chunk.getUint32(at, true);
  const place = Flash.slot + Slot.header_size;
  const base = word(Chunk.at_base);
  if (base !== place) return `the application was linked for address ${base.toString(16)}, and its place is ${place.toString(16)}`;
  if (word(Chunk.at_seed) !== Chunk.seed || word(Chunk.at_buckets) !== Chunk.buckets) return "the application was made for an image with another table of texts";
  const main = word(Chunk.at_main);
  return main >= base + Chunk.first && main < base + chunk.byteLength ? undefined : "the application has its main function outside of it";
}

/** Checks a slot by the same rules as the image does (src/application.c). Throws `SlotError`. */
export function readSlot(slot: Uint8Array): SlotInfo {
  if (slot.length < Slot.header_size) throw new SlotError(`it has ${slot.length} bytes and its header alone has ${Slot.header_size}: it is cut short`);
  const view = new DataView(slot.buffer, slot.byteOffset, slot.byteLength);
  const word = (at: number): number => view.getUint32(at, true);
  if (word(Slot.at_magic) === 0xffff_ffff) throw new SlotError("the application slot is empty");
  if (word(Slot.at_magic) !== Slot.magic) throw new SlotError("the application slot holds something else");
  if (word(Slot.at_crc) !== crc32(slot.subarray(0, Slot.at_crc))) throw new SlotError("the application's header is damaged: its check value is another");
  if (word(Slot.at_format) !== Slot.format) throw new SlotError(`the application has format ${word(Slot.at_format)}, and this image runs format ${Slot.format}`);
  const bytes = word(Slot.at_bytes);
  if (bytes === 0 || bytes > Flash.slot_size - Slot.header_size) throw new SlotError(`the application's length, ${bytes}, cannot be`);
  if (slot.length < Slot.header_size + bytes) throw new SlotError(`the application has ${slot.length - Slot.header_size} of its ${bytes} bytes: it is cut short`);
  const crc = crc32(slot.subarray(Slot.header_size, Slot.header_size + bytes));
  if (crc !== word(Slot.at_payload_crc)) throw new SlotError("the application is damaged: its check value is another");
  const kind = word(Slot.at_flags);
  if (kind !== Kind.program && kind !== Kind.peripherals) throw new SlotError(`the application is of the kind ${kind}, which this image does not know`);
  const why = kind === Kind.program ? unsuited(new DataView(slot.buffer, slot.byteOffset + Slot.header_size, bytes)) : undefined;
  if (why !== undefined) throw new SlotError(why);
  return { version: textAt(slot, Slot.at_version), commit: textAt(slot, Slot.at_commit), bytes, crc, kind };
}
