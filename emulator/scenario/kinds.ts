// Kinds of field: how a value of each is read, and its JSON Schema for editors.

import { isMap, isScalar, isSeq } from "yaml";
import type { Node } from "yaml";
import { expectedOf, MEASURES, parseQuantity } from "./quantity";
import type { Measure } from "./quantity";
import { describeNode, scalarText } from "./reader";
import type { Reader } from "./reader";
import { didYouMean } from "./suggest";
import { parseWall, WALL_EXPECTED } from "./wall";

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

/** A quantity with a unit, as an integer in the measure's base unit. */
export function quantity(of: Measure): Kind<number> {
  const expects = expectedOf(of);
  return {
    name: of.name, expects, schema: { type: "string", description: expects },
    read(reader, node) {
      if (!isScalar(node)) return wrong(reader, node, expects);
      const parsed = parseQuantity(scalarText(node), of);
      if ("value" in parsed) return parsed.value;
      reader.report(node, parsed.wrong);
      return undefined;
    },
  };
}

/** A quantity that must be exact, or lie within a tolerance: "10mL" or "10mL +/- 0.5mL". */
export interface Target {
  readonly value: number;
  readonly within: number;
}

export function target(of: Measure): Kind<Target> {
  const expects = `${expectedOf(of)}, or with a tolerance, "${of.example} +/- ..."`;
  return {
    name: `${of.name} with tolerance`, expects, schema: { type: "string", description: expects },
    read(reader, node) {
      if (!isScalar(node)) return wrong(reader, node, expects);
      const parts = scalarText(node).split(/\+\/-|\u00b1/u);
      if (parts.length > 2) return wrong(reader, node, expects);
      const parsed = parts.map((part) => parseQuantity(part, of));
      for (const each of parsed) {
        if ("wrong" in each) {
          reader.report(node, each.wrong);
          return undefined;
        }
      }
      const [value = 0, within = 0] = parsed.map((each) => ("value" in each ? each.value : 0));
      return { value, within };
    },
  };
}

/** A whole number from `min` to `max`, written without unit or fraction. */
export function count(min: number, max: number = Number.MAX_SAFE_INTEGER): Kind<number> {
  const expects = max === Number.MAX_SAFE_INTEGER ? `a whole number, ${String(min)} or more` : `a whole number from ${String(min)} to ${String(max)}`;
  return {
    name: "count", expects, schema: { type: "integer", minimum: min, maximum: max },
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
    name: "text", expects, schema: { type: "string", maxLength: longest },
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
    name: what, expects: `one of ${names.join(", ")}`, schema: { enum: names },
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
  name: "wall time", expects: WALL_EXPECTED, schema: { type: "string", description: WALL_EXPECTED },
  read(reader, node) {
    const value = isScalar(node) ? parseWall(scalarText(node)) : undefined;
    return value ?? wrong(reader, node, WALL_EXPECTED);
  },
};

export const duration = quantity(MEASURES.duration);
export const volume = quantity(MEASURES.volume);
