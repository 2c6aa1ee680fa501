// The image for tests: built once a run, or a plain word why there is none.

import { missingTools } from "../../hal/pico/tools/build";
import type { Machine } from "../../emulator/brain";
import { openPico } from "../../emulator/cli/pico-target";

/** What is missing to build the image, if it is; with CI=true nothing may be missing. */
export function withoutImage(): string | undefined {
  const missing = missingTools();
  if (missing !== undefined && process.env["CI"] === "true") throw new Error(missing);
  return missing;
}

let opened: Promise<Machine> | undefined;

/** Target pico. */
export function picoImage(): Promise<Machine> {
  opened ??= openPico();
  return opened;
}
