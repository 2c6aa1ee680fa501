// The command line of the wand: commands, options and their checks.

import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { readFileSync } from "node:fs";
import { lotNumber } from "../text/lot";
import { parseQuantity, MEASURES } from "../text/quantity";
import type { Measure } from "../text/quantity";
import { listPorts, openTransport } from "../transport";
import { acknowledge, setAlarms, showAlarms } from "./commands/alarms";
import type { AlarmSettings } from "./commands/alarms";
import { setClock, showClock } from "./commands/clock";
import { info } from "./commands/info";
import { interrogate } from "./commands/interrogate";
import { list } from "./commands/list";
import { log } from "./commands/log";
import type { LogOptions } from "./commands/log";
import { program as programFile } from "./commands/program";
import { provision } from "./commands/provision";
import type { ProvisionOptions } from "./commands/provision";
import type { SniffOptions } from "./commands/sniff";
import { counts, refill, start, stop } from "./commands/therapy";
import { Context, EXIT, failureOf, SCHEMA } from "./context";
import type { Ports } from "./context";
import type { Terminal } from "./terminal";

/** A quantity of an option, with its unit. */
function quantity(of: Measure): (given: string) => number {
  return (given) => {
    const parsed = parseQuantity(given, of);
    if ("wrong" in parsed) throw new InvalidArgumentError(parsed.wrong);
    return parsed.value;
  };
}

/** A whole number of an option. */
function wholeNumber(min: number, max: number): (given: string) => number {
  return (given) => {
    const value = /^\d{1,10}$/.test(given) ? Number(given) : NaN;
    if (!(value >= min && value <= max)) throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}.`);
    return value;
  };
}

/** A lot of an option. */
function lot(given: string): number {
  const number = lotNumber(given);
  if (number === undefined) throw new InvalidArgumentError("Expected one to nine letters and digits.");
  return number;
}

interface RefillOptions {
  readonly volume: number;
  readonly concentration: number;
  readonly aspirated: number;
  readonly rinsed?: true;
  readonly lot?: number;
}

const u32_max = 4_294_967_295;
const timeout_default_ms = 3000;

const help = `
Without --port, the only port there is. Keys: $XDG_CONFIG_HOME/itb-pump/pump.yaml or ~/.config/itb-pump/pump.yaml unless --key names another;
a key file that others can read is refused.
Exit codes: 0 done, 1 usage or environment, 6 refused by the pump. Never for use on a person.`;

function version(): string {
  return (JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")) as { readonly version: string }).version;
}

/** Builds commands with the options that all of them have. */
class Builder {
  constructor(readonly terminal: Terminal, readonly ports: Ports) {}

  /** Options of a command that talks to a pump. */
  common(command: Command, keyed = true): Command {
    command.option("--port <port>", "path of a serial port or pseudo-terminal, or tcp:HOST:PORT");
    if (keyed) command.option("--key <file>", "the pump's key file");
    command.addOption(new Option("--timeout <duration>", "how long to try, for each thing asked of the pump").argParser(quantity(MEASURES.duration)).default(timeout_default_ms, "3s"));
    command.addOption(new Option("--wait <duration>", "how long to wait for the port").argParser(quantity(MEASURES.duration)).default(0, "0s"));
    command.option("--capture <file>", "write what goes over the line there, both ways, for `wand sniff --file`");
    return command.option("--json", "JSON lines instead of text");
  }

  context(options: object): Context {
    return new Context(this.terminal, { timeout: timeout_default_ms, wait: 0, ...options }, this.ports);
  }
}

function reading(top: Command, build: Builder): void {
  top.command("list").description("list the ports at which a pump can be").option("--json", "JSON lines instead of text")
    .action((options: object) => { list(build.context(options)); });
  build.common(top.command("info").description("show what a stranger may see of a pump"), false)
    .action(async (options: object) => { await info(build.context(options)); });
  build.common(top.command("interrogate").description("show state, prescription, reservoir, alarms, battery and the last records"))
    .action(async (options: object) => { await interrogate(build.context(options)); });
  build.common(top.command("log").description(`show records of the log, the last 20 unless told`))
    .option("--from <number>", "from this record on", wholeNumber(1, u32_max))
    .option("--count <n>", "at most so many", wholeNumber(1, u32_max))
    .option("--all", "all there are")
    .option("--follow", "go on with those that come, until Ctrl-C")
    .action(async (options: LogOptions) => { await log(build.context(options), options); });
  build.common(top.command("counts").description("show what the pump's link has seen since its last reset"))
    .action(async (options: object) => { await counts(build.context(options)); });
}

function therapy(top: Command, build: Builder): void {
  build.common(top.command("program").description("put the prescription of a YAML file in force: reviewed, confirmed, read back"))
    .argument("<file>", 'such as "rate: 500ug/day", or schedule:, or mode: minimum')
    .option("--yes", "do not ask")
    .action(async (file: string, options: { readonly yes?: true }) => { await programFile(build.context(options), file, options.yes === true); });
  build.common(top.command("refill").description("tell the pump that its reservoir was filled"))
    .requiredOption("--volume <volume>", "deliverable volume it now holds, such as 18mL", quantity(MEASURES.volume))
    .requiredOption("--concentration <concentration>", "of baclofen, such as 2000ug/mL", quantity(MEASURES.concentration))
    .addOption(new Option("--aspirated <volume>", "what was taken out before").argParser(quantity(MEASURES.volume)).default(0, "nothing"))
    .option("--rinsed", "the reservoir was rinsed: nothing of the old drug is left in it")
    .option("--lot <lot>", "the drug's, up to nine letters and digits", lot)
    .action(async (options: RefillOptions) => {
      const { volume, concentration, aspirated, rinsed = false } = options;
      await refill(build.context(options), volume, concentration, { aspirated_nL: aspirated, rinsed, lot: options.lot ?? 0 });
    });
  build.common(top.command("start").description("begin therapy, or begin it again"))
    .addOption(new Option("--missed <hours>", "confirms the full rate after so many hours without delivery").argParser(wholeNumber(0, 65_535)).default(0, "no long absence"))
    .action(async (options: { readonly missed: number }) => { await start(build.context(options), options.missed); });
  build.common(top.command("stop").description("end therapy at the pulse boundary"))
    .requiredOption("--reason <number>", "for the log, 1 to 255", wholeNumber(1, 255))
    .action(async (options: { readonly reason: number }) => { await stop(build.context(options), options.reason); });
}

function alarmCommands(top: Command, build: Builder): void {
  const alarms = build.common(top.command("alarms").description("show active alarms; acknowledge or set them"));
  alarms.action(async (options: object) => { await showAlarms(build.context(options)); });
  // Options stand before or after the word: a sub-command takes those of the command too.
  build.common(alarms.command("acknowledge").description("silence an active alarm")).argument("<alarm>", 'such as "low reservoir"')
    .addOption(new Option("--silence <duration>", "a critical alarm, for longer than its interval: 2h at most in all").argParser(quantity(MEASURES.duration)).default(0, "until its next interval"))
    .action(async (alarm: string, _options: object, command: Command) => {
      const options: { readonly silence: number } = command.optsWithGlobals();
      await acknowledge(build.context(options), alarm, options.silence);
    });
  build.common(alarms.command("set").description("set the low-reservoir volume and the intervals of the tones; what is not given stays"))
    .option("--low-volume <volume>", "1mL to 10mL", quantity(MEASURES.volume))
    .option("--critical-interval <duration>", "5min to 120min", quantity(MEASURES.duration))
    .option("--other-interval <duration>", "10min to 1440min", quantity(MEASURES.duration))
    .action(async (_options: object, command: Command) => {
      const options: AlarmSettings = command.optsWithGlobals();
      await setAlarms(build.context(options), options);
    });
}

function setting(top: Command, build: Builder): void {
  build.common(top.command("provision").description("give a new pump its key, once and for all; in the clear, so on a cable that nobody else is on"))
    .option("--name <name>", "what to call the pump in its key file", "pump")
    .option("--patient <file>", "write the patient's key there")
    .option("--existing", "send the key of the key file there is, in place of a new one")
    .action(async (options: ProvisionOptions) => { await provision(build.context(options), options); });
  const clock = build.common(top.command("clock").description("show the pump's wall clock; set it"));
  clock.action(async (options: object) => { await showClock(build.context(options)); });
  build.common(clock.command("set").description("set the wall clock")).argument("<time>", 'now, or a date and time such as "2026-03-29 03:00"')
    .option("--confirm", "say it twice: for a set that gives a part of the day again")
    .action(async (time: string, _options: object, command: Command) => {
      const options: { readonly confirm?: true } = command.optsWithGlobals();
      await setClock(build.context(options), time, options.confirm === true);
    });
  build.common(top.command("sniff").description("decode what is on the line, live or from a capture"))
    .option("--file <capture>", "read this capture and not a port")
    .option("--save <capture>", "write what is seen as a capture, JSON lines")
    .option("--replay <capture>", "send the wand's side of a capture again, with its timing")
    .addOption(new Option("--for <duration>", "end by itself after so long").argParser(quantity(MEASURES.duration)))
    .action(async (options: SniffOptions) => {
      // Only here: jacdac-ts takes its time to load.
      const { sniff } = await import("./commands/sniff");
      await sniff(build.context(options), options);
    });
}

function createProgram(terminal: Terminal, ports: Ports): Command {
  const top = new Command("wand")
    .description("Programmer's wand of an emulated or bench intrathecal pump. Never for use on a person.")
    .version(version())
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .exitOverride()
    .showSuggestionAfterError()
    .addHelpText("after", help);
  const build = new Builder(terminal, ports);
  reading(top, build);
  therapy(top, build);
  alarmCommands(top, build);
  setting(top, build);
  return top;
}

/** Runs a command line (without node and script) and gives its exit code. Never throws for what a user or a pump can do; what is a bug here flies. */
export async function main(args: readonly string[], terminal: Terminal, ports: Ports = { open: openTransport, list: listPorts }): Promise<number> {
  try {
    await createProgram(terminal, ports).parseAsync(args, { from: "user" });
    return EXIT.pass;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.pass : EXIT.usage;
    const failure = failureOf(error);
    if (failure === undefined) throw error;
    if (args.includes("--json")) terminal.out(`${JSON.stringify({ schema: SCHEMA, type: "error", ...failure.fields, exit_code: failure.code })}\n`);
    terminal.err(`error: ${failure.text}\n`);
    return failure.code;
  }
}
