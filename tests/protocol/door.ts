// The pump's front door for tests that misbehave: frames by hand, one by one.

import { expect } from "vitest";
import { CipherSize } from "../../hal/cipher";
import { LinkSize } from "../../hal/link";
import { Source } from "../../hal/controller";
import { createController } from "../../firmware/controller";
import { C, Part } from "../../firmware/state";
import { Index } from "../../protocol/frames";
import { getU16, getU32 } from "../../protocol/integers";
import { Wire } from "../../protocol/limits";
import { Command, Role } from "../../protocol/service";
import { createUnframer, frameUp, takeByte } from "../../protocol/usb";
import { patientKey } from "../../protocol/wand/cipher";
import { CALL, announcesPump, reportsOf } from "../../protocol/wand/core/packets";
import { readAnswer, requestBytes } from "../../protocol/wand/core/messages";
import { isProof, openAnswer, sealRequest, sessionKeys } from "../../protocol/wand/core/session";
import { execFrame, helloFrame } from "../../protocol/wand/core/stage";
import { startOnDesk } from "../firmware/desk";
import type { Answered } from "../../protocol/wand/core/messages";
import type { Heard } from "../../protocol/wand/core/packets";
import type { SessionKeys } from "../../protocol/wand/core/session";
import type { Op } from "../../protocol/operations";

/** The key that a desk's pump has. */
export const KEY = new Uint8Array(CipherSize.key).fill(7);

/** A pump in therapy, its link asleep, and everything that goes in or out of its serial port. */
export class Door {
  readonly desk;
  readonly controller;
  /** The device id of this wake. */
  device: readonly number[] = [];
  now_ms: number;
  private draw = 1;

  constructor(factory = createController) {
    const { desk, controller, first_ms } = startOnDesk(500_000, factory);
    this.desk = desk;
    this.controller = controller;
    this.now_ms = first_ms - 60_000;
    this.controller.wake(this.now_ms);
  }

  /** Another `count` bytes that differ from all before. */
  random(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => (this.draw = (this.draw * 75 + 74) % 65_537) & 255);
  }

  /** Bytes on the line, now; gives the packets that the pump reported. Storage is done at once. */
  feed(bytes: ArrayLike<number>): Heard[] {
    const all = Array.from(bytes);
    for (let i = 0; i < all.length; i += LinkSize.chunk_max) {
      const chunk = all.slice(i, i + LinkSize.chunk_max);
      this.controller.received(this.now_ms, chunk, chunk.length);
    }
    while (this.desk.posted > 0) {
      this.desk.posted -= 1;
      this.controller.event(this.now_ms, Source.storage, 0, 0);
    }
    const u = createUnframer();
    return this.desk.sent.splice(0).flatMap((byte) => (takeByte(u, byte) ? reportsOf(u.bytes, u.size)! : []));
  }

  /** A frame with its marks. */
  frame(frame: readonly number[]): Heard[] {
    return this.feed(marked(frame));
  }

  /** Lets pump time pass, wake by wake. */
  wait(ms: number): void {
    const end_ms = this.now_ms + ms;
    let deadline_ms = this.controller.wake(this.now_ms);
    while (deadline_ms <= end_ms) {
      this.now_ms = deadline_ms;
      deadline_ms = this.controller.wake(deadline_ms);
      this.desk.sent.length = 0;
      this.feed([]);
    }
    this.now_ms = end_ms;
  }

  /** Wakes it and learns its device id. */
  call(): void {
    const announced = this.frame(CALL).find(announcesPump);
    expect(announced).toBeDefined();
    this.device = announced!.device;
  }

  /** Says hello; gives the keys, unless the pump refused: then the reason. */
  hello(role = Role.clinician, key = KEY): SessionKeys | number {
    const wand_nonce = this.random(Wire.nonce);
    const [heard] = this.frame(helloFrame(this.device, role, wand_nonce)).filter(({ index }) => index === Index.pump);
    if (heard?.code === Command.refused) return getU16(heard.data, 2);
    expect(heard?.code).toBe(Command.hello);
    const own = role === Role.patient ? patientKey(key) : key;
    const keys = sessionKeys(own, { role, session: getU32(heard!.data, 0), device: this.device, wand_nonce, pump_nonce: Uint8Array.from(heard!.data.slice(4, 20)) });
    if (key === KEY) expect(isProof(keys, heard!.data.slice(20))).toBe(true);
    return keys;
  }

  /** A session of that role; nothing is asked in it yet, so it is not open yet. */
  session(role = Role.clinician): Session {
    const keys = this.hello(role);
    if (typeof keys === "number") throw new Error(`hello refused: ${keys}`);
    return new Session(this, keys);
  }

  /** What must not change by what a stranger sends: the critical region but for clock, fraction and charge, what was stored but for the log, and what the motor did. */
  state(): string {
    const region = this.desk.board.retained.filter((_, slot) => slot !== C.deadline_ms && slot !== C.accrued_ms && slot !== C.dose && slot !== C.link_ms);
    return JSON.stringify([region, this.desk.parts.get(Part.prescription), this.desk.parts.get(Part.key), this.desk.parts.get(Part.answers), this.desk.notes.filter((note) => note === "pulse").length]);
  }
}

/** JDUSB's marks around a frame. */
export function marked(frame: readonly number[]): number[] {
  const line: number[] = [];
  frameUp(frame, frame.length, line);
  return line;
}

let drawn_ids = 0n;

/** A session with everything in hand: numbers, keys, frames. */
export class Session {
  /** Number of the message sent last. */
  number = 0;

  constructor(readonly door: Door, readonly keys: SessionKeys) {}

  /** The frame of a request, not sent. */
  request(op: Op, args: readonly number[] = [], number = this.number + 1, op_id = drawn_ids++, raw?: Uint8Array): readonly number[] {
    const message = requestBytes(op_id, op, args, raw);
    if (message === undefined) throw new Error(`operation ${op} cannot be asked so`);
    return execFrame(this.door.device, this.keys.session, number, sealRequest(this.keys, number, message));
  }

  /** The answer to message `number` among packets. */
  answerIn(heard: readonly Heard[], op: Op, number = this.number): Answered | undefined {
    const packet = heard.find(({ code, data }) => code === Command.exec && getU32(data, 0) === this.keys.session && getU32(data, 4) === number);
    const message = packet === undefined ? undefined : openAnswer(this.keys, number, Uint8Array.from(packet.data.slice(Wire.sealed_head)));
    return message === undefined ? undefined : readAnswer(op, message);
  }

  /** Sends the next request and gives its answer. */
  ask(op: Op, args: readonly number[] = [], op_id?: bigint): Answered | undefined {
    const frame = this.request(op, args, this.number + 1, op_id);
    this.number += 1;
    return this.answerIn(this.door.frame(frame), op);
  }
}
