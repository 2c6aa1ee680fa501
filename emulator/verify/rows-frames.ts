// Rows: frames that are not as they must be, and what stands between frames.

import { Code, FrameAt, FrameFlag, Index } from "../../protocol/frames";
import { Wire } from "../../protocol/limits";
import { LinkCounts, Op } from "../../protocol/operations";
import { Register, ServiceClass } from "../../protocol/service";
import { commandFrame } from "../../protocol/wand/core/packets";
import { pushInteger } from "../../protocol/wand/core/bytes";
import { onLine, packetFrame, packetsText, reseal } from "./probe";
import type { Probe } from "./probe";
import { expectNothing, must, Skipped } from "./row";
import type { Bench, Row } from "./row";

/** A harmless question, whose answer would show that a frame was taken. */
const question = Code.get + Register.provisioned;

function good(probe: Probe): number[] {
  return packetFrame(probe.device, Index.pump, question).slice();
}

/** The frame with something changed, and the check value of what it then is. */
function changed(probe: Probe, change: (frame: number[]) => void): number[] {
  const frame = good(probe);
  change(frame);
  reseal(frame);
  return frame;
}

async function refuses(bench: Bench, frames: readonly (readonly number[])[], what: string): Promise<void> {
  bench.probe.clear();
  for (const frame of frames) bench.probe.frame(frame);
  await expectNothing(bench, what);
}

/** JDUSB's marks. */
const MARK = 0xfe;
const BEGIN = 0xfc;

/** Bytes that are no frame and do not begin one. */
function garbage(bench: Bench, count: number): Uint8Array {
  return bench.random(count).map((byte) => (byte === MARK ? 0 : byte));
}

async function asks(probe: Probe, before: Uint8Array, after: Uint8Array, what: string): Promise<void> {
  probe.clear();
  const answer = probe.next(({ index, code }) => index === Index.pump && code === question);
  probe.send(Uint8Array.of(...before, ...onLine(good(probe)), ...after));
  must(await answer !== undefined, `a good frame ${what} is not answered`);
  probe.clear();
}

export const FRAME_ROWS: readonly Row[] = [
  {
    id: "bad-check", requirement: "LINK-2", text: "A frame with a wrong check value is refused.",
    run: async (bench) => {
      await bench.probe.ready();
      const frame = good(bench.probe);
      await refuses(bench, [frame.with(0, (frame[0] ?? 0) ^ 1), frame.with(1, (frame[1] ?? 0) ^ 0x80), [0, 0, ...frame.slice(2)]], "a wrong check value");
    },
  },
  {
    id: "bad-size", requirement: "LINK-2", text: "A frame whose size is not that of its bytes is refused, and so is one that is too long.",
    run: async (bench) => {
      await bench.probe.ready();
      const { probe } = bench;
      const sized = (size: number): number[] => changed(probe, (frame) => { frame[FrameAt.size] = size; });
      const long = changed(probe, (frame) => { while (frame.length < Wire.frame_max + 8) frame.push(0); });
      await refuses(bench, [sized(0), sized(3), sized(5), sized(255), long], "a wrong size");
    },
  },
  {
    id: "bad-flags", requirement: "LINK-2", text: "Frames with other flags than those of a command are refused, reports among them.",
    run: async (bench) => {
      await bench.probe.ready();
      const flagged = [0, FrameFlag.ack, FrameFlag.command + FrameFlag.loopback, FrameFlag.command + FrameFlag.next, 0xff, 0x10 + FrameFlag.command];
      await refuses(bench, flagged.map((flags) => changed(bench.probe, (frame) => { frame[FrameAt.flags] = flags; })), "flags that no command has");
    },
  },
  {
    id: "multicast", requirement: "LINK-2", text: "Multicast is refused, but for the call and the good-bye.",
    run: async (bench) => {
      await bench.probe.ready();
      const address: number[] = [];
      pushInteger(address, ServiceClass.pump, 4);
      address.push(0xaa, 0xaa, 0xaa, 0xaa);
      const frames = [Index.pump, Index.broadcast].map((index) => {
        const frame = commandFrame(address, [{ index, code: question, data: [] }]).slice();
        frame[FrameAt.flags] = FrameFlag.command + FrameFlag.multicast;
        reseal(frame);
        return frame;
      });
      await refuses(bench, frames, "a multicast to all pumps");
    },
  },
  {
    id: "other-device", requirement: "LINK-2", text: "A frame for another device is refused, however near its id.",
    run: async (bench) => {
      await bench.probe.ready();
      const { device } = bench.probe;
      const others = [device.map(() => 0), device.map(() => 255), device.with(0, (device[0] ?? 0) ^ 1), device.with(7, (device[7] ?? 0) ^ 0x80), device.toReversed()];
      await refuses(bench, others.map((id) => packetFrame(id, Index.pump, question)), "another device's frame");
    },
  },
  {
    id: "bit-flips", requirement: "LINK-2", text: "Each single bit of a frame flipped makes it one that is refused.",
    run: async (bench) => {
      await bench.probe.ready();
      const frame = good(bench.probe);
      await refuses(bench, Array.from({ length: frame.length * 8 }, (_, bit) => frame.with(bit >> 3, (frame[bit >> 3] ?? 0) ^ (1 << (bit & 7)))), "a flipped bit");
    },
  },
  {
    id: "truncations", requirement: "LINK-2", text: "A frame cut short anywhere is refused, with its end mark and without.",
    run: async (bench) => {
      const { probe } = bench;
      await probe.ready();
      const frame = good(probe);
      await refuses(bench, Array.from({ length: frame.length }, (_, length) => frame.slice(0, length)), "a frame cut short");
      const bytes = onLine(frame);
      for (let length = 1; length < bytes.length - 1; length++) probe.send(bytes.slice(0, length));
      await expectNothing(bench, "a frame without its end");
    },
  },
  {
    id: "garbage", requirement: "LINK-2", text: "A good frame is understood with garbage before it, after it, and after a frame that has no end.",
    run: async (bench) => {
      const { probe } = bench;
      await probe.ready();
      const none = new Uint8Array(0);
      await asks(probe, garbage(bench, 64), none, "after garbage");
      await asks(probe, Uint8Array.of(MARK), none, "after half a mark");
      await asks(probe, Uint8Array.of(MARK, BEGIN, ...garbage(bench, 300)), none, "after a frame without end");
      await asks(probe, none, garbage(bench, 64), "before garbage");
      await expectNothing(bench, "garbage between frames");
    },
  },
  {
    id: "counted", requirement: "LINK-2", text: "What is refused is counted: frames, packets and messages each.",
    run: async (bench) => {
      const login = bench.login();
      const { probe } = bench;
      await login.session();
      const before = (await login.operate(Op.link_counts)).values;
      const frame = good(probe);
      for (let i = 0; i < 3; i++) probe.frame(frame.with(0, (frame[0] ?? 0) ^ 1));
      for (let i = 0; i < 2; i++) probe.packet(Index.pump, 0x84);
      const session = await login.session();
      const sealed = login.nextFrame(session, Op.status);
      // The same number, by a message that was not sealed so; the good one follows.
      const spoilt = sealed.slice();
      spoilt[spoilt.length - 1] = (spoilt.at(-1) ?? 0) ^ 1;
      reseal(spoilt);
      probe.frame(spoilt);
      must(await login.exchange(session, Op.status, sealed) !== undefined, "the good message after it is not answered");
      const after = (await login.operate(Op.link_counts)).values;
      const rise = (at: LinkCounts): number => (after[at] ?? 0) - (before[at] ?? 0);
      must(rise(LinkCounts.frames_refused) === 3, `3 bad frames count as ${rise(LinkCounts.frames_refused)}`);
      must(rise(LinkCounts.packets_refused) === 2, `2 unknown commands count as ${rise(LinkCounts.packets_refused)}`);
      must(rise(LinkCounts.messages_refused) === 1, `a badly sealed message counts as ${rise(LinkCounts.messages_refused)}`);
    },
  },
  {
    id: "flood", requirement: "LINK-4", text: "After a flood of garbage at line rate the link is back within a second.",
    run: async (bench) => {
      const { probe } = bench;
      if (bench.flood_s === 0) throw new Skipped("needs a flood of a second at the least");
      await probe.ready();
      probe.clear();
      // 115 200 baud in pieces of 50 ms.
      for (let i = 0; i < bench.flood_s * 20; i++) {
        probe.send(bench.random(576));
        await probe.wait(50);
      }
      const began_us = probe.wall.now_us();
      probe.send(Uint8Array.of(MARK, MARK));
      await probe.ready();
      const reactions = await probe.echo();
      must(probe.wall.now_us() - began_us <= 1_000_000, `the link takes ${Math.round((probe.wall.now_us() - began_us) / 1000)} ms to come back`);
      must(reactions.length === 0, `the pump answers garbage: ${packetsText(reactions)}`);
    },
  },
];
