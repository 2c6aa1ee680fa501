// Target pico: the image of this firmware, built unless a fresh one is there.

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packChunk } from "../../hal/pico/tools/chunk";
import { Flash, Slot } from "../../hal/pico/tools/layout";
import { readUf2, Uf2Error } from "../../hal/pico/tools/uf2";
import type { Machine } from "../brain";
import { luaBytecode } from "../lua/host";
import { picoMachine } from "../pico/machine";
import { buildCommand } from "./build-command";
import { buildFirmware } from "./firmware";
import type { Terminal } from "./terminal";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** Where `itb-pump build pico` puts its files unless told. */
export const IMAGE_FOLDER = join(ROOT, "build/pico");
const IMAGE = join(IMAGE_FOLDER, "fw.uf2");
const SOURCES = [join(ROOT, "hal/pico/src"), join(ROOT, "hal/pico/tools")];

/** The build speaks only if it fails, and then by an error. */
const QUIET: Terminal = { out: () => undefined, err: () => undefined, paint: (_style, text) => text, live: false, progress: () => undefined, now_ms: () => 0 };

/** The whole flash, if an image is there that is younger than its sources and holds this bytecode. */
function freshFlash(bytecode: Uint8Array): Uint8Array | undefined {
  if (!existsSync(IMAGE)) return undefined;
  const made_ms = statSync(IMAGE).mtimeMs;
  const sources = SOURCES.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
  if (sources.some((file) => statSync(file).mtimeMs > made_ms)) return undefined;
  try {
    const flash = readUf2(readFileSync(IMAGE));
    const chunk = packChunk(bytecode).bytes;
    const at = Flash.slot - Flash.base + Slot.header_size;
    return Buffer.from(flash.subarray(at, at + chunk.length)).equals(chunk) ? flash : undefined;
  } catch (error) {
    if (error instanceof Uf2Error) return undefined;
    throw error;
  }
}

/** Builds the image if there is none that is fresh. Throws `UsageError` without the tools for it. */
export async function picoFlash(): Promise<Uint8Array> {
  const bytecode = await luaBytecode(await buildFirmware());
  const before = freshFlash(bytecode);
  if (before !== undefined) return before;
  await buildCommand({ target: "pico", out: IMAGE_FOLDER }, QUIET);
  return readUf2(readFileSync(IMAGE));
}

export async function openPico(): Promise<Machine> {
  return picoMachine(await picoFlash());
}
