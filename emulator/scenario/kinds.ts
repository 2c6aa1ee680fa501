// Kinds of field that only scenarios have: what is compared, names, texts.

import { isMap, isScalar } from "yaml";
import type { Node } from "yaml";
import { orParameter, wrong } from "../../protocol/wand/file/kinds";
import type { Kind } from "../../protocol/wand/file/kinds";
import type { Reader } from "../../protocol/wand/file/reader";
import { expectedOf, MEASURES, parseQuantity, patternOf } from "../../protocol/wand/text/quantity";
import type { Measure, Parsed } from "../../protocol/wand/text/quantity";
import { scalarText } from "./reader";
import { parseWall, WALL_EXPECTED, WALL_PATTERN } from "../../protocol/wand/text/wall";

export { count, duration, list, oneOf, orParameter, PARAMETER_SCHEMA, quantity, volume, wrong } from "../../protocol/wand/file/kinds";
export type { Kind } from "../../protocol/wand/file/kinds";

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
