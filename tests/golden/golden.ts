// Golden digests: what each scenario came to when it was last looked at.

import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { findFiles } from "../../emulator/cli/find-files";
import { goldenKey, readGoldenFile } from "../../emulator/cli/golden-files";
import type { GoldenTable } from "../../emulator/cli/golden-files";
import { loadScenarios } from "../../emulator/scenario/load";
import type { Outcome } from "../../emulator/scenario/run";
import type { Scenario } from "../../emulator/scenario/scenario";

/** `npm run golden` writes it: itb-pump run --golden FILE --update. */
const GOLDEN_FILE = fileURLToPath(new URL("./digests.json", import.meta.url));
const PLACES = ["../scenarios", "../../emulator/demo"].map((place) => fileURLToPath(new URL(place, import.meta.url)));

/** Every run of the library and the demo, by its name in the golden file: a path from there, with the row of a table. */
export function library(): ReadonlyMap<string, Scenario> {
  const { files, problems } = findFiles(PLACES);
  if (problems[0] !== undefined) throw problems[0];
  const scenarios = files.flatMap((file) => loadScenarios(relative(process.cwd(), file)));
  return new Map(scenarios.map((scenario) => [goldenKey(GOLDEN_FILE, scenario), scenario]));
}

/** By the names of `library`. */
export function readGolden(): GoldenTable {
  return readGoldenFile(GOLDEN_FILE);
}

/** What of an outcome must be equal on every target. */
export function digestsOf({ digest, full_digest }: Pick<Outcome, "digest" | "full_digest">): { readonly digest: string; readonly full_digest: string } {
  return { digest, full_digest };
}
