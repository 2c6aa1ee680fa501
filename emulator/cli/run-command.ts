// The run command: scenarios on a target, with picture, JSON lines or reports.

import type { ControllerFactory } from "../../hal/controller";
import type { Case } from "../report/junit";
import { Collector } from "../report/collector";
import { drawPicture } from "../report/picture";
import { loadScenario } from "../scenario/load";
import { ScenarioProblems } from "../scenario/problem";
import { runScenario } from "../scenario/run";
import type { Outcome, RunListener, Verdict } from "../scenario/run";
import type { Scenario } from "../scenario/scenario";
import { durationText } from "../scenario/wall";
import { EXIT, worstExitCode } from "./exit-codes";
import { explain, reasonsOf, repeatLine } from "./explain";
import type { Asked } from "./explain";
import { jsonListener, writeOutcome } from "./json-lines";
import { prepareReport, writeReport } from "./report-dir";
import type { Target } from "./targets";
import type { Terminal } from "./terminal";

export interface RunCommand {
  readonly files: readonly string[];
  readonly target: Target;
  /** Instead of each scenario's own. */
  readonly seed?: number;
  readonly lag_ms: number;
  readonly report?: string;
  readonly json: boolean;
  /** Gives the controller of a target. */
  readonly open: (target: Target) => Promise<ControllerFactory>;
}

/** Loads all files, so that every problem of every file is told before anything runs. */
function loadAll(files: readonly string[], terminal: Terminal): Scenario[] | undefined {
  const scenarios: Scenario[] = [];
  let good = true;
  for (const file of files) {
    try {
      scenarios.push(loadScenario(file));
    } catch (error) {
      if (!(error instanceof ScenarioProblems)) throw error;
      good = false;
      terminal.err(`${error.message}\n`);
    }
  }
  return good ? scenarios : undefined;
}

const marks: Readonly<Record<Verdict, "green" | "red">> = {
  pass: "green", "expectation failed": "red", refused: "red", "no progress": "red", violation: "red", crashed: "red",
};

/** One line for a scenario among several. */
function resultLine(outcome: Outcome, real_ms: number, terminal: Terminal): string {
  const figures = `${durationText(outcome.virtual_ms)}, ${String(outcome.pulses)} pulses, digest ${outcome.digest}, ${String(Math.round(real_ms))} ms`;
  return `${terminal.paint(marks[outcome.verdict], outcome.verdict)}  ${outcome.scenario.file}  ${terminal.paint("dim", figures)}\n`;
}

/** What a run is listened to for: JSON lines, the picture, the line of progress. */
function listenerOf(command: RunCommand, scenario: Scenario, picture: Collector | undefined, terminal: Terminal): RunListener {
  const seed = command.seed ?? scenario.seed;
  const json = command.json ? jsonListener(scenario, command, seed, terminal.out) : undefined;
  return {
    begin(bench) {
      json?.begin?.(bench);
      picture?.listen(bench);
    },
    step(step, bench) {
      json?.step?.(step, bench);
      if (picture !== undefined) picture.stepping = true;
      terminal.progress(`${scenario.file}:${String(step.line)}: ${step.text}`);
    },
  };
}

function runOne(command: RunCommand, scenario: Scenario, controller: ControllerFactory, terminal: Terminal): Case {
  const asked: Asked = command;
  const picture = command.files.length === 1 && !command.json ? new Collector() : undefined;
  const began_ms = terminal.now_ms();
  const outcome = runScenario(scenario, {
    controller, lag_ms: command.lag_ms, listener: listenerOf(command, scenario, picture, terminal),
    ...(command.seed === undefined ? {} : { seed: command.seed }),
  });
  const real_ms = terminal.now_ms() - began_ms;
  terminal.progress("");
  if (command.json) writeOutcome(outcome, asked, terminal.out);
  else {
    terminal.out(picture === undefined ? resultLine(outcome, real_ms, terminal) : drawPicture(picture, outcome, command.target, real_ms, terminal.paint));
    terminal.out(explain(outcome, asked, terminal.paint));
  }
  return { outcome, target: command.target, reasons: reasonsOf(outcome), again: repeatLine(outcome, asked), real_ms };
}

/** Runs the scenarios one after the other and gives the exit code. */
export async function runCommand(command: RunCommand, terminal: Terminal): Promise<number> {
  const scenarios = loadAll(command.files, terminal);
  if (scenarios === undefined) return EXIT.usage;
  if (command.report !== undefined) prepareReport(command.report);
  terminal.progress(`opening target ${command.target}`);
  const controller = await command.open(command.target);
  terminal.progress("");
  const cases = scenarios.map((scenario) => runOne(command, scenario, controller, terminal));
  const verdicts = cases.map(({ outcome }) => outcome.verdict);
  if (cases.length > 1 && !command.json) {
    const passed = verdicts.filter((verdict) => verdict === "pass").length;
    terminal.out(`${String(passed)} passed, ${String(cases.length - passed)} failed\n`);
  }
  if (command.report !== undefined) terminal.err(`report: ${writeReport(command.report, cases)}\n`);
  return worstExitCode(verdicts);
}
