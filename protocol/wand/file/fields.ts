// Fields: what a mapping may hold, declared once, read by the declaration.

import type { Node, YAMLMap } from "yaml";
import type { Kind } from "./kinds";
import type { Reader } from "./reader";

/** One field: documentation, JSON Schema and reading all come from this. */
export interface Field<T> {
  readonly kind: Kind<T>;
  readonly doc: string;
  readonly required?: boolean;
}

export type Fields = Readonly<Record<string, Field<unknown>>>;

/** The values of declared fields: those not required may be missing. */
export type ValuesOf<F extends Fields> = {
  readonly [K in keyof F]: F[K] extends Field<infer T> ? (F[K] extends { readonly required: true } ? T : T | undefined) : never;
};

/** Declares a field that may be left out. */
export function optional<T>(kind: Kind<T>, doc: string): { readonly kind: Kind<T>; readonly doc: string } {
  return { kind, doc };
}

/** Declares a field that must be there. */
export function required<T>(kind: Kind<T>, doc: string): { readonly kind: Kind<T>; readonly doc: string; readonly required: true } {
  return { kind, doc, required: true };
}

/** Reads one value; an absent one is reported at its key. */
export function readOne(reader: Reader, name: string, field: Field<unknown>, key: Node, value: Node | null): unknown {
  if (value !== null) return field.kind.read(reader, value);
  reader.report(key, `"${name}" has no value: expected ${field.kind.expects}`);
  return undefined;
}

/**
 * Reads the mapping by the declaration. `what` names the whole for messages ("refill"). Gives undefined
 * once anything in it is wrong, so that no check works on half a mapping; everything wrong is reported.
 */
export function readFields<F extends Fields>(reader: Reader, what: string, fields: F, map: YAMLMap): ValuesOf<F> | undefined {
  const before = reader.problems.length;
  const values: Record<string, unknown> = {};
  const seen = new Set<string>();
  for (const entry of reader.entries(map)) {
    const field = Object.hasOwn(fields, entry.name) ? fields[entry.name] : undefined;
    seen.add(entry.name);
    if (field === undefined) reader.unknown(entry, "field", Object.keys(fields), what);
    else values[entry.name] = readOne(reader, entry.name, field, entry.key, entry.value);
  }
  for (const [name, field] of Object.entries(fields)) {
    if (field.required === true && !seen.has(name)) reader.report(map, `${what} needs "${name}": ${field.kind.expects}`);
  }
  return reader.problems.length > before ? undefined : (values as ValuesOf<F>);
}

/** The declaration as JSON Schema of an object. */
export function schemaOf(fields: Fields): Record<string, unknown> {
  const properties = Object.entries(fields).map(([name, field]) => [name, { description: `${field.doc} Give ${field.kind.expects}.`, ...field.kind.schema }]);
  const needed = Object.entries(fields).filter(([, field]) => field.required === true).map(([name]) => name);
  return { type: "object", properties: Object.fromEntries(properties), required: needed, additionalProperties: false };
}
