// The JSON Schema of a scenario file, from the same declarations as its reader.

import { schemaOf } from "./fields";
import { PARAMETER_SCHEMA } from "./kinds";
import { fileSchema } from "./parse";
import type { Verb } from "./verb";
import { VERBS } from "./verbs/index";

/** What may stand after a verb: a mapping of its fields, one value for its lone field, or nothing. */
function argumentsSchema(verb: Verb): Record<string, unknown> {
  const lone = verb.lone === undefined ? undefined : verb.fields[verb.lone];
  const bare = canStandAlone(verb) ? [{ type: "null" }] : [];
  return { description: `${verb.doc}\n\n- ${verb.example}`, anyOf: [schemaOf(verb.fields), ...(lone === undefined ? [] : [lone.kind.schema]), ...bare] };
}

/** Nothing after it can be enough: "- start". What a verb needs of several fields only its reader knows. */
function canStandAlone(verb: Verb): boolean {
  return Object.values(verb.fields).every((field) => field.required !== true);
}

/**
 * A draft 2020-12 schema. It accepts every scenario that the reader accepts, and rejects what a look at one place can
 * tell: names, units, what must be there. What depends on the course of a scenario only the reader tells.
 */
export function scenarioSchema(): Record<string, unknown> {
  const verbs = [...VERBS.values()];
  return shared({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "itb-pump scenario",
    description: "What is done to an emulated pump, and what is expected of it.",
    ...fileSchema(),
    $defs: {
      parameter: { description: "A value with parameters in it: ${name}.", ...PARAMETER_SCHEMA },
      steps: { type: "array", minItems: 1, items: { $ref: "#/$defs/step" } },
      step: {
        anyOf: [
          { description: "A verb that needs nothing after it.", enum: verbs.filter(canStandAlone).map(({ name }) => name) },
          {
            type: "object", minProperties: 1, maxProperties: 1, additionalProperties: false,
            properties: Object.fromEntries(verbs.map((verb) => [verb.name, argumentsSchema(verb)])),
          },
        ],
      },
    },
  });
}

/** Keys whose values are schemas by name, not a schema. */
const containers = new Set(["properties", "patternProperties", "$defs"]);
/** Shorter ones are as well written out. */
const shared_chars_min = 120;

/** Calls `visit` for every schema in `node`, itself first; what it gives replaces the schema. */
function mapSchemas(node: unknown, is_schema: boolean, visit: (node: object) => object | undefined): unknown {
  if (Array.isArray(node)) return node.map((each) => mapSchemas(each, true, visit));
  if (typeof node !== "object" || node === null) return node;
  const replaced = is_schema ? visit(node) : undefined;
  if (replaced !== undefined) return replaced;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, mapSchemas(value, !containers.has(key), visit)]));
}

/** The same schema with what stands in it several times written once, in $defs: a quarter of the text. */
function shared(schema: Record<string, unknown> & { readonly $defs: Record<string, unknown> }): Record<string, unknown> {
  const times = new Map<string, number>();
  mapSchemas(schema, true, (node) => {
    const text = JSON.stringify(node);
    times.set(text, (times.get(text) ?? 0) + 1);
    return undefined;
  });
  const names = new Map<string, string>();
  const defs: Record<string, unknown> = {};
  const replace = (node: object): object | undefined => {
    const text = JSON.stringify(node);
    if (text.length < shared_chars_min || (times.get(text) ?? 0) < 2) return undefined;
    if (!names.has(text)) {
      const name = `shared${String(names.size + 1)}`;
      names.set(text, name);
      defs[name] = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, mapSchemas(value, !containers.has(key), replace)]));
    }
    return { $ref: `#/$defs/${names.get(text) ?? ""}` };
  };
  const whole = mapSchemas(schema, false, replace) as typeof schema;
  return { ...whole, $defs: { ...whole.$defs, ...defs } };
}

/** The schema as the text of its file. */
export function schemaText(): string {
  return `${JSON.stringify(scenarioSchema(), null, 1)}\n`;
}
