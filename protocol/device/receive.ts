// What comes in: bytes to frames to packets, each refused or passed on.

import { Code, FrameAt, FrameFlag, FrameProblem, Index, PacketAt, checkFrame, nextPacket, packetEnd } from "../frames";
import { getU16, getU32 } from "../integers";
import { Wire } from "../limits";
import { Command, Refused, Register } from "../service";
import { takeByte } from "../usb";
import { DESCRIPTION, FIRMWARE_VERSION, PRODUCT } from "./identity";
import { call, goodBye } from "./power";
import { acknowledge, announce, refuse, refusePacket, report } from "./send";
import { exec, hello } from "./session";
import { D, Heard, Key, get, tally } from "./state";
import type { Device } from "./state";

/** Jacdac's class for who talks JDUSB, the rest of a multicast's address, and its two commands that we know. */
const enum Bridge { service_class = 0x18f61a4a, rest = 0xaaaaaaaa, on = 0x81, off = 0x80 }

const enum Control { services = 0, description = 0x1180, product = 0x1181, firmware = 0x1185 }

/** A packet for the device itself. False if it is refused. */
function control(d: Device, code: number, count: number): boolean {
  if (count !== 0) return false;
  if (code === Control.services) announce(d);
  else if (code === Control.description) report(d, Index.control, code, DESCRIPTION, DESCRIPTION.length);
  else if (code === Control.product) report(d, Index.control, code, PRODUCT, PRODUCT.length);
  else if (code === Control.firmware) report(d, Index.control, code, FIRMWARE_VERSION, FIRMWARE_VERSION.length);
  else return false;
  return true;
}

/** The two open registers of the pump's service. False if it is none of them. */
function register(d: Device, code: number): boolean {
  const data = d.nonce;
  data[1] = 0;
  if (code === Code.get + Register.protocol_version) data[0] = Wire.version;
  else if (code === Code.get + Register.provisioned) data[0] = get(d, D.key) === Key.none ? 0 : 1;
  else return false;
  report(d, Index.pump, code, data, code === Code.get + Register.protocol_version ? 2 : 1);
  return true;
}

/** A key from whoever is there, for a pump that has none. */
function provision(d: Device, at: number): Heard {
  if (get(d, D.key) !== Key.none) {
    refuse(d, Command.provision, Refused.already_provisioned, 0);
    return Heard.nothing;
  }
  d.n[D.message_first] = at;
  return Heard.key;
}

/** A packet whose data stand at `at`. */
function packet(d: Device, now_ms: number, index: number, code: number, at: number, count: number): Heard {
  if (index === Index.control && control(d, code, count)) return Heard.nothing;
  if (index === Index.pump) {
    if (code === Command.exec) return exec(d, now_ms, at, count);
    if (code === Command.hello && hello(d, now_ms, at, count)) return Heard.nothing;
    if (code === Command.provision && count === 32) return provision(d, at);
    if (count === 0 && register(d, code)) return Heard.nothing;
  }
  refusePacket(d, index, code);
  return Heard.nothing;
}

/** Packets of one frame that are looked at: a frame of 240 bytes could ask for sixty answers. */
const PACKETS_MAX = 8;

/**
 * The packets of a frame for this device, up to the first that means something in a session, since hello, exec and provision use the frame's place up, the first that is
 * refused, and the eighth.
 */
function packets(d: Device, now_ms: number, size: number): Heard {
  const frame = d.unframer.bytes;
  const refused = get(d, D.packets_refused);
  let at: number = FrameAt.packets;
  for (let n = 0; n < PACKETS_MAX; n++) {
    const end = packetEnd(frame, size, at);
    // Zeros at the end fill the frame up: they are no packet.
    if (end === 0 || (at > FrameAt.packets && getU32(frame, at) === 0)) return Heard.nothing;
    const index = (frame[at + PacketAt.index] ?? 0) & Index.mask;
    const code = getU16(frame, at + PacketAt.code);
    const heard = packet(d, now_ms, index, code, at + PacketAt.data, end - at - PacketAt.data);
    if ((index === Index.pump && code <= Command.exec) || get(d, D.packets_refused) !== refused) return heard;
    at = nextPacket(end);
  }
  return Heard.nothing;
}

/** True if the frame's device id is this one's. */
function isForUs(d: Device): boolean {
  for (let i = 0; i < Wire.device_id; i++) {
    if (d.unframer.bytes[FrameAt.device + i] !== d.id[i]) return false;
  }
  return true;
}

/** Multicast: the call that wakes the pump and the good-bye, exactly; nothing else, whoever it is for. */
function multicast(d: Device, now_ms: number, size: number): void {
  const frame = d.unframer.bytes;
  const code = getU16(frame, FrameAt.packets + PacketAt.code);
  const address = getU32(frame, FrameAt.device) === Bridge.service_class && getU32(frame, FrameAt.device + 4) === Bridge.rest;
  const whole = size === Wire.frame_head + Wire.packet_head && frame[FrameAt.packets] === 0 && frame[FrameAt.packets + PacketAt.index] === Index.broadcast;
  if (address && whole && code === Bridge.on) call(d, now_ms);
  else if (address && whole && code === Bridge.off) goodBye(d, now_ms);
  else tally(d, D.frames_refused);
}

/** A whole frame, which stands in the unframer. */
function takeFrame(d: Device, now_ms: number, size: number): Heard {
  if (checkFrame(d.unframer.bytes, size) !== FrameProblem.good) {
    tally(d, D.frames_refused);
    return Heard.nothing;
  }
  const flags = d.unframer.bytes[FrameAt.flags] ?? 0;
  // Jacdac's own hosts set the loopback flag in the call.
  if (flags === FrameFlag.command + FrameFlag.multicast || flags === FrameFlag.command + FrameFlag.multicast + FrameFlag.loopback) {
    multicast(d, now_ms, size);
    return Heard.nothing;
  }
  const good = flags === FrameFlag.command || flags === FrameFlag.command + FrameFlag.ack;
  if (!good || get(d, D.awake) === 0 || !isForUs(d)) {
    tally(d, D.frames_refused);
    return Heard.nothing;
  }
  tally(d, D.frames);
  if (flags !== FrameFlag.command) acknowledge(d);
  return packets(d, now_ms, size);
}

/** Takes one byte from the line. */
export function receive(d: Device, now_ms: number, byte: number): Heard {
  return takeByte(d.unframer, byte) ? takeFrame(d, now_ms, d.unframer.size) : Heard.nothing;
}
