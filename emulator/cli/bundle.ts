// Sources of a process in one file: it starts five times as soon.

import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
// esbuild: puts the sources into one file, and enumerations into them as numbers: what runs long is up to three times as fast.
import { build } from "esbuild";
import type { Plugin } from "esbuild";

/** In the repository, where packages are found. */
const FOLDER = fileURLToPath(new URL("../../build/command", import.meta.url));

/** What a process runs: a file, and how Node is to take it. */
export interface Worker {
  readonly file: string;
  readonly exec_args: readonly string[];
}

/** Most of what a run makes is soon forgotten: with room for it, it is forgotten at less cost. */
const YOUNG = "--max-semi-space-size=64";

/** In two parts, or this file would find it in itself. */
const META = "import." + "meta";

/** Each source still finds the files beside it: from where it stands, not from where the bundle does. A text that is itself the head of a bundle stays as it is. `textOf` gives the sources. */
export function placed(textOf = (path: string): string => readFileSync(path, "utf8")): Plugin {
  return {
    name: "placed",
    setup(builder) {
      builder.onLoad({ filter: /\.ts$/ }, ({ path }) => ({
        loader: "ts",
        contents: textOf(path).replaceAll(/import\.meta\.url(?!\);")/g, JSON.stringify(pathToFileURL(path).href))
          .replaceAll(`${META}.dirname`, JSON.stringify(dirname(path))).replaceAll(`${META}.filename`, JSON.stringify(path)),
      }));
    },
  };
}

/**
 * Bundles a source as it is now; gives the file. A process that loads the sources one by one through tsx takes two seconds of a processor before it does anything, one of
 * this half a second: what is loaded only when asked for stays apart. Rejects where the repository cannot be written to.
 */
export async function bundled(source: string): Promise<string> {
  mkdirSync(FOLDER, { recursive: true });
  const { outputFiles } = await build({
    entryPoints: [source], bundle: true, splitting: true, packages: "external", platform: "node", format: "esm",
    plugins: [placed()], outdir: FOLDER, outExtension: { ".js": ".mjs" }, write: false, logLevel: "error",
  });
  for (const { path, contents } of outputFiles) {
    // By a rename: another process may be starting the same.
    writeFileSync(`${path}.${process.pid}`, contents);
    renameSync(`${path}.${process.pid}`, path);
  }
  return join(FOLDER, basename(source).replace(/\.ts$/, ".mjs"));
}

/** A source as it stands, by the loader that runs the command, too. */
export function plainWorker(source: string): Worker {
  // By its place, not by its name: the working directory need not be this package's.
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  return { file: source, exec_args: [YOUNG, "--import", tsx] };
}

/** A source in one file; in a checkout that cannot be written to, as it stands. */
export async function openWorker(source: string): Promise<Worker> {
  try {
    return { file: await bundled(source), exec_args: [YOUNG] };
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
    return plainWorker(source);
  }
}
