// The options of explore and replay, and their checks before anything runs.

import type { Command } from "commander";
import { Option } from "commander";
import { readFileSync } from "node:fs";
import { loadScenario } from "../scenario/load";
import { ScenarioProblems } from "../scenario/problem";
import type { CutsAsked } from "../explore/cuts/cut-job";
import { NotAPlan, planOfFile } from "../explore/cuts/plan-of-file";
import type { Plan } from "../explore/plan";
import { countOf, WHOLE } from "../explore/range";
import type { Range, Shard } from "../explore/range";
import { exploreCommand } from "./explore-command";
import { mergeCommand } from "./merge-command";
import { SEED_MAX, wholeNumber } from "./option-values";
import { replayCommand } from "./replay-command";
import { checkOverwrite } from "./report-dir";
import type { openTarget, Target } from "./targets";
import type { Terminal } from "./terminal";
import { UsageError } from "./usage-error";

const workers_max = 64;
const shards_max = 100_000;
const runs_max = 100_000;

/** As they are given. */
interface ExploreOptions {
  readonly seeds?: string;
  readonly powerCuts?: string;
  readonly days?: number;
  readonly drawn: number;
  readonly depth: "1" | "2";
  readonly shard?: string;
  readonly merge?: readonly string[];
  readonly workers: number;
  readonly target: Target;
  readonly found: string;
  readonly canary: number;
  readonly shrink: number;
  readonly json?: true;
  readonly report?: string;
  readonly overwrite?: true;
}

function seedsOf(given: string): Range {
  const [, from = "", to = ""] = /^(\d{1,10})\.\.(\d{1,10})$/.exec(given.trim()) ?? [];
  if (from === "") throw new UsageError(`--seeds ${given}: expected two whole numbers such as 1..1000`);
  const range = { kind: "seed", from: Number(from), to: Number(to) };
  if (range.to > SEED_MAX || range.from > SEED_MAX) throw new UsageError(`--seeds ${given}: seeds go up to ${String(SEED_MAX)}`);
  if (countOf(range) < 1) throw new UsageError(`--seeds ${given}: begins after its end: did you mean ${String(range.to)}..${String(range.from)}?`);
  return range;
}

function shardOf(given: string): Shard {
  const [, shard = "", shards = ""] = /^(\d{1,6})\/(\d{1,6})$/.exec(given.trim()) ?? [];
  if (shard === "") throw new UsageError(`--shard ${given}: expected a part of a whole, counted from 1, such as 3/8`);
  const found = { shard: Number(shard), shards: Number(shards) };
  if (found.shards < 1 || found.shards > shards_max) throw new UsageError(`--shard ${given}: there can be 1 to ${String(shards_max)} shards`);
  if (found.shard < 1 || found.shard > found.shards) throw new UsageError(`--shard ${given}: the shards of ${String(found.shards)} are 1 to ${String(found.shards)}${found.shard === 0 ? "; a job index that counts from 0 needs one added" : ""}`);
  return found;
}

const explore_help = `
A seed is a drawn plan of 30 days and more: therapy, wand sessions, faults, clock changes; then all faults end, and therapy must come back and go on.
The oracle judges all of it. With --power-cuts, each cut is made in a copy of the run, which is asked again for what it was doing and lives on for a day. Each way of going wrong is made as small as it gets and written to --found, for \`itb-pump replay\`.
Before anything else faults are planted in the firmware, and must be found.
The shards of one range, each run with --json, are put together by: itb-pump explore --merge FILE...
Exit codes: 0 nothing found, 1 usage, a shard that is missing, or a canary that was not found, 2 an expectation failed, 3 the oracle found a violation,
4 no progress; of several the most severe: 1, 3, 4, 2.`;

const replay_help = `
Exit codes: that of the verdict (2 an expectation failed, 3 a violation, 4 no progress), 1 no failure file, damaged, or of another version,
5 the run ended otherwise than when it was found.`;

/** The busy year is cut in so many parts: each is a job that makes the whole run. */
const CUT_PARTS = 16;

/** A scenario file that is valid, as a plan. */
function planIn(file: string): Plan {
  try {
    loadScenario(file);
    return planOfFile(readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof ScenarioProblems) throw new UsageError(error.message);
    if (error instanceof NotAPlan) throw new UsageError(`${file}: ${error.message}`);
    throw error;
  }
}

/** Power cuts in the busy year, in drawn plans, or in a scenario. */
function cutsOf(given: string, file: string | undefined, { seeds, days, drawn, depth }: ExploreOptions): Range {
  if (given !== "all" && !/^[1-9]\d{0,6}$/.test(given)) throw new UsageError(`--power-cuts ${given}: expected "all", or how many, from 1`);
  if ([seeds, days, file].filter((each) => each !== undefined).length > 1) throw new UsageError("--days is how long the busy therapy lasts; a scenario, and the plans of --seeds, have a length of their own: give one of the three");
  const cuts = given === "all" ? given : Number(given);
  const parts = cuts === "all" ? CUT_PARTS : Math.min(CUT_PARTS, Math.ceil(cuts / 1000));
  const asked: CutsAsked = { in: file !== undefined ? { file, of_file: planIn(file) } : seeds === undefined ? { days: days ?? 365 } : { plan: "drawn" }, cuts, drawn, seed: 1, depth: depth === "2" ? 2 : 1, parts };
  return seeds === undefined ? { kind: "cuts", from: 1, to: parts, asked } : { ...seedsOf(seeds), kind: "cuts", asked: { ...asked, parts: 1 } };
}

function explore(file: string | undefined, options: ExploreOptions, terminal: Terminal, open: typeof openTarget): Promise<number> {
  const { seeds, powerCuts, shard, merge: files, workers, target, found, canary, shrink, json, report, overwrite } = options;
  checkOverwrite(options);
  if (files !== undefined) {
    if (seeds !== undefined || shard !== undefined || powerCuts !== undefined || file !== undefined) throw new UsageError("--merge takes files alone: leave out --seeds, --power-cuts, --shard and a scenario");
    return Promise.resolve(mergeCommand({ files, json: json === true, overwrite: overwrite === true, ...(report === undefined ? {} : { report }) }, terminal));
  }
  if (powerCuts === undefined && file !== undefined) throw new UsageError(`${file}: what is to be explored in it? Give --power-cuts as well`);
  if (powerCuts === undefined && seeds === undefined) throw new UsageError("what is to be explored? Give --seeds, such as --seeds 1..1000, or --power-cuts all");
  const range = powerCuts === undefined ? seedsOf(seeds!) : cutsOf(powerCuts, file, options);
  const part = shard === undefined ? WHOLE : shardOf(shard);
  return exploreCommand({ range, ...part, workers, target, found, canary, shrink_runs: shrink, json: json === true, open, overwrite: overwrite === true, ...(report === undefined ? {} : { report }) }, terminal);
}

/** Adds both commands; `done` hears the exit code. */
export function addExplore(program: Command, terminal: Terminal, open: typeof openTarget, done: (code: number) => void): void {
  program.command("explore")
    .description("many drawn runs under faults, and the smallest plan of whatever goes wrong")
    .argument("[scenario]", "a scenario file, for --power-cuts")
    .option("--seeds <a..b>", "seeds from A to B, both included")
    .option("--power-cuts <all|n>", "cut power before, inside and after storage's flash operations: all, or so many; in a year of busy therapy, in a scenario, or in the plans of --seeds")
    .option("--days <n>", "how long the busy therapy lasts (default: 365)", wholeNumber(3650, 1))
    .option("--drawn <n>", "with --power-cuts all: how many of the operations on the pulse tallies, besides those of one day", wholeNumber(10_000_000), 10_000)
    .addOption(new Option("--depth <n>", "cuts in a row: 2 has a second one within a boot").choices(["1", "2"]).default("1"))
    .option("--shard <i/n>", "only the Ith of N parts, from 1, for as many machines")
    .option("--merge <file...>", "put the JSON lines of all shards together, and print the whole")
    .option("--workers <n>", "processes at the same time; results are the same", wholeNumber(workers_max, 1), 1)
    .addOption(new Option("--target <target>", "what runs the firmware").choices(["node", "lua"]).default("node"))
    .option("--found <dir>", "where the smallest plans go; what is there is left as it is", "findings")
    .option("--canary <n>", "each planted fault must be found in so many runs; 0: plant none", wholeNumber(runs_max), 60)
    .option("--shrink <n>", "runs that making a failure smaller may take", wholeNumber(runs_max), 600)
    .option("--report <dir>", "leave junit.xml there, and for each kind of finding, up to 10, the files that a run of its smallest plan leaves")
    .option("--overwrite", "replace the folder of --report, if it is a report and nothing else")
    .option("--json", "JSON lines instead of text: one a run, the totals last")
    .addHelpText("after", explore_help)
    .action(async (file: string | undefined, options: ExploreOptions) => { done(await explore(file, options, terminal, open)); });
  program.command("replay")
    .description("run what explore wrote, and see that it ends as it did")
    .argument("<failure>", "a failure file")
    .option("--report <dir>", "leave junit.xml and the files of the run there")
    .option("--overwrite", "replace the folder of --report, if it is a report and nothing else")
    .option("--json", "one JSON line instead of text")
    .addHelpText("after", replay_help)
    .action(async (file: string, options: { readonly json?: true; readonly report?: string; readonly overwrite?: true }) => {
      checkOverwrite(options);
      const { json, report, overwrite } = options;
      done(await replayCommand({ file, open, json: json === true, overwrite: overwrite === true, ...(report === undefined ? {} : { report }) }, terminal));
    });
}
