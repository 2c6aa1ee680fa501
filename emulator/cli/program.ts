// The command line of itb-pump: commands, options and their checks.

import { Argument, Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { readFileSync } from "node:fs";
import { buildCommand } from "./build-command";
import { describeCommand } from "./describe-command";
import { EXIT } from "./exit-codes";
import { runCommand } from "./run-command";
import { openTarget, TARGETS } from "./targets";
import type { Target } from "./targets";
import type { Terminal } from "./terminal";
import { UsageError } from "./usage-error";

/** A whole number of an option, without unit. */
function wholeNumber(max: number): (given: string) => number {
  return (given) => {
    const value = /^\d{1,15}$/.test(given) ? Number(given) : NaN;
    if (!(value <= max)) throw new InvalidArgumentError(`Expected a whole number from 0 to ${String(max)}.`);
    return value;
  };
}

const seed_max = 4_294_967_295;
/** A host that is later than this is not a slow processor any more; a confirmation takes 500 ms. */
const lag_ms_max = 250;

interface RunOptions {
  readonly target: Target;
  readonly seed?: number;
  readonly lag: number;
  readonly report?: string;
  readonly json?: true;
}

function version(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}

/** Builds the program; `done` hears the exit code of the command that ran. */
function createProgram(terminal: Terminal, open: typeof openTarget, done: (code: number) => void): Command {
  const program = new Command("itb-pump")
    .description("Emulated intrathecal pump: runs scenarios in virtual time and judges them at the motor. Never for use on a person.")
    .version(version())
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .exitOverride();
  program.command("run")
    .description("run scenarios and judge them (exit 0 pass, 1 usage or crash, 2 expectation, 3 dose violation, 4 no progress, 6 refused; of several the most severe: 1, 3, 4, 6, 2)")
    .argument("<scenario...>", "scenario files (YAML)")
    .addOption(new Option("--target <target>", "what runs the firmware").choices(TARGETS).default("node"))
    .option("--seed <n>", "seed of all random streams, instead of the scenario's", wholeNumber(seed_max))
    .option("--lag <ms>", "how late each wake reaches the processor", wholeNumber(lag_ms_max), 0)
    .option("--report <dir>", "write junit.xml there")
    .option("--json", "JSON lines instead of text, the summary last")
    .action(async (files: string[], options: RunOptions) => {
      const { target, seed, lag, report, json } = options;
      done(await runCommand({
        files, target, lag_ms: lag, json: json === true, open,
        ...(seed === undefined ? {} : { seed }), ...(report === undefined ? {} : { report }),
      }, terminal));
    });
  program.command("build")
    .description("build the firmware for a target")
    .addArgument(new Argument("<target>", "what to build").choices(["lua"]))
    .option("--out <file>", "write there instead of to standard output")
    .action(async (_target: string, options: { readonly out?: string }) => { done(await buildCommand(options.out, terminal)); });
  program.command("describe")
    .description("list scenario verbs, fault kinds and units")
    .action(() => { done(describeCommand(terminal)); });
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
