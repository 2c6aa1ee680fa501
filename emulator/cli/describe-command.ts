// The describe command: verbs, faults, units and the schema, from the code.

import { RECORD_NAMES } from "../../protocol/names";
import type { RecordKind } from "../../protocol/records";
import { FAULT_KINDS } from "../faults";
import type { Fields } from "../scenario/fields";
import { FILE_FIELDS, UNIT_FIELDS } from "../scenario/parse";
import { MEASURES, unitList } from "../../protocol/wand/text/quantity";
import type { Measure } from "../../protocol/wand/text/quantity";
import { runSchemaText } from "../report/run-schema";
import { RECORD_FIELDS } from "../scenario/record-fields";
import { schemaText } from "../scenario/schema";
import { valueExpected } from "../scenario/verbs/fault";
import { VERBS } from "../scenario/verbs/index";
import { EXIT } from "./exit-codes";
import type { Terminal } from "./terminal";

function fieldLines(fields: Fields, indent: string): string[] {
  return Object.entries(fields).flatMap(([name, field]) => [
    `${indent}${name}${field.required === true ? " (required)" : ""}: ${field.doc}`,
    `${indent}  ${field.kind.expects}`,
  ]);
}

function verbLines(): string[] {
  return [...VERBS.values()].flatMap((verb) => ["", `  ${verb.name}: ${verb.doc}`, `    - ${verb.example}`, ...fieldLines(verb.fields, "    ")]);
}

function faultLines(): string[] {
  return FAULT_KINDS.flatMap((fault) => [
    "", `  ${fault.kind}${fault.instant === true ? " (happens once)" : ""}: ${fault.what}`,
    ...(fault.value === undefined ? [] : [`    value: ${valueExpected(fault.value)}`]),
    `    the pump cannot know: ${fault.unknown_to_pump}`,
  ]);
}

function recordLines(): string[] {
  return Object.entries(RECORD_NAMES).map(([number, name]) => {
    const fields = Object.keys(RECORD_FIELDS[Number(number) as RecordKind]);
    return `  ${name}: ${["at", ...fields].join(", ")}`;
  });
}

const measures: readonly Measure[] = Object.values(MEASURES);

/** The whole description as text. */
export function describeText(): string {
  return [
    "SCENARIO FILE", ...fieldLines(FILE_FIELDS, "  "),
    "", "UNIT", ...fieldLines(UNIT_FIELDS, "  "),
    "", "VERBS", ...verbLines().slice(1),
    "", "RECORDS, AS logged TAKES THEM", ...recordLines(),
    "", "FAULTS", ...faultLines().slice(1),
    "", "UNITS", ...[...new Set(measures.map((each) => `  ${each.name}: ${unitList(each)}, exact to 1 ${each.base}`))],
    "", "EXIT CODES", ...Object.entries(EXIT).map(([name, code]) => `  ${String(code)} ${name.replaceAll("_", " ")}`), "",
  ].join("\n");
}

/** The schemas there are, by what they are of. */
export const SCHEMAS = { scenario: schemaText, run: runSchemaText } as const;

/** Prints the description, or a JSON Schema: of scenario files, or of the lines that a run leaves. */
export function describeCommand(terminal: Terminal, schema?: keyof typeof SCHEMAS): number {
  terminal.out(schema === undefined ? describeText() : SCHEMAS[schema]());
  return EXIT.pass;
}
