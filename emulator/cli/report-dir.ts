// The report folder: what it holds, made before the runs, never another's.

import { closeSync, existsSync, lstatSync, mkdirSync, openSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import type { Dirent } from "node:fs";
import { join } from "node:path";
import { junitXml } from "../report/junit";
import type { Case } from "../report/junit";
import { systemReason } from "../scenario/load";
import { EXIT } from "./exit-codes";
import { PART, ReportFolder } from "./report-file";
import { UsageError } from "./usage-error";

/** The files that a report can hold, in its own folder and in those of its runs. A new one is added here, or its folder could not be replaced. */
export const REPORT_FILES = ["junit.xml", "verify.html", "run.jsonl", "trace.vcd", "doses.csv", "timeline.html"] as const;
export type ReportName = (typeof REPORT_FILES)[number];

/** Marks a folder as a report of ours. Hidden, since it is not for people. */
const MARK = ".itb-pump-report";
const mark_text = "A report of itb-pump run, replay, explore or verify: --overwrite may replace this folder.\n";

const ours = new Set<string>([...REPORT_FILES, MARK].flatMap((name) => [name, name + PART]));

function entriesOf(folder: string): Dirent[] {
  return readdirSync(folder, { withFileTypes: true });
}

function isMarked(folder: string): boolean {
  const mark = join(folder, MARK);
  return existsSync(mark) && lstatSync(mark).isFile() && readFileSync(mark, "utf8") === mark_text;
}

/** The first thing in a report's folder that no report of ours has: a foreign file, a link, a folder with more in it than a run's files. */
function foreign(folder: string): string | undefined {
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (entry.isFile() && ours.has(entry.name)) continue;
    const inside = entry.isDirectory() ? entriesOf(path).find((each) => !each.isFile() || !ours.has(each.name)) : entry;
    if (inside !== undefined) return entry.isDirectory() ? join(path, inside.name) : path;
  }
  return undefined;
}

/** Removes a report, file by file: what came into the folder meanwhile stays, and is told. */
function clear(folder: string): void {
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (entry.isFile()) {
      // The mark goes last: a report that was removed in part can still be replaced.
      if (ours.has(entry.name) && entry.name !== MARK) rmSync(path);
      continue;
    }
    for (const { name } of entriesOf(path)) if (ours.has(name)) rmSync(join(path, name));
    rmdirSync(path);
  }
  rmSync(join(folder, MARK));
}

/** Throws `UsageError` for a folder that there already is and that may not be replaced. */
function checkOld(directory: string, overwrite: boolean): void {
  const marked = isMarked(directory);
  // A command that came to nothing after all has left a mark alone.
  if (entriesOf(directory).length === (marked ? 1 : 0)) return;
  if (!overwrite) {
    const hint = marked ? "name a new one, or give --overwrite to replace the report that is in it" : "name a new one";
    throw new UsageError(`--report ${directory}: is not empty, and nothing was run or written: ${hint}`);
  }
  if (!marked) throw new UsageError(`--report ${directory}: --overwrite replaces only a report of itb-pump, and this folder has no ${MARK}: name a new one, or remove it yourself`);
  const other = foreign(directory);
  if (other !== undefined) throw new UsageError(`--report ${directory}: --overwrite replaces only what itb-pump wrote, and ${other} is not of it: move it away, or name a new folder`);
}

/**
 * Makes the folder, and tries a file in it, so that no long run ends without its report. One that is there must be empty; with `overwrite` it may be a report of
 * ours, whose files then go. Throws `UsageError`, with nothing changed, for any other.
 */
export function prepareReport(directory: string, overwrite: boolean): void {
  try {
    mkdirSync(directory, { recursive: true });
    checkOld(directory, overwrite);
    closeSync(openSync(join(directory, `${MARK}${PART}`), "w"));
    rmSync(join(directory, `${MARK}${PART}`));
    if (isMarked(directory)) clear(directory);
    writeFileSync(join(directory, MARK), mark_text, { flag: "wx" });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`--report ${directory}: cannot be written: ${systemReason(error)}`);
  }
}

/** Throws `UsageError` for a wish to replace what is not asked for. */
export function checkOverwrite({ report, overwrite }: { readonly report?: string; readonly overwrite?: boolean }): void {
  if (overwrite === true && report === undefined) throw new UsageError("--overwrite replaces the folder of --report, which is not given");
}

/** Writes files of the report itself, each whole or not at all. Gives what could not be written, a line each. */
export function writeReport(directory: string, files: Readonly<Partial<Record<ReportName, string>>>): readonly string[] {
  const folder = new ReportFolder(directory);
  for (const [name, text] of Object.entries(files)) folder.write(name, text);
  return folder.unwritten;
}

/** junit.xml of runs. */
export function writeCases(directory: string, cases: readonly Case[]): readonly string[] {
  return writeReport(directory, { "junit.xml": junitXml(cases) });
}

/** What is said of a report in the end: its main files, or what is missing. The verdicts stand, whatever is missing. */
export function reportText(directory: string, unwritten: readonly string[], main: readonly ReportName[] = ["junit.xml"]): string {
  if (unwritten.length === 0) return `report: ${main.map((name) => join(directory, name)).join(", ")}\n`;
  return [...unwritten.map((line) => `report: could not be written: ${line}`), "report: what ran is judged above, and the other files are whole\n"].join("\n");
}

/** A report that is not whole is the environment's fault, unless the runs have said worse already: theirs is the code then. */
export function codeWith(code: number, unwritten: readonly string[]): number {
  return code === EXIT.pass && unwritten.length > 0 ? EXIT.usage : code;
}
