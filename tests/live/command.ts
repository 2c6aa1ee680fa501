// The itb-pump command in one file, for tests that start many of its processes.

import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";

const ROOT = resolve(import.meta.dirname, "../..");

/**
 * Bundles emulator/cli/main.ts of now; gives the file. A process that loads the sources one by one through tsx takes two seconds of a processor before it does anything, one of this half a second:
 * what is loaded only when asked for stays apart. It is as deep as the command's sources are, which find the repository from where they stand; those of the other targets stand elsewhere, so it
 * is for target node.
 */
export async function bundledCommand(): Promise<string> {
  const folder = join(ROOT, "build/command");
  mkdirSync(folder, { recursive: true });
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, "emulator/cli/main.ts")], bundle: true, splitting: true, packages: "external", platform: "node", format: "esm",
    outdir: folder, outExtension: { ".js": ".mjs" }, write: false, logLevel: "error",
  });
  for (const { path, contents } of outputFiles) {
    // By a rename: another test file may be starting the same.
    writeFileSync(`${path}.${process.pid}`, contents);
    renameSync(`${path}.${process.pid}`, path);
  }
  return join(folder, "main.mjs");
}
