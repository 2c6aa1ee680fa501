// First half of the kill set: the scenario library, and the oracle.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadScenario } from "../../emulator/scenario/load";
import { runScenario } from "../../emulator/scenario/run";
import type { Scenario } from "../../emulator/scenario/scenario";
import type { ControllerFactory } from "../../hal/controller";

const SCENARIOS = fileURLToPath(new URL("../scenarios", import.meta.url));

/** Every scenario of the library, by name of its file. */
export function killSet(): readonly Scenario[] {
  return readdirSync(SCENARIOS).filter((name) => name.endsWith(".yaml")).sort().map((name) => loadScenario(join(SCENARIOS, name)));
}

/** Who noticed a mutant, and how; undefined if nobody did. */
export function kill(controller: ControllerFactory, scenarios: readonly Scenario[]): string | undefined {
  for (const scenario of scenarios) {
    const outcome = runScenario(scenario, { controller });
    if (outcome.verdict !== "pass") return `${scenario.title}: ${outcome.verdict}`;
  }
  return undefined;
}
