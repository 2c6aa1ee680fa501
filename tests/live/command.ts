// The itb-pump command in one file, for tests that start many of its processes.

import { fileURLToPath } from "node:url";
import { bundled } from "../../emulator/cli/bundle";

/** Bundles emulator/cli/main.ts of now; gives the file. */
export function bundledCommand(): Promise<string> {
  return bundled(fileURLToPath(new URL("../../emulator/cli/main.ts", import.meta.url)));
}
