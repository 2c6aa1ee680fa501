// Kinds of field: how a value of each is read, and its JSON Schema for editors.

import { isScalar, isSeq } from "yaml";
import type { Node } from "yaml";
import { expectedOf, MEASURES, parseQuantity, patternOf } from "../text/quantity";
import type { Measure } from "../text/quantity";
import { didYouMean } from "../text/suggest";
import { describeNode, scalarText } from "./reader";
import type { Reader } from "./reader";

/** A kind of value. `read` reports what is wrong itself and then gives undefined. */
export interface Kind<T> {
  /** "duration". */
  readonly name: string;
  /** What is expected, for messages and documentation. */
  readonly expects: string;
  /** A fragment of JSON Schema. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly read: (reader: Reader, node: Node) => T | undefined;
}

/** Reports that `node` is not what was expected. */
export function wrong(reader: Reader, node: Node, expects: string): undefined {
  reader.report(node, `expected ${expects}, found ${describeNode(node)}`);
  return undefined;
}

/** A value of JSON Schema, or a text that holds a parameter. */
export const PARAMETER_SCHEMA = { type: "string", pattern: "\\$\\{[^{}]*\\}" } as const;

/** A fragment of JSON Schema for a value that may be a parameter. */
export function orParameter(schema: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { anyOf: [schema, { $ref: "#/$defs/parameter" }] };
}

/** The least and the greatest that makes sense, with their units. */
type Range = readonly [string, string];

function limitsOf(of: Measure, [from, to]: Range): { readonly min: number; readonly max: number } {
  const [min, max] = [parseQuantity(from, of), parseQuantity(to, of)];
  if ("wrong" in min || "wrong" in max) throw new Error(`"${from}" to "${to}" is no range of ${of.name}`);
  return { min: min.value, max: max.value };
}

/** A quantity with a unit, as an integer in the measure's base unit. */
export function quantity(of: Measure, range?: Range): Kind<number> {
  const limits = range === undefined ? { min: -Infinity, max: Infinity } : limitsOf(of, range);
  const expects = range === undefined ? expectedOf(of) : `${expectedOf(of)}, from ${range[0]} to ${range[1]}`;
  return {
    name: of.name, expects, schema: orParameter({ type: "string", pattern: `^${patternOf(of)}$` }),
    read(reader, node) {
      if (!isScalar(node)) return wrong(reader, node, expects);
      const parsed = parseQuantity(scalarText(node), of);
      if ("wrong" in parsed) reader.report(node, parsed.wrong);
      else if (parsed.value >= limits.min && parsed.value <= limits.max) return parsed.value;
      else reader.report(node, `"${scalarText(node)}" is out of range: expected ${expects}`);
      return undefined;
    },
  };
}

/** A whole number from `min` to `max`, written without unit or fraction. */
export function count(min: number, max: number = Number.MAX_SAFE_INTEGER): Kind<number> {
  const expects = max === Number.MAX_SAFE_INTEGER ? `a whole number, ${String(min)} or more` : `a whole number from ${String(min)} to ${String(max)}`;
  return {
    name: "count", expects, schema: { anyOf: [{ type: "integer", minimum: min, maximum: max }, { type: "string", pattern: "^-?\\d+$" }, { $ref: "#/$defs/parameter" }] },
    read(reader, node) {
      const value = isScalar(node) && /^-?\d+$/.test(scalarText(node)) ? Number(scalarText(node)) : NaN;
      if (!Number.isSafeInteger(value) || value < min || value > max) return wrong(reader, node, expects);
      return value;
    },
  };
}

/** One of a list of names, each standing for a number or for itself. */
export function oneOf<T>(what: string, choices: ReadonlyMap<string, T>): Kind<T> {
  const names = [...choices.keys()];
  return {
    name: what, expects: `one of ${names.join(", ")}`, schema: orParameter({ enum: names }),
    read(reader, node) {
      const given = scalarText(node);
      const found = choices.get(given);
      if (found !== undefined) return found;
      if (!isScalar(node)) return wrong(reader, node, `one of ${names.join(", ")}`);
      reader.report(node, `unknown ${what} "${given}"${didYouMean(given, names)}`);
      return undefined;
    },
  };
}

/** A list of things of one kind; `[]` is an empty list. */
export function list<T>(of: Kind<T>): Kind<readonly T[]> {
  const expects = `a list, each ${of.expects}`;
  return {
    name: `list of ${of.name}`, expects, schema: { type: "array", items: of.schema },
    read(reader, node) {
      if (!isSeq(node)) return wrong(reader, node, expects);
      const before = reader.problems.length;
      const values: T[] = [];
      for (const item of node.items) {
        const resolved = reader.resolve(item);
        const value = resolved === null ? wrong(reader, node, expects) : of.read(reader, resolved);
        if (value !== undefined) values.push(value);
      }
      return reader.problems.length > before ? undefined : values;
    },
  };
}

export const duration = quantity(MEASURES.duration);
export const volume = quantity(MEASURES.volume);
