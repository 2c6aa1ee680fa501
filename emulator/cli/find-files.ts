// Finding: the scenario files that files and folders on a command line name.

import { readdirSync, realpathSync, statSync } from "node:fs";
import type { Dirent } from "node:fs";
import { join } from "node:path";
import { systemReason } from "../scenario/load";
import { ScenarioProblems } from "../scenario/problem";

/** Not scenarios: what is hidden, what is installed. */
const skipped = (name: string): boolean => name.startsWith(".") || name === "node_modules";
/** Files of steps alone, for `include`, are no scenarios by themselves. */
const isScenario = (name: string): boolean => /\.ya?ml$/.test(name) && !/\.steps\.ya?ml$/.test(name);

function problem(file: string, text: string): ScenarioProblems {
  return new ScenarioProblems([{ file, line: 0, column: 0, text }]);
}

/** By name, the same on every machine and in every language. */
function byName(a: Dirent, b: Dirent): number {
  return a.name < b.name ? -1 : 1;
}

/** The files below a folder, by name, each folder's own files before its folders. Links to folders are not followed: they may lead in a circle. */
function walk(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !skipped(name)).sort(byName);
  const files = entries.filter((entry) => isScenario(entry.name) && (entry.isFile() || (entry.isSymbolicLink() && statSync(join(folder, entry.name)).isFile())));
  const folders = entries.filter((entry) => entry.isDirectory());
  return [...files.map(({ name }) => join(folder, name)), ...folders.flatMap(({ name }) => walk(join(folder, name)))];
}

/** The file itself behind links, or its name where there is none. */
function identity(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

/** What one path names. Whether a file is there, and can be read, is for its loading to say. */
function filesOf(path: string): string[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [path];
  const files = walk(path);
  if (files.length === 0) throw problem(path, "no scenario (*.yaml) is in this folder");
  return files;
}

/**
 * The scenario files that `paths` name, in their order, each once. A file is taken whatever its name, a
 * folder gives every *.yaml and *.yml below it but *.steps.yaml. A folder that cannot be read, or has none,
 * is a problem.
 */
export function findFiles(paths: readonly string[]): { readonly files: readonly string[]; readonly problems: readonly ScenarioProblems[] } {
  const found = new Map<string, string>();
  const problems: ScenarioProblems[] = [];
  for (const path of paths) {
    try {
      for (const file of filesOf(path)) if (!found.has(identity(file))) found.set(identity(file), file);
    } catch (error) {
      problems.push(error instanceof ScenarioProblems ? error : problem(path, systemReason(error)));
    }
  }
  return { files: [...found.values()], problems };
}
