// Merging: the JSON lines of all shards of an exploration, to one summary.

import { readFileSync } from "node:fs";
import { BadParts, merge } from "../explore/part";
import type { Part } from "../explore/part";
import { exploreXml } from "../report/junit-explore";
import { systemReason } from "../scenario/load";
import { exitCodeOf, EXPLORE_SCHEMA, partLine, summaryText } from "./explore-text";
import { codeWith, prepareReport, reportText, writeReport } from "./report-dir";
import type { Terminal } from "./terminal";
import { UsageError } from "./usage-error";

type Line = Partial<Part> & { readonly schema?: unknown; readonly type?: unknown };

function parsed(file: string, line: string, number: number): Line {
  try {
    return JSON.parse(line) as Line;
  } catch {
    throw new UsageError(`${file}:${String(number)}: is no JSON line: the file is not one that \`itb-pump explore --json\` wrote, or is damaged`);
  }
}

/** The part that a file ends with. A file that was cut short has none. */
function partIn(file: string): Part & { readonly file: string } {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`${file}: ${systemReason(error)}`);
  }
  const lines = text.split("\n").filter((line) => line.trim() !== "").map((line, index) => parsed(file, line, index + 1));
  const other = lines.find(({ schema }) => schema !== EXPLORE_SCHEMA);
  if (other !== undefined) throw new UsageError(`${file}: has lines of schema ${JSON.stringify(other.schema ?? "none")}, and this itb-pump reads schema ${String(EXPLORE_SCHEMA)}`);
  const parts = lines.filter(({ type }) => type === "explored");
  const [part] = parts;
  if (part === undefined) throw new UsageError(`${file}: has no last line of an exploration: that shard did not come to its end`);
  if (parts.length > 1) throw new UsageError(`${file}: has the last lines of ${String(parts.length)} explorations: give each its own file`);
  if (part.totals === undefined || part.range === undefined || part.shard === undefined || part.shards === undefined) throw new UsageError(`${file}: its last line lacks what a part must say`);
  return { ...(part as Part), file };
}

export interface MergeCommand {
  readonly files: readonly string[];
  readonly json: boolean;
  /** The folder that junit.xml of the whole goes to. */
  readonly report?: string;
  readonly overwrite: boolean;
}

function mergedOf(files: readonly string[]): Part {
  try {
    return merge(files.map(partIn));
  } catch (error) {
    if (error instanceof BadParts) throw new UsageError(error.message);
    throw error;
  }
}

/** Prints the whole and gives its exit code: that of its findings. */
export function mergeCommand({ files, json, report, overwrite }: MergeCommand, terminal: Terminal): number {
  const whole = mergedOf(files);
  if (report !== undefined) prepareReport(report, overwrite);
  terminal.out(json ? partLine(whole) : summaryText(whole, 0, terminal.paint));
  const code = exitCodeOf(whole.totals);
  if (report === undefined) return code;
  const unwritten = writeReport(report, { "junit.xml": exploreXml(whole, 0, `itb-pump explore --merge ${files.join(" ")}`) });
  terminal.err(reportText(report, unwritten));
  return codeWith(code, unwritten);
}
