// The last record of each kind with its values: what "logged" takes.

import { isMap } from "yaml";
import { RECORD_NAMES } from "../../protocol/names";
import type { RecordKind } from "../../protocol/records";
import { optional, readFields, schemaOf } from "./fields";
import type { Fields } from "./fields";
import type { Kind } from "./kinds";
import { RECORD_FIELDS } from "./record-fields";
import type { SeenRecord } from "./seen";
import { didYouMean } from "../../protocol/wand/text/suggest";
import { wrong } from "./kinds";
import { lasting } from "./wanted";
import type { Difference } from "./wanted";

/** Values that the last record of a kind must have; "at" is its pump time. */
export interface LoggedRecord {
  readonly kind: RecordKind;
  readonly name: string;
  readonly values: Readonly<Record<string, unknown>>;
}

const at = optional(lasting.kind, "Pump time of the record.");

const kinds = new Map(Object.entries(RECORD_NAMES).map(([number, name]) => {
  const kind = Number(number) as RecordKind;
  const fields: Fields = { at, ...Object.fromEntries(Object.entries(RECORD_FIELDS[kind]).map(([field, { wanted, doc }]) => [field, optional(wanted.kind, doc)])) };
  return [name, { kind, fields }] as const;
}));

/** {record: {value: ...}}. */
export const loggedKind: Kind<readonly LoggedRecord[]> = {
  name: "records with values", expects: "a mapping from records to their values such as {stall end: {uncertain: 250}}",
  schema: { type: "object", properties: Object.fromEntries([...kinds].map(([name, { fields }]) => [name, schemaOf(fields)])), additionalProperties: false },
  read(reader, node) {
    if (!isMap(node)) return wrong(reader, node, this.expects);
    const records: LoggedRecord[] = [];
    for (const { name, key, value } of reader.entries(node)) {
      const found = kinds.get(name);
      if (found === undefined) reader.report(key, `unknown record "${name}"${didYouMean(name, [...kinds.keys()])}`);
      else if (!isMap(value)) wrong(reader, value ?? key, `a mapping with ${Object.keys(found.fields).join(", ")}`);
      else {
        const values = readFields(reader, name, found.fields, value);
        if (values !== undefined) records.push({ kind: found.kind, name, values });
      }
    }
    return records;
  },
};

/** What of it is not so; `seen` is undefined if there was no such record. */
export function compareRecord({ kind, values }: LoggedRecord, seen: SeenRecord | undefined): ({ readonly field: string } & Difference)[] {
  if (seen === undefined) return [{ field: "", expected: "a record", seen: "none" }];
  return Object.entries(values).flatMap(([field, wanted]) => {
    const declared = RECORD_FIELDS[kind][field];
    const difference = declared === undefined ? lasting.differs(wanted as Parameters<typeof lasting.differs>[0], seen.at_ms)
      : declared.wanted.differs(wanted, seen.values[declared.slot]);
    return difference === undefined ? [] : [{ field: ` ${field}`, ...difference }];
  });
}
