// One frame of every type of SESSION.md, as our codec builds it.

import { addPacket, beginFrame, Code, endFrame, FrameFlag, Index } from "../../protocol/frames";
import { CALL, commandFrame, GOODBYE } from "../../protocol/wand/core/packets";
import { execFrame, helloFrame, lookFrame, provisionFrame } from "../../protocol/wand/core/stage";

const device = [0xd1, 0xd2, 0xd3, 0xfe, 0xd5, 0xd6, 0xd7, 0xd8];
const ascending = (count: number): Uint8Array => Uint8Array.from({ length: count }, (_, i) => i);
const report = (index: number, code: number, bytes: readonly number[], flags = 0): number[] => {
  const out: number[] = [];
  endFrame(out, addPacket(out, beginFrame(out, flags, device, 0), index, code, bytes, 0, bytes.length));
  return out;
};
const ofClass = [0x4a, 0x1a, 0xf6, 0x18, 0xaa, 0xaa, 0xaa, 0xaa];

/** Every type of frame of SESSION.md, once. */
export const FRAMES: Readonly<Record<string, readonly number[]>> = {
  "call": CALL,
  "good-bye": GOODBYE,
  "answer to the call": (() => {
    const out: number[] = [];
    endFrame(out, addPacket(out, beginFrame(out, FrameFlag.multicast, ofClass, 0), Index.broadcast, 0x81, [], 0, 0));
    return out;
  })(),
  "announcement": report(Index.control, Code.announce, [1, 1, 1, 0, 0x52, 0x3c, 0x6f, 0x1a]),
  "get all open registers": lookFrame(device, new Map()),
  "register protocol_version": report(Index.pump, 0x1180, [1, 0]),
  "register provisioned": report(Index.pump, 0x1181, [1]),
  "register firmware": report(Index.control, 0x1185, [...Buffer.from("0.1.0")]),
  "provision": provisionFrame(device, ascending(32)),
  "provision done": report(Index.pump, 0x81, []),
  "hello": helloFrame(device, 1, ascending(16)),
  "hello answer": report(Index.pump, 0x80, [...ascending(36)]),
  "exec": execFrame(device, 0xdeadbeef, 0x01020304, ascending(26)),
  "exec of the longest message": execFrame(device, 0xfefefefe, 1, ascending(224)),
  "exec answer": report(Index.pump, 0x82, [0xef, 0xbe, 0xad, 0xde, 4, 3, 2, 1, ...ascending(20)]),
  "refused": report(Index.pump, 0x83, [0x82, 0, 54, 0, 0, 0, 0, 0]),
  "not known": report(Index.pump, Code.refused, [0x99, 0x20, 0x34, 0x12]),
  "acknowledgement": report(Index.ack, 0xd4ab, []),
  "event changed": report(Index.pump, 0x8080, []),
  "command with a wish for an acknowledgement": report(Index.pump, 0x1180, [], FrameFlag.command + FrameFlag.ack),
  "announce yourself": commandFrame(device, [{ index: Index.control, code: Code.announce, data: [] }]),
};
