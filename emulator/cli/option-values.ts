// Values of options that several commands take, and how they are read.

import { InvalidArgumentError } from "commander";
import { loadScenarios } from "../scenario/load";
import { parseScenario } from "../scenario/parse";
import { ScenarioProblems } from "../scenario/problem";
import { DEFAULT_UNIT } from "../unit";
import type { Unit } from "../unit";
import { UsageError } from "./usage-error";

export const SEED_MAX = 4_294_967_295;

/** A whole number of an option, without unit. */
export function wholeNumber(max: number, min = 0): (given: string) => number {
  return (given) => {
    const value = /^\d{1,15}$/.test(given) ? Number(given) : NaN;
    if (!(value >= min && value <= max)) throw new InvalidArgumentError(`Expected a whole number from ${String(min)} to ${String(max)}.`);
    return value;
  };
}

/** Takes an option that may be given several times. */
export function several(given: string, before: readonly string[]): readonly string[] {
  return [...before, given];
}

/** `--unit`: a scenario file whose unit it is, or the unit itself as a scenario has it, `{pulse: 250nL}`. */
export function unitOf(given: string): Unit {
  try {
    if (!given.trimStart().startsWith("{")) {
      const [first] = loadScenarios(given);
      return { ...DEFAULT_UNIT, ...first?.unit };
    }
    return { ...DEFAULT_UNIT, ...parseScenario("--unit", `unit: ${given}\nscenario: A unit\nsteps: [wait: 1s]\n`).unit };
  } catch (error) {
    if (error instanceof ScenarioProblems) throw new UsageError(error.message);
    throw error;
  }
}
