// The line: commands to frames and bytes, and bytes to the packets in them.

import { readFields, writeFields } from "../../protocol/fields";
import { addPacket, beginFrame, checkFrame, Code, endFrame, FrameAt, FrameFlag, FrameProblem, nextPacket, packetEnd, PacketAt } from "../../protocol/frames";
import { getU16 } from "../../protocol/integers";
import { Wire } from "../../protocol/limits";
import { createUnframer, frameUp, takeByte } from "../../protocol/usb";

/** One byte at 115 200 baud takes 86.8 us; a UART's divisor may be 2 % off. */
export const BYTE_US = 85;

/** FE FC before a frame and FE FD behind it. */
const MARKS = 4;

/** A command of a service, its values by their places. */
export interface Command {
  readonly index: number;
  readonly code: number;
  readonly layout: number;
  readonly values: readonly number[];
}

/** A frame with these commands to that device, in its marks. */
export function commandBytes(device: readonly number[], commands: readonly Command[]): Uint8Array {
  const frame: number[] = [];
  let size = beginFrame(frame, FrameFlag.command, device, 0);
  for (const { index, code, layout, values } of commands) {
    const data: number[] = [];
    const count = writeFields(layout, values, values.length, data, 0);
    if (count < 0) throw new Error(`a command ${code} of service ${index} does not fit its fields: ${values.join(" ")}`);
    size = addPacket(frame, size, index, code, data, 0, count);
  }
  return marked(frame, endFrame(frame, size));
}

function marked(frame: readonly number[], size: number): Uint8Array {
  const line: number[] = [];
  return Uint8Array.from(line.slice(0, frameUp(frame, size, line)));
}

/** JDUSB's "packets on" to everybody: who is there answers. */
export function callBytes(): Uint8Array {
  const frame: number[] = [];
  const size = beginFrame(frame, FrameFlag.command + FrameFlag.multicast, [0x4a, 0x1a, 0xf6, 0x18, 0xaa, 0xaa, 0xaa, 0xaa], 0);
  return marked(frame, endFrame(frame, addPacket(frame, size, 0x3d, 0x81, [], 0, 0)));
}

/** A packet of a report. */
export interface Packet {
  readonly index: number;
  readonly code: number;
  /** Whether it is an event; its counter is taken off the code. */
  readonly event: boolean;
  readonly data: readonly number[];
}

/** The values of a packet, undefined if it is not exactly those fields. */
export function valuesOf(layout: number, { data }: Packet): readonly number[] | undefined {
  const values: number[] = [];
  return readFields(layout, data, 0, data.length, values) < 0 ? undefined : values;
}

/** A report as it came. */
export interface Report {
  /** Hex, in the wire's order. */
  readonly device: string;
  readonly packets: readonly Packet[];
  /** Bytes that it took on the line at the least: marks included, escapes not. */
  readonly bytes: number;
}

/** Reads what comes: frames whose check value is right; all else is counted. */
export class LineReader {
  /** Bytes that came. */
  bytes = 0;
  /** Good frames. */
  frames = 0;
  /** Frames that were damaged. */
  damaged = 0;
  private readonly unframer = createUnframer();

  /** Gives `report` each report in `bytes`. Commands and multicasts are none. */
  take(bytes: Uint8Array, report: (report: Report) => void): void {
    for (const byte of bytes) {
      this.bytes++;
      if (!takeByte(this.unframer, byte)) continue;
      const { bytes: frame, size } = this.unframer;
      if (checkFrame(frame, size) !== FrameProblem.good) this.damaged++;
      else {
        this.frames++;
        const flags = frame[FrameAt.flags]!;
        if (flags === 0) report({ device: hex(frame, FrameAt.device, Wire.device_id), packets: packetsOf(frame, size), bytes: size + MARKS });
      }
    }
  }
}

function hex(bytes: readonly number[], first: number, count: number): string {
  return bytes.slice(first, first + count).map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The device id of its hex. */
export function deviceBytes(device: string): readonly number[] {
  return Array.from({ length: device.length / 2 }, (_, i) => Number.parseInt(device.slice(2 * i, 2 * i + 2), 16));
}

function packetsOf(frame: readonly number[], size: number): Packet[] {
  const packets: Packet[] = [];
  for (let at: number = FrameAt.packets; ;) {
    const end = packetEnd(frame, size, at);
    if (end === 0) return packets;
    const code = getU16(frame, at + PacketAt.code);
    const event = code >= Code.event;
    packets.push({ index: frame[at + PacketAt.index]! & 0x3f, code: event ? code & 0xff : code, event, data: frame.slice(at + PacketAt.data, end) });
    at = nextPacket(end);
  }
}
