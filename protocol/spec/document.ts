// The protocol's document: every packet of the spec with its bytes.

import type { Spec } from "./read";

const hex = (code: number, digits = 2): string => `0x${code.toString(16).padStart(digits, "0")}`;

/** Bytes of a field, and how many: "4", "16", "rest". */
function size(field: jdspec.PacketMember): string {
  return field.type === "bytes" ? "rest" : String(Math.abs(field.storage));
}

function range({ absoluteMin, absoluteMax }: jdspec.PacketMember): string {
  if (absoluteMin === undefined && absoluteMax === undefined) return "";
  return `${absoluteMin ?? "0"} to ${absoluteMax ?? "its width's"}`;
}

function table(fields: readonly jdspec.PacketMember[]): string {
  if (fields.length === 0) return "No fields.\n";
  let offset: number | undefined = 0;
  let repeated = false;
  const rows = fields.map((field) => {
    repeated ||= field.startRepeats === true;
    const row = `| ${repeated ? "repeated" : offset ?? ""} | ${size(field)} | \`${field.name}\` | ${field.type} | ${field.unit ?? ""} | ${range(field)} |\n`;
    if (offset !== undefined) offset += Math.abs(field.storage);
    return row;
  });
  return `| offset | bytes | field | type | unit | range |\n|---|---|---|---|---|---|\n${rows.join("")}`;
}

const TITLES: Readonly<Record<string, string>> = { const: "Register", ro: "Register", command: "Command", report: "Answer", event: "Event" };

function packet(each: jdspec.PacketInfo): string {
  const title = TITLES[each.kind] ?? each.kind;
  const sealed = each.restricted === true ? ", sealed" : "";
  const heading = each.kind === "report" && each.secondary === true ? "Answer:" : `### ${title} \`${each.name}\` (${hex(each.identifier)}${sealed})\n\n${each.description.trim()}`;
  return `${heading}\n\n${table(each.fields)}`;
}

/** Every packet that is the service's own. */
export function packetsOf({ service }: Spec): string {
  return service.packets.filter(({ derived }) => derived === undefined).map(packet).join("\n");
}

/** One list, with what the spec says of its members. */
export function listsOf(name: string, members: Readonly<Record<string, number>>, comments: Spec["comments"]): string {
  return `### ${name}\n\n| number | name | meaning |\n|---|---|---|\n${Object.entries(members).map(([member, value]) => `| ${value} | \`${member}\` | ${comments.get(`${name}.${member}`) ?? ""} |\n`).join("")}`;
}

/** Markdown: every packet that is the service's own, and every list. */
export function documentOf(spec: Spec): string {
  const { service, comments } = spec;
  const lists = Object.entries(service.enums).map(([name, { members }]) => listsOf(name, members, comments));
  return `# The pump's service, byte by byte

Generated from [spec/pump.md](spec/pump.md) by \`npm run generate\`: do not edit. Service class ${hex(service.classIdentifier, 8)}. Integers are unsigned and little-endian, without padding.
How sealed packets travel: [SESSION.md](SESSION.md).

${service.notes["short"] ?? ""}

## Packets

${packetsOf(spec)}
## Lists

${lists.join("\n")}`;
}
