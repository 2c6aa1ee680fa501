// Generates constants, layouts, names, JSON and the document from the spec.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { documentOf } from "./document";
import { layoutOf } from "./layout";
import { generatedPeripherals } from "./peripherals";
import { readSpec } from "./read";
import type { Spec } from "./read";

const PROTOCOL = join(import.meta.dirname, "..");
const NOTE = "// Generated from spec/pump.md by `npm run generate`: do not edit.";

/** Which lists of the spec stand in which file, and what that file is. */
const FILES: readonly { readonly file: string; readonly title: string; readonly lists: readonly string[] }[] = [
  { file: "states.ts", title: "The pump's states and modes, as log, wire and documents name them.", lists: ["State", "States", "Mode", "Drug", "Activity", "BolusKind", "Bridge"] },
  { file: "alarms.ts", title: "The alarms, in order of priority: a smaller number is the more urgent one.", lists: ["Alarm", "Alarms"] },
  { file: "records.ts", title: "The records of the log: what happened, by number, with up to three integers.", lists: ["RecordKind", "StallEnd", "BolusEnd", "Skipped"] },
];
const LINKED = ["Role", "Refused", "RefillBy", "Needs"];

const describe = (text: string, indent = ""): string => text.trim() === "" ? "" : `${indent}/**\n${text.trim().split("\n").map((line) => `${indent} * ${line}\n`).join("")}${indent} */\n`;
const file = (title: string, body: string): string => `// ${title}\n${NOTE}\n\n${body.trimEnd()}\n`;

function list(spec: Spec, name: string): string {
  const members = spec.service.enums[name]?.members;
  if (members === undefined) throw new Error(`the spec has no list ${name}`);
  const rows = Object.entries(members).map(([member, value]) => {
    const comment = spec.comments.get(`${name}.${member}`);
    return `${comment === undefined ? "" : `  /** ${comment} */\n`}  ${member} = ${value},\n`;
  });
  return `export const enum ${name} {\n${rows.join("")}}\n`;
}

/** What is spoken inside the session: commands that are restricted. */
export const operationsOf = ({ service }: Spec): jdspec.PacketInfo[] => service.packets.filter(({ kind, restricted, derived }) => kind === "command" && restricted === true && derived === undefined);
/** The answer to an operation. */
export const answerTo = ({ service }: Spec, operation: jdspec.PacketInfo): jdspec.PacketInfo | undefined => service.packets.find(({ kind, identifier }) => kind === "report" && identifier === operation.identifier);

const pascal = (name: string): string => name.split("_").map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join("");

/** Where each value of an answer stands in a list of its values. */
function indexes(spec: Spec, operation: jdspec.PacketInfo): string {
  const fields = answerTo(spec, operation)?.fields ?? [];
  if (fields.length < 2) return "";
  const rows = fields.map(({ name }, i) => `  ${name} = ${i},\n`);
  return `\n/** Where each value of the answer to \`Op.${operation.name}\` stands. */\nexport const enum ${pascal(operation.name)} {\n${rows.join("")}  fields = ${fields.length},\n}\n`;
}

function operations(spec: Spec): string {
  const all = operationsOf(spec);
  const ops = all.map(({ name, identifier, description, fields }) => `${describe(`${fields.length === 0 ? "" : `${fields.map((field) => field.name).join(", ")}. `}${description}`, "  ")}  ${name} = ${identifier},\n`);
  const layouts = all.flatMap((operation) => {
    const answer = answerTo(spec, operation);
    return [`  ${operation.name} = ${layoutOf(operation.fields)},\n`, ...(answer === undefined ? [] : [`  ${operation.name}_answer = ${layoutOf(answer.fields)},\n`])];
  });
  const first = Math.min(...all.map(({ identifier }) => identifier));
  return `/** What a programmer can ask of the pump, by number; each takes and gives integers only. */
export const enum Op {\n${ops.join("")}}

/** The numbers are without a gap. */
export const enum Ops { first = ${first}, last = ${first + all.length - 1} }

/** How the fields of each message and of its answer stand in bytes (fields.ts). */
export const enum Layout {\n${layouts.join("")}}
${all.map((operation) => indexes(spec, operation)).join("")}`;
}

function serviceCodes(spec: Spec): string {
  const open = spec.service.packets.filter(({ restricted, derived }) => restricted !== true && derived === undefined);
  const codes = (name: string, doc: string, kinds: readonly string[]): string => {
    const rows = open.filter(({ kind }) => kinds.includes(kind)).map((packet) => `  ${packet.name} = 0x${packet.identifier.toString(16)},\n`);
    return `/** ${doc} */\nexport const enum ${name} {\n${[...new Set(rows)].join("")}}\n`;
  };
  return [
    `/** The class by which Jacdac knows the service. */\nexport const enum ServiceClass { pump = 0x${spec.service.classIdentifier.toString(16)} }\n`,
    codes("Register", "Registers anybody may read.", ["const", "ro"]),
    codes("Command", "Commands in the open, and the reports that answer them.", ["command", "report"]),
    codes("PumpEvent", "Events.", ["event"]),
    ...LINKED.map((name) => list(spec, name)),
  ].join("\n");
}

function names(spec: Spec): string {
  const table = (constant: string, of: string, members: Record<string, number>, from: string): string =>
    `export const ${constant}: Record<${of}, string> = {\n${Object.keys(members).map((member) => `  [${of}.${member}]: "${member.replaceAll("_", " ")}",\n`).join("")}};\n`.replace("__", from);
  const enums = spec.service.enums;
  const of = (name: string): Record<string, number> => enums[name]?.members ?? {};
  const ops = Object.fromEntries(operationsOf(spec).map(({ name, identifier }) => [name, identifier]));
  return `import { Alarm } from "./alarms";
import { Op } from "./operations";
import { BolusEnd, RecordKind, Skipped } from "./records";
import { RefillBy, Role } from "./service";
import { Activity, BolusKind, Bridge, Drug, Mode, State } from "./states";

${table("STATE_NAMES", "State", of("State"), "")}
${table("MODE_NAMES", "Mode", of("Mode"), "")}
${["Drug", "Activity", "BolusKind", "Bridge", "BolusEnd", "Skipped"].map((name) => table(`${name.replace(/(?<=[a-z])(?=[A-Z])/, "_").toUpperCase()}_NAMES`, name, of(name), "")).join("\n")}
${table("ALARM_NAMES", "Alarm", of("Alarm"), "")}
${table("OPERATION_NAMES", "Op", ops, "")}
${table("RECORD_NAMES", "RecordKind", of("RecordKind"), "")}
${table("ROLE_NAMES", "Role", of("Role"), "")}
${table("REFILL_BY_NAMES", "RefillBy", of("RefillBy"), "")}
/** The name for a number of one of these lists, or the number itself where there is none. */
export function nameOf(names: Partial<Record<number, string>>, number: number): string {
  return names[number] ?? \`number \${number}\`;
}
`;
}

/** Every generated file and its content, by its path in protocol/. */
export function generated(spec: Spec): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const { file: name, title, lists } of FILES) files.set(name, file(title, lists.map((each) => list(spec, each)).join("\n")));
  files.set("operations.ts", file("The operations: everything a programmer can ask of the pump, by number.", operations(spec)));
  files.set("service.ts", file("The Jacdac service: its class, and the codes anybody may see.", serviceCodes(spec)));
  files.set("names.ts", file("Names of the numbers on the wire and in the log, for people. Hosts only.", names(spec)));
  files.set("spec/pump.json", `${JSON.stringify(spec.service, undefined, 1)}\n`);
  files.set("SERVICE.md", documentOf(spec));
  return files;
}

/** The spec of this room. */
export function pumpSpec(): Spec {
  return readSpec(readFileSync(join(import.meta.dirname, "pump.md"), "utf8"), "protocol/spec/pump.md");
}

/** Both specs' files. */
function everything(): (readonly [path: string, text: string])[] {
  return [...generated(pumpSpec()), ...generatedPeripherals()];
}

/** Paths from protocol/ whose content is not what the spec gives. */
export function stale(): string[] {
  return everything().filter(([path, text]) => !existsSync(join(PROTOCOL, path)) || readFileSync(join(PROTOCOL, path), "utf8") !== text).map(([path]) => path);
}

if (process.argv[1] === import.meta.filename) {
  for (const [path, text] of everything()) writeFileSync(join(PROTOCOL, path), text);
}
