// Names of runs as folders: readable, safe on every file system, each once.

import { dirname, resolve, sep } from "node:path";
import type { Scenario } from "../scenario/scenario";

const length_max = 80;
/** Names that some file systems keep for devices. */
const devices = /^(con|prn|aux|nul|com\d|lpt\d)$/;

/** Letters, digits, and single hyphens between them. */
function slug(text: string): string {
  const plain = text.toLowerCase().replace(/[^a-z0-9_]+/g, "-").slice(0, length_max).replace(/^-+|-+$/g, "");
  return plain === "" ? "run" : devices.test(plain) ? `${plain}-run` : plain;
}

/** The deepest folder that all are in, with the separator after it. */
function commonOf(files: readonly string[]): string {
  let [common = ""] = files.map((file) => dirname(file) + sep);
  for (const file of files) while (!file.startsWith(common)) common = dirname(common) + (dirname(common).endsWith(sep) ? "" : sep);
  return common;
}

/**
 * One name for each, in order: the file's below the folder that all are in, and the row of its table. Two that would be alike, also to a
 * file system without upper case, get a number: the same for the same runs in the same order.
 */
export function runNames(scenarios: readonly Pick<Scenario, "file" | "row">[]): readonly string[] {
  const common = commonOf(scenarios.map(({ file }) => resolve(file)));
  const taken = new Set<string>();
  return scenarios.map(({ file, row }) => {
    const base = slug(resolve(file).slice(common.length).replace(/\.ya?ml$/i, "") + (row === undefined ? "" : ` ${row}`));
    let name = base;
    for (let copy = 2; taken.has(name); copy += 1) name = `${base}-${String(copy)}`;
    taken.add(name);
    return name;
  });
}
