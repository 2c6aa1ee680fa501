// The build command: the firmware as one Lua text, or as the Pico's image.

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { systemReason } from "../scenario/load";
import { columns } from "./columns";
import { EXIT } from "./exit-codes";
import { buildFirmware } from "./firmware";
import type { Terminal } from "./terminal";
import { UsageError } from "./usage-error";

/** What can be built. */
export const BUILDS = ["lua", "pico"] as const;
export type BuildTarget = (typeof BUILDS)[number];

export interface BuildCommand {
  readonly target: BuildTarget;
  /** lua: a file. pico: a folder. */
  readonly out?: string;
  /** pico: a folder with the source packages' files, for a machine without apt. */
  readonly sources?: string;
}

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Of this heap's region the controller may use so much at its peak: the rest is for what is not written yet (the budget's 75 %). */
const HEAP_SHARE_PERCENT = 75;

async function buildLuaText(out: string | undefined, terminal: Terminal): Promise<number> {
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

/** What git says of the working tree: the commit's first characters, with + if what goes into an image has changed since. */
function commit(): string {
  const git = (...args: string[]): string | undefined => {
    const { status, stdout } = spawnSync("git", ["--no-optional-locks", "-C", ROOT, ...args], { encoding: "utf8" });
    return status === 0 ? stdout.trim() : undefined;
  };
  const head = git("rev-parse", "--short=12", "HEAD");
  if (head === undefined) return "unknown";
  return git("status", "--porcelain", "--", "hal", "protocol", "firmware", "emulator/lua") === "" ? head : `${head}+`;
}

async function buildPico({ out, sources }: BuildCommand, terminal: Terminal): Promise<number> {
  const { buildImage, FetchError, missingTools, ToolError } = await import("../../hal/pico/tools/build");
  const missing = missingTools();
  if (missing !== undefined) throw new UsageError(missing);
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { readonly version: string };
  const { luaBytecode } = await import("../lua/host");
  const bytecode = await luaBytecode(await buildFirmware());
  const folder = out ?? join(ROOT, "build/pico");
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new UsageError(`--out ${folder}: cannot be made: ${systemReason(error)}`);
  }
  try {
    const order = { bytecode, version, commit: commit(), out: folder, cache: join(ROOT, "build/pico/packages"), ...(sources === undefined ? {} : { sources }) };
    const { files, flash, ram } = await buildImage(order);
    const rows = (title: string, stretches: typeof flash): string[][] =>
      stretches.map(({ name, bytes, of }, i) => [i === 0 ? title : "", name, String(bytes), of === undefined ? "" : `of ${String(of)}, ${((bytes / of) * 100).toFixed(1)} %`]);
    const heap = ram.find(({ name }) => name === "heap")?.bytes ?? 0;
    const budget = ["", `of it, the controller's budget at its peak`, String(Math.floor((heap * HEAP_SHARE_PERCENT) / 100)), `${String(HEAP_SHARE_PERCENT)} %`];
    terminal.out(columns([...rows("flash", flash), ...rows("RAM", ram), budget]));
    terminal.err(`${files.join("\n")}\n`);
  } catch (error) {
    if (error instanceof FetchError || error instanceof ToolError) throw new UsageError(error.message);
    throw error;
  }
  return EXIT.pass;
}

/** lua: writes the text to `out` or to standard output. pico: writes the image's files into the folder `out` and prints its maps. */
export async function buildCommand(command: BuildCommand, terminal: Terminal): Promise<number> {
  if (command.target === "pico") return buildPico(command, terminal);
  if (command.sources !== undefined) throw new UsageError("--sources is for pico");
  return buildLuaText(command.out, terminal);
}
