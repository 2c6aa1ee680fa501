// The replay command: a failure file runs again, and must end as it did.

import { readFileSync, statSync } from "node:fs";
import type { Program } from "../brain";
import { BadFailure, differenceOf, readFailure } from "../explore/failure-file";
import type { FailureHead } from "../explore/failure-file";
import { loadScenario, systemReason } from "../scenario/load";
import { ScenarioProblems } from "../scenario/problem";
import { runScenario } from "../scenario/run";
import { EXIT, exitCodeOf } from "./exit-codes";
import { reasonsOf } from "./explain";
import { EXPLORE_SCHEMA } from "./explore-text";
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

/** Runs the file on its own target and gives the verdict's exit code; 5 if it ended otherwise than the file says. */
export async function replayCommand(file: string, json: boolean, open: (target: Target) => Promise<Program>, terminal: Terminal): Promise<number> {
  const head = headOf(file);
  if (!isTarget(head.target)) throw new UsageError(`${file}: is of target "${head.target}", and there are ${TARGETS.join(", ")}`);
  let scenario;
  try {
    scenario = loadScenario(file);
  } catch (error) {
    if (error instanceof ScenarioProblems) throw new UsageError(`${file}: is a failure file of another itb-pump, whose scenarios this one cannot read:\n${error.message}`);
    throw error;
  }
  const outcome = runScenario(scenario, { controller: await open(head.target) });
  const difference = differenceOf(head, outcome);
  const { verdict, digest, full_digest, virtual_ms, pulses } = outcome;
  const exit_code = difference === undefined ? exitCodeOf(verdict) : EXIT.differed;
  if (json) {
    terminal.out(`${JSON.stringify({ schema: EXPLORE_SCHEMA, type: "replay", file, target: head.target, verdict, digest, full_digest, virtual_ms, pulses, same: difference === undefined, ...(difference === undefined ? {} : { difference }), exit_code })}\n`);
    return exit_code;
  }
  for (const reason of reasonsOf(outcome)) terminal.out(`${terminal.paint("red", reason)}\n`);
  terminal.out(`${verdict}, digest ${digest} therapy, ${full_digest} full\n`);
  if (difference === undefined) terminal.out(`the same as when it was found: ${head.finding}\n`);
  else terminal.out(`${terminal.paint("red", `two runs differed: ${difference}`)}\nThe firmware, the emulator or the scenario language is another than when it was found${verdict === "pass" ? ", and what was found is gone" : ""}.\n`);
  return exit_code;
}
