// Our frames and jacdac-ts', byte for byte, both ways; golden frames.

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { crc16 } from "../../protocol/crc";
import { addPacket, beginFrame, checkFrame, endFrame, FrameAt, FrameFlag, FrameProblem, Index, nextPacket, PacketAt, packetEnd } from "../../protocol/frames";
import { getU16 } from "../../protocol/integers";
import { createUnframer, frameUp, takeByte } from "../../protocol/usb";
import { crc, createNodeWebSerialTransport, JDBus, Packet, FRAME_PROCESS } from "../../protocol/wand/jacdac";
import type { Transport } from "../../protocol/wand/jacdac";
import { framed, packetsIn } from "./fake-wire";
import { FRAMES as made } from "./golden-frames";
import { MemoryLine } from "./jacdac-port";

interface Spec {
  readonly command: boolean;
  readonly ack: boolean;
  readonly id: Uint8Array;
  /** As many as fit into a frame. */
  readonly packets: readonly { readonly index: number; readonly code: number; readonly data: Uint8Array }[];
}

const hex = (bytes: ArrayLike<number>): string => Buffer.from(Array.from(bytes)).toString("hex");

/** Bytes in which FE, the mark of JDUSB, comes often. */
const byte = fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 0, max: 255 }) }, { weight: 1, arbitrary: fc.constant(0xfe) });
const data = (max: number): fc.Arbitrary<Uint8Array> => fc.array(byte, { maxLength: max }).map((bytes) => Uint8Array.from(bytes));
/** Code 0 of index 0 is not taken: without data it stands as four zeros, which fill a frame up and are no packet. */
const packet = (max: number): fc.Arbitrary<Spec["packets"][number]> => fc.record({ index: fc.integer({ min: 0, max: 0x3f }), code: fc.integer({ min: 1, max: 0xffff }), data: data(max) });
const spec: fc.Arbitrary<Spec> = fc.record({
  command: fc.boolean(), ack: fc.boolean(), id: fc.array(byte, { minLength: 8, maxLength: 8 }).map((bytes) => Uint8Array.from(bytes)),
  packets: fc.oneof(packet(232).map((one) => [one]), fc.array(packet(40), { minLength: 2, maxLength: 5 })),
});

const flagsOf = ({ command, ack }: Spec): number => (command ? FrameFlag.command : 0) + (ack ? FrameFlag.ack : 0);

function ours(of: Spec): number[] {
  const out: number[] = [];
  let size = beginFrame(out, flagsOf(of), Array.from(of.id), 0);
  for (const each of of.packets) size = addPacket(out, size, each.index, each.code, Array.from(each.data), 0, each.data.length);
  return out.slice(0, endFrame(out, size));
}

function jacdacs(of: Spec): Uint8Array {
  const packets = of.packets.map((each) => {
    const one = Packet.from(each.code, each.data);
    one.serviceIndex = each.index;
    return one;
  });
  const [first] = packets;
  if (first === undefined) throw new Error("a frame without packets");
  first.deviceIdentifier = hex(of.id);
  first.isCommand = of.command;
  first.requiresAck = of.ack;
  if (packets.length === 1) return first.toBuffer();
  // Packet.compress of 1.33.7 throws as soon as the first of several packets has data: the frame is put together from jacdac-ts' packets, with its check value.
  const parts = packets.flatMap((each, i) => {
    const stripped = Array.from(each.withFrameStripped());
    return i === packets.length - 1 ? stripped : [...stripped, ...new Array<number>((4 - (stripped.length % 4)) % 4).fill(0)];
  });
  const frame = Uint8Array.of(...first.header.subarray(0, FrameAt.packets), ...parts);
  frame[FrameAt.size] = parts.length;
  const check = crc(frame.slice(FrameAt.size));
  frame[0] = check & 255;
  frame[1] = check >> 8;
  return frame;
}

/** The packets as our codec finds them. */
function read(frame: readonly number[]): Spec["packets"] {
  const found: Spec["packets"][number][] = [];
  for (let at: number = FrameAt.packets; ;) {
    const end = packetEnd(frame, frame.length, at);
    if (end === 0) return found;
    found.push({ index: (frame[at + PacketAt.index] ?? 0) & Index.mask, code: getU16(frame, at + PacketAt.code), data: Uint8Array.from(frame.slice(at + PacketAt.data, end)) });
    at = nextPacket(end);
  }
}

const runs = { numRuns: 10_000, seed: 4 };

describe("10 000 generated frames", () => {
  test("stand in the same bytes, ours and jacdac-ts', and the fake pump's", () => {
    fc.assert(fc.property(spec, (of) => {
      const frame = ours(of);
      expect(hex(frame)).toBe(hex(jacdacs(of)));
      const line: number[] = [];
      const count = frameUp(frame, frame.length, line);
      expect(hex(framed(flagsOf(of), of.id, of.packets.map((each) => ({ ...each, data: Buffer.from(each.data) }))))).toBe(hex(line.slice(0, count)));
    }), runs);
  });

  test("ours are read by jacdac-ts, and jacdac-ts' by us", () => {
    fc.assert(fc.property(spec, (of) => {
      const theirs = Packet.fromFrame(Uint8Array.from(ours(of)), 0);
      expect(theirs.map(({ serviceIndex, serviceCommand, data: bytes }) => [serviceIndex, serviceCommand, hex(bytes)])).toEqual(of.packets.map((each) => [each.index, each.code, hex(each.data)]));
      expect([theirs[0]?.deviceIdentifier, theirs[0]?.isCommand, theirs[0]?.requiresAck]).toEqual([hex(of.id), of.command, of.ack]);
      const frame = Array.from(jacdacs(of));
      expect(checkFrame(frame, frame.length)).toBe(FrameProblem.good);
      expect(read(frame)).toEqual(of.packets);
      expect(packetsIn(Buffer.from(frame)).map((each) => ({ ...each, data: new Uint8Array(each.data) }))).toEqual(of.packets);
    }), runs);
  });

  test("with one byte changed are refused by both", () => {
    const quiet = vi.spyOn(console, "warn").mockReturnValue();
    vi.spyOn(console, "debug").mockReturnValue();
    fc.assert(fc.property(spec, fc.nat(), fc.integer({ min: 1, max: 255 }), (of, where, change) => {
      const frame = ours(of);
      const at = where % frame.length;
      frame[at] = (frame[at] ?? 0) ^ change;
      expect(checkFrame(frame, frame.length)).not.toBe(FrameProblem.good);
      expect(Packet.fromFrame(Uint8Array.from(frame), 0)).toEqual([]);
    }), runs);
    quiet.mockRestore();
    vi.restoreAllMocks();
  });

  test("have jacdac-ts' check value", () => {
    expect(crc16([...Buffer.from("123456789")], 0, 9)).toBe(0x29b1);
    fc.assert(fc.property(data(300), (bytes) => { expect(crc16(Array.from(bytes), 0, bytes.length)).toBe(crc(bytes)); }), runs);
  });
});

describe("JDUSB against jacdac-ts' own transport", () => {
  const line = new MemoryLine();
  const heard: string[] = [];
  let transport: Transport;
  let bus: JDBus;

  beforeAll(async () => {
    for (const each of ["debug", "warn", "error", "log"] as const) vi.spyOn(console, each).mockReturnValue();
    transport = createNodeWebSerialTransport(line.Port);
    bus = new JDBus([transport], { client: false, disableRoleManager: true });
    bus.on(FRAME_PROCESS, (frame: Uint8Array) => { heard.push(hex(frame)); });
    // It asks whether somebody speaks JDUSB, and is content with the answer to a call.
    const answer: number[] = [];
    const frame = made["answer to the call"] ?? [];
    const count = frameUp(frame, frame.length, answer);
    line.toPump = () => { queueMicrotask(() => { line.fromPump(Uint8Array.from(answer.slice(0, count))); }); };
    await transport.connect();
  });
  afterAll(async () => {
    await bus.disconnect();
    await bus.dispose();
    vi.restoreAllMocks();
  });

  test("what it sends, padded and in pieces of 64, we take apart", async () => {
    const unframer = createUnframer();
    const taken: string[] = [];
    line.toPump = (bytes) => { for (const each of bytes) if (takeByte(unframer, each)) taken.push(hex(unframer.bytes.slice(0, unframer.size))); };
    const sent: string[] = [];
    for (const of of fc.sample(spec, { numRuns: 3000, seed: 5 })) {
      const frame = jacdacs(of);
      sent.push(hex(frame));
      await transport.sendPacketWhenConnectedAsync(frame);
    }
    const known = new Set(sent);
    // Of its own it may send calls and announcements in between.
    const mine = (): string[] => taken.filter((frame) => known.has(frame));
    await vi.waitFor(() => { expect(mine().length).toBe(sent.length); });
    expect(mine()).toEqual(sent);
  });

  test("what we put marks around, in pieces of any size and with other bytes between, it takes apart", () => {
    heard.length = 0;
    const stream: number[] = [];
    const sent: string[] = [];
    for (const of of fc.sample(spec, { numRuns: 3000, seed: 6 })) {
      const frame = ours(of);
      const marked: number[] = [];
      const count = frameUp(frame, frame.length, marked);
      for (const each of marked.slice(0, count)) stream.push(each);
      stream.push(0x4c, 0x0a);
      sent.push(hex(frame));
    }
    for (let at = 0, size = 1; at < stream.length; at += size, size = (size * 7 + 3) % 97 + 1) line.fromPump(Uint8Array.from(stream.slice(at, at + size)));
    expect(heard).toEqual(sent);
  });
});

describe("golden frames", () => {
  const golden = JSON.parse(readFileSync(new URL("../golden/frames.json", import.meta.url), "utf8")) as Record<string, string>;

  test("there is one of every type, and none besides", () => {
    expect(Object.keys(golden)).toEqual(Object.keys(made));
  });

  test.each(Object.keys(made))("%s", (name) => {
    const frame = made[name] ?? [];
    expect(hex(frame)).toBe(golden[name]);
    expect(checkFrame(frame, frame.length)).toBe(FrameProblem.good);
    const theirs = Packet.fromFrame(Uint8Array.from(frame), 0);
    expect(theirs.length).toBeGreaterThan(0);
    if (theirs.length === 1) expect(hex(theirs[0]?.toBuffer() ?? [])).toBe(golden[name]);
  });
});
