// The itb-pump command in one file, for tests that start many of its processes.

import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import type { Plugin } from "esbuild";

const ROOT = resolve(import.meta.dirname, "../..");

/** Each source still finds the files beside it: from where it stands, not from where the bundle does. A text that is itself the head of a bundle stays as it is. */
const placed: Plugin = {
  name: "placed",
  setup(builder) {
    builder.onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      loader: "ts",
      contents: readFileSync(path, "utf8").replaceAll(/import\.meta\.url(?!\);")/g, JSON.stringify(pathToFileURL(path).href))
        .replaceAll("import.meta.dirname", JSON.stringify(dirname(path))).replaceAll("import.meta.filename", JSON.stringify(path)),
    }));
  },
};

/**
 * Bundles emulator/cli/main.ts of now; gives the file. A process that loads the sources one by one through tsx takes two seconds of a processor before it does anything, one of this half a second:
 * what is loaded only when asked for stays apart. It stands in the repository, where its packages are found.
 */
export async function bundledCommand(): Promise<string> {
  const folder = join(ROOT, "build/command");
  mkdirSync(folder, { recursive: true });
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, "emulator/cli/main.ts")], bundle: true, splitting: true, packages: "external", platform: "node", format: "esm",
    plugins: [placed], outdir: folder, outExtension: { ".js": ".mjs" }, write: false, logLevel: "error",
  });
  for (const { path, contents } of outputFiles) {
    // By a rename: another test file may be starting the same.
    writeFileSync(`${path}.${process.pid}`, contents);
    renameSync(`${path}.${process.pid}`, path);
  }
  return join(folder, "main.mjs");
}
