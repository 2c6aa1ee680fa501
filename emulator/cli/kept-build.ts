// The firmware's last Lua build on disk, good only for the very same sources.

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire as requireFrom } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { LuaParts } from "../lua/parts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const FOLDER = join(ROOT, "build/lua");
const KEPT = join(FOLDER, "firmware.json");

/** All that the text can depend on: what is compiled, the settings, and what compiles. */
const SOURCES = ["firmware", "hal", "protocol", "emulator/lua"];
const COMPILERS = ["typescript", "typescript-to-lua"];

interface Kept {
  readonly stamp: string;
  readonly parts: LuaParts;
}

/** A digest of every source by its name and content, not by its time, and of the compilers' versions. */
export function stampOf(root = ROOT): string {
  const hash = createHash("sha256").update(root);
  const load = requireFrom(import.meta.url);
  for (const name of COMPILERS) hash.update(`\0${name} ${(load(`${name}/package.json`) as { readonly version: string }).version}`);
  for (const folder of SOURCES) {
    const names = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).filter((name) => /\.(ts|json)$/.test(name)).sort();
    for (const name of names) hash.update(`\0${folder}/${name}\0`).update(createHash("sha256").update(readFileSync(join(root, folder, name))).digest());
  }
  return hash.digest("hex");
}

/** The build that was kept under this stamp, if there is one. */
export function keptParts(stamp: string): LuaParts | undefined {
  try {
    const kept = JSON.parse(readFileSync(KEPT, "utf8")) as Kept;
    return kept.stamp === stamp ? kept.parts : undefined;
  } catch {
    // None yet, or one that cannot be read: it is made anew.
    return undefined;
  }
}

/** Keeps a build in the place of the one before it, in one step, since several processes may do so at once. */
export function keepParts(stamp: string, parts: LuaParts): void {
  const part = `${KEPT}.${process.pid}`;
  try {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(part, JSON.stringify({ stamp, parts } satisfies Kept));
    renameSync(part, KEPT);
  } catch {
    // Only time is lost, in a checkout that cannot be written to.
    rmSync(part, { force: true });
  }
}
