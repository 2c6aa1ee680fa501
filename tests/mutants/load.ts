// Loading a firmware whose text was changed, bundled in memory.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { ControllerFactory } from "../../hal/controller";
import type { Mutant } from "./named";
import type { Site } from "./operators";

/** The repository; files are named from here. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const ENTRY = "firmware/controller.ts";

/** A file of the image, firmware or protocol, and the text it is to have instead. */
export interface Change {
  readonly file: string;
  readonly text: string;
}

/** Applies a named mutant. Throws if its text does not stand there exactly once: then the mutant is out of date. */
export function namedChange(mutant: Omit<Mutant, "breaks">): Change {
  const text = readFileSync(join(ROOT, mutant.file), "utf8");
  const parts = text.split(mutant.find);
  if (parts.length !== 2) throw new Error(`mutant "${mutant.name}": its text stands ${parts.length - 1} times in ${mutant.file}`);
  return { file: mutant.file, text: parts.join(mutant.replace) };
}

/** Applies a generic operator at a site. */
export function siteChange(site: Site): Change {
  const text = readFileSync(join(ROOT, site.file), "utf8");
  return { file: site.file, text: text.slice(0, site.start) + site.replace + text.slice(site.end) };
}

/** The controller of the firmware with this change, or unchanged. */
export async function loadFirmware(change: Change | undefined): Promise<ControllerFactory> {
  return (await loadChanged<{ readonly createController: ControllerFactory }>(ENTRY, change)).createController;
}

/** A module of the repository and all that it imports, with this change, or unchanged. */
export async function loadChanged<T>(entry: string, change: Change | undefined, platform: "neutral" | "node" = "neutral"): Promise<T> {
  const bundle = await build({
    entryPoints: [join(ROOT, entry)],
    bundle: true, write: false, format: "esm", platform, mainFields: ["module", "main"], logLevel: "silent",
    ...(platform === "node" ? { banner: { js: `import { createRequire } from "node:module"; const require = createRequire(${JSON.stringify(import.meta.url)});` } } : {}),
    plugins: [{
      name: "mutant",
      setup(builder) {
        builder.onLoad({ filter: /\.ts$/ }, ({ path }) =>
          change !== undefined && path === join(ROOT, change.file) ? { contents: change.text, loader: "ts" } : undefined);
      },
    }],
  });
  const text = bundle.outputFiles[0]?.text ?? "";
  return await import(`data:text/javascript;base64,${Buffer.from(text).toString("base64")}`) as T;
}
