// wand sniff: what is on the line, in words, live or from a capture.

import { existsSync } from "node:fs";
import { readKeyFile } from "../../library/key-file";
import { WandError } from "../../problems";
import { CaptureWriter, readCaptureFile } from "../../sniff/capture";
import type { Piece, Speaker } from "../../sniff/capture";
import { Sniffer } from "../../sniff/sniffer";
import type { Sniffed } from "../../sniff/sniffer";
import { decimalText } from "../../text/wall";
import type { Context } from "../context";
import { UsageError } from "../context";

export interface SniffOptions {
  readonly file?: string;
  readonly save?: string;
  readonly replay?: string;
  readonly for?: number;
}

/** After a replay, answers are waited for so long. */
const after_replay_ms = 1000;

const time = (us: number): string => {
  const [whole = "0", fraction = ""] = decimalText(us, 6).split(".");
  return `${whole}.${fraction.padEnd(6, "0")}`;
};

function show(context: Context, frame: Sniffed): void {
  context.json("frame", frame);
  const { paint } = context.terminal;
  const head = `${time(frame.us).padStart(12)} ${`+${time(frame.gap_us)}`.padStart(12)}  ${frame.from === "wand" ? "wand >" : "pump <"} `;
  const stray = frame.outside === 0 ? "" : paint("yellow", ` (${frame.outside} bytes outside frames before it)`);
  if (frame.problem !== undefined) context.print(`${head} ${paint("red", `broken frame: ${frame.problem}`)} ${frame.hex}${stray}`);
  frame.packets.forEach(({ text, sealed }, i) => {
    context.print(`${i === 0 ? head : " ".repeat(head.length)} ${text}${i === 0 ? stray : ""}`);
    if (sealed !== undefined) context.print(`${" ".repeat(head.length + 3)}${paint("green", sealed.text)}`);
  });
}

/** With --key its file must be there; without, the usual one is taken if it can be. */
function snifferOf(context: Context): Sniffer {
  if (context.options.key !== undefined) return new Sniffer(readKeyFile(context.options.key));
  if (!existsSync(context.keyPath())) return new Sniffer();
  try {
    return new Sniffer(readKeyFile(context.keyPath()));
  } catch (error) {
    if (!(error instanceof WandError)) throw error;
    context.chat(`without a key: ${error.message}`);
    return new Sniffer();
  }
}

/** Sends pieces with their timing; gives what ends it, and hears when it is done. */
function replay(pieces: readonly Piece[], send: (piece: Piece) => void, done: () => void): () => void {
  const [first] = pieces;
  let i = 0;
  let timer: NodeJS.Timeout | undefined;
  const begun = performance.now();
  const next = (): void => {
    const piece = pieces[i];
    if (piece === undefined) {
      timer = setTimeout(done, after_replay_ms);
      return;
    }
    timer = setTimeout(() => {
      i += 1;
      send(piece);
      next();
    }, Math.max(0, (piece.us - (first?.us ?? 0)) / 1000 - (performance.now() - begun)));
  };
  next();
  return () => { clearTimeout(timer); };
}

/** The wand's side of a capture: what it says is the wand's, or, where it does not know, frames of commands. */
function wandSide(path: string): readonly Piece[] {
  const pieces = readCaptureFile(path);
  const known = pieces.filter(({ from }) => from === "wand");
  if (known.length > 0) return known;
  const sniffer = new Sniffer();
  const commands = pieces.filter((piece) => sniffer.feed(piece).some(({ from }) => from === "wand"));
  if (commands.length === 0) throw new UsageError(`${path}: nothing in it was said by a wand`);
  return commands;
}

async function live(context: Context, options: SniffOptions): Promise<void> {
  const sniffer = snifferOf(context);
  const again = options.replay === undefined ? undefined : wandSide(options.replay);
  const transport = await context.openPort();
  const capture = options.save === undefined ? undefined : new CaptureWriter(options.save);
  const begun = performance.now();
  const see = (from: Speaker, bytes: Uint8Array): void => {
    capture?.write(from, bytes);
    for (const frame of sniffer.feed({ us: Math.floor((performance.now() - begun) * 1000), from, bytes })) show(context, frame);
  };
  if (again === undefined) context.chat("listening; Ctrl-C ends it");
  let stopReplay = (): void => undefined;
  let timer: NodeJS.Timeout | undefined;
  let release = (): void => undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      release = context.terminal.onInterrupt(resolve);
      transport.onBytes((bytes) => { see("pump", bytes); });
      transport.onClosed((problem, text) => { reject(new WandError(problem, text)); });
      if (options.for !== undefined) timer = setTimeout(resolve, options.for);
      if (again !== undefined) {
        stopReplay = replay(again, ({ bytes }) => {
          transport.write(bytes);
          see("wand", bytes);
        }, resolve);
      }
    });
  } finally {
    release();
    stopReplay();
    clearTimeout(timer);
    await transport.close();
    // What came while it closed is no longer written.
    transport.onBytes(() => undefined);
    capture?.close();
  }
}

export async function sniff(context: Context, options: SniffOptions): Promise<void> {
  if (options.file === undefined) return live(context, options);
  if (options.replay !== undefined || options.save !== undefined) throw new UsageError("--file reads a capture; --replay and --save need a port");
  const sniffer = snifferOf(context);
  for (const piece of readCaptureFile(options.file)) for (const frame of sniffer.feed(piece)) show(context, frame);
}
