// Packets in words, by jacdac-ts and the service spec.

import { readFileSync } from "node:fs";
import { Code, Index } from "../../frames";
import { hexText } from "../core/bytes";
import { decodeMembers, loadServiceSpecifications, Packet, serviceSpecificationFromClassIdentifier } from "../jacdac";

/** The pump's service as jacdac-ts knows it: from the generated spec alone. */
const PUMP = JSON.parse(readFileSync(new URL("../../spec/pump.json", import.meta.url), "utf8")) as jdspec.ServiceSpec;
loadServiceSpecifications([PUMP]);
/** Jacdac's control service, which every device has at index 0. */
const CONTROL = serviceSpecificationFromClassIdentifier(0);

/** Fields by name, and the same as text. */
export interface Fields {
  readonly text: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

function fieldsOf(service: jdspec.ServiceSpec, info: jdspec.PacketInfo, data: Uint8Array): Fields {
  const members = decodeMembers(service, info, Packet.from(info.identifier, data));
  const fields: Record<string, unknown> = {};
  const parts = members.map(({ info: member, value, humanValue }) => {
    const known = service.enums[member.type] !== undefined && humanValue !== undefined;
    const shown: unknown = known ? humanValue : value instanceof Uint8Array ? hexText(value) : value;
    const before = fields[member.name];
    fields[member.name] = before === undefined ? shown : [...(Array.isArray(before) ? (before as unknown[]) : [before]), shown];
    return `${member.name === "_" ? "" : `${member.name}=`}${String(shown)}`;
  });
  return { text: parts.length === 0 ? "" : ` ${parts.join(" ")}`, fields };
}

/** The fields of an operation or of its answer. */
export function restrictedFields(op: number, command: boolean, data: Uint8Array): Fields {
  const info = PUMP.packets.find((each) => each.identifier === op && each.kind === (command ? "command" : "report"));
  return info === undefined ? raw(data) : fieldsOf(PUMP, info, data);
}

function raw(data: Uint8Array): Fields {
  return data.length === 0 ? { text: "", fields: {} } : { text: ` ${hexText(data)}`, fields: { data: hexText(data) } };
}

/** Flags, with the restart counter in the lowest four bits, two bytes, then the class of each service from index 1 on. */
function announcement(data: Uint8Array): Fields {
  if (data.length < 4 || data.length % 4 !== 0) return raw(data);
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const services = Array.from({ length: data.length / 4 - 1 }, (_, i) => `0x${view.getUint32(4 + 4 * i, true).toString(16).padStart(8, "0")}`);
  const restarts = (data[0] ?? 0) % 16;
  return { text: ` restarts=${restarts} services=${services.join(",")}`, fields: { restarts, services } };
}

const REGISTERS: readonly string[] = ["rw", "ro", "const"];

/** A packet in the open: its name and its fields. */
export function packetFields(index: number, command: boolean, code: number, data: Uint8Array): Fields & { readonly name: string } {
  const named = (name: string, { text, fields }: Fields = raw(data)): Fields & { readonly name: string } => ({ name, text: `${name}${text}`, fields });
  const hexCode = `0x${code.toString(16).padStart(4, "0")}`;
  if (index === Index.ack) return named("acknowledgement", { text: ` of frame ${hexCode}`, fields: { check: code } });
  if (index === Index.broadcast) return named(code === 0x81 ? "call (packets on)" : code === 0x80 ? "good-bye (packets off)" : `multicast ${hexCode}`);
  const service = index === Index.control ? CONTROL : index === Index.pump ? PUMP : undefined;
  if (service === undefined) return named(`service ${index} ${hexCode}`);
  if (index === Index.control && code === Code.announce) return command ? named("announce yourself") : named("announcement", announcement(data));
  if (code === Code.refused && !command) return named("not known");
  const kind = code - (code % Code.get);
  if (kind === Code.get || kind === Code.set) {
    const register = service.packets.find(({ identifier, kind: of }) => identifier === code % Code.get && REGISTERS.includes(of));
    const verb = kind === Code.set ? "set" : command ? "get" : "register";
    return named(`${verb} ${register?.name ?? hexCode}`, register === undefined ? raw(data) : fieldsOf(service, register, data));
  }
  if (code >= Code.event) {
    const event = service.packets.find(({ identifier, kind: of }) => of === "event" && identifier === code % Code.event_counter);
    return named(`event ${event?.name ?? hexCode}`);
  }
  const info = service.packets.find((each) => each.identifier === code && each.kind === (command ? "command" : "report"));
  if (info === undefined) return named(`${command ? "command" : "report"} ${hexCode}`);
  return named(command ? info.name : `${info.name} answer`, fieldsOf(service, info, data));
}
