// Golden digests: what each scenario came to when it was last looked at.

import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runScenario } from "../../emulator/scenario/run";
import { loadScenario } from "../../emulator/scenario/load";
import type { Outcome } from "../../emulator/scenario/run";
import type { ControllerFactory } from "../../hal/controller";

/** By the scenario's file name. */
export type Golden = Readonly<Record<string, { readonly digest: string; readonly full_digest: string }>>;

export const GOLDEN_FILE = fileURLToPath(new URL("./digests.json", import.meta.url));
const SCENARIOS = fileURLToPath(new URL("../scenarios/", import.meta.url));

/** Every scenario of the library and the demo, by file name. */
export function scenarioFiles(): ReadonlyMap<string, string> {
  const library = readdirSync(SCENARIOS).filter((name) => name.endsWith(".yaml")).sort().map((name) => [name, SCENARIOS + name] as const);
  return new Map([...library, ["month.yaml", fileURLToPath(new URL("../../emulator/demo/month.yaml", import.meta.url))]]);
}

export function readGolden(): Golden {
  return JSON.parse(readFileSync(GOLDEN_FILE, "utf8")) as Golden;
}

/** What of an outcome is golden. */
export function goldenOf({ digest, full_digest }: Outcome): Golden[string] {
  return { digest, full_digest };
}

/** Runs every scenario; throws if one does not pass, since a wrong trace must not become golden. */
export function makeGolden(controller: ControllerFactory): Golden {
  return Object.fromEntries([...scenarioFiles()].map(([name, file]) => {
    const outcome = runScenario(loadScenario(file), { controller });
    if (outcome.verdict !== "pass") throw new Error(`${name}: ${outcome.verdict}: not made golden`);
    return [name, goldenOf(outcome)];
  }));
}
