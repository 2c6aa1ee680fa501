// What goes out: announcements, registers, refusals, acknowledgements, events.

import { Code, Index, addPacket, beginFrame, endFrame, FrameAt, FrameFlag } from "../frames";
import { getU16, putU16, putU32 } from "../integers";
import { Wire } from "../limits";
import { Command, PumpEvent, ServiceClass } from "../service";
import { D, Line, get, tally } from "./state";
import type { Refused } from "../service";
import type { Device } from "./state";

/** Hands the bytes that have gathered to the board. 0 if it has no room for them. */
function flush(d: Device, count: number): number {
  return d.board.link.send(d.line, count);
}

/**
 * Sends a frame with JDUSB's marks around it, in chunks. Where the board has no room the rest is left out: the other end sees a frame that was cut, and asks again.
 */
export function sendFrame(d: Device, frame: readonly number[], size: number): void {
  const line = d.line;
  line[0] = 0xfe;
  line[1] = 0xfc;
  let count = 2;
  for (let i = 0; i < size; i++) {
    const byte = frame[i] ?? 0;
    line[count] = byte;
    count++;
    if (byte === 0xfe) {
      line[count] = 0xf8;
      count++;
    }
    if (count >= Line.chunk - 2) {
      if (flush(d, count) === 0) return;
      count = 0;
    }
  }
  line[count] = 0xfe;
  line[count + 1] = 0xfd;
  flush(d, count + 2);
}

/** Sends a report of this device with `count` of `data`; a report's frame has no flags. */
export function report(d: Device, index: number, code: number, data: readonly number[], count: number): void {
  const size = beginFrame(d.out, 0, d.id, 0);
  sendFrame(d, d.out, endFrame(d.out, addPacket(d.out, size, index, code, data, 0, count)));
}

const enum Announced { acknowledges = 0x0100, restarts_max = 15 }

/** Says who is here: control's report 0 with the one service. */
export function announce(d: Device): void {
  if (get(d, D.restarts) < Announced.restarts_max) tally(d, D.restarts);
  const data = d.nonce;
  putU16(data, 0, Announced.acknowledges + get(d, D.restarts));
  data[2] = 1;
  data[3] = 0;
  putU32(data, 4, ServiceClass.pump);
  report(d, Index.control, Code.announce, data, 8);
}

/** Refuses a packet: its code and the check value of its frame. */
export function refusePacket(d: Device, index: number, code: number): void {
  tally(d, D.packets_refused);
  const data = d.nonce;
  putU16(data, 0, code);
  putU16(data, 2, getU16(d.unframer.bytes, FrameAt.check));
  report(d, index, Code.refused, data, 4);
}

/** Says that the frame was received, which is not that anything was done. */
export function acknowledge(d: Device): void {
  report(d, Index.ack, getU16(d.unframer.bytes, FrameAt.check), d.nonce, 0);
}

/** Says in the open why there is no answer in a session. */
export function refuse(d: Device, command: Command, reason: Refused, wait_ms: number): void {
  tally(d, D.messages_refused);
  const data = d.nonce;
  putU16(data, 0, command);
  putU16(data, 2, reason);
  putU32(data, 4, wait_ms);
  report(d, Index.pump, Command.refused, data, 8);
}

/** Hint to whoever is logged in: something has changed. */
export function sendChanged(d: Device): void {
  if (get(d, D.session) === 0) return;
  d.n[D.events] = get(d, D.events) + 1 & 0x7f;
  report(d, Index.pump, Code.event + get(d, D.events) * Code.event_counter + PumpEvent.changed, d.nonce, 0);
}

/** The answer to a call: the same packet, as a report. */
export function answerCall(d: Device): void {
  const size = beginFrame(d.out, FrameFlag.multicast, d.unframer.bytes, FrameAt.device);
  sendFrame(d, d.out, endFrame(d.out, addPacket(d.out, size, Index.broadcast, 0x81, d.nonce, 0, 0)));
}

/** Sends the answer in hand, again or for the first time. */
export function sendAnswer(d: Device): void {
  d.n[D.in_hand] = 0;
  sendFrame(d, d.answer, get(d, D.answer_size));
}

/** Where an answer's message begins in its frame. */
export const enum AnswerAt { message = Wire.frame_head + Wire.packet_head + Wire.sealed_head }
