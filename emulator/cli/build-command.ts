// The build command: the firmware as one Lua text.

import { writeFileSync } from "node:fs";
import { systemReason } from "../scenario/load";
import { EXIT } from "./exit-codes";
import { buildFirmware } from "./targets";
import type { Terminal } from "./terminal";
import { UsageError } from "./usage-error";

/** Builds, and writes the text to `out` or to standard output. */
export async function buildCommand(out: string | undefined, terminal: Terminal): Promise<number> {
  const { text } = await buildFirmware();
  if (out === undefined) terminal.out(text);
  else {
    try {
      writeFileSync(out, text);
    } catch (error) {
      throw new UsageError(`--out ${out}: cannot be written: ${systemReason(error)}`);
    }
  }
  terminal.err(`lua: ${String(Buffer.byteLength(text))} bytes${out === undefined ? "" : ` in ${out}`}\n`);
  return EXIT.pass;
}
