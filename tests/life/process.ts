// Starts a life in a process of its own: what it came to.

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import type { LifeReport } from "./main";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));

/** A day past the end of service. */
export const SEVEN_YEARS = ["--days", "2557"] as const;

let bundle: Promise<string> | undefined;

/** The life in one file: enumerations are then numbers, which takes a third off it. */
async function bundled(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "itb-pump-life-"));
  process.on("exit", () => { rmSync(folder, { recursive: true, force: true }); });
  const outfile = join(folder, "life.mjs");
  await build({
    entryPoints: [MAIN], bundle: true, platform: "node", format: "esm", outfile, logLevel: "silent", external: ["../lua/*", "../../emulator/lua/*", "./pico-target", "./tether-target"],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  return outfile;
}

/** A life by the arguments of main.ts, in the time zone `zone`. */
export async function life(args: readonly string[], zone = "UTC"): Promise<LifeReport> {
  // The compiled target finds its files by where its code stands.
  const program = args.includes("lua") ? ["--import", "tsx", MAIN] : [await (bundle ??= bundled())];
  const { stdout } = await promisify(execFile)(process.execPath, [...program, ...args], { env: { ...process.env, TZ: zone } });
  return JSON.parse(stdout) as LifeReport;
}
