// The info command: what a file is, or what pump is at a port.

import { lstatSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { readInfo } from "../../hal/pico/tools/info";
import type { PumpInfo } from "../../protocol/wand/core/order";
import { openWand } from "../../protocol/wand/library";
import { WandError } from "../../protocol/wand/problems";
import { noApplication, pumpInfoRows } from "../../protocol/wand/text/pump-info";
import { systemReason } from "../scenario/load";
import { Flash } from "../../hal/pico/tools/layout";
import { STORAGE_SIZE } from "../storage/format";
import { verifyLog, type Verified } from "../storage/verify";
import { columns } from "./columns";
import { EXIT } from "./exit-codes";
import { SCHEMA } from "./json-lines";
import type { Terminal } from "./terminal";
import { UsageError } from "./usage-error";

const storage_at = Flash.storage - Flash.base;

const hex = (crc: number): string => crc.toString(16).padStart(8, "0");

/** Whether it is a port, as wands take them; else it is a file. Throws `UsageError` for what is neither. */
function isPort(path: string): boolean {
  if (path.startsWith("tcp:")) return true;
  try {
    const found = statSync(path);
    if (found.isDirectory()) throw new UsageError(`${path}: is a directory, neither a file nor a port`);
    return found.isCharacterDevice();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const link = lstatSync(path, { throwIfNoEntry: false });
    if (link?.isSymbolicLink() !== true) throw new UsageError(`${path}: cannot be read: ${systemReason(error)}`);
    throw new UsageError(`${path}: leads to ${readlinkSync(path)}, which is gone: plug the pump in again, or start the emulator again`);
  }
}

async function lookAt(port: string): Promise<PumpInfo> {
  try {
    const wand = await openWand({ port });
    try {
      return await wand.look();
    } finally {
      await wand.close();
    }
  } catch (error) {
    if (!(error instanceof WandError)) throw error;
    const { message, problem } = error;
    throw new UsageError(`${message.startsWith(port) ? message : `${port}: ${message}`} (${problem})`);
  }
}

/** Prints what pump is at a port. One that runs no application is one too, and says why it does not. */
async function portInfo(port: string, json: boolean, terminal: Terminal): Promise<number> {
  const seen = await lookAt(port);
  const reason = noApplication(seen);
  if (json) terminal.out(`${JSON.stringify({ schema: SCHEMA, type: "info", port, ...seen, ...(reason === undefined ? {} : { no_application: reason }) })}\n`);
  else terminal.out(columns([["port", port], ...pumpInfoRows(seen)]));
  return EXIT.pass;
}

/** Prints what an image, a flash content or an application slot says of itself, once every byte of it is checked; refuses any other with its reason. A pump's log that is not what was written is an expectation that failed. */
function fileInfo(path: string, json: boolean, terminal: Terminal): number {
  let file: Uint8Array;
  try {
    file = readFileSync(path);
  } catch (error) {
    throw new UsageError(`${path}: cannot be read: ${systemReason(error)}`);
  }
  let info;
  try {
    info = readInfo(file);
  } catch (error) {
    if (error instanceof Error && /^(Uf2|Image|Slot)Error$/.test(error.name)) throw new UsageError(`${path}: refused: ${error.message}`);
    throw error;
  }
  const { format, image, application } = info;
  // Read from a board, whole: its storage is in it.
  const log = format === "flash content" && file.length >= storage_at + STORAGE_SIZE ? verifyLog(file, storage_at) : undefined;
  const code = log === undefined || log.findings.length === 0 ? EXIT.pass : EXIT.expectation;
  if (json) {
    terminal.out(`${JSON.stringify({ schema: SCHEMA, type: "info", format, image, application, ...(log === undefined ? {} : { log }) })}\n`);
    return code;
  }
  terminal.out(columns([
    ["file", `${format}, ${String(file.length)} bytes`],
    ...(image === undefined ? [] : [["image", image.title], ...image.fields, ["size", `${String(image.bytes)} bytes, CRC-32 ${hex(image.crc)}`]]),
    ...(application === undefined ? [["application", "none in this file"]] : [
      ["application", `version ${application.version}, commit ${application.commit}`], ["size", `${String(application.bytes)} bytes, CRC-32 ${hex(application.crc)}`],
    ]),
    ...(log === undefined ? [] : logRows(log)),
  ]));
  return code;
}

/** The pump's log, and where it is not what was written. */
function logRows({ records, first, last, head, findings }: Verified): [string, string][] {
  if (records === 0 && findings.length === 0) return [["log", "empty"]];
  const chain = findings.length === 0 ? `each follows from the one before it; the newest has ${head}` : "is not what was written";
  return [["log", `${String(records)} records, ${String(first)} to ${String(last)}: ${chain}`], ...findings.map(({ what, text }): [string, string] => [what, text])];
}

/** Says what the file or the pump at the port is. Throws `UsageError` where that cannot be told. */
export async function infoCommand(path: string, json: boolean, terminal: Terminal): Promise<number> {
  return isPort(path) ? portInfo(path, json, terminal) : fileInfo(path, json, terminal);
}
