// The plan of a verification: instruments, what may be done, and for how long.

import { isMap } from "yaml";
import { readFields, optional, required } from "../../protocol/wand/file/fields";
import { count, list, oneOf, quantity, wrong } from "../../protocol/wand/file/kinds";
import type { Kind } from "../../protocol/wand/file/kinds";
import { inOrder, problemText } from "../../protocol/wand/file/problem";
import type { Problem } from "../../protocol/wand/file/problem";
import { Reader, scalarText } from "../../protocol/wand/file/reader";
import { parseYaml } from "../../protocol/wand/file/yaml";
import { MEASURES } from "../../protocol/wand/text/quantity";
import type { Allowed } from "./allowed";
import { TIME_UNITS } from "./instruments";

/** Where a pulse counter's lines come from. */
export interface CounterPlan {
  /** A file that grows, a pipe, a serial port, or tcp:HOST:PORT. */
  readonly from: string;
  readonly unit_us: number;
}

export interface PowerPlan {
  /** Shell commands. */
  readonly off: string;
  readonly on: string;
  /** How long the pump is without power. */
  readonly off_ms: number;
}

export interface VerifyPlan {
  readonly title: string;
  readonly allowed: Allowed;
  readonly pulses?: CounterPlan;
  readonly power?: PowerPlan;
  /** How long books and pulses are watched. */
  readonly dose_ms: number;
  /** How long a stopped pump is watched for its alarm; 0: it is not. */
  readonly stopped_ms: number;
  /** The pump is emulated, and its time goes so many times as fast while its link sleeps. 1 for anything real. */
  readonly speed: number;
  readonly flood_s?: number;
}

/** The plan cannot be used; the message has every problem with its place. */
export class PlanProblems extends Error {
  override readonly name = "PlanProblems";

  constructor(problems: readonly Problem[]) {
    super(inOrder(problems).map(problemText).join("\n"));
  }
}

/** What may be done to a pump, by name; without it the row is not run. */
const ALLOWED: ReadonlyMap<string, keyof Allowed> = new Map(
  (["provision", "program", "start", "bolus", "alarms", "power", "slow"] as const).map((name) => [name, name]));

const text = (what: string): Kind<string> => ({
  name: "text", expects: what, schema: { type: "string" },
  read: (reader, node) => {
    const found = scalarText(node);
    return found === "" || isMap(node) ? wrong(reader, node, what) : found;
  },
});

/** A mapping with these fields. */
function mapping<T>(what: string, expects: string, read: (reader: Reader, map: Parameters<typeof readFields>[3]) => T | undefined): Kind<T> {
  return { name: what, expects, schema: { type: "object" }, read: (reader, node) => (isMap(node) ? read(reader, node) : wrong(reader, node, expects)) };
}

const COUNTER = {
  from: required(text("a file that grows, a pipe, a serial port, or tcp:HOST:PORT"), "Where a line comes for each edge, with its time."),
  unit: optional(oneOf("unit", TIME_UNITS), "Of the times; s unless told."),
};
const POWER = {
  off: required(text("a shell command"), "Takes the pump's power away."),
  on: required(text("a shell command"), "Gives it back."),
  for: optional(quantity(MEASURES.duration, ["100ms", "1h"]), "How long the pump is without; 5s unless told."),
};
const PLAN = {
  verify: required(text("a title"), "What is verified, for the report."),
  allow: optional(list(oneOf("permission", ALLOWED)), "What may be done to the pump."),
  pulses: optional(mapping<CounterPlan>("pulses", "a pulse counter, {from: PATH}", (reader, map) => {
    const found = readFields(reader, "pulses", COUNTER, map);
    return found === undefined ? undefined : { from: found.from, unit_us: found.unit ?? 1_000_000 };
  }), "A pulse counter at the pump's step pin or rotor sensor."),
  power: optional(mapping<PowerPlan>("power", "a power switch, {off: COMMAND, on: COMMAND}", (reader, map) => {
    const found = readFields(reader, "power", POWER, map);
    return found === undefined ? undefined : { off: found.off, on: found.on, off_ms: found.for ?? 5000 };
  }), "A switch in the pump's supply."),
  dose: optional(quantity(MEASURES.duration, ["10s", "7d"]), "How long books and pulses are watched; 3min unless told."),
  stopped: optional(quantity(MEASURES.duration, ["61min", "3d"]), "How long a stopped pump is watched for its alarm; not at all unless told."),
  speed: optional(count(1, 100_000), "Of an emulated pump whose time goes so many times as fast while its link sleeps."),
  flood: optional(quantity(MEASURES.duration, ["0s", "10min"]), "How long the flood of garbage lasts."),
};

/** Reads a plan. Throws `PlanProblems` for one that has any mistake. */
export function parsePlan(file: string, content: string): VerifyPlan {
  const parsed = parseYaml(file, content, "a plan");
  if (!("document" in parsed)) throw new PlanProblems(parsed);
  const reader = new Reader(parsed);
  const root = reader.root();
  if (!isMap(root)) throw new PlanProblems([{ file, line: 0, column: 0, text: "a plan is a mapping that begins with verify: TITLE" }]);
  const found = readFields(reader, "the plan", PLAN, root);
  if (found === undefined) throw new PlanProblems(reader.problems);
  const may = (name: keyof Allowed): boolean => found.allow?.includes(name) === true;
  return {
    title: found.verify.replace(/\s+/g, " ").trim(),
    allowed: { provision: may("provision"), program: may("program"), slow: may("slow"), start: may("start"), bolus: may("bolus"), alarms: may("alarms"), power: may("power") },
    dose_ms: found.dose ?? 180_000, stopped_ms: found.stopped ?? 0, speed: found.speed ?? 1,
    ...(found.pulses === undefined ? {} : { pulses: found.pulses }), ...(found.power === undefined ? {} : { power: found.power }),
    ...(found.flood === undefined ? {} : { flood_s: Math.ceil(found.flood / 1000) }),
  };
}
