// The replay command: a failure file runs again, and must end as it did.

import { readFileSync, statSync } from "node:fs";
import type { Program } from "../brain";
import { BadFailure, readFailure } from "../explore/failure-file";
import type { FailureHead } from "../explore/failure-file";
import { loadScenario, systemReason } from "../scenario/load";
import { ScenarioProblems } from "../scenario/problem";
import { EXIT, exitCodeOf } from "./exit-codes";
import { reasonsOf } from "./explain";
import { EXPLORE_SCHEMA } from "./explore-text";
import { replayRun } from "./replay-run";
import { codeWith, prepareReport, reportText, writeCases } from "./report-dir";
import { isTarget, TARGETS } from "./targets";
import type { Target } from "./targets";
import type { Terminal } from "./terminal";
import { UsageError } from "./usage-error";

const bytes_max = 1_048_576;

function headOf(file: string): FailureHead {
  try {
    const found = statSync(file);
    if (!found.isFile()) throw new UsageError(`${file}: is no file: name the failure file that explore wrote`);
    if (found.size > bytes_max) throw new UsageError(`${file}: is ${String(found.size)} bytes long, and no failure file`);
    return readFailure(file, readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(error instanceof BadFailure ? error.message : `${file}: ${systemReason(error)}`);
  }
}

export interface ReplayCommand {
  readonly file: string;
  readonly json: boolean;
  /** The folder that junit.xml and the run's files go to. */
  readonly report?: string;
  /** The folder may be a report of ours, which is then replaced. */
  readonly overwrite: boolean;
  readonly open: (target: Target) => Promise<Program>;
}

/** Runs the file on its own target and gives the verdict's exit code; 5 if it ended otherwise than the file says, 1 if all is as it was but the report. */
export async function replayCommand({ file, json, report, overwrite, open }: ReplayCommand, terminal: Terminal): Promise<number> {
  const head = headOf(file);
  if (!isTarget(head.target)) throw new UsageError(`${file}: is of target "${head.target}", and there are ${TARGETS.join(", ")}`);
  let scenario;
  try {
    scenario = loadScenario(file);
  } catch (error) {
    if (error instanceof ScenarioProblems) throw new UsageError(`${file}: is a failure file of another itb-pump, whose scenarios this one cannot read:\n${error.message}`);
    throw error;
  }
  if (report !== undefined) prepareReport(report, overwrite);
  const { judged, unwritten } = replayRun({ scenario, head, target: head.target, now_ms: terminal.now_ms, ...(report === undefined ? {} : { folder: report }) }, await open(head.target));
  const { outcome, difference } = judged;
  const missing = report === undefined ? [] : [...unwritten, ...writeCases(report, [judged])];
  const { verdict, digest, full_digest, virtual_ms, pulses } = outcome;
  const exit_code = codeWith(difference === undefined ? exitCodeOf(verdict) : EXIT.differed, missing);
  if (json) {
    terminal.out(`${JSON.stringify({ schema: EXPLORE_SCHEMA, type: "replay", file, target: head.target, verdict, digest, full_digest, virtual_ms, pulses, same: difference === undefined, ...(difference === undefined ? {} : { difference: difference.text }), exit_code })}\n`);
  } else {
    for (const reason of reasonsOf(outcome)) terminal.out(`${terminal.paint("red", reason)}\n`);
    terminal.out(`${verdict}, digest ${digest} therapy, ${full_digest} full\n`);
    if (difference === undefined) terminal.out(`the same as when it was found: ${head.finding}\n`);
    else terminal.out(`${terminal.paint("red", `two runs differed: ${difference.text}`)}\nThe firmware, the emulator or the scenario language is another than when it was found${verdict === "pass" ? ", and what was found is gone" : ""}.\n`);
  }
  if (report !== undefined) terminal.err(reportText(report, missing));
  return exit_code;
}
