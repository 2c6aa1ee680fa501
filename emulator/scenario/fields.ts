// Fields of a step: what stands after a verb, read by its declaration.

import { isMap } from "yaml";
import type { Node } from "yaml";
import { readFields, readOne } from "../../protocol/wand/file/fields";
import type { Fields, ValuesOf } from "../../protocol/wand/file/fields";
import { describeNode } from "./reader";
import type { Reader } from "./reader";

export { optional, readFields, required, schemaOf } from "../../protocol/wand/file/fields";
export type { Field, Fields, ValuesOf } from "../../protocol/wand/file/fields";

/**
 * Reads what stands after a verb: a mapping of fields, a single value for the field `lone`, or nothing
 * where no field is required.
 */
export function readArguments<F extends Fields>(
  reader: Reader, what: string, fields: F, lone: string | undefined, key: Node, value: Node | null,
): ValuesOf<F> | undefined {
  if (isMap(value)) return readFields(reader, what, fields, value);
  const before = reader.problems.length;
  const values: Record<string, unknown> = {};
  const only = lone === undefined ? undefined : fields[lone];
  if (value !== null && lone !== undefined && only !== undefined) values[lone] = readOne(reader, lone, only, key, value);
  else if (value !== null) reader.report(value, `expected ${fieldsText(fields)}, found ${describeNode(value)}`);
  for (const [name, field] of Object.entries(fields)) {
    const given = value !== null && name === lone;
    if (field.required === true && !given) reader.report(key, `${what} needs "${name}": ${field.kind.expects}`);
  }
  return reader.problems.length > before ? undefined : (values as ValuesOf<F>);
}

function fieldsText(fields: Fields): string {
  const names = Object.keys(fields);
  return names.length === 0 ? "nothing after it" : `a mapping with ${names.join(", ")}`;
}
