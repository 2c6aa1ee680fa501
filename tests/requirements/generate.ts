// Generates what is told of the requirements: traceability, states.

import { resolve } from "node:path";
import { writeFileSync } from "node:fs";
import { readFiles } from "../layout/source";
import type { Files } from "../layout/source";
import { readRequirements } from "./document";
import type { Requirements } from "./document";
import { statesOf } from "./states";
import { tableOf } from "./table";
import { tracesOf } from "./trace";
import type { Traces } from "./trace";

const ROOT = resolve(import.meta.dirname, "../..");
const DOCUMENT = "firmware/REQUIREMENTS.md";

/** The repository as it stands. */
export const repository = (): Files => readFiles(ROOT);

export interface Reading { readonly requirements: Requirements; readonly traces: Traces }

/** The document, and what names its requirements. */
export function readingOf(files: Files): Reading {
  const requirements = readRequirements(files.get(DOCUMENT) ?? "", DOCUMENT);
  return { requirements, traces: tracesOf(files, [...new Set(requirements.all.map(({ group }) => group))]) };
}

/** Every generated file and its content, by its path. */
export function generated(files: Files): ReadonlyMap<string, string> {
  const { requirements, traces } = readingOf(files);
  return new Map([
    ["firmware/TRACEABILITY.md", tableOf(requirements, traces)],
    ["firmware/STATES.md", statesOf(files.get("firmware/machine.ts") ?? "")],
  ]);
}

/** Generated files whose content is not what there should be. */
export function stale(files: Files): string[] {
  return [...generated(files)].filter(([path, text]) => files.get(path) !== text).map(([path]) => path);
}

if (process.argv[1] === import.meta.filename) {
  for (const [path, text] of generated(repository())) writeFileSync(resolve(ROOT, path), text);
}
