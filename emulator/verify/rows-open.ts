// Rows: what anybody may see of a pump, and that it is all.

import { Code, FrameAt, FrameFlag, Index } from "../../protocol/frames";
import { getU16 } from "../../protocol/integers";
import { LinkTime, Wire } from "../../protocol/limits";
import { Ops } from "../../protocol/operations";
import { Command, Refused, Register, Role } from "../../protocol/service";
import { hexText, sameBytes } from "../../protocol/wand/core/bytes";
import { announcesPump, CALL, commandFrame } from "../../protocol/wand/core/packets";
import type { Heard } from "../../protocol/wand/core/packets";
import { execData, helloData, refusalOf } from "./login";
import { packetFrame, reseal } from "./probe";
import type { Probe } from "./probe";
import { must, Skipped } from "./row";
import type { Bench, Row } from "./row";

/** Registers of the control service, and its command that resets a device. */
const enum Control { description = 0x180, product = 0x181, firmware = 0x185, reset = 0x81 }

/** Jacdac's answer to a command that it does not have, for this frame. */
function isRefusalOf(frame: readonly number[], code: number): (packet: Heard) => boolean {
  const check = getU16(frame, FrameAt.check);
  return (packet) => packet.code === Code.refused && packet.data.length === 4 && getU16(packet.data, 0) === code && getU16(packet.data, 2) === check;
}

async function mustRefuse(probe: Probe, index: number, code: number, data: readonly number[], what: string): Promise<void> {
  const frame = packetFrame(probe.device, index, code, data);
  const isRefusal = isRefusalOf(frame, code);
  for (let attempt = 0; attempt < 3; attempt++) {
    const answer = probe.next((packet) => isRefusal(packet) || (packet.index === index && packet.code === code));
    probe.frame(frame);
    const packet = await answer;
    if (packet === undefined) continue;
    must(isRefusal(packet), `${what} is answered: ${hexText(packet.data)}`);
    return;
  }
  must(false, `${what} is not refused`);
}

async function mustBeSame(probe: Probe, device: readonly number[]): Promise<void> {
  await probe.wake();
  must(sameBytes(probe.device, device), "the pump was reset, or fell asleep: its device id is another one");
}

const discovery: readonly Row[] = [
  {
    id: "call", requirement: "LINK-1", text: "A call is answered, and the pump announces its one service at once.",
    run: async ({ probe }) => {
      await probe.sleep();
      probe.clear();
      const announcement = probe.next(announcesPump);
      probe.frame(CALL);
      const packet = await announcement;
      must(packet !== undefined, "the pump does not announce itself");
      must(probe.callAnswers > 0, "the call itself is not answered");
      must(packet.data.length === 8 && packet.data[2] === 1, `the announcement is ${hexText(packet.data)}: one service is expected`);
    },
  },
  {
    id: "announce", requirement: "LINK-1", text: "An awake pump announces itself every 500 ms.",
    run: async ({ probe }) => {
      await probe.wake();
      probe.clear();
      const began_us = probe.wall.now_us();
      await probe.wait(3 * LinkTime.announce_ms + 100);
      // The host may have waited longer than it was to, and the window may begin anywhere between two of them.
      const waited_ms = (probe.wall.now_us() - began_us) / 1000;
      const periods = Math.floor(waited_ms / LinkTime.announce_ms);
      must(Math.abs(probe.announcements - periods) <= 1, `${probe.announcements} announcements in ${Math.round(waited_ms)} ms`);
    },
  },
  {
    id: "asleep", requirement: "BATT-3", text: "After the good-bye the pump says nothing and hears nothing but a call.",
    run: async ({ probe }) => {
      await probe.wake();
      await probe.sleep();
      probe.clear();
      probe.packet(Index.pump, Code.get + Register.protocol_version);
      await probe.wait(2 * LinkTime.announce_ms + 100);
      must(probe.bytes === 0, `it says ${probe.bytes} bytes, unless another wand has a session open`);
    },
  },
  {
    id: "fresh-id", requirement: "LINK-1", text: "The device id is another one at every wake.",
    run: async ({ probe }) => {
      await probe.wake();
      const before = probe.device;
      await probe.sleep();
      await probe.wake();
      must(!sameBytes(probe.device, before), `it is ${hexText(before)} again, unless another wand has a session open`);
    },
  },
  {
    id: "registers", requirement: "LINK-1", text: "Model, firmware, protocol version and whether there is a key are there for a stranger.",
    run: async ({ probe }) => {
      await probe.ready();
      const description = await probe.register(Index.control, Control.description);
      must(description !== undefined && description.length > 0, "no device description");
      must((await probe.register(Index.control, Control.product))?.length === 4, "no product identifier of 4 bytes");
      const firmware = await probe.register(Index.control, Control.firmware);
      must(firmware !== undefined && firmware.length > 0, "no firmware version");
      const version = await probe.register(Index.pump, Register.protocol_version);
      must(version?.length === 2 && getU16(version, 0) === Wire.version, `the protocol version is ${version === undefined ? "not told" : hexText(version)}`);
      const provisioned = await probe.register(Index.pump, Register.provisioned);
      must(provisioned?.length === 1 && (provisioned[0] ?? 2) < 2, `whether it has its key is ${provisioned === undefined ? "not told" : hexText(provisioned)}`);
    },
  },
  {
    id: "acknowledge", requirement: "LINK-1", text: "A frame that asks for it is acknowledged by its check value.",
    run: async ({ probe }) => {
      await probe.ready();
      const frame = commandFrame(probe.device, [{ index: Index.pump, code: Code.get + Register.provisioned, data: [] }]).slice();
      frame[FrameAt.flags] = FrameFlag.command + FrameFlag.ack;
      reseal(frame);
      const check = getU16(frame, FrameAt.check);
      const answer = probe.next(({ index, code }) => index === Index.ack && code === check);
      probe.frame(frame);
      must(await answer !== undefined, "no acknowledgement comes");
    },
  },
];

const refusals: readonly Row[] = [
  {
    id: "unknown-command", requirement: "LINK-1", text: "A command, register or service that is not there is refused by its code and the frame's check value.",
    run: async ({ probe }) => {
      await probe.ready();
      await mustRefuse(probe, Index.pump, 0x84, [], "command 0x84");
      await mustRefuse(probe, Index.pump, Code.get + 0x190, [], "reading register 0x190");
      await mustRefuse(probe, Index.control, Code.get + 0x1ff, [], "reading the control register 0x1ff");
      await mustRefuse(probe, 5, 0x80, [], "a command to service 5");
    },
  },
  {
    id: "writes", requirement: "LINK-1", text: "No register can be written.",
    run: async ({ probe }) => {
      await probe.ready();
      for (const index of [Index.control, Index.pump]) {
        for (const register of [0x80, 0x180, 0x181]) await mustRefuse(probe, index, Code.set + register, [0, 0], `writing register 0x${register.toString(16)} of service ${index}`);
      }
    },
  },
  {
    id: "reset", requirement: "LINK-1", text: "Jacdac's reset command does not reset the pump.",
    run: async ({ probe }) => {
      await probe.ready();
      const { device } = probe;
      await mustRefuse(probe, Index.control, Control.reset, [], "the control command reset");
      await mustBeSame(probe, device);
    },
  },
  {
    id: "open-operations", requirement: "LINK-1", text: "No operation is done or answered in the open.",
    run: async ({ probe }) => {
      await probe.ready();
      for (let op: number = Ops.first; op <= Ops.last; op++) await mustRefuse(probe, Index.pump, op, [], `operation ${op} in the open`);
    },
  },
  {
    id: "unprovisioned", requirement: "LINK-1", text: "A pump without a key opens no session.",
    run: async (bench: Bench) => {
      const { probe, random } = bench;
      if (bench.provisioned) throw new Skipped("the pump has its key");
      await probe.ready();
      const isRefusal = (packet: Heard): boolean => refusalOf(packet) !== undefined || packet.code === Command.hello || packet.code === Command.exec;
      const hello = refusalOf(await probe.ask(Index.pump, Command.hello, helloData(Wire.version, Role.clinician, random(Wire.nonce)), isRefusal));
      must(hello?.reason === Refused.not_provisioned, hello === undefined ? "hello is not refused" : `hello is refused for reason ${hello.reason}`);
      const exec = refusalOf(await probe.ask(Index.pump, Command.exec, execData(1, 1, random(32)), isRefusal));
      must(exec?.reason === Refused.no_session, exec === undefined ? "a message is not refused" : `a message is refused for reason ${exec.reason}`);
    },
  },
];

export const OPEN_ROWS: readonly Row[] = [...discovery, ...refusals];
