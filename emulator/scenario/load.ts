// Loading: a file to a validated scenario, with a message for every bad file.

import { readFileSync, statSync } from "node:fs";
import { parseScenarios, single } from "./parse";
import { ScenarioProblems } from "./problem";
import type { Scenario } from "./scenario";

/** Scenarios are written by hand: 1 MB is far beyond any. */
const bytes_max = 1_048_576;

/** What the system says when a file cannot be opened, in words. */
const reasons: Readonly<Record<string, string>> = {
  ENOENT: "no such file", EACCES: "no permission to read it", EPERM: "no permission to read it", ENOTDIR: "a part of the path is not a directory",
  ENAMETOOLONG: "the name is too long", ELOOP: "too many symbolic links", EISDIR: "is a directory: name the scenario files in it",
};

function bad(file: string, text: string): ScenarioProblems {
  return new ScenarioProblems([{ file, line: 0, column: 0, text }]);
}

/** The reason of a failed file operation, in words. */
export function systemReason(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return reasons[code] ?? (error instanceof Error ? error.message : String(error));
}

/** Only a plain file of sensible size is opened: a pipe would be waited for. */
function checkFile(file: string): void {
  const found = statSync(file);
  if (found.isDirectory()) throw bad(file, reasons["EISDIR"] ?? "");
  if (!found.isFile()) throw bad(file, "is not a plain file");
  if (found.size > bytes_max) throw bad(file, `is ${String(found.size)} bytes long: a scenario has at most ${String(bytes_max)}`);
}

/** The bytes as text; a scenario is UTF-8 without NUL. */
function decode(file: string, content: Uint8Array): string {
  const nul = content.indexOf(0);
  if (nul >= 0) throw bad(file, `is not a text file: byte ${String(nul + 1)} is NUL`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch {
    throw bad(file, "is not a text file: not UTF-8");
  }
}

/** The text of a file. Throws `ScenarioProblems` for anything that is not a text of sensible size. */
function readText(file: string): string {
  try {
    checkFile(file);
    return decode(file, readFileSync(file));
  } catch (error) {
    if (error instanceof ScenarioProblems) throw error;
    throw bad(file, systemReason(error));
  }
}

/** Reads and validates a scenario's file: a run for each row of its table, else one. Throws `ScenarioProblems`. */
export function loadScenarios(file: string): readonly Scenario[] {
  return parseScenarios(file, readText(file), readText);
}

/** The same for a file of a single run. */
export function loadScenario(file: string): Scenario {
  return single(file, loadScenarios(file));
}
