// Parameters: named values of a scenario, and the table of their rows.

import { isMap, isScalar } from "yaml";
import { PARAMETER_SCHEMA, wrong } from "./kinds";
import type { Kind } from "./kinds";
import { describeNode, scalarText } from "./reader";
import type { Entry } from "./reader";
import type { Reader } from "../../protocol/wand/file/reader";

/** Values by name. */
export type Parameters = ReadonlyMap<string, string>;
/** Parameters by the name of the row. */
export type Table = ReadonlyMap<string, Parameters>;

const rows_max = 200;
const name_pattern = "^[A-Za-z][A-Za-z0-9_]*$";
const value_schema = { type: ["string", "number", "boolean"], not: PARAMETER_SCHEMA };

function readValue(reader: Reader, entry: Entry): string | undefined {
  const { name, key, value } = entry;
  if (!new RegExp(name_pattern).test(name)) reader.report(key, `"${name}" is not a parameter's name: letters, digits and _, a letter first`);
  else if (value === null) reader.report(key, `"${name}" has no value`);
  else if (!isScalar(value)) reader.report(value, `a parameter is a single value, found ${describeNode(value)}`);
  else if (reader.sourceOf(value).includes("${")) reader.report(value, "a parameter cannot hold another one");
  else return typeof value.value === "string" ? value.value : scalarText(value);
  return undefined;
}

/** name: value. */
export const parametersKind: Kind<Parameters> = {
  name: "parameters", expects: "a mapping from names to values such as {rate: 500ug/day}",
  schema: { type: "object", patternProperties: { [name_pattern]: value_schema }, additionalProperties: false },
  read(reader, node) {
    if (!isMap(node)) return wrong(reader, node, this.expects);
    const values = new Map<string, string>();
    for (const entry of reader.entries(node)) {
      const value = readValue(reader, entry);
      if (value !== undefined) values.set(entry.name, value);
    }
    return values;
  },
};

/** row: {name: value}. */
export const tableKind: Kind<Table> = {
  name: "table", expects: "a mapping from rows to their values such as {slow: {rate: 250ug/day}, usual: {rate: 500ug/day}}",
  schema: { type: "object", minProperties: 1, maxProperties: rows_max, additionalProperties: parametersKind.schema },
  read(reader, node) {
    if (!isMap(node)) return wrong(reader, node, this.expects);
    if (node.items.length === 0) reader.report(node, "a table without a row");
    if (node.items.length > rows_max) {
      reader.report(node, `${String(node.items.length)} rows: at most ${String(rows_max)} are allowed`);
      return undefined;
    }
    const rows = new Map<string, Parameters>();
    for (const entry of reader.entries(node)) {
      const values = entry.value === null ? wrong(reader, entry.key, parametersKind.expects) : parametersKind.read(reader, entry.value);
      if (values !== undefined) rows.set(entry.name, values);
    }
    return rows;
  },
};
