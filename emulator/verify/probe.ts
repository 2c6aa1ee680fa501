// The probe: a wand that can misbehave, for checks of whatever pump is there.

import { crc16 } from "../../protocol/crc";
import { Code, FrameAt, Index } from "../../protocol/frames";
import { LinkTime } from "../../protocol/limits";
import { Register } from "../../protocol/service";
import { announcesPump, CALL, commandFrame, GOODBYE, reportsOf } from "../../protocol/wand/core/packets";
import type { Heard } from "../../protocol/wand/core/packets";
import { hexText, sameBytes } from "../../protocol/wand/core/bytes";
import type { Transport } from "../../protocol/wand/transport";
import { createUnframer, frameUp, takeByte } from "../../protocol/usb";
import type { Wall } from "../live/wall";

/** The pump is not as it must be: the message says in what. */
export class Failure extends Error {
  override readonly name = "Failure";
}

/** Longest time for an answer; a pump answers a read at once. */
const ANSWER_MS = 600;
/** A line may lose something: what must be answered is asked so often. */
const ATTEMPTS = 3;

/** Whoever has waited long enough, or has what it waited for. */
interface Waiter {
  readonly wanted: (packet: Heard) => boolean;
  readonly done: (packet: Heard | undefined) => void;
}

/** Frame bytes between JDUSB's marks, as they go on the line. */
export function onLine(frame: readonly number[]): Uint8Array {
  const out: number[] = [];
  const count = frameUp(frame, frame.length, out);
  return Uint8Array.from(out.slice(0, count));
}

/** A frame of one packet. */
export function packetFrame(device: readonly number[], index: number, code: number, data: ArrayLike<number> = []): readonly number[] {
  return commandFrame(device, [{ index, code, data }]);
}

/** Gives a frame that was changed the check value of what it now is. */
export function reseal(frame: number[]): void {
  const check = crc16(frame, FrameAt.size, frame.length);
  frame[0] = check % 256;
  frame[1] = Math.floor(check / 256);
}

export class Probe {
  /** All packets since the last `clear`, announcements left out. */
  heard: Heard[] = [];
  /** Bytes since then. */
  bytes = 0;
  /** Answers to wake-up calls since then: reports without packets of their own. */
  callAnswers = 0;
  announcements = 0;
  private device_: readonly number[] = [];
  private announced_us = -Infinity;
  private readonly unframer = createUnframer();
  private waiters: Waiter[] = [];
  private lost: string | undefined;

  constructor(private readonly transport: Transport, readonly wall: Wall) {
    transport.onBytes((bytes) => { this.take(bytes); });
    transport.onClosed((_problem, text) => {
      this.lost = text;
      for (const { done } of this.waiters.splice(0)) done(undefined);
    });
  }

  /** The pump's present device id, 8 bytes; none before `wake`. */
  get device(): readonly number[] {
    return this.device_;
  }

  /** The port is gone: nothing that is found from now on says anything about the pump. */
  get gone(): string | undefined {
    return this.lost;
  }

  clear(): void {
    this.heard = [];
    this.bytes = 0;
    this.callAnswers = 0;
    this.announcements = 0;
  }

  send(bytes: Uint8Array): void {
    this.transport.write(bytes);
  }

  frame(frame: readonly number[]): void {
    this.send(onLine(frame));
  }

  /** A command packet to the pump. */
  packet(index: number, code: number, data: ArrayLike<number> = []): void {
    this.frame(packetFrame(this.device_, index, code, data));
  }

  wait(ms: number): Promise<void> {
    return new Promise((resolve) => { this.wall.after(ms * 1000, resolve); });
  }

  /** The next packet of that kind, undefined if none comes in time. */
  next(wanted: (packet: Heard) => boolean, ms = ANSWER_MS): Promise<Heard | undefined> {
    if (this.lost !== undefined) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const waiter: Waiter = {
        wanted,
        done: (packet) => {
          stop();
          this.waiters = this.waiters.filter((each) => each !== waiter);
          resolve(packet);
        },
      };
      const stop = this.wall.after(ms * 1000, () => { waiter.done(undefined); });
      this.waiters.push(waiter);
    });
  }

  /** Sends a packet until an answer of that kind comes; undefined if none does. */
  async ask(index: number, code: number, data: ArrayLike<number>, wanted: (packet: Heard) => boolean, attempts = ATTEMPTS): Promise<Heard | undefined> {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const answer = this.next(wanted);
      this.packet(index, code, data);
      const packet = await answer;
      if (packet !== undefined || this.lost !== undefined) return packet;
    }
    return undefined;
  }

  /** Reads an open register; undefined if there is no answer. */
  async register(index: number, register: number): Promise<readonly number[] | undefined> {
    const packet = await this.ask(index, Code.get + register, [], (each) => each.index === index && each.code === Code.get + register);
    return packet?.data;
  }

  /** Calls until a pump announces itself. Its id is `device` then. Throws `Failure` if none does. */
  async wake(): Promise<void> {
    for (let attempt = 0; attempt < 2 * ATTEMPTS; attempt++) {
      const announcement = this.next(announcesPump, ANSWER_MS);
      this.frame(CALL);
      const packet = await announcement;
      if (packet === undefined) continue;
      this.device_ = packet.device;
      return;
    }
    throw new Failure(this.bytes === 0 ? "no pump answers a call" : "bytes come, but no pump announces itself");
  }

  /** As `wake`, but only if the pump may have fallen asleep. */
  async ready(): Promise<void> {
    if (this.wall.now_us() - this.announced_us > (LinkTime.announce_ms + 200) * 1000) await this.wake();
  }

  /** Sends a pump without a session to sleep, and waits until it is. */
  async sleep(): Promise<void> {
    this.frame(GOODBYE);
    await this.wait(250);
  }

  /**
   * Shows that the pump understands the next good frame, and returns what it said before its answer to that: what came in between was a reaction to what
   * was sent before. Throws `Failure` if it does not answer.
   */
  async echo(): Promise<readonly Heard[]> {
    const code = Code.get + Register.protocol_version;
    const isEcho = (packet: Heard): boolean => packet.index === Index.pump && packet.code === code;
    this.heard = this.heard.filter((packet) => !isEcho(packet));
    if (await this.ask(Index.pump, code, [], isEcho) === undefined) throw new Failure("the next good frame is not answered");
    const found = this.heard.filter((packet) => !isEcho(packet));
    this.heard = [];
    return found;
  }

  private take(bytes: Uint8Array): void {
    this.bytes += bytes.length;
    for (const byte of bytes) {
      if (!takeByte(this.unframer, byte)) continue;
      const packets = reportsOf(this.unframer.bytes, this.unframer.size);
      if (packets?.length === 0) this.callAnswers++;
      for (const packet of packets ?? []) this.hear(packet);
    }
  }

  private hear(packet: Heard): void {
    if (announcesPump(packet)) {
      this.announcements++;
      if (this.device_.length === 0 || sameBytes(packet.device, this.device_)) this.announced_us = this.wall.now_us();
    } else this.heard.push(packet);
    for (const waiter of this.waiters.filter(({ wanted }) => wanted(packet))) waiter.done(packet);
  }
}

/** Packets in words, for messages. */
export function packetsText(packets: readonly Heard[]): string {
  return packets.map(({ index, code, data }) => `index ${index} code 0x${code.toString(16)}${data.length === 0 ? "" : ` data ${hexText(data)}`}`).join("; ");
}
