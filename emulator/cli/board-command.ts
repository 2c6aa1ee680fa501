// emulate --target board: a live emulated board, for a controller at its port.

import { Intake } from "../live/intake";
import { LinkProblem, makeLink } from "../live/link-path";
import { openPty } from "../live/pty";
import type { Pty } from "../live/pty";
import { LiveBoard } from "../tether/live-board";
import { EXIT } from "./exit-codes";
import { SCHEMA } from "./json-lines";
import { untilSignal } from "./signals";
import { peripheralsFlash } from "./tether-target";
import type { Terminal } from "./terminal";
import { UsageError } from "./usage-error";
import { processWall } from "./wall";

export interface BoardCommand {
  readonly link?: string;
  readonly json: boolean;
}

/** Runs until it is told to end. The board is the image as a peripheral server, in an emulated chip, with a head that turns. */
export async function boardCommand(given: BoardCommand, terminal: Terminal): Promise<number> {
  const line = (type: string, fields: Readonly<Record<string, unknown>>): void => {
    if (given.json) terminal.out(`${JSON.stringify({ schema: SCHEMA, type, ...fields })}\n`);
  };
  const ended = untilSignal();
  const image = await peripheralsFlash();
  const wall = processWall();
  let pty: Pty | undefined;
  let unlink: (() => void) | undefined;
  const board = new LiveBoard({
    image, wall, said: (bytes) => { pty?.write(bytes); },
    news: (text) => {
      line("news", { text });
      if (!given.json) terminal.err(`${text}\n`);
    },
  });
  try {
    const intake = new Intake(wall, (bytes) => { board.heard(bytes); }, (on) => { pty?.flow(on); });
    pty = await openPty(intake.heard);
    try {
      if (given.link !== undefined) unlink = makeLink(given.link, pty.path);
    } catch (error) {
      if (error instanceof LinkProblem) throw new UsageError(`--link ${String(given.link)}: ${error.message}`);
      throw error;
    }
    const path = given.link ?? pty.path;
    line("listening", { port: path });
    terminal.err(`board at ${path}, for emulate --target tether:${path}; nobody judges it; Ctrl-C ends it\n`);
    await ended;
    terminal.err(`${board.turned} pulses turned the head${board.idle === 0 ? "" : `, ${board.idle} found no supply`}\n`);
    line("end", { turned: board.turned, idle: board.idle });
    return EXIT.pass;
  } finally {
    board.close();
    unlink?.();
    pty?.close();
  }
}
