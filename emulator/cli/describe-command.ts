// The describe command: verbs, faults, units and exit codes, from the code.

import { FAULT_KINDS } from "../faults";
import type { Fields } from "../scenario/fields";
import { FILE_FIELDS, UNIT_FIELDS } from "../scenario/parse";
import { MEASURES, unitList } from "../scenario/quantity";
import type { Measure } from "../scenario/quantity";
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

const measures: readonly Measure[] = Object.values(MEASURES);

/** The whole description as text. */
export function describeText(): string {
  return [
    "SCENARIO FILE", ...fieldLines(FILE_FIELDS, "  "),
    "", "UNIT", ...fieldLines(UNIT_FIELDS, "  "),
    "", "VERBS", ...verbLines().slice(1),
    "", "FAULTS", ...faultLines().slice(1),
    "", "UNITS", ...[...new Set(measures.map((each) => `  ${each.name}: ${unitList(each)}, exact to 1 ${each.base}`))],
    "", "EXIT CODES", ...Object.entries(EXIT).map(([name, code]) => `  ${String(code)} ${name.replaceAll("_", " ")}`), "",
  ].join("\n");
}

export function describeCommand(terminal: Terminal): number {
  terminal.out(describeText());
  return EXIT.pass;
}
