// The command line of the wand: commands, options and their checks.

import { Command, CommanderError, Option } from "commander";
import { readFileSync } from "node:fs";
import { MEASURES } from "../text/quantity";
import { listPorts, openTransport } from "../transport";
import { acknowledge, setAlarms, showAlarms } from "./commands/alarms";
import type { AlarmSettings } from "./commands/alarms";
import { setClock, showClock } from "./commands/clock";
import { info } from "./commands/info";
import { interrogate } from "./commands/interrogate";
import { list } from "./commands/list";
import { log } from "./commands/log";
import type { LogOptions } from "./commands/log";
import { provision } from "./commands/provision";
import type { ProvisionOptions } from "./commands/provision";
import type { SniffOptions } from "./commands/sniff";
import { counts } from "./commands/therapy";
import { setup } from "./commands/setup";
import type { SetupOptions } from "./commands/setup";
import { EXIT, failureOf, SCHEMA } from "./context";
import type { Ports } from "./context";
import { Builder, quantity, u32_max, wholeNumber } from "./options";
import type { Terminal } from "./terminal";
import { boluses, prescribing, running } from "./therapy-commands";

const help = `
Without --port, the only port there is. Keys: $XDG_CONFIG_HOME/itb-pump/pump.yaml or ~/.config/itb-pump/pump.yaml unless --key names another;
a key file that others can read is refused.
Exit codes: 0 done, 1 usage or environment, 6 refused by the pump. Never for use on a person.`;

function version(): string {
  return (JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")) as { readonly version: string }).version;
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
  build.common(top.command("setup").description("tell a new pump its calibration, reservoir and catheter, and what the pump that it replaces gave; on the shelf only"))
    .requiredOption("--reservoir <volume>", "20mL or 40mL", quantity(MEASURES.volume))
    .requiredOption("--catheter <length>", "such as 80cm", quantity(MEASURES.length))
    .addOption(new Option("--pulse <volume>", "calibrated volume of a motor pulse").argParser(quantity(MEASURES.pulse)).default(250_000, "250nL"))
    .addOption(new Option("--replaces <rate>", "daily dose of the pump that this one replaces: the most that its first prescription may have").argParser(quantity(MEASURES.rate)).default(0, "none"))
    .option("--confirm-replaces <rate>", "the same again, where nobody can be asked", quantity(MEASURES.rate))
    .action(async (options: SetupOptions) => { await setup(build.context(options), options); });
  const clock = build.common(top.command("clock").description("show the pump's wall clock; set it"));
  clock.action(async (options: object) => { await showClock(build.context(options)); });
  build.common(clock.command("set").description("set the wall clock")).argument("<time>", 'now, or a date and time such as "2026-03-29 03:00"')
    .option("--confirm", "confirms a set that gives a part of the day again, which the pump asks for")
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
  prescribing(top, build);
  running(top, build);
  boluses(top, build);
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
