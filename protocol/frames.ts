// Jacdac frames and the packets in them: reading, checking, building.

import { crc16 } from "./crc";
import { copyBytes, getU16, putU16 } from "./integers";
import { Wire } from "./limits";

/** Flags of a frame. */
export const enum FrameFlag {
  /** The device id is whom it is for; in a report, whom it is from. */
  command = 1,
  ack = 2,
  /** In place of a device id stand a service class and AA AA AA AA. */
  multicast = 4,
  loopback = 0x40,
  next = 0x80,
}

/** Where a frame's parts stand; a packet's, from its beginning. */
export const enum FrameAt { check = 0, size = 2, flags = 3, device = 4, packets = 12 }
export const enum PacketAt { size = 0, index = 1, code = 2, data = 4 }

/** Services of every device, and places of packets that belong to none. */
export const enum Index { control = 0, pump = 1, broadcast = 0x3d, pipe = 0x3e, ack = 0x3f, mask = 0x3f }

/** Codes: the upper bits say what a packet does with a register or an event. */
export const enum Code { announce = 0, refused = 3, get = 0x1000, set = 0x2000, kind_mask = 0xf000, event = 0x8000, event_counter = 0x100 }

/** What is wrong with a frame; 0 is nothing. */
export const enum FrameProblem {
  good = 0,
  /** Shorter than a frame with one packet, or its size is not that of what came. */
  size = 1,
  check = 2,
}

/** Checks what stands in `bytes`: size and check value. Packets are looked at one by one (`packetEnd`). */
export function checkFrame(bytes: readonly number[], size: number): FrameProblem {
  if (size < Wire.frame_head + Wire.packet_head || bytes[FrameAt.size] !== size - Wire.frame_head) return FrameProblem.size;
  return getU16(bytes, FrameAt.check) === crc16(bytes, FrameAt.size, size) ? FrameProblem.good : FrameProblem.check;
}

/** The end of the packet at `at`, exclusive; 0 if it does not lie in the frame, or there is none: zeros fill a frame up. */
export function packetEnd(bytes: readonly number[], size: number, at: number): number {
  if (at + Wire.packet_head > size) return 0;
  const data = bytes[at] ?? 0;
  if (data > Wire.data_max || at + Wire.packet_head + data > size) return 0;
  return at + Wire.packet_head + data;
}

/** Where the packet after one that ends at `end` begins: at the next multiple of four. */
export function nextPacket(end: number): number {
  return end + 3 - (end + 3 & 3);
}

/** Begins a frame in `out`; its device id is 8 of `id` from index `id_first` on. Returns its size so far. */
export function beginFrame(out: number[], flags: number, id: readonly number[], id_first: number): number {
  out[FrameAt.flags] = flags;
  return copyBytes(id, id_first, out, FrameAt.device, Wire.device_id);
}

/**
 * Adds a packet with `count` of `data` from index `first` on; returns the frame's size. What is added after `endFrame`'s limit does not fit a frame: at most 232 bytes
 * of data, 240 of packets in all.
 */
export function addPacket(out: number[], size: number, index: number, code: number, data: readonly number[], first: number, count: number): number {
  let at = size;
  while (at < nextPacket(size)) {
    out[at] = 0;
    at++;
  }
  out[at + PacketAt.size] = count;
  out[at + PacketAt.index] = index;
  putU16(out, at + PacketAt.code, code);
  return copyBytes(data, first, out, at + PacketAt.data, count);
}

/** Writes size and check value of the frame of `size` bytes in `out`; returns its size. */
export function endFrame(out: number[], size: number): number {
  out[FrameAt.size] = size - Wire.frame_head;
  putU16(out, FrameAt.check, crc16(out, FrameAt.size, size));
  return size;
}
