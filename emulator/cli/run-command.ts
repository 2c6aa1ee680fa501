// The run command: scenarios on a target, with picture, table, JSON or reports.

import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { isMachine, type Program } from "../brain";
import { EXCLUSIONS, exclusionsOf, INSTANT_LEFT_OUT } from "../pico/exclusions";
import { TETHER_EXCLUSIONS } from "../tether/exclusions";
import { Collector } from "../report/collector";
import { drawPicture } from "../report/picture";
import { durationText } from "../../protocol/wand/text/wall";
import { EXIT, worstExitCode } from "./exit-codes";
import { execute } from "./execute";
import { explain } from "./explain";
import { compareWith } from "./golden";
import type { GoldenWanted } from "./golden";
import { GoldenFiles } from "./golden-files";
import { writeList, writeOutcome, writeTotal } from "./json-lines";
import { judge } from "./judge";
import type { Judged } from "./judged";
import { makeAll, ProcessLane } from "./lanes";
import type { Lane, Made, ReportOf } from "./lanes";
import type { Manner } from "./manner";
import { Progress } from "./progress";
import { codeWith, prepareReport, reportText, writeCases } from "./report-dir";
import { runNames } from "./run-names";
import { select } from "./select";
import type { Run, Selection } from "./select";
import { listText, SummaryTable } from "./table";
import { openTarget, takesTime } from "./targets";
import type { Target } from "./targets";
import type { Terminal } from "./terminal";
import { UsageError } from "./usage-error";

export interface RunCommand extends Manner, Selection {
  /** Only say what would be run. */
  readonly list: boolean;
  /** End with the first run that does not pass. */
  readonly bail: boolean;
  /** Processes at the same time; the cores there are, at most one for `runs_per_process`, if not given. */
  readonly workers?: number;
  /** The folder that junit.xml goes to, and the files of each run. */
  readonly report?: string;
  /** The folder may be a report of ours, which is then replaced. */
  readonly overwrite: boolean;
  /** One golden file for all runs; else a golden.json beside each scenario, where there is one. */
  readonly golden?: string;
  /** Write the golden files anew. */
  readonly update: boolean;
  /** Gives the controller of a target. A test's own cannot go to other processes. */
  readonly open: (target: Target) => Promise<Program>;
}

/** A process takes about as long to start as so many scenarios take to run. */
const runs_per_process = 16;

/** How many processes: 1 is this one. The results are the same whatever it is. */
function laneCount(command: RunCommand, runs: number): number {
  if (runs === 1 || command.open !== openTarget) return 1;
  return Math.max(1, Math.min(command.workers ?? Math.min(availableParallelism(), Math.ceil(runs / runs_per_process)), runs));
}

/** The lane in this process: JSON lines are written as they come. */
class OwnLane implements Lane {
  #controller: Promise<Program> | undefined;

  constructor(readonly command: RunCommand, readonly terminal: Terminal, readonly picture: Collector | undefined, readonly progress: Progress | undefined, readonly reportOf: ReportOf) {}

  make = async (run: Run): Promise<Made> => {
    const { command, terminal, picture, progress } = this;
    this.#controller ??= command.open(command.target);
    const controller = await this.#controller;
    // Lets what was written reach its reader, and an interrupt through.
    await new Promise((resolve) => { setImmediate(resolve); });
    const report = this.reportOf(run);
    const finished = execute(run, controller, command, {
      write: terminal.out, now_ms: terminal.now_ms, ...(report === undefined ? {} : { report }),
      ...(picture === undefined ? {} : { picture }),
      ...(progress === undefined ? {} : { progress: (pump_ms: number) => { progress.at(run, pump_ms); } }),
    });
    if (isMachine(controller) && controller.figures !== undefined) terminal.err(`${controller.figures()}\n`);
    return { ...finished, lines: "" };
  };

  close = (): void => undefined;
}

/** Prints each run as it comes, and all together in the end. */
class Printer {
  readonly #command: RunCommand;
  readonly #terminal: Terminal;
  readonly #table: SummaryTable | undefined;
  readonly #picture: Collector | undefined;
  readonly judged: Judged[] = [];

  constructor(command: RunCommand, terminal: Terminal, runs: readonly Run[], picture: Collector | undefined) {
    this.#command = command;
    this.#terminal = terminal;
    this.#picture = picture;
    if (!command.json && picture === undefined) this.#table = new SummaryTable(runs, terminal.paint);
  }

  one(judged: Judged, lines: string): void {
    const { out, paint } = this.#terminal;
    this.judged.push(judged);
    if (this.#command.json) {
      out(lines);
      writeOutcome(judged, out);
    } else if (this.#picture !== undefined) {
      out(drawPicture(this.#picture, judged.outcome, this.#command.target, judged.real_ms, paint));
      out(explain(judged, paint));
    } else if (this.#table !== undefined) out((this.judged.length === 1 ? this.#table.head() : "") + this.#table.row(judged));
  }

  all(runs: number, exit_code: number, speed: string): void {
    const { out, paint } = this.#terminal;
    if (this.#command.json) writeTotal(this.judged, runs, exit_code, out);
    if (this.#table === undefined) return;
    for (const each of this.judged) {
      if (each.result !== "pass") out(`\n${paint("bold", `${each.result}: ${each.outcome.scenario.title}`)}\n${explain(each, paint)}`);
    }
    const virtual_ms = this.judged.reduce((sum, { outcome }) => sum + outcome.virtual_ms, 0);
    const passed = this.judged.filter(({ result }) => result === "pass").length;
    const not_run = runs === this.judged.length ? "" : `, ${runs - this.judged.length} not run`;
    out(`\n${durationText(virtual_ms - (virtual_ms % 1000))} of virtual time${speed === "" ? "" : `, ${speed}`}\n`);
    out(`${passed} passed, ${this.judged.length - passed} failed${not_run}\n`);
  }
}

function goldenOf(command: RunCommand, runs: readonly Run[]): GoldenFiles {
  const { golden, seed, update, target } = command;
  if (takesTime(target) && (update || command.lag_ms !== 0)) throw new UsageError(`target ${target} is late by itself, and its answers take their time: leave out --update and --lag`);
  // As under a lag, only the therapy must be the same.
  const lag_ms = takesTime(target) ? 1 : command.lag_ms;
  if (update && (seed !== undefined || lag_ms !== 0)) throw new UsageError("--update takes each scenario's own seed and no lag: leave out --seed and --lag");
  return new GoldenFiles({ update, lag_ms, ...(golden === undefined ? {} : { file: golden }) }, runs);
}

/** What each run is compared with. */
function wantedOf(command: RunCommand, golden: GoldenFiles): (run: Run) => GoldenWanted | undefined {
  return (run) => (mayDiffer(command, run) ? undefined : golden.wantedOf(run));
}

/** Where the files of each run go: of a single one into the report's folder itself. */
function reportsOf({ report }: RunCommand, runs: readonly Run[], wanted: (run: Run) => GoldenWanted | undefined): ReportOf {
  if (report === undefined) return () => undefined;
  const names = runNames(runs.map(({ scenario }) => scenario));
  return (run) => {
    const golden = wanted(run);
    return { folder: runs.length === 1 ? report : join(report, names[runs.indexOf(run)] ?? ""), ...(golden === undefined ? {} : { golden }) };
  };
}

/** Processes, or this one. */
async function openLanes(command: RunCommand, runs: readonly Run[], manner: Manner, own: () => Lane, live: Progress | undefined, reportOf: ReportOf): Promise<Lane[]> {
  const count = laneCount(command, runs.length);
  if (count === 1) return [own()];
  // Built once, and not by each process for itself.
  if (takesTime(command.target)) await command.open(command.target);
  return Array.from({ length: count }, () => new ProcessLane(manner, live === undefined ? undefined : (run, pump_ms) => { live.at(run, pump_ms); }, undefined, reportOf));
}

async function makeRuns(command: RunCommand, runs: readonly Run[], golden: GoldenFiles, terminal: Terminal): Promise<number> {
  const picture = runs.length === 1 && !command.json ? new Collector() : undefined;
  const { target, lag_ms, json, seed } = command;
  // What goes to another process must be plain data.
  const manner: Manner = { target, lag_ms, json, ...(seed === undefined ? {} : { seed }) };
  const progress = new Progress(terminal, runs);
  const live = terminal.live ? progress : undefined;
  const wanted = wantedOf(command, golden);
  const reportOf = reportsOf(command, runs, wanted);
  const printer = new Printer(command, terminal, runs, picture);
  const unwritten: string[] = [];
  terminal.progress(`opening target ${command.target}`);
  const lanes = await openLanes(command, runs, manner, () => new OwnLane(command, terminal, picture, live, reportOf), live, reportOf);
  await makeAll(runs, lanes, (run, made) => {
    progress.ended(run, made.outcome.virtual_ms);
    if (!mayDiffer(command, run)) golden.note(run, made);
    const judged = judge(run, made, compareWith(wanted(run), made.outcome, made.golden), manner);
    printer.one(judged, made.lines);
    unwritten.push(...made.unwritten ?? []);
    return judged.result === "pass" || !command.bail;
  });
  const code = worstExitCode(printer.judged.map(({ result }) => result));
  if (command.report !== undefined) unwritten.push(...writeCases(command.report, printer.judged));
  const exit_code = codeWith(code, unwritten);
  printer.all(runs.length, exit_code, progress.speed());
  if (command.update) terminal.err(`${golden.write().join("\n")}\n`);
  if (command.report !== undefined) terminal.err(reportText(command.report, unwritten));
  return exit_code;
}

/** The exclusions of a target that a scenario asks for. */
function excludedOn(target: Target, file: string): ReturnType<typeof exclusionsOf> {
  return exclusionsOf(readFileSync(file, "utf8"), target === "tether" ? TETHER_EXCLUSIONS : EXCLUSIONS);
}

/** What a target that takes its time leaves out is said, and not run. */
function withoutExcluded(runs: readonly Run[], command: RunCommand, terminal: Terminal): readonly Run[] {
  const { target } = command;
  if (!takesTime(target)) return runs;
  return runs.filter(({ scenario: { file, title, instant } }) => {
    if (instant) terminal.err(`${title}: not on ${target}: ${INSTANT_LEFT_OUT}\n`);
    if (instant) return false;
    const excluded = excludedOn(target, file);
    for (const { why, left_out } of excluded) terminal.err(`${title}: ${left_out === "run" ? `not on ${target}` : `on ${target} without comparing its digest`}: ${why}\n`);
    return !excluded.some(({ left_out }) => left_out === "run");
  });
}

/** Whether the run's digest may be another on this target. */
function mayDiffer(command: RunCommand, { scenario }: Run): boolean {
  return takesTime(command.target) && excludedOn(command.target, scenario.file).length > 0;
}

/** Runs what is selected and gives the exit code. Nothing is run unless everything is in order. */
export async function runCommand(command: RunCommand, terminal: Terminal): Promise<number> {
  const runs = select(command, terminal.err);
  if (runs === undefined) return EXIT.usage;
  if (command.list) {
    if (command.json) writeList(runs, terminal.out);
    else terminal.out(listText(runs, terminal.paint));
    return EXIT.pass;
  }
  const golden = goldenOf(command, runs);
  if (command.report !== undefined) prepareReport(command.report, command.overwrite);
  return makeRuns(command, withoutExcluded(runs, command, terminal), golden, terminal);
}
