// Parsing: the text of a scenario to steps ready to run, or all its problems.

import { isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from "yaml";
import type { Document, Node } from "yaml";
import { DEFAULT_UNIT } from "../unit";
import type { Unit } from "../unit";
import { optional, readFields, required } from "./fields";
import type { ValuesOf } from "./fields";
import { count, list, quantity, text, volume, wallTime } from "./kinds";
import type { Kind } from "./kinds";
import { tooDeepAt } from "./nesting";
import { newPlan } from "./plan";
import type { Plan } from "./plan";
import { ScenarioProblems } from "./problem";
import { MEASURES } from "./quantity";
import { describeNode, Reader, scalarText } from "./reader";
import type { Scenario, Step } from "./scenario";
import { didYouMean } from "./suggest";
import { VERBS } from "./verbs/index";

/** An alias may stand for a schedule or two; more is a mistake or a trap. */
const aliases_max = 100;

const requirement: Kind<string> = {
  name: "requirement", expects: 'a requirement id such as "DOSE-1"', schema: { type: "string", pattern: "^[A-Z]+-[0-9]+$" },
  read(reader, node) {
    const id = scalarText(node);
    if (/^[A-Z]{2,10}-\d{1,3}$/.test(id)) return id;
    reader.report(node, `expected ${this.expects}, found ${describeNode(node)}`);
    return undefined;
  },
};

/** The emulated unit: what is left out is the default unit. */
export const UNIT_FIELDS = {
  pulse: optional(quantity(MEASURES.pulse), "Calibrated volume of a motor pulse, given to the pump."),
  stroke: optional(quantity(MEASURES.pulse), "What the head truly moves a pulse, if not the same."),
  reservoir: optional(volume, "Capacity for deliverable drug, given to the pump: 20mL or 40mL."),
  catheter: optional(quantity(MEASURES.length), "Length of the catheter."),
  crystal: optional(quantity(MEASURES.drift), "How fast the crystal runs."),
  latency: optional(quantity(MEASURES.latency), "From motor command to rotor edge."),
  wall: optional(wallTime, "Wall clock at power-on."),
};

const unitKind: Kind<ValuesOf<typeof UNIT_FIELDS>> = {
  name: "unit", expects: "a mapping such as {pulse: 250nL, reservoir: 20mL}", schema: {},
  read(reader, node) {
    if (isMap(node)) return readFields(reader, "unit", UNIT_FIELDS, node);
    reader.report(node, `expected ${this.expects}, found ${describeNode(node)}`);
    return undefined;
  },
};

/** Steps are read after the unit is known: this only finds the list. */
const stepsKind: Kind<readonly Node[]> = {
  name: "steps", expects: 'a list of steps such as "- wait: 6h"', schema: {},
  read(reader, node) {
    if (isSeq(node) && node.items.length > 0) return node.items as Node[];
    reader.report(node, `expected ${this.expects}, found ${isSeq(node) ? "an empty list" : describeNode(node)}`);
    return undefined;
  },
};

/** The fields of the whole file. */
export const FILE_FIELDS = {
  scenario: required(text(200), "What happens, in one line."),
  about: optional(text(4000), "Where the figures come from."),
  requirements: optional(list(requirement), "Ids of the requirements it shows."),
  seed: optional(count(0, 4_294_967_295), "Seed of all random streams; 1 if not given."),
  unit: optional(unitKind, "The emulated unit."),
  steps: required(stepsKind, "What is done, in order."),
};

/** The YAML itself: syntax, duplicate keys, aliases. */
function parseYaml(file: string, content: string): { readonly document: Document; readonly reader: Reader } {
  const lines = new LineCounter();
  const whole = { file, line: 0, column: 0 };
  const deep = tooDeepAt(content);
  if (deep !== undefined) throw new ScenarioProblems([{ ...whole, text: `is nested too deeply to be a scenario, from character ${String(deep + 1)} on` }]);
  const document: Document = parseDocument(content, { lineCounter: lines, uniqueKeys: true, strict: true, prettyErrors: false, version: "1.2" });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    throw new ScenarioProblems(faults.map((each) => {
      const { line, col } = lines.linePos(each.pos[0]);
      const key = /^[^:\s]*/.exec(content.slice(each.pos[0]))?.[0] ?? "";
      const what = each.code === "DUPLICATE_KEY" ? `"${key}" is there twice` : `not YAML: ${each.message.replace(/\s+/g, " ")}`;
      return { file, line, column: col, text: what };
    }));
  }
  const reader = new Reader(file, content, document, lines);
  let aliases = 0;
  visit(document, {
    Alias: (_key, alias) => {
      aliases += 1;
      if (aliases <= aliases_max && alias.resolve(document) === undefined) reader.report(alias, `alias "${alias.source}" stands for nothing above it`);
    },
  });
  if (aliases > aliases_max) throw new ScenarioProblems([{ ...whole, text: `${String(aliases)} aliases: at most ${String(aliases_max)} are allowed` }]);
  if (reader.problems.length > 0) throw new ScenarioProblems(reader.problems);
  return { document, reader };
}

/** One step: a verb alone, or a mapping from the verb to what it takes. */
function readStep(reader: Reader, written: Node, plan: Plan): Step | undefined {
  const before = reader.problems.length;
  const item = reader.resolve(written);
  const [first, ...more] = isMap(item) ? reader.entries(item) : [];
  const key = isScalar(item) ? item : first?.key;
  if (item === null || key === undefined || more.length > 0) {
    plan.trusted = false;
    if (reader.problems.length > before) return undefined;
    const found = more.length > 0 ? `${String(more.length + 1)} keys: indent what belongs to the verb, or begin a new step with a dash` : describeNode(item);
    reader.report(more[0]?.key ?? written, `expected a verb such as "wait: 6h", found ${found}`);
    return undefined;
  }
  const name = scalarText(key);
  const verb = VERBS.get(name);
  if (verb === undefined) {
    plan.trusted = false;
    reader.report(key, `unknown verb "${name}"${didYouMean(name, [...VERBS.keys()])}`);
    return undefined;
  }
  const run = verb.prepare(reader, key, first?.value ?? null, plan);
  return run === undefined ? undefined : { ...reader.placeOf(key), text: stepText(reader, name, first?.value ?? null), run };
}

function stepText(reader: Reader, name: string, value: Node | null): string {
  if (value === null) return name;
  const line = reader.sourceOf(value);
  return `${name}: ${line.length > 200 ? `${line.slice(0, 197)}...` : line}`;
}

function unitOf(values: ValuesOf<typeof UNIT_FIELDS> | undefined): Partial<Unit> {
  const pulse_pL = values?.pulse ?? DEFAULT_UNIT.pulse_pL;
  return {
    pulse_pL,
    stroke_pL: values?.stroke ?? pulse_pL,
    capacity_nL: values?.reservoir ?? DEFAULT_UNIT.capacity_nL,
    catheter_cm: values?.catheter ?? DEFAULT_UNIT.catheter_cm,
    crystal_ppb: values?.crystal ?? DEFAULT_UNIT.crystal_ppb,
    latency_us: values?.latency ?? DEFAULT_UNIT.latency_us,
    wall_ms: values?.wall ?? DEFAULT_UNIT.wall_ms,
  };
}

/**
 * Reads and validates the whole text of a scenario. `file` is its name for messages.
 * Throws `ScenarioProblems` with every problem found; then nothing can be run.
 */
export function parseScenario(file: string, content: string): Scenario {
  const { document, reader } = parseYaml(file, content);
  const root = reader.resolve(document.contents);
  if (!isMap(root)) {
    const what = root === null ? "the file is empty" : `expected a mapping with scenario and steps, found ${describeNode(root)}`;
    throw new ScenarioProblems([root === null ? { file, line: 0, column: 0, text: what } : { ...reader.placeOf(root), text: what }]);
  }
  const entries = new Map(reader.entries(root).map((entry) => [entry.name, entry.value]));
  reader.problems.length = 0;
  const values = readFields(reader, "the scenario", FILE_FIELDS, root);
  const unit = unitOf(values?.unit);
  const wall_ms = unit.wall_ms ?? DEFAULT_UNIT.wall_ms;
  const plan = newPlan(wall_ms);
  const steps_node = entries.get("steps");
  // The steps are read even if the head is wrong, so that one look at the messages mends the file.
  const items = isSeq(steps_node) ? (steps_node.items as Node[]) : [];
  if (values === undefined) plan.trusted = false;
  const steps = items.map((item) => readStep(reader, item, plan));
  if (values === undefined || reader.problems.length > 0) throw new ScenarioProblems(reader.problems);
  return {
    file, title: values.scenario.replace(/\s+/g, " ").trim(), about: values.about ?? "", requirements: values.requirements ?? [], seed: values.seed ?? 1,
    unit, wall_ms, unit_place: reader.placeOf(entries.get("unit") ?? root),
    steps: steps.filter((step) => step !== undefined),
  };
}
