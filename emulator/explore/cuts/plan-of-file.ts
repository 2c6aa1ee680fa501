// A scenario file as a plan: its steps one by one, repetitions written out.

import { isMap, parseDocument, stringify } from "yaml";
import type { Plan, PlanStep } from "../plan";

/** A file that cannot be cut into. The message is for the user. */
export class NotAPlan extends Error {
  override readonly name = "NotAPlan";
}

/** Repetitions are written out up to so many steps. */
const STEPS_MAX = 20_000;
/** What stands for something that only the file, or the run, knows. */
const OPEN = ["include", "choose"];

function oneLine(value: unknown): string {
  return stringify(value, { collectionStyle: "flow", lineWidth: 0 }).trim();
}

function written(steps: readonly unknown[], into: PlanStep[]): void {
  for (const step of steps) {
    const [verb, value]: readonly [string, unknown] = typeof step === "object" && step !== null ? Object.entries(step as Record<string, unknown>)[0] ?? ["", undefined] : [String(step), undefined];
    if (OPEN.includes(verb)) throw new NotAPlan(`has the verb ${verb}: a failure in it could not be written as a file of its own; write its steps out`);
    // One with a beat of its own stays as it is.
    if (verb === "repeat" && Object.keys(value as object).every((field) => field === "times" || field === "steps")) {
      const { times, steps: inner } = value as { readonly times: number; readonly steps: readonly unknown[] };
      for (let time = 0; time < times; time += 1) written(inner, into);
    } else into.push({ text: value === undefined ? verb : `${verb}: ${oneLine(value)}` });
    if (into.length > STEPS_MAX) throw new NotAPlan(`has more than ${String(STEPS_MAX)} steps with its repetitions written out`);
  }
}

/** The plan of a file that is a valid scenario. Throws `NotAPlan`. */
export function planOfFile(text: string): Plan {
  const document = parseDocument(text);
  const root = document.contents;
  if (!isMap(root)) throw new NotAPlan("is no scenario");
  if (root.has("table") || root.has("parameters")) throw new NotAPlan("has a table or parameters: write one of its runs out");
  const { scenario, seed = 1, unit = {}, line, steps } = document.toJS() as {
    readonly scenario: string; readonly seed?: number; readonly unit?: object; readonly line?: string; readonly steps: readonly unknown[];
  };
  const into: PlanStep[] = [];
  written(steps, into);
  return { title: scenario, seed, unit: oneLine(unit), ...(line === undefined ? {} : { line }), steps: into };
}
