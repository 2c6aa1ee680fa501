// The command line of itb-pump: commands, options and their checks.

import { Argument, Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { addAccuracy } from "./accuracy-options";
import { boardCommand } from "./board-command";
import { buildCommand, BUILDS } from "./build-command";
import type { BuildTarget } from "./build-command";
import { describeCommand, SCHEMAS } from "./describe-command";
import { emulateCommand } from "./emulate-command";
import type { EmulateCommand } from "./emulate-command";
import { EXIT } from "./exit-codes";
import { addExplore } from "./explore-options";
import { addFlash } from "./flash-options";
import { infoCommand } from "./info-command";
import { several, SEED_MAX, wholeNumber } from "./option-values";
import { checkOverwrite } from "./report-dir";
import { runCommand } from "./run-command";
import type { RunCommand } from "./run-command";
import { isTarget, openTarget, TARGETS } from "./targets";
import type { Target } from "./targets";
import { TETHER_PORT, tetherCommand } from "./tether-command";
import type { Terminal } from "./terminal";
import { UsageError } from "./usage-error";
import { verifyCommand } from "./verify-command";
import { version } from "./version";
import type { VerifyCommand } from "./verify-command";

/** A host that is later than this is not a slow processor any more; a confirmation takes 500 ms. */
const lag_ms_max = 250;

const workers_max = 64;

interface RunOptions {
  readonly target: Target;
  readonly tag: readonly string[];
  readonly filter?: string;
  readonly list?: true;
  readonly bail?: true;
  readonly workers?: number;
  readonly seed?: number;
  readonly lag: number;
  readonly report?: string;
  readonly overwrite?: true;
  readonly golden?: string;
  readonly update?: true;
  readonly json?: true;
}

/** The command as its options say. */
function runOf(paths: readonly string[], options: RunOptions, open: typeof openTarget): RunCommand {
  const { target, tag, lag, list, bail, update, json, filter, workers, seed, report, overwrite, golden } = options;
  checkOverwrite(options);
  return {
    paths, tags: tag, target, lag_ms: lag, open, list: list === true, bail: bail === true, update: update === true, json: json === true, overwrite: overwrite === true,
    ...(filter === undefined ? {} : { filter }), ...(workers === undefined ? {} : { workers }), ...(seed === undefined ? {} : { seed }),
    ...(report === undefined ? {} : { report }), ...(golden === undefined ? {} : { golden }),
  };
}

const run_help = `
A folder gives every *.yaml below it but *.steps.yaml, which are there to be included. Everything is validated before anything runs.
Exit codes: 0 pass, 1 usage or crash, 2 an expectation failed, 3 the oracle found a dose violation, 4 no progress,
5 another digest than the golden one, 6 refused by the pump; of several runs the most severe: 1, 3, 4, 6, 2, 5.`;

const emulate_help = `
While it runs, standard input takes: fault KIND [VALUE], heal KIND, status, quit. A pseudo-terminal has no baud rate: what a wand says passes at once,
a flood at 115 200 baud. The pump's time stands still while the emulator does not run.
Exit codes: 0 ended by Ctrl-C or quit, 1 usage, environment or a state file that cannot be used: that is left as it is,
3 ended likewise and the oracle found a violation, 4 no progress.`;

const verify_help = `
Therapy and settings are left as they are: the pump's log gains logins and refusals, and its alarm settings are set once to what they are. A plan may allow more:
therapy on a pump that is on the shelf, boluses, alarms, loss of power. A row that lacks an instrument or a permission is not run, and says so.
Exit codes: 0 all that was shown is as it must be, 1 usage, no pump, or no port, 2 a row failed.`;

type Done = (code: number) => void;

/** In place of a target: a board whose controller is elsewhere. */
const BOARD = "board";

/** A target, or a real port that a board is at. */
function targetOrPort(given: string): string {
  if (!isTarget(given) && given !== BOARD && !TETHER_PORT.test(given)) throw new InvalidArgumentError(`Allowed choices are ${TARGETS.join(", ")}, tether:PORT, ${BOARD}.`);
  return given;
}

/** What there is at a real port, none of it virtual: no speed, no seed, no unit. */
function atPort(port: string, options: Readonly<Record<string, unknown>>): { readonly port: string; readonly link?: string; readonly state?: string; readonly json: boolean } {
  const { link, state, json } = options as { readonly link?: string; readonly state?: string; readonly json?: true };
  for (const name of ["tcp", "unit", "seed", "pulses", "ui", "key"]) if (options[name] !== undefined) throw new UsageError(`--${name}: not at a real port`);
  if (options["speed"] !== "1") throw new UsageError("--speed: a real board has its own");
  return { port, json: json === true, ...(link === undefined ? {} : { link }), ...(state === undefined ? {} : { state }) };
}

function addEmulate(program: Command, terminal: Terminal, open: typeof openTarget, done: Done): void {
  program.command("emulate")
    .description("a live pump on a pseudo-terminal, for any wand")
    .option("--link <path>", "make this a symbolic link to the pseudo-terminal")
    .option("--tcp <host:port>", "listen there too; all clients share the one line")
    .option("--speed <n>", "times as fast as life, or max; while the link is awake time goes at the wall's pace", "1")
    .option("--state <file>", "keep the pump in this file, and go on from it; it holds the pump's key")
    .option("--unit <unit>", "the pump's unit as scenarios have it, such as '{pulse: 240nL}', or a scenario file to take it from")
    .option("--seed <n>", "seed of all random streams (default: 1)", wholeNumber(SEED_MAX))
    .option("--pulses <file>", "write a line there for each edge of the motor's step pin, with its true time in s, as a pulse counter does")
    .addOption(new Option("--target <target>", `what runs the firmware: ${TARGETS.join(", ")}, tether:PORT for a controller here whose board is at a real port, or ${BOARD} for such a board, emulated (default: the state file's, or node)`).argParser(targetOrPort))
    .option("--ui [port]", "also a page for a browser on this machine: the pump, time, faults, a wand, the frames; its address is printed")
    .option("--key <file>", "the key file with which the page's wand logs in; a new pump can be given a key by the page")
    .option("--json", "JSON lines on standard output instead of text")
    .addHelpText("after", emulate_help)
    .action(async (options: Omit<EmulateCommand, "open" | "json"> & { readonly json?: true }) => {
      const port = TETHER_PORT.exec(options.target ?? "")?.[1];
      if (port !== undefined) {
        done(await tetherCommand(atPort(port, options), terminal));
        return;
      }
      if ((options.target as string | undefined) === BOARD) {
        const { link, json, state } = atPort("", options);
        if (state !== undefined) throw new UsageError("--state: a board has none");
        done(await boardCommand({ json, ...(link === undefined ? {} : { link }) }, terminal));
        return;
      }
      done(await emulateCommand({ ...options, open, json: options.json === true }, terminal));
    });
}

function addVerify(program: Command, terminal: Terminal, done: Done): void {
  program.command("verify")
    .description("is the pump at a port a correct one: the conformance list, row by row")
    .argument("<port>", "a serial port, a pseudo-terminal, or tcp:HOST:PORT")
    .option("--key <file>", "the clinician's key file; without it only what needs no session is shown")
    .option("--provision", "give a pump that has none a new key, kept in --key, which must not exist yet")
    .option("--program", "commit prescriptions too: the one in force again, or the minimum rate for a pump that has none")
    .option("--slow", "also what takes minutes: idle sleep, and the back-off, in which nobody can log in for 60 s")
    .option("--flood <s>", "how long the flood of garbage lasts (default: the plan's, or 10)", wholeNumber(600))
    .option("--plan <file>", "the whole pump: what instruments are there, what may be done, for how long (emulator/verify/README.md)")
    .option("--report <dir>", "leave junit.xml, one page, verify.html, and the rows as JSON lines there; of a pump at a port there is no trace")
    .option("--overwrite", "replace the folder of --report, if it is a report and nothing else")
    .option("--json", "JSON lines instead of text: one a row, the summary last")
    .addHelpText("after", verify_help)
    .action(async (port: string, options: Partial<VerifyCommand>) => {
      const { provision, program: commits, slow, json, overwrite, ...rest } = options;
      checkOverwrite(options);
      done(await verifyCommand({ ...rest, port, provision: provision === true, program: commits === true, slow: slow === true, json: json === true, overwrite: overwrite === true }, terminal));
    });
}

function addBuild(program: Command, terminal: Terminal, done: Done): void {
  program.command("build")
    .description("build the firmware for a target: lua, one text; pico, an image to flash")
    .addArgument(new Argument("<target>", "what to build").choices(BUILDS))
    .option("--out <path>", "lua: write to this file instead of standard output; pico: to this folder (default: build/pico)")
    .option("--sources <dir>", "pico: take the source packages' files from this folder instead of apt")
    .action(async (target: BuildTarget, options: { readonly out?: string; readonly sources?: string }) => { done(await buildCommand({ target, ...options }, terminal)); });
  program.command("info")
    .description("say what an image is, once every byte of it is checked, or what pump is at a port")
    .argument("<file|port>", "a UF2 file, a flash content, or an application slot of `build pico`; a serial port, a pseudo-terminal, or tcp:HOST:PORT")
    .option("--json", "one JSON line instead of text")
    .action(async (path: string, options: { readonly json?: true }) => { done(await infoCommand(path, options.json === true, terminal)); });
}

/** Builds the program; `done` hears the exit code of the command that ran. */
function createProgram(terminal: Terminal, open: typeof openTarget, done: Done): Command {
  const program = new Command("itb-pump")
    .description("Emulated intrathecal pump: runs scenarios in virtual time and judges them at the motor. Never for use on a person.")
    .version(version())
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .exitOverride();
  program.command("run")
    .description("run scenarios and judge them")
    .argument("<path...>", "scenario files (YAML), or folders of them")
    .addOption(new Option("--target <target>", "what runs the firmware").choices(TARGETS).default("node"))
    .addOption(new Option("--tag <tag>", "only scenarios with this tag; given several times, with any of them").argParser(several).default([], "all"))
    .option("--filter <text>", "only scenarios with this in their title or file name")
    .option("--list", "only say what would be run")
    .option("--bail", "end with the first run that does not pass")
    .option("--workers <n>", "processes at the same time; results are the same (default: the cores there are, at most one for 16 runs)", wholeNumber(workers_max, 1))
    .option("--seed <n>", "seed of all random streams, instead of the scenario's", wholeNumber(SEED_MAX))
    .option("--lag <ms>", "how late each wake reaches the processor", wholeNumber(lag_ms_max), 0)
    .option("--report <dir>", "leave junit.xml there, and for each run its JSON lines and waveforms: in the folder itself for one run, else in one folder a run")
    .option("--overwrite", "replace the folder of --report, if it is a report and nothing else")
    .option("--golden <file>", "compare digests with this file (default: golden.json beside each scenario, where there is one)")
    .option("--update", "write the golden digests anew, and say what changed")
    .option("--json", "JSON lines instead of text: a summary for each run, the total last")
    .addHelpText("after", run_help)
    .action(async (paths: string[], options: RunOptions) => { done(await runCommand(runOf(paths, options, open), terminal)); });
  addEmulate(program, terminal, open, done);
  addVerify(program, terminal, done);
  addBuild(program, terminal, done);
  addFlash(program, terminal, done);
  addAccuracy(program, terminal, open, done);
  addExplore(program, terminal, open, done);
  program.command("describe")
    .description("list scenario verbs, fault kinds and units")
    .addOption(new Option("--schema [of]", "print a JSON Schema instead: of scenario files, or of the lines of run.jsonl and --json (default: scenario)").choices(Object.keys(SCHEMAS)).preset("scenario"))
    .action((options: { readonly schema?: keyof typeof SCHEMAS }) => { done(describeCommand(terminal, options.schema)); });
  return program;
}

/**
 * Runs a command line (without node and script) and gives its exit code. Never throws for what a user
 * can do wrong; what is a bug here flies.
 */
export async function main(args: readonly string[], terminal: Terminal, open: typeof openTarget = openTarget): Promise<number> {
  let code: number = EXIT.usage;
  try {
    await createProgram(terminal, open, (given) => { code = given; }).parseAsync(args, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.pass : EXIT.usage;
    if (!(error instanceof UsageError)) throw error;
    terminal.err(`error: ${error.message}\n`);
    return EXIT.usage;
  }
  return code;
}
