// Parsing: the text of a scenario to runs that are ready, or all its problems.

import { isMap, isSeq } from "yaml";
import type { Node } from "yaml";
import { optional, readFields, required, schemaOf } from "./fields";
import type { Fields } from "./fields";
import { count, list, orParameter, text } from "./kinds";
import type { Kind } from "./kinds";
import { parametersKind, tableKind } from "./parameters";
import type { Parameters, Table } from "./parameters";
import { newPlan } from "./plan";
import { ScenarioProblems } from "./problem";
import { describeNode, scalarText, Session } from "./reader";
import type { Entry, Reader } from "./reader";
import type { Scenario } from "./scenario";
import { stepList } from "./step-list";
import { readSteps } from "./steps";
import type { ReadText } from "./steps";
import { unitKind, unitOf } from "./unit-fields";
import { parseYaml } from "./yaml";

export { UNIT_FIELDS } from "./unit-fields";

/** Text of one pattern. */
function matching(name: string, expects: string, pattern: string): Kind<string> {
  return {
    name, expects, schema: orParameter({ type: "string", pattern }),
    read(reader, node) {
      const given = scalarText(node);
      if (new RegExp(pattern).test(given)) return given;
      reader.report(node, `expected ${expects}, found ${describeNode(node)}`);
      return undefined;
    },
  };
}

const requirement = matching("requirement", 'a requirement id such as "DOSE-1"', "^[A-Z]{2,10}-\\d{1,3}[a-z]?$");
const tag = matching("tag", 'a tag such as "motor": small letters, digits and dashes', "^[a-z0-9][a-z0-9-]{0,39}$");

const line = matching("line", "instant", "^instant$");

/** The fields of the whole file. */
export const FILE_FIELDS = {
  scenario: required(text(200), "What happens, in one line."),
  about: optional(text(4000), "Where the figures come from."),
  tags: optional(list(tag), "Words to select by."),
  requirements: optional(list(requirement), "Ids of the requirements it shows."),
  seed: optional(count(0, 4_294_967_295), "Seed of all random streams; 1 if not given."),
  unit: optional(unitKind, "The emulated unit."),
  line: optional(line, "instant: line, wand and storage take no time, for what must be exact to the millisecond. Frames and session are the same."),
  parameters: optional(parametersKind, "Named values: ${name} anywhere else stands for one. Inside braces it needs quotes, \"${name}\"."),
  table: optional(tableKind, "One run for each row, with its own values of the parameters; what a row leaves out is as in parameters."),
  steps: required(stepList, "What is done, in order."),
};

/** One run of a file: what its parameters are. */
interface Row {
  readonly name: string | undefined;
  readonly values: Parameters;
}

/** Reads one field ahead of the others; undefined if it is not there or is wrong. */
function readAhead<T>(reader: Reader, entries: readonly Entry[], name: string, kind: Kind<T>): T | undefined {
  const value = entries.find((entry) => entry.name === name)?.value;
  return value === undefined || value === null ? undefined : kind.read(reader, value);
}

/** Each name of a row must be known to all: another one is a slip of the pen. */
function checkRows(reader: Reader, node: Node | null, parameters: Parameters | undefined, table: Table): void {
  const names = new Set([...(parameters?.keys() ?? []), ...[...table.values()].flatMap((row) => [...row.keys()])]);
  for (const [row, values] of table) {
    const missing = [...names].filter((name) => !values.has(name) && parameters?.has(name) !== true);
    if (missing.length > 0) reader.report(node, `row "${row}" has no value for ${missing.map((name) => `"${name}"`).join(", ")}`);
  }
}

/** The rows to run: one without a name where there is no table. */
function rowsOf(reader: Reader, entries: readonly Entry[]): readonly Row[] {
  const parameters = readAhead(reader, entries, "parameters", parametersKind);
  const table = readAhead(reader, entries, "table", tableKind);
  if (table === undefined) return [{ name: undefined, values: parameters ?? new Map<string, string>() }];
  checkRows(reader, entries.find(({ name }) => name === "table")?.value ?? null, parameters, table);
  return [...table].map(([name, values]) => ({ name, values: new Map([...(parameters ?? []), ...values]) }));
}

/** Reads the whole file once more, with the values of a row. */
function readRow(reader: Reader, row: Row, readText: ReadText): Scenario | undefined {
  const root = reader.root();
  if (!isMap(root)) return undefined;
  const values = readFields(reader, "the scenario", FILE_FIELDS, root);
  const entries = new Map(reader.entries(root).map((entry) => [entry.name, entry.value]));
  const unit = unitOf(values?.unit);
  const plan = newPlan(unit.wall_ms);
  const steps_node = entries.get("steps");
  // The steps are read even if the head is wrong, so that one look at the messages mends the file.
  const items = isSeq(steps_node) ? (steps_node.items as Node[]) : [];
  if (values === undefined) plan.trusted = false;
  const steps = readSteps(reader, items, plan, readText);
  if (values === undefined) return undefined;
  const title = values.scenario.replace(/\s+/g, " ").trim();
  return {
    file: reader.file, title: row.name === undefined ? title : `${title} [${row.name}]`, ...(row.name === undefined ? {} : { row: row.name }),
    about: values.about ?? "", tags: values.tags ?? [], requirements: values.requirements ?? [], seed: values.seed ?? 1,
    unit, instant: values.line === "instant", wall_ms: unit.wall_ms, unit_place: reader.placeOf(entries.get("unit") ?? root),
    planned_ms: plan.elapsed_ms, cuts: plan.cuts, steps,
  };
}

/** A problem of some rows only says which. */
function problemsOf(sessions: readonly (readonly [Row, Session])[]): ScenarioProblems["problems"] {
  const rows_of = new Map<string, string[]>();
  for (const [row, { problems }] of sessions) {
    for (const key of new Set(problems.map((each) => JSON.stringify(each)))) rows_of.set(key, [...(rows_of.get(key) ?? []), row.name ?? ""]);
  }
  return [...rows_of].map(([key, rows]) => {
    const problem = JSON.parse(key) as ScenarioProblems["problems"][number];
    const [first = "", ...more] = rows;
    const which = rows.length === sessions.length ? "" : ` (row "${first}"${more.length === 0 ? "" : ` and ${String(more.length)} more`})`;
    return { ...problem, text: problem.text + which };
  });
}

/** A parameter that nothing asks for is a slip of the pen, there or where it should be. */
function checkUse(head: Reader, entries: readonly Entry[], rows: readonly Row[], used: ReadonlySet<string>): void {
  const unused = [...new Set(rows.flatMap(({ values }) => [...values.keys()]))].filter((name) => !used.has(name));
  for (const name of unused) {
    const declared = entries.map(({ name: field, value }) => (field === "parameters" && isMap(value) ? value : undefined)).find((each) => each !== undefined);
    const key = declared === undefined ? undefined : head.entries(declared).find((entry) => entry.name === name)?.key;
    head.report(key ?? entries.find(({ name: field }) => field === "table")?.key, `parameter "${name}" is used nowhere: write \${${name}} where it belongs`);
  }
}

function noFiles(file: string): never {
  throw new ScenarioProblems([{ file, line: 0, column: 0, text: "there are no files to include here" }]);
}

/**
 * Reads and validates the whole text of a scenario; a run for each row of its table, else one. `file` is its
 * name for messages; `readText` gives the files it includes. Throws `ScenarioProblems` with every problem
 * found; then nothing can be run.
 */
export function parseScenarios(file: string, content: string, readText: ReadText = noFiles): readonly Scenario[] {
  const head = parseYaml(file, content, new Session());
  const root = head.root();
  if (!isMap(root)) {
    const what = root === null ? "the file is empty" : `expected a mapping with scenario and steps, found ${describeNode(root)}`;
    throw new ScenarioProblems([root === null ? { file, line: 0, column: 0, text: what } : { ...head.placeOf(root), text: what }]);
  }
  // Parameters may stand anywhere but where they are given: those of the rest are not known yet.
  const entries = root.items.map(({ key, value }) => ({ name: scalarText(key as Node), key: key as Node, value: isMap(value) ? value : head.resolve(value) }));
  head.problems.length = 0;
  const rows = rowsOf(head, entries);
  if (head.problems.length > 0) throw new ScenarioProblems(head.problems);
  let steps = 0;
  const used = new Set<string>();
  const runs = rows.map((row) => {
    const session = new Session(row.values, steps);
    const scenario = readRow(head.again(session), row, readText);
    steps = session.steps;
    for (const name of session.used) used.add(name);
    return { row, session, scenario };
  });
  const problems = problemsOf(runs.map(({ row, session }) => [row, session] as const));
  if (problems.length === 0) checkUse(head, entries, rows, used);
  const all = [...problems, ...head.problems];
  if (all.length > 0) throw new ScenarioProblems(all);
  return runs.flatMap(({ scenario }) => (scenario === undefined ? [] : [scenario]));
}

/** The same for a file without a table. Throws `ScenarioProblems` also for several runs. */
export function parseScenario(file: string, content: string, readText?: ReadText): Scenario {
  return single(file, parseScenarios(file, content, readText));
}

/** The only run of a file. */
export function single(file: string, runs: readonly Scenario[]): Scenario {
  const [first, ...more] = runs;
  if (first !== undefined && more.length === 0) return first;
  throw new ScenarioProblems([{ file, line: 0, column: 0, text: `has a table with ${String(runs.length)} rows, and one run was wanted` }]);
}

/** The whole file as JSON Schema of an object, for `schema.ts`. */
export function fileSchema(): Record<string, unknown> {
  const fields: Fields = FILE_FIELDS;
  return schemaOf(fields);
}
