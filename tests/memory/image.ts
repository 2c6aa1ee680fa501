// Every field of the durable image, by name: where its bits stand.

import { PAGE, SECTOR } from "../../emulator/devices/flash";
import { Format, getU32 } from "../../emulator/storage/format";
import { ENTRY_HEADER, ENTRY_MAGIC } from "../../emulator/storage/journal";
import { LOG_HEADER, RECORD_SIZE, SLOTS_PER_SECTOR } from "../../emulator/storage/log";

/** A stretch of bytes that means one thing. */
export interface Field {
  readonly name: string;
  readonly at: number;
  readonly bytes: number;
}

const PARTS = ["part 0", "saved values", "prescription", "key", "answers"];
const row = (name: string, at: number, fields: readonly (readonly [string, number])[]): Field[] => {
  let from = at;
  return fields.map(([field, bytes]) => {
    const found = { name: `${name}: ${field}`, at: from, bytes };
    from += bytes;
    return found;
  });
};

function tallies(bytes: Uint8Array): Field[] {
  return ["commanded", "confirmed"].flatMap((book, i) => {
    const at = i * Format.tally_sectors * SECTOR;
    const fields = row(`tally ${book}`, at, [["magic", 4], ["book", 4], ["generation", 4], ["base", 8], ["crc", 4]]);
    let end = at + 32;
    while (bytes[end] !== 0xff) end++;
    return [...fields, { name: `tally ${book}: counted`, at: at + 32, bytes: end - at - 32 }, { name: `tally ${book}: next`, at: end, bytes: 3 }, { name: `tally ${book}: far`, at: at + 2048, bytes: 1 }];
  });
}

/** Where good entries begin, in the order of their areas. */
function entries(bytes: Uint8Array): number[] {
  const found: number[] = [];
  for (let at = Format.journal_first * SECTOR; at < Format.log_first * SECTOR; at += PAGE) if (getU32(bytes, at) === ENTRY_MAGIC) found.push(at);
  return found;
}

function journal(bytes: Uint8Array): Field[] {
  const all = entries(bytes);
  const holds = (at: number, part: number): boolean => ((getU32(bytes, at + 12) >> part) & 1) === 1;
  const force = new Map(PARTS.flatMap((_name, part) => {
    const at = all.findLast((entry) => holds(entry, part));
    return at === undefined ? [] : [[part, at] as const];
  }));
  const fields: Field[] = [];
  for (const entry of new Set(force.values())) {
    fields.push(...row("entry in force", entry, [["magic", 4], ["sequence", 4], ["length", 4], ["parts", 4], ["time", 8], ["payload crc", 4], ["crc", 4]]));
    const end = entry + ENTRY_HEADER + getU32(bytes, entry + 8);
    for (let at = entry + ENTRY_HEADER; at + 8 <= end;) {
      const count = getU32(bytes, at + 4);
      const name = force.get(bytes[at]!) === entry ? PARTS[bytes[at]!]! : "a part no more in force";
      fields.push({ name: `${name}: head`, at, bytes: 8 }, { name: `${name}: values`, at: at + 8, bytes: count });
      at += 8 + count;
    }
    const page = Math.ceil(end / PAGE) * PAGE;
    if (end < page) fields.push({ name: "entry in force: blank rest", at: end, bytes: page - end });
  }
  const past = all.filter((entry) => ![...force.values()].includes(entry)).at(-1);
  if (past !== undefined) fields.push({ name: "entry before", at: past, bytes: ENTRY_HEADER + getU32(bytes, past + 8) });
  const next = Math.max(...all) + Math.ceil((ENTRY_HEADER + getU32(bytes, Math.max(...all) + 8)) / PAGE) * PAGE;
  return [...fields, { name: "journal: next page", at: next, bytes: 34 }, { name: "journal: other area", at: (Format.journal_first + Format.journal_sectors) * SECTOR, bytes: 2 }];
}

function log(bytes: Uint8Array): Field[] {
  const at = Format.log_first * SECTOR;
  const fields = row("log sector", at, [["magic", 4], ["generation", 4], ["complement", 4], ["ones", 4]]);
  let slot = 0;
  for (; slot < SLOTS_PER_SECTOR; slot++) {
    const from = at + LOG_HEADER + slot * RECORD_SIZE;
    if (bytes.subarray(from, from + RECORD_SIZE).every((byte) => byte === 0xff)) break;
    fields.push(...row("record", from, [["transaction", 4], ["sequence", 4], ["kind", 1], ["left", 1], ["pump time", 6], ["wall time", 6], ["a", 7], ["b", 7], ["c", 7], ["zero", 1], ["crc", 4]]));
  }
  return [...fields, { name: "log: next slot", at: at + LOG_HEADER + slot * RECORD_SIZE, bytes: RECORD_SIZE }, { name: "log: next sector", at: at + SECTOR, bytes: 16 }];
}

/** All fields of storage as it stands in flash after a short life: each region still in its first sectors. */
export function fieldsOf(bytes: Uint8Array): Field[] {
  return [...tallies(bytes), ...journal(bytes), ...log(bytes)];
}
