// The info command: what an image is.

import { readFileSync } from "node:fs";
import { readInfo } from "../../hal/pico/tools/info";
import { systemReason } from "../scenario/load";
import { columns } from "./columns";
import { EXIT } from "./exit-codes";
import type { Terminal } from "./terminal";
import { UsageError } from "./usage-error";

const hex = (crc: number): string => crc.toString(16).padStart(8, "0");

/** Prints what an image, a flash content or an application slot says of itself, once every byte of it is checked; refuses any other with its reason. */
export function infoCommand(path: string, json: boolean, terminal: Terminal): number {
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
  if (json) {
    terminal.out(`${JSON.stringify({ schema: 1, type: "info", format, image, application })}\n`);
    return EXIT.pass;
  }
  terminal.out(columns([
    ["file", `${format}, ${String(file.length)} bytes`],
    ...(image === undefined ? [] : [["image", image.title], ...image.fields, ["size", `${String(image.bytes)} bytes, CRC-32 ${hex(image.crc)}`]]),
    ...(application === undefined ? [["application", "none in this file"]] : [
      ["application", `version ${application.version}, commit ${application.commit}`], ["size", `${String(application.bytes)} bytes, CRC-32 ${hex(application.crc)}`],
    ]),
  ]));
  return EXIT.pass;
}
