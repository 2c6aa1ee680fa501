// The explore command: canary, runs, the smallest plan of each finding, totals.

import type { Program } from "../brain";
import type { Canary } from "../explore/canary";
import { failureText } from "../explore/failure-file";
import { jobName } from "../explore/job";
import type { Job, JobKind, JobResult } from "../explore/job";
import { kindOf } from "../explore/kinds";
import type { Part } from "../explore/part";
import { countOf, jobAt, partOf } from "../explore/range";
import type { Range, Shard } from "../explore/range";
import { add, NOTHING, totalsOf } from "../explore/totals";
import type { FindingGroup, Totals } from "../explore/totals";
import { openWorker } from "./bundle";
import { askAll, EXPLORE_WORKER, ownLane, processLane } from "./explore-lanes";
import type { ExploreLane } from "./explore-lanes";
import { exitCodeOf, EXPLORE_SCHEMA, partLine, progressText, summaryText } from "./explore-text";
import type { Ask, ExploreManner, Told } from "./explore-wire";
import { checkFolder, newFile, prepareFolder, writeWhole } from "./output-file";
import { writeExploreReport } from "./explore-report";
import { codeWith, prepareReport, reportText } from "./report-dir";
import { openTarget } from "./targets";
import type { Target } from "./targets";
import type { Terminal } from "./terminal";
import { UsageError } from "./usage-error";

export interface ExploreCommand extends Shard {
  readonly range: Range;
  readonly target: Target;
  /** Processes at the same time; the results are the same whatever it is. */
  readonly workers: number;
  /** Where the smallest plans go. */
  readonly found: string;
  /** Runs in which each planted fault must be found; 0 to plant none. */
  readonly canary: number;
  /** Runs that making one failure smaller may take; 0 to leave it as it is. */
  readonly shrink_runs: number;
  readonly json: boolean;
  /** The folder that junit.xml goes to, and the files of what is found. */
  readonly report?: string;
  /** The folder may be a report of ours, which is then replaced. */
  readonly overwrite: boolean;
  /** Gives the controller of a target. A test's own cannot go to other processes. */
  readonly open: (target: Target) => Promise<Program>;
}

function ranIn(job: Job, told: Told): JobResult {
  if (told.type === "ran") return told.result;
  throw new UsageError(`${jobName(job)}: the run could not be made: ${told.type === "failed" ? told.text : told.type}`);
}

function* asksOf(range: Range): Generator<Ask & { readonly type: "run" }> {
  for (let number = range.from; number <= range.to; number += 1) yield { type: "run", job: jobAt(range, number) };
}

/** Quick jobs with a fault planted, from number `from` on. */
function* canaryAsks({ quick }: JobKind, canary: Canary, from: number, most: number): Generator<Ask & { readonly type: "run" }> {
  for (let n = from; n < most; n += 1) yield { type: "run", job: quick(n), canary };
}

/** One exploration on its lanes. */
class Exploration {
  private totals: Totals = NOTHING;
  /** By the host's clock, the runs alone. */
  real_ms = 0;
  private shown_ms = -Infinity;
  /** Of the job that each group of findings is called by. */
  private readonly first = new Map<string, JobResult>();

  readonly kind: JobKind;

  constructor(private readonly command: ExploreCommand, private readonly terminal: Terminal, private readonly lanes: readonly ExploreLane[]) {
    this.kind = kindOf(jobAt(command.range, command.range.from));
  }

  /** In how many runs each planted fault was found; they must be. The same jobs whatever the range, on every shard. */
  async findCanaries(): Promise<number> {
    const { command: { canary: most }, terminal, kind } = this;
    let all = 0;
    for (const canary of most === 0 ? [] : kind.canaries) {
      terminal.progress(`planting the fault "${canary}"`);
      const runs = await this.findCanary(canary, most);
      if (runs === 0) throw new UsageError(`the canary lives: the planted fault "${canary}" was not found in ${String(most)} runs. What such an exploration does not find says nothing: mend it, or give --canary more runs`);
      all += runs;
    }
    return all;
  }

  /** 0 if it was not found: by a run that goes wrong with it, and not so without. */
  private async findCanary(canary: Canary, most: number): Promise<number> {
    let runs = 0;
    const suspects: JobResult[] = [];
    const takes = ({ job }: Ask, told: Told): boolean => {
      runs += 1;
      const result = ranIn(job, told);
      if (result.verdict === "violation") suspects.push(result);
      return result.verdict !== "violation";
    };
    while (runs < most) {
      await askAll(canaryAsks(this.kind, canary, runs, most), this.lanes, takes);
      const suspect = suspects.pop();
      if (suspect === undefined) return 0;
      const without = ranIn(suspect.job, await this.lanes[0]!.ask({ type: "run", job: suspect.job }));
      if (without.finding?.kind !== suspect.finding?.kind) return runs;
    }
    return 0;
  }

  async run(): Promise<Totals> {
    const { command, terminal } = this;
    const began_ms = terminal.now_ms();
    const range = partOf(command.range, command);
    await askAll(asksOf(range), this.lanes, ({ job }, told) => {
      this.ran(ranIn(job, told));
      const now_ms = terminal.now_ms();
      if (now_ms - this.shown_ms >= 200) terminal.progress(progressText(this.totals, countOf(range), now_ms - began_ms));
      if (now_ms - this.shown_ms >= 200) this.shown_ms = now_ms;
      return true;
    });
    this.real_ms = terminal.now_ms() - began_ms;
    terminal.progress("");
    return this.totals;
  }

  /** What tells this build from others: how a fixed run ended. */
  async build(): Promise<string> {
    const job = this.kind.telling;
    return ranIn(job, await this.lanes[0]!.ask({ type: "run", job })).digest;
  }

  private ran(result: JobResult): void {
    const { command: { json }, terminal: { out, progress, paint } } = this;
    this.totals = add(this.totals, totalsOf(result));
    const { job, verdict, digest, virtual_ms, pulses, finding } = result;
    if (json) out(`${JSON.stringify({ schema: EXPLORE_SCHEMA, type: "job", job, verdict, digest, virtual_ms, pulses, ...(finding === undefined ? {} : { finding }) })}\n`);
    if (finding === undefined) return;
    const key = `${finding.verdict} ${finding.kind}`;
    if (!this.first.has(key)) this.first.set(key, result);
    progress("");
    // A long run that is ended early has told all it knows.
    if (!json) out(`${paint("red", `${jobName(job)}: ${finding.verdict}: ${finding.text}`)}\n  again: itb-pump explore ${kindOf(job).optionsOf(job)}\n`);
  }

  /** Writes the smallest plan of each kind of finding: of the first that went wrong so. */
  async writeFindings(): Promise<readonly FindingGroup[]> {
    const { command, terminal, totals: { findings } } = this;
    const files = new Map<string, string>();
    const asks = findings.flatMap(({ verdict, kind }) => {
      const { job, finding } = this.first.get(`${verdict} ${kind}`)!;
      return finding === undefined ? [] : [{ type: "shrink" as const, job, finding }];
    });
    if (asks.length > 0) prepareFolder("--found", command.found);
    if (asks.length > 0) terminal.progress(`making ${String(asks.length)} ${asks.length === 1 ? "failure" : "failures"} smaller`);
    await askAll(asks, this.lanes, ({ job, finding }, told) => {
      if (told.type !== "shrunk") {
        terminal.err(`${jobName(job)}: could not be made smaller: ${told.type === "failed" ? told.text : told.type}\n`);
        return true;
      }
      const { plan, ending } = told.smallest;
      const file = newFile("--found", command.found, `${job.kind}-${String(job.number)}`, ".yaml");
      writeWhole("--found", file, failureText(plan, ending, { finding: finding.text, found_by: `itb-pump explore ${kindOf(job).optionsOf(job)}`, target: command.target }, file));
      files.set(`${finding.verdict} ${finding.kind}`, file);
      return true;
    });
    terminal.progress("");
    return findings.map((group) => {
      const file = files.get(`${group.verdict} ${group.kind}`);
      return file === undefined ? group : { ...group, file };
    });
  }
}

/** The command that explores the same part. */
function againOf({ range, shard, shards, target }: ExploreCommand): string {
  const part = shards === 1 ? "" : ` --shard ${String(shard)}/${String(shards)}`;
  const what = range.kind === "seed" ? `--seeds ${String(range.from)}..${String(range.to)}` : kindOf(jobAt(range, range.from)).optionsOf(jobAt(range, range.from));
  return `itb-pump explore ${what}${part} --target ${target}`;
}

/** Explores, prints and gives the exit code. */
export async function exploreCommand(command: ExploreCommand, terminal: Terminal): Promise<number> {
  checkFolder("--found", command.found);
  if (command.report !== undefined) prepareReport(command.report, command.overwrite);
  const manner: ExploreManner = { target: command.target, shrink_runs: command.shrink_runs };
  const worker = command.open === openTarget ? await openWorker(EXPLORE_WORKER) : undefined;
  const lanes = worker === undefined ? [ownLane(await command.open(command.target), manner)] : Array.from({ length: command.workers }, () => processLane(worker, manner));
  try {
    const exploration = new Exploration(command, terminal, lanes);
    const canary_runs = await exploration.findCanaries();
    const totals = await exploration.run();
    const findings = await exploration.writeFindings();
    const { range, shard, shards, target } = command;
    const part: Part = { range, shard, shards, target, jobs_version: exploration.kind.version, build: await exploration.build(), canary_runs, totals: { ...totals, findings } };
    terminal.out(command.json ? partLine(part) : summaryText(part, exploration.real_ms, terminal.paint));
    const code = exitCodeOf(totals);
    if (command.report === undefined) return code;
    const unwritten = await writeExploreReport({ directory: command.report, part, real_ms: exploration.real_ms, again: againOf(command), target }, command.open, terminal);
    terminal.err(reportText(command.report, unwritten));
    return codeWith(code, unwritten);
  } finally {
    for (const lane of lanes) lane.close();
  }
}

