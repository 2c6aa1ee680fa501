// The emulate command: a live pump that wands can reach.

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Program } from "../brain";
import { parseAddress } from "../../protocol/wand/transport/tcp";
import type { Address } from "../../protocol/wand/transport/tcp";
import { NoProgress } from "../bench";
import { command } from "../live/commands";
import { LinkProblem } from "../live/link-path";
import { pumpTimeText } from "../live/news";
import type { News } from "../live/news";
import { LiveServer } from "../live/server";
import type { StateFile } from "../live/state-file";
import { StateProblem } from "../live/state-text";
import type { Origin } from "../live/state-text";
import { systemReason } from "../scenario/load";
import { DEFAULT_UNIT } from "../unit";
import { EXIT } from "./exit-codes";
import { BenchPage } from "./bench-page";
import type { PageOptions } from "./bench-page";
import { SCHEMA } from "./json-lines";
import { openState } from "./open-state";
import { unitOf } from "./option-values";
import type { Target } from "./targets";
import type { Terminal } from "./terminal";
import { UsageError } from "./usage-error";
import { writePulses } from "./pulse-file";
import { processWall } from "./wall";

export interface EmulateCommand extends PageOptions {
  /** Unless given the state file's, or node. */
  readonly target?: Target;
  readonly open: (target: Target) => Promise<Program>;
  readonly link?: string;
  /** `HOST:PORT`. */
  readonly tcp?: string;
  /** A whole number from 1, or "max". */
  readonly speed: string;
  readonly state?: string;
  /** A scenario file whose unit it is, or the unit itself as a scenario has it: `{pulse: 250nL}`. */
  readonly unit?: string;
  readonly seed?: number;
  /** A file or pipe that gets the edges of the step pin. */
  readonly pulses?: string;
  readonly json: boolean;
}

function speedOf(given: string): number {
  const speed = given === "max" ? Infinity : /^\d{1,9}$/.test(given) ? Number(given) : 0;
  if (speed < 1) throw new UsageError(`--speed ${given}: expected a whole number from 1, or max`);
  return speed;
}

/** What is to be served, and how. */
interface Serving {
  readonly origin: Origin;
  readonly state: StateFile | undefined;
  readonly tcp: Address | undefined;
  readonly speed: number;
}

/** Checks the whole command before anything is built or begun. */
function servingOf(given: EmulateCommand): Serving {
  const { state: path, tcp } = given;
  const speed = speedOf(given.speed);
  const address = tcp === undefined ? undefined : parseAddress(tcp);
  if (tcp !== undefined && address === undefined) throw new UsageError(`--tcp ${tcp}: expected HOST:PORT, such as localhost:8082`);
  const unit = given.unit === undefined ? undefined : unitOf(given.unit);
  const state = path === undefined ? undefined : openState(path, { ...given, unit });
  return { origin: state?.origin ?? { target: given.target ?? "node", seed: given.seed ?? 1, unit: unit ?? DEFAULT_UNIT }, state, tcp: address, speed };
}

interface Made {
  readonly server: LiveServer;
  readonly origin: Origin;
  readonly page: BenchPage | undefined;
}

async function makeServer(given: EmulateCommand, news: (news: News) => void, terminal: Terminal): Promise<Made> {
  const { state: path, link } = given;
  const page = BenchPage.of(given);
  const { origin, state, tcp, speed } = servingOf(given);
  try {
    const controller = await given.open(given.target ?? (origin.target as Target));
    if (state?.torn === true) terminal.err(`${path}: the last line was cut short and is left out\n`);
    if (state?.origin !== undefined) terminal.err(`${path}: doing again what was done to this pump\n`);
    const told = (each: News): void => {
      news(each);
      page?.news(each);
    };
    const server = new LiveServer({
      controller, wall: processWall(), ...origin, speed, news: told, ...(page === undefined ? {} : { observe: page.observe }),
      ...(link === undefined ? {} : { link }), ...(tcp === undefined ? {} : { tcp }), ...(state === undefined ? {} : { state }),
    });
    return { server, origin, page };
  } catch (error) {
    state?.close();
    if (error instanceof StateProblem) throw new UsageError(`--state ${path}: ${error.message}`);
    throw error;
  }
}

async function started(server: LiveServer, given: EmulateCommand): Promise<void> {
  try {
    await server.start();
  } catch (error) {
    if (error instanceof LinkProblem) throw new UsageError(`--link ${given.link}: ${error.message}`);
    const { syscall, code } = error as NodeJS.ErrnoException;
    if (syscall === "listen" || syscall === "getaddrinfo" || syscall === "bind") {
      throw new UsageError(`--tcp ${given.tcp}: cannot listen there: ${code === "EADDRINUSE" ? "another program does" : systemReason(error)}`);
    }
    throw new UsageError(`no pseudo-terminal: ${systemReason(error)}`);
  }
}

/** A job in the background that reads from its terminal is stopped by the system. Where there is no /proc, it is the user's to know. */
function mayRead(): boolean {
  if (!process.stdin.isTTY) return true;
  try {
    // After the name in brackets: state, parent, group, session, terminal, the terminal's foreground group.
    const [, , group, , , foreground] = readFileSync("/proc/self/stat", "utf8").replace(/^.*\) /s, "").split(" ");
    return group === foreground;
  } catch {
    return true;
  }
}

/** Resolves when the user wants to end it: by Ctrl-C or another signal, or by typing quit. */
function untilEnd(server: LiveServer, terminal: Terminal): { readonly ended: Promise<void>; readonly release: () => void } {
  const signals: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];
  const lines = mayRead() ? createInterface({ input: process.stdin }) : undefined;
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => { end = resolve; });
  for (const signal of signals) process.on(signal, end);
  lines?.on("line", (line) => {
    const reply = command(server, line);
    if (reply === "quit") end();
    else terminal.err(reply.text);
  });
  const release = (): void => {
    for (const signal of signals) process.off(signal, end);
    lines?.close();
  };
  return { ended, release };
}

/** How fast time goes, for people. */
function paceText(speed: string): string {
  return speed === "1" ? "in real time" : speed === "max" ? "as fast as it goes" : `${speed} times as fast as life`;
}

/** What the page is told when it ends: the last line of it that anybody sees. */
function endText(error: unknown): string {
  return error instanceof Error ? `The emulation broke: ${error.message}` : "The emulator was ended by its user.";
}

type Line = (type: string, fields: Readonly<Record<string, unknown>>) => void;

/** Opens all ways in, and says where they are. */
async function opened({ server, origin, page }: Made, given: EmulateCommand, terminal: Terminal, line: Line): Promise<void> {
  await started(server, given);
  line("listening", { port: server.port, pty: server.pty, ...(server.tcp === undefined ? {} : { tcp: server.tcp }), pump_ms: server.bench.processor.now_ms });
  terminal.err(`pump at ${server.port}${server.port === server.pty ? "" : ` (${server.pty})`}${server.tcp === undefined ? "" : ` and ${server.tcp}`}`
    + `, ${paceText(given.speed)}; Ctrl-C ends it\n`);
  if (page === undefined) return;
  const url = await page.open(server, origin.target, origin.seed);
  line("ui", { url });
  terminal.err(`bench at ${url} (for this machine's browsers; the address is the way in: whoever has it can do all that you can)\n`);
}

/** Runs until it is told to end. Gives 0, or 3 if the oracle found anything, or throws `UsageError`. */
export async function emulateCommand(given: EmulateCommand, terminal: Terminal): Promise<number> {
  const line: Line = (type, fields) => {
    if (given.json) terminal.out(`${JSON.stringify({ schema: SCHEMA, type, ...fields })}\n`);
  };
  const made = await makeServer(given, ({ type, pump_ms, text, fields }) => {
    if (given.json) line(type, { pump_ms, ...fields });
    else terminal.err(`${pumpTimeText(pump_ms)}  ${text}\n`);
  }, terminal);
  const { server, page } = made;
  const { bench } = server;
  let endPulses: (() => void) | undefined;
  let broke: unknown;
  const { ended, release } = untilEnd(server, terminal);
  // Also where the process ends from under it, as when nobody reads its output any more.
  const close = (): void => { server.close(); };
  process.on("exit", close);
  try {
    if (given.pulses !== undefined) endPulses = writePulses(given.pulses, bench);
    await opened(made, given, terminal, line);
    await Promise.race([ended, server.broken]);
  } catch (error) {
    broke = error;
    if (error instanceof StateProblem) throw new UsageError(`--state ${given.state}: ${error.message}`);
    if (!(error instanceof NoProgress)) throw error;
    terminal.err(`${error.message}\n`);
    return EXIT.no_progress;
  } finally {
    release();
    page?.close(endText(broke));
    server.close();
    process.off("exit", close);
    endPulses?.();
  }
  line("end", { pump_ms: bench.processor.now_ms, us: bench.engine.now_us, digest: bench.trace.therapyDigest(), full_digest: bench.trace.fullDigest() });
  terminal.err(`ended at pump time ${pumpTimeText(bench.processor.now_ms)}${given.state === undefined ? "" : `; ${given.state} holds it`}\n`);
  return bench.oracle.violations.length === 0 ? EXIT.pass : EXIT.violation;
}
