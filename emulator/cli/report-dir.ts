// The report directory: found to be writable before a run, filled after it.

import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { junitXml } from "../report/junit";
import type { Case } from "../report/junit";
import { systemReason } from "../scenario/load";
import { UsageError } from "./usage-error";

const name = "junit.xml";

/** Makes the directory and tries a file in it, so that no long run ends without its report. */
export function prepareReport(directory: string): void {
  const trial = join(directory, `${name}.part`);
  try {
    mkdirSync(directory, { recursive: true });
    closeSync(openSync(trial, "w"));
    rmSync(trial);
  } catch (error) {
    throw new UsageError(`--report ${directory}: cannot be written: ${systemReason(error)}`);
  }
}

/** Writes the report whole or not at all. Gives the file's name. */
export function writeReport(directory: string, cases: readonly Case[]): string {
  const file = join(directory, name);
  try {
    writeFileSync(`${file}.part`, junitXml(cases));
    renameSync(`${file}.part`, file);
  } catch (error) {
    throw new UsageError(`--report ${directory}: cannot be written: ${systemReason(error)}`);
  }
  return file;
}
