// Anything on the wire: refused, counted, no change, the next frame understood.

import { describe, expect, it } from "vitest";
import { Fault } from "../../hal/faults";
import { FrameAt, FrameFlag, Index, addPacket, beginFrame, endFrame } from "../../protocol/frames";
import { LinkCounts, Op } from "../../protocol/operations";
import { Command, Role } from "../../protocol/service";
import { CALL, GOODBYE, commandFrame } from "../../protocol/wand/core/packets";
import { execFrame, helloFrame, provisionFrame } from "../../protocol/wand/core/stage";
import type { Session} from "./door";
import { Door, marked } from "./door";
import { hostileBytes } from "./hostile";

/** A frame of each type, and how the pump stands before it. */
const TYPES: Readonly<Record<string, (door: Door) => readonly number[]>> = {
  "the call": () => CALL,
  "the good-bye": (door) => (door.call(), GOODBYE),
  "services": (door) => (door.call(), commandFrame(door.device, [{ index: 0, code: 0, data: [] }])),
  "a register": (door) => (door.call(), commandFrame(door.device, [{ index: 1, code: 0x1180, data: [] }])),
  "two packets": (door) => (door.call(), commandFrame(door.device, [{ index: 0, code: 0x1185, data: [] }, { index: 1, code: 0x1181, data: [] }])),
  "a wish for an acknowledgement": (door) => {
    door.call();
    const out: number[] = [];
    const size = beginFrame(out, FrameFlag.command + FrameFlag.ack, door.device, 0);
    endFrame(out, addPacket(out, size, Index.control, 0, [], 0, 0));
    return out;
  },
  "hello": (door) => (door.call(), helloFrame(door.device, Role.clinician, door.random(16))),
  "provision": (door) => (door.call(), provisionFrame(door.device, door.random(32))),
  "a login": (door) => (door.call(), door.session().request(Op.stop, [1])),
  "a message": (door) => {
    door.call();
    const session = door.session();
    session.ask(Op.status);
    return session.request(Op.stop, [1]);
  },
  "an unknown command": (door) => (door.call(), commandFrame(door.device, [{ index: 1, code: 0x77, data: [1, 2, 3] }])),
};

/** A door in whose session a message is due, and what must be unchanged. */
function open(): { door: Door; session: Session } {
  const door = new Door();
  door.call();
  const session = door.session();
  expect(session.ask(Op.status)?.fault).toBe(Fault.ok);
  return { door, session };
}

describe("one frame of each type (LINK-2a)", () => {
  for (const [what, make] of Object.entries(TYPES)) {
    it(`${what}: every single bit flipped is refused without a word, and the good one is understood after it`, () => {
      const door = new Door();
      const frame = make(door);
      const before = door.state();
      for (let bit = 0; bit < frame.length * 8; bit++) {
        const flipped = frame.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
        expect([bit, door.frame(flipped)]).toEqual([bit, []]);
      }
      expect(door.state()).toBe(before);
      expect(door.frame(frame).length).toBe(what === "the good-bye" ? 0 : what === "two packets" || what === "a wish for an acknowledgement" ? 2 : 1);
    });

    it(`${what}: every truncation, every byte left out, and the marks damaged: refused, and the good one is understood after it`, () => {
      const door = new Door();
      const frame = make(door);
      const line = marked(frame);
      const before = door.state();
      for (let count = 0; count < line.length - 1; count++) expect([count, door.feed(line.slice(0, count))]).toEqual([count, []]);
      for (let left_out = 0; left_out < frame.length; left_out++) {
        expect([left_out, door.frame(frame.filter((_, i) => i !== left_out))]).toEqual([left_out, []]);
      }
      for (const at of [0, 1, line.length - 2, line.length - 1]) {
        for (let bit = 0; bit < 8; bit++) expect(door.feed(line.map((byte, i) => (i === at ? byte ^ (1 << bit) : byte)))).toEqual([]);
      }
      expect(door.state()).toBe(before);
      expect(door.frame(frame).length).toBe(what === "the good-bye" ? 0 : what === "two packets" || what === "a wish for an acknowledgement" ? 2 : 1);
    });
  }
});

describe("garbage (LINK-2a)", () => {
  const garbages: Readonly<Record<string, readonly number[]>> = {
    "log text": [...Buffer.from("panic: nothing of the kind\n")],
    "half a frame": marked(CALL).slice(0, 9),
    "an FE": [0xfe],
    "many FEs": new Array<number>(300).fill(0xfe),
    "a frame that is too long": marked(new Array<number>(400).fill(0x11)),
    "a frame with no end, then silence": [0xfe, 0xfc, ...new Array<number>(251).fill(0x22)],
    "an empty frame": [0xfe, 0xfc, 0xfe, 0xfd],
    "ends only": [0xfe, 0xfd, 0xfe, 0xfd],
    "zeros": new Array<number>(64).fill(0),
  };
  for (const [what, garbage] of Object.entries(garbages)) {
    it(`${what}, before, between and after messages: each of them is answered`, () => {
      const { door, session } = open();
      const before = door.state();
      for (let n = 0; n < 3; n++) {
        const frame = session.request(Op.status);
        session.number += 1;
        expect(session.answerIn(door.feed([...garbage, ...marked(frame), ...garbage]), Op.status)?.fault).toBe(Fault.ok);
      }
      expect(door.state()).toBe(before);
    });
  }

  it("20 000 random frames, half of them with a right check value and address: none does anything, the session goes on", () => {
    const { door, session } = open();
    const before = door.state();
    const records = door.desk.notes.filter((note) => note.startsWith("record")).length;
    for (let n = 1; n <= 20_000; n++) {
      door.feed(hostileBytes(session, n));
      if (n % 500 === 0) expect([n, session.ask(Op.status)?.fault]).toEqual([n, Fault.ok]);
    }
    expect(door.state()).toBe(before);
    expect(door.desk.notes.filter((note) => note.startsWith("record")).length).toBe(records);
    const counts = session.ask(Op.link_counts)!.values;
    expect(counts[LinkCounts.frames_refused]).toBeGreaterThan(4000);
    expect(counts[LinkCounts.packets_refused]).toBeGreaterThan(1000);
    expect(counts[LinkCounts.messages_refused]).toBeGreaterThan(1000);
  });
});

describe("what Jacdac would allow and this pump does not", () => {
  /** A frame with one packet and any flags and address. */
  function frameOf(flags: number, id: readonly number[], index: number, code: number, data: readonly number[] = []): number[] {
    const out: number[] = [];
    const size = beginFrame(out, flags, id, 0);
    endFrame(out, addPacket(out, size, index, code, data, 0, data.length));
    return out;
  }
  const service = [0x52, 0x3c, 0x6f, 0x1a, 0xaa, 0xaa, 0xaa, 0xaa];

  it("other flags, other addresses, reports and multicasts are refused without a word, and counted", () => {
    const { door, session } = open();
    const before = door.state();
    const counted = (): number => session.ask(Op.link_counts)!.values[LinkCounts.frames_refused]!;
    const refused = counted();
    const frames = [
      frameOf(FrameFlag.command + FrameFlag.loopback, door.device, 0, 0), frameOf(FrameFlag.command + FrameFlag.next, door.device, 0, 0), frameOf(0, door.device, 0, 0),
      frameOf(FrameFlag.ack, door.device, 0, 0), frameOf(FrameFlag.command, [1, 2, 3, 4, 5, 6, 7, 8], 0, 0),
      frameOf(FrameFlag.command + FrameFlag.multicast, service, Index.broadcast, Command.exec, new Array<number>(40).fill(1)),
      frameOf(FrameFlag.command + FrameFlag.multicast, service, Index.broadcast, 0x2180, [0, 0, 0, 0]),
      frameOf(FrameFlag.command + FrameFlag.multicast + FrameFlag.ack, [...CALL.slice(4, 12)], Index.broadcast, 0x81),
      frameOf(FrameFlag.command + FrameFlag.multicast, [...CALL.slice(4, 12)], Index.broadcast, 0x81, [1]), frameOf(FrameFlag.command + FrameFlag.multicast, [...CALL.slice(4, 12)], 1, 0x81),
    ];
    for (const frame of frames) expect(door.frame(frame)).toEqual([]);
    const large = [...frameOf(FrameFlag.command, door.device, 0, 0)];
    large[FrameAt.size] = 0xff;
    expect(door.frame(large)).toEqual([]);
    expect(counted()).toBe(refused + frames.length + 1);
    expect(door.state()).toBe(before);
  });

  it("writes to registers, control's reset and unknown commands get Jacdac's refusal (LINK-1e)", () => {
    const { door } = open();
    const before = door.state();
    for (const [index, code, data] of [[0, 0x82, []], [0, 0x2080, [1, 0, 0, 0]], [1, 0x2180, [9, 9]], [1, 0x2002, [1]], [1, 0x90, []], [1, 0x96, [1, 0, 0, 0, 1, 0, 0, 0]], [2, 0x1101, []], [0x3e, 0x80, [1]]] as const) {
      const [heard, ...more] = door.frame(commandFrame(door.device, [{ index, code, data }]));
      expect(more).toEqual([]);
      expect(heard).toMatchObject({ index, code: 3 });
      expect(heard!.data.slice(0, 2)).toEqual([code & 255, code >> 8]);
    }
    expect(door.state()).toBe(before);
  });

  it("a pump that has its key takes no other, whoever asks and however often (LINK-1d)", () => {
    const { door } = open();
    const before = door.state();
    for (let n = 0; n < 3; n++) expect(door.frame(provisionFrame(door.device, door.random(32)))).toMatchObject([{ code: Command.refused, data: [Command.provision, 0, Fault.already_provisioned, 0, 0, 0, 0, 0] }]);
    expect(door.state()).toBe(before);
  });

  it("asleep, it understands nothing but the call (BATT-3a)", () => {
    const { door, session } = open();
    const asked = session.request(Op.status);
    expect(session.ask(Op.close)?.fault).toBe(Fault.ok);
    door.wait(100);
    const before = door.state();
    for (const frame of [asked, helloFrame(door.device, Role.clinician, door.random(16)), commandFrame(door.device, [{ index: 0, code: 0, data: [] }]), GOODBYE]) {
      expect(door.frame(frame)).toEqual([]);
    }
    expect(door.frame(execFrame(door.device, session.keys.session, 1, new Uint8Array(24)))).toEqual([]);
    expect(door.state()).toBe(before);
    const device = door.device;
    door.call();
    expect(door.device).not.toEqual(device);
  });
});
