// Kinds of field: how a value of each is read, and its JSON Schema for editors.

import { isMap, isScalar, isSeq } from "yaml";
import type { Node } from "yaml";
import { expectedOf, MEASURES, parseQuantity, patternOf } from "../../protocol/wand/text/quantity";
import type { Measure, Parsed } from "../../protocol/wand/text/quantity";
import { describeNode, scalarText } from "./reader";
import type { Reader } from "./reader";
import { didYouMean } from "../../protocol/wand/text/suggest";
import { parseWall, WALL_EXPECTED, WALL_PATTERN } from "../../protocol/wand/text/wall";

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

/** A quantity that must be exact, or lie within a tolerance: "10mL" or "10mL +/- 0.5mL". */
export interface Target {
  readonly value: number;
  readonly within: number;
}

/** Reads "value" or "value +/- tolerance"; `parse` is told whether it is the tolerance. */
function readTarget(reader: Reader, node: Node, expects: string, parse: (part: string, tolerance: boolean) => Parsed): Target | undefined {
  if (!isScalar(node)) return wrong(reader, node, expects);
  const parts = scalarText(node).split(/\+\/-|\u00b1/u);
  if (parts.length > 2) return wrong(reader, node, expects);
  const [value, within = { value: 0 }] = parts.map((part, index) => parse(part.trim(), index === 1));
  if (value === undefined) return wrong(reader, node, expects);
  for (const each of [value, within]) {
    if ("wrong" in each) {
      reader.report(node, each.wrong);
      return undefined;
    }
  }
  return "value" in value && "value" in within ? { value: value.value, within: within.value } : undefined;
}

/** What stands between a value and its tolerance. */
const plus_minus = "\\s*(\\+/-|\u00b1)\\s*";

/** A schema for what `pattern` matches, alone or with a tolerance after it. */
function tolerant(pattern: string, tolerance = pattern): Readonly<Record<string, unknown>> {
  return { type: "string", pattern: `^${pattern}(${plus_minus}${tolerance})?$` };
}

/** A quantity, with its tolerance. */
export function target(of: Measure): Kind<Target> {
  const expects = `${expectedOf(of)}, or with a tolerance, "${of.example} +/- ..."`;
  return {
    name: `${of.name} with tolerance`, expects, schema: orParameter(tolerant(patternOf(of))),
    read: (reader, node) => readTarget(reader, node, expects, (part, tolerance) => parseQuantity(part, tolerance ? { ...of, negative: false } : of)),
  };
}

const whole = /^\d{1,15}$/;

/** A count, with its tolerance: 1000 or "1000 +/- 5". */
export const countTarget: Kind<Target> = {
  name: "count with tolerance", expects: 'a whole number, 0 or more, or with a tolerance, "1000 +/- 5"',
  schema: { anyOf: [{ type: "integer", minimum: 0 }, tolerant("\\d+"), { $ref: "#/$defs/parameter" }] },
  read(reader, node) {
    return readTarget(reader, node, this.expects, (part) => (whole.test(part) ? { value: Number(part) } : { wrong: `expected ${this.expects}, found "${part}"` }));
  },
};

/** A wall-clock time, with its tolerance: "2026-03-29 03:00 +/- 1s". */
export const wallTarget: Kind<Target> = {
  name: "wall time with tolerance", expects: `${WALL_EXPECTED}, or with a tolerance, "2026-03-29 03:00 +/- 1s"`,
  schema: orParameter(tolerant(WALL_PATTERN, patternOf(MEASURES.duration))),
  read(reader, node) {
    return readTarget(reader, node, this.expects, (part, tolerance) => {
      if (tolerance) return parseQuantity(part, MEASURES.duration);
      const value = parseWall(part);
      return value === undefined ? { wrong: `expected ${this.expects}, found "${part}"` } : { value };
    });
  },
};

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

/** Text of at most `longest` characters. */
export function text(longest = 2000): Kind<string> {
  const expects = `text of at most ${String(longest)} characters`;
  return {
    name: "text", expects, schema: { type: ["string", "number", "boolean"], minLength: 1, maxLength: longest },
    read(reader, node) {
      if (!isScalar(node)) return wrong(reader, node, expects);
      const value = typeof node.value === "string" ? node.value : scalarText(node);
      // Line breaks and tabs are text; anything else of that sort would reach the terminal.
      const bad = value.length > longest || value.trim() === "" || /[^\P{Cc}\n\r\t]/u.test(value);
      return bad ? wrong(reader, node, expects) : value;
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
      const values: T[] = [];
      for (const item of node.items) {
        const resolved = reader.resolve(item);
        const value = resolved === null ? wrong(reader, node, expects) : of.read(reader, resolved);
        if (value === undefined) return undefined;
        values.push(value);
      }
      return values;
    },
  };
}

/** A mapping from names of one list to values of one kind, in the order of the file. */
export function mapping<K, T>(what: string, choices: ReadonlyMap<string, K>, of: Kind<T>): Kind<readonly (readonly [K, T])[]> {
  const names = [...choices.keys()];
  const expects = `a mapping from ${what} to ${of.expects}`;
  return {
    name: `${of.name} by ${what}`, expects,
    schema: { type: "object", properties: Object.fromEntries(names.map((name) => [name, of.schema])), additionalProperties: false },
    read(reader, node) {
      if (!isMap(node)) return wrong(reader, node, expects);
      const pairs: (readonly [K, T])[] = [];
      for (const entry of reader.entries(node)) {
        const key = choices.get(entry.name);
        if (key === undefined) reader.unknown(entry, what, names);
        else if (entry.value === null) reader.report(entry.key, `"${entry.name}" has no value: expected ${of.expects}`);
        else {
          const value = of.read(reader, entry.value);
          if (value !== undefined) pairs.push([key, value]);
        }
      }
      return pairs;
    },
  };
}

/** A wall-clock time as WallMs. */
export const wallTime: Kind<number> = {
  name: "wall time", expects: WALL_EXPECTED, schema: orParameter({ type: "string", pattern: `^\\s*${WALL_PATTERN}\\s*$` }),
  read(reader, node) {
    const value = isScalar(node) ? parseWall(scalarText(node)) : undefined;
    return value ?? wrong(reader, node, WALL_EXPECTED);
  },
};

export const duration = quantity(MEASURES.duration);
export const volume = quantity(MEASURES.volume);
