// Generates the bench board's constants for both ends: TypeScript, and C.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { listsOf, packetsOf } from "./document";
import { layoutOf } from "./layout";
import { readSpec } from "./read";
import type { Spec } from "./read";

/** A board has one of each, in this order; Jacdac's own control service is number 0. */
const SHORT = ["Board", "Motor", "Supply", "Sounder"];
const NOTE = "Generated from spec/peripherals.md by `npm run generate`: do not edit.";

const pascal = (name: string): string => name.split("_").map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join("");
const hex = (code: number): string => `0x${code.toString(16)}`;

/** The services of the one document, each from its heading on. */
export function peripheralSpecs(text = readFileSync(join(import.meta.dirname, "peripherals.md"), "utf8")): readonly Spec[] {
  return text.split(/^(?=# )/m).map((part) => readSpec(part, "protocol/spec/peripherals.md"));
}

const packets = ({ service }: Spec): jdspec.PacketInfo[] => service.packets.filter(({ derived }) => derived === undefined);
const bytesOf = ({ fields }: jdspec.PacketInfo): number => fields.reduce((sum, { storage }) => sum + Math.abs(storage), 0);
const nameOf = (short: string, { kind, name }: jdspec.PacketInfo): string => `${short}${pascal(name)}${kind === "report" ? "Answer" : ""}`;

/** Lists of all services; one that two of them have must be the same in both. */
function lists(specs: readonly Spec[]): ReadonlyMap<string, { readonly members: Record<string, number>; readonly spec: Spec }> {
  const found = new Map<string, { readonly members: Record<string, number>; readonly spec: Spec }>();
  for (const spec of specs) {
    for (const [name, { members }] of Object.entries(spec.service.enums)) {
      const before = found.get(name)?.members;
      if (before !== undefined && JSON.stringify(before) !== JSON.stringify(members)) throw new Error(`the list ${name} is not the same in all services`);
      if (before === undefined) found.set(name, { members, spec });
    }
  }
  return found;
}

function typescript(specs: readonly Spec[]): string {
  const services = specs.map(({ service }, i) => `  ${SHORT[i]!.toLowerCase()} = ${hex(service.classIdentifier)},\n`).join("");
  const places = SHORT.map((short, i) => `  ${short.toLowerCase()} = ${i + 1},\n`).join("");
  const enums = [...lists(specs)].map(([name, { members, spec }]) => `export const enum ${name} {\n${Object.entries(members).map(([member, value]) => {
    const comment = spec.comments.get(`${name}.${member}`);
    return `${comment === undefined ? "" : `  /** ${comment} */\n`}  ${member} = ${value},\n`;
  }).join("")}}\n`);
  const each = specs.flatMap((spec, i) => packets(spec).filter(({ kind }) => kind !== "const").map((packet) => {
    const fields = packet.fields.map(({ name }, place) => `  ${name} = ${place},\n`).join("");
    return `/** ${pascal(packet.kind)} of the ${SHORT[i]!.toLowerCase()}, and where its values stand in a list of them (fields.ts). */\nexport const enum ${nameOf(SHORT[i]!, packet)} {\n`
      + `  code = ${hex(packet.identifier)},\n  layout = ${layoutOf(packet.fields)},\n${fields}  fields = ${packet.fields.length},\n}\n`;
  }));
  const registers = packets(specs[0]!).filter(({ kind }) => kind === "const").map(({ name, identifier }) => `  ${name} = ${hex(identifier)},\n`).join("");
  return `// The bench board's services: classes, places, packets and lists.\n// ${NOTE}\n
/** The classes by which Jacdac knows the services. */\nexport const enum PeripheralClass {\n${services}}\n
/** Their places on a board. */\nexport const enum Peripheral {\n${places}  count = ${SHORT.length},\n}\n
/** Registers of the board. */\nexport const enum BoardRegister {\n${registers}}\n
${enums.join("\n")}\n${each.join("\n")}`;
}

function c(specs: readonly Spec[]): string {
  const upper = (name: string): string => name.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
  const classes = specs.map(({ service }, i) => `CLASS_${upper(SHORT[i]!)} = ${hex(service.classIdentifier)}`).join(", ");
  const places = SHORT.map((short, i) => `SERVICE_${upper(short)} = ${i + 1}`).join(", ");
  const enums = [...lists(specs)].map(([name, { members }]) => `enum { ${Object.entries(members).map(([member, value]) => `${upper(name)}_${upper(member)} = ${value}`).join(", ")} };`);
  const codes = specs.map((spec, i) => `enum { ${packets(spec).filter(({ kind }) => kind !== "report")
    .map((packet) => `${upper(nameOf(SHORT[i]!, packet))} = ${hex(packet.identifier)}`).join(", ")} };`);
  const structs = specs.flatMap((spec, i) => packets(spec).filter(({ kind }) => kind !== "const").map((packet) => {
    const name = nameOf(SHORT[i]!, packet);
    const fields = packet.fields.map((field) => `uint${Math.abs(field.storage) * 8}_t ${field.name};`).join(" ");
    return `typedef struct __attribute__((packed, aligned(4))) { ${fields} } ${name};\n_Static_assert(offsetof(${name}, ${packet.fields.at(-1)!.name}) + sizeof ((${name} *)0)->${packet.fields.at(-1)!.name} == ${bytesOf(packet)}, "the packet's layout");\n`
      + `enum { ${upper(name)}_BYTES = ${bytesOf(packet)} };`;
  }));
  return `/* The bench board's services: classes, places, codes, lists and packets. */\n/* ${NOTE} */\n#pragma once\n#include <stddef.h>\n#include <stdint.h>\n
enum { ${classes} };\nenum { ${places}, SERVICES = ${SHORT.length} };\n${enums.join("\n")}\n${codes.join("\n")}\n\n${structs.join("\n")}\n`;
}

function markdown(specs: readonly Spec[]): string {
  const sections = specs.map((spec, i) => `## ${spec.service.name}: class 0x${spec.service.classIdentifier.toString(16)}, service ${i + 1}\n\n${spec.service.notes["short"] ?? ""}\n\n${packetsOf(spec)}`);
  const all = [...lists(specs)].map(([name, { members, spec }]) => listsOf(name, members, spec.comments));
  return `# The bench board's services, byte by byte\n\nGenerated from [spec/peripherals.md](spec/peripherals.md) by \`npm run generate\`: do not edit. Integers are unsigned and little-endian, without padding.\n
${sections.join("\n")}\n## Lists\n\n${all.join("\n")}`;
}

/** Every generated file and its content, by its path from protocol/. */
export function generatedPeripherals(specs: readonly Spec[] = peripheralSpecs()): ReadonlyMap<string, string> {
  return new Map([["peripherals.ts", typescript(specs)], ["PERIPHERALS.md", markdown(specs)], ["../hal/pico/src/peripherals-spec.h", c(specs)]]);
}
