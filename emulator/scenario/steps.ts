// Steps: from nodes to steps that are ready to run, also inside others.

import { isMap, isScalar, isSeq } from "yaml";
import type { Node } from "yaml";
import { dirname, isAbsolute, join } from "node:path";
import type { Plan } from "./plan";
import { RUNS_MAX } from "./plan";
import { placeText, ScenarioProblems } from "./problem";
import type { Place } from "./problem";
import { describeNode, scalarText } from "./reader";
import type { Reader, Session } from "./reader";
import type { Step } from "./step";
import { didYouMean } from "../../protocol/wand/text/suggest";
import type { Inner } from "./verb";
import { VERBS } from "./verbs/index";
import { parseYaml } from "./yaml";

/** How deep steps may stand in steps, and files in files. */
export const DEPTH_MAX = 8;
/** Steps read of one scenario file, all rows together: a hundred times what a long one has. */
const steps_max = 20_000;

/** The text of a file, for `include`. Throws `ScenarioProblems`. */
export type ReadText = (file: string) => string;

/** From the scenario down to the file that is being read. */
interface Way {
  /** Each include on the way, and the file it names. */
  readonly includes: readonly { readonly at: Place; readonly file: string }[];
  /** Steps around this one. */
  readonly depth: number;
  readonly readText: ReadText;
}

/** Reads the steps of a scenario's own list. */
export function readSteps(reader: Reader, nodes: readonly Node[], plan: Plan, readText: ReadText): readonly Step[] {
  return readInner(reader, nodes, plan, { includes: [], depth: 0, readText });
}

function readInner(reader: Reader, nodes: readonly Node[], plan: Plan, way: Way): readonly Step[] {
  const steps: Step[] = [];
  for (const node of nodes) {
    // A list that holds itself, or lists of lists by alias: the session counts what is read.
    reader.session.steps += 1;
    if (reader.session.steps > steps_max) {
      if (reader.session.steps === steps_max + 1) reader.report(node, `the scenario has more than ${String(steps_max)} steps`);
      plan.trusted = false;
      break;
    }
    const step = readStep(reader, node, plan, way);
    if (step !== undefined) steps.push(step);
  }
  return steps;
}

/** What a verb may ask for while it is read. */
function innerOf(reader: Reader, key: Node, way: Way): Inner {
  return {
    steps(nodes, plan) {
      if (way.depth < DEPTH_MAX) return readInner(reader, nodes, plan, { ...way, depth: way.depth + 1 });
      reader.report(key, `steps may stand in steps ${String(DEPTH_MAX)} deep, and no deeper`);
      plan.trusted = false;
      return [];
    },
    include: (node, path, plan) => readIncluded(reader, node, path, plan, way),
  };
}

/** One step: a verb alone, or a mapping from the verb to what it takes. */
function readStep(reader: Reader, written: Node, plan: Plan, way: Way): Step | undefined {
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
  plan.runs += 1;
  const run = verb.prepare(reader, key, first?.value ?? null, plan, innerOf(reader, key, way));
  if (name !== "expect") plan.claims.clear();
  if (plan.runs > RUNS_MAX) {
    reader.report(key, `the scenario would run more than ${String(RUNS_MAX)} steps`);
    plan.runs = -Infinity;
  }
  return run === undefined ? undefined : { ...reader.placeOf(key), text: stepText(reader, name, first?.value ?? null), run };
}

function stepText(reader: Reader, name: string, value: Node | null): string {
  if (value === null) return name;
  const line = reader.sourceOf(value);
  return `${name}: ${line.length > 200 ? `${line.slice(0, 197)}...` : line}`;
}

/** Why a file may not be included here, if it may not. */
function misinclusion(reader: Reader, at: Place, path: string, file: string, way: Way): string | undefined {
  if (isAbsolute(path)) return `"${path}" is an absolute path: give it from the folder of this file`;
  const chain = [...way.includes, { at, file }];
  const text = chain.map((each) => `${placeText(each.at)} includes ${each.file}`).join(", ");
  const root = way.includes[0]?.at.file ?? reader.file;
  if (file === root || way.includes.some((each) => each.file === file)) return `a circle of includes: ${text}`;
  return chain.length > DEPTH_MAX ? `includes more than ${String(DEPTH_MAX)} deep: ${text}` : undefined;
}

function readIncluded(reader: Reader, node: Node, path: string, plan: Plan, way: Way): readonly Step[] {
  const at = reader.placeOf(node);
  const file = join(dirname(reader.file), path);
  const problem = misinclusion(reader, at, path, file, way);
  plan.trusted &&= problem === undefined;
  if (problem !== undefined) {
    reader.report(node, problem);
    return [];
  }
  try {
    const inner = parseYaml(file, way.readText(file), reader.session);
    const root = inner.root();
    if (isSeq(root) && root.items.length > 0) {
      return readInner(inner, root.items as Node[], plan, { ...way, includes: [...way.includes, { at, file }] });
    }
    inner.report(root, `an included file is a list of steps such as "- wait: 6h", found ${isSeq(root) ? "an empty list" : describeNode(root)}`);
  } catch (error) {
    if (!(error instanceof ScenarioProblems)) throw error;
    addAll(reader.session, error, `, included at ${placeText(at)}`);
  }
  plan.trusted = false;
  return [];
}

/** Problems of a whole file say who asked for it: it may not be there. */
function addAll(session: Session, error: ScenarioProblems, asked: string): void {
  for (const each of error.problems) session.problems.push(each.line === 0 ? { ...each, text: each.text + asked } : each);
}
