// emulate --target tether:PORT: a controller here, its hardware at a real port.

import { randomBytes } from "node:crypto";
import { createController } from "../../firmware/controller";
import { BoardProblem, problemText } from "../../hal/serial/problems";
import { openPort } from "../../hal/serial/port";
import type { Port } from "../../hal/serial/port";
import { Intake } from "../live/intake";
import { LinkProblem, makeLink } from "../live/link-path";
import { pumpTimeText } from "../live/news";
import { openPty } from "../live/pty";
import type { Pty } from "../live/pty";
import { systemReason } from "../scenario/load";
import { figuresText } from "../tether/figures";
import { LiveTether } from "../tether/live";
import { LiveStorage } from "../tether/live-storage";
import { EXIT } from "./exit-codes";
import { SCHEMA } from "./json-lines";
import { untilSignal } from "./signals";
import type { Terminal } from "./terminal";
import { UsageError } from "./usage-error";
import { processWall } from "./wall";

/** How a target at a real port is written. */
export const TETHER_PORT = /^tether:(.+)$/;

export interface TetherCommand {
  readonly port: string;
  readonly link?: string;
  /** A file that holds storage, as on a chip; in memory without. */
  readonly state?: string;
  readonly json: boolean;
}

function storageOf({ state }: TetherCommand, now_ms: () => number): LiveStorage {
  try {
    return new LiveStorage(state, now_ms);
  } catch (error) {
    throw new UsageError(`--state ${String(state)}: cannot be used as storage: ${error instanceof Error ? error.message : systemReason(error)}`);
  }
}

/** Everything that is open, closed again in the end. */
interface Open {
  pty?: Pty;
  port?: Port;
  unlink?: () => void;
}

async function openedPort(given: TetherCommand, live: LiveTether): Promise<Port> {
  try {
    return await openPort(given.port, { bytes: (bytes) => { live.heard(bytes); }, gone: (why) => { live.portGone(why); } });
  } catch (error) {
    throw new UsageError(problemText(BoardProblem.port, error instanceof Error ? error.message : String(error)));
  }
}

async function openedPty(given: TetherCommand, live: LiveTether, open: Open): Promise<string> {
  const wall = processWall();
  const intake = new Intake(wall, (bytes) => { live.asked(bytes); }, (on) => { open.pty?.flow(on); });
  open.pty = await openPty(intake.heard);
  if (given.link === undefined) return open.pty.path;
  try {
    open.unlink = makeLink(given.link, open.pty.path);
  } catch (error) {
    if (error instanceof LinkProblem) throw new UsageError(`--link ${given.link}: ${error.message}`);
    throw error;
  }
  return given.link;
}

/** Runs until it is told to end. Throws `UsageError` where there is no board that can be used: then no therapy was begun. */
export async function tetherCommand(given: TetherCommand, terminal: Terminal): Promise<number> {
  const line = (type: string, fields: Readonly<Record<string, unknown>>): void => {
    if (given.json) terminal.out(`${JSON.stringify({ schema: SCHEMA, type, ...fields })}\n`);
  };
  const open: Open = {};
  let fail: (error: unknown) => void = () => undefined;
  const broken = new Promise<never>((_resolve, reject) => { fail = reject; });
  broken.catch(() => undefined);
  const ended = untilSignal();
  let now_ms = (): number => 0;
  const storage = storageOf(given, () => now_ms());
  const live: LiveTether = new LiveTether({
    factory: createController, wall: processWall(), storage, random: (count) => Uint8Array.from(randomBytes(count)), broke: (error) => { fail(error); },
    said: (bytes) => { open.pty?.write(bytes); },
    news: (pump_ms, text) => {
      line("news", { pump_ms, text });
      if (!given.json) terminal.err(`${pumpTimeText(pump_ms)}  ${text}\n`);
    },
  });
  now_ms = () => live.pump_ms;
  try {
    open.port = await openedPort(given, live);
    const problem = await Promise.race([live.start(open.port), broken]);
    const { tether } = live.host;
    if (problem !== BoardProblem.none) throw new UsageError(problemText(problem, tether.detail));
    const path = await openedPty(given, live, open);
    line("listening", { port: path, board: given.port, error_us: tether.alignment.error_us_max });
    terminal.err(`pump at ${path}, its hardware at ${given.port}; nobody judges it here; Ctrl-C ends it\n`);
    await Promise.race([ended, broken]);
    const [commanded, confirmed, missed] = live.pulses;
    terminal.err(`${commanded} pulses, ${confirmed} confirmed, ${missed} missed; ${figuresText(tether)}\n`);
    line("end", { commanded, confirmed, missed, error_us: tether.alignment.error_us_max });
    return EXIT.pass;
  } finally {
    live.close();
    open.unlink?.();
    open.pty?.close();
  }
}
