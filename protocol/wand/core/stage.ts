// The stages of an order: what the wand waits for, and what it repeats.

import { Code, Index } from "../../frames";
import { putU16 } from "../../integers";
import { Wire } from "../../limits";
import { Command, Register } from "../../service";
import type { Role } from "../../service";
import type { PumpInfo } from "./order";
import { hexText } from "./bytes";
import { commandFrame } from "./packets";
import type { Heard } from "./packets";
import type { SessionKeys } from "./session";

/** A pump's device id, 8 bytes. */
export type Device = readonly number[];

/** What stands in a register, or undefined where the pump said that it has no such one. */
export type Registers = Map<string, readonly number[] | undefined>;

export type Stage =
  /** Nothing to do. */
  | { readonly kind: "idle" }
  /** Calls, and waits for a pump to announce itself. */
  | { readonly kind: "calling" }
  /** Reads open registers. */
  | { readonly kind: "looking"; readonly device: Device; readonly seen: Registers }
  | { readonly kind: "provisioning"; readonly device: Device }
  /** Says hello and waits for proof. `wrong` counts proofs that were not good, `wrong_send` the hello that got the last of them. */
  | { readonly kind: "greeting"; readonly device: Device; readonly nonce: Uint8Array; wrong: number; wrong_send: number }
  /** Sent a message, and waits for its answer. `opened`: this session has answered before. */
  | { readonly kind: "asking"; readonly device: Device; readonly keys: SessionKeys; readonly number: number; readonly sealed: Uint8Array; readonly opened: boolean; refusals: number }
  /** Says something that nobody answers, and is done once it has left. */
  | { readonly kind: "parting"; readonly frame: readonly number[] };

interface OpenRegister {
  readonly name: string;
  readonly index: number;
  readonly register: number;
}

/** Jacdac's own registers of the control service, and the pump's (SESSION.md section 2). */
const OPEN: readonly OpenRegister[] = [
  { name: "description", index: Index.control, register: 0x180 },
  { name: "product", index: Index.control, register: 0x181 },
  { name: "firmware", index: Index.control, register: 0x185 },
  { name: "protocol_version", index: Index.pump, register: Register.protocol_version },
  { name: "provisioned", index: Index.pump, register: Register.provisioned },
];

/** Notes what a packet tells of an open register. Returns whether all are known. */
export function noteRegister(seen: Registers, { index, code, data }: Heard): boolean {
  const refused = code === Code.refused && data.length >= 2;
  const of = refused ? (data[0] ?? 0) + (data[1] ?? 0) * 256 : code;
  const found = OPEN.find((each) => each.index === index && of === Code.get + each.register);
  if (found !== undefined && !(refused && seen.has(found.name))) seen.set(found.name, refused ? undefined : data);
  return OPEN.every(({ name }) => seen.has(name));
}

const number = (bytes: readonly number[] | undefined): number => (bytes ?? []).reduceRight((sum, byte) => sum * 256 + byte, 0);
/** What a pump says of itself may be anything; nothing of it moves a terminal's cursor. */
const text = (bytes: readonly number[] | undefined): string => new TextDecoder().decode(Uint8Array.from(bytes ?? [])).replace(/\p{Cc}/gu, "\ufffd");

export function infoOf(device: Device, seen: Registers): PumpInfo {
  return {
    device: hexText(device), protocol_version: number(seen.get("protocol_version")), provisioned: number(seen.get("provisioned")) !== 0,
    description: text(seen.get("description")), product: number(seen.get("product")), firmware: text(seen.get("firmware")),
  };
}

/** Asks for the open registers that are not known yet. */
export function lookFrame(device: Device, seen: Registers): readonly number[] {
  return commandFrame(device, OPEN.filter(({ name }) => !seen.has(name)).map(({ index, register }) => ({ index, code: Code.get + register, data: [] })));
}

export function provisionFrame(device: Device, key: Uint8Array): readonly number[] {
  return commandFrame(device, [{ index: Index.pump, code: Command.provision, data: key }]);
}

export function helloFrame(device: Device, role: Role, nonce: Uint8Array): readonly number[] {
  const data: number[] = [];
  putU16(data, 0, Wire.version);
  data.push(role, ...nonce);
  return commandFrame(device, [{ index: Index.pump, code: Command.hello, data }]);
}

/** The frame of a sealed message. */
export function execFrame(device: Device, session: number, message_number: number, sealed: Uint8Array): readonly number[] {
  const data: number[] = [];
  for (const value of [session, message_number]) {
    putU16(data, data.length, value % 65_536);
    putU16(data, data.length, Math.floor(value / 65_536));
  }
  data.push(...sealed);
  return commandFrame(device, [{ index: Index.pump, code: Command.exec, data }]);
}
