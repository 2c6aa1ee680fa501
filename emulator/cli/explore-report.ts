// The report of an exploration: junit.xml, and the files of what was found.

import { basename, extname, join } from "node:path";
import { readFileSync } from "node:fs";
import type { Program } from "../brain";
import { readFailure } from "../explore/failure-file";
import type { Part } from "../explore/part";
import { exploreXml } from "../report/junit-explore";
import { loadScenario } from "../scenario/load";
import { replayRun } from "./replay-run";
import { writeReport } from "./report-dir";
import type { Target } from "./targets";
import type { Terminal } from "./terminal";

/** Kinds of findings whose files are written; the plans of all are in --found. */
export const FINDINGS_MAX = 10;

export interface ExploreReport {
  readonly directory: string;
  readonly part: Part;
  /** By the host's clock, the runs alone. */
  readonly real_ms: number;
  /** The command that explores the same. */
  readonly again: string;
  readonly target: Target;
}

/** Writes it: each finding's smallest plan is run once more, here, with its files in a folder by the plan's name. Gives what could not be written, a line each. */
export async function writeExploreReport({ directory, part, real_ms, again, target }: ExploreReport, open: (target: Target) => Promise<Program>, terminal: Terminal): Promise<readonly string[]> {
  const unwritten: string[] = [];
  const found = part.totals.findings.flatMap(({ file }) => (file === undefined ? [] : [file])).slice(0, FINDINGS_MAX);
  const controller = found.length === 0 ? undefined : await open(target);
  for (const file of found) {
    terminal.progress(`running ${file} for its report`);
    const folder = join(directory, basename(file, extname(file)));
    const head = readFailure(file, readFileSync(file, "utf8"));
    const { judged, unwritten: missing } = replayRun({ scenario: loadScenario(file), head, target, folder, now_ms: terminal.now_ms }, controller!);
    unwritten.push(...missing);
    if (judged.difference !== undefined) terminal.err(`${file}: ended otherwise when it was run for its report: ${judged.difference.text}\n`);
  }
  terminal.progress("");
  return [...unwritten, ...writeReport(directory, { "junit.xml": exploreXml(part, real_ms, again) })];
}
