// Jacdac frames as the wand sends and hears them.

import { addPacket, beginFrame, checkFrame, Code, endFrame, FrameAt, FrameFlag, FrameProblem, Index, nextPacket, PacketAt, packetEnd } from "../../frames";
import { getU16, getU32 } from "../../integers";
import { Wire } from "../../limits";
import { ServiceClass } from "../../service";
import { pushInteger } from "./bytes";

/** A packet that the wand heard. */
export interface Heard {
  /** 8 bytes. */
  readonly device: readonly number[];
  readonly index: number;
  readonly code: number;
  readonly data: readonly number[];
}

/** Jacdac's usbbridge, whose commands "packets on" and "packets off" wake a pump and send it to sleep (SESSION.md section 3). */
const enum Bridge { class = 0x18f61a4a, off = 0x80, on = 0x81 }

function bridgeFrame(code: Bridge): readonly number[] {
  const id: number[] = [];
  pushInteger(id, Bridge.class, 4);
  id.push(0xaa, 0xaa, 0xaa, 0xaa);
  const out: number[] = [];
  const size = beginFrame(out, FrameFlag.command + FrameFlag.multicast + FrameFlag.loopback, id, 0);
  endFrame(out, addPacket(out, size, Index.broadcast, code, [], 0, 0));
  return out;
}

/** Wakes every pump that hears it. */
export const CALL: readonly number[] = bridgeFrame(Bridge.on);
/** Sends it to sleep, unless a session is open. */
export const GOODBYE: readonly number[] = bridgeFrame(Bridge.off);

/** A packet of a command frame. */
export interface Command {
  readonly index: number;
  readonly code: number;
  readonly data: ArrayLike<number>;
}

/** A frame of commands to one device. */
export function commandFrame(device: readonly number[], commands: readonly Command[]): readonly number[] {
  const out: number[] = [];
  let size = beginFrame(out, FrameFlag.command, device, 0);
  for (const { index, code, data } of commands) size = addPacket(out, size, index, code, Array.from(data), 0, data.length);
  if (size > Wire.frame_max) throw new Error(`a frame of ${size} bytes: at most ${Wire.frame_max}`);
  endFrame(out, size);
  return out;
}

/** The packets of a frame that a device reports, none for the answer to a call; undefined if the frame is broken or no report. */
export function reportsOf(bytes: readonly number[], size: number): readonly Heard[] | undefined {
  if (checkFrame(bytes, size) !== FrameProblem.good) return undefined;
  const flags = bytes[FrameAt.flags];
  if (flags !== 0) return flags === FrameFlag.multicast ? [] : undefined;
  const device = bytes.slice(FrameAt.device, FrameAt.packets);
  const packets: Heard[] = [];
  let at: number = FrameAt.packets;
  for (;;) {
    const end = packetEnd(bytes, size, at);
    // Four zeros are how a frame is filled up, unless they stand first.
    if (end === 0 || (at > FrameAt.packets && getU32(bytes, at) === 0)) return packets;
    packets.push({ device, index: (bytes[at + PacketAt.index] ?? 0) & Index.mask, code: getU16(bytes, at + PacketAt.code), data: bytes.slice(at + PacketAt.data, end) });
    at = nextPacket(end);
  }
}

/** Whether a packet announces a device that has a pump. */
export function announcesPump({ index, code, data }: Heard): boolean {
  if (index !== Index.control || code !== Code.announce || data.length < 8) return false;
  return getU32(data, 4) === ServiceClass.pump;
}
