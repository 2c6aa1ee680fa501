// The firmware's own tests against one mutant, named by the environment.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import type { Change } from "./load";

/** A file that holds the `Change` as JSON. */
const name = process.env["ITB_PUMP_MUTANT"];
if (name === undefined) throw new Error("ITB_PUMP_MUTANT names no file: use npm run mutants");
const change = JSON.parse(readFileSync(name, "utf8")) as Change;
const root = fileURLToPath(new URL("../..", import.meta.url));

export default defineConfig({
  root,
  plugins: [{
    name: "mutant",
    enforce: "pre",
    load: (id) => (id === join(root, change.file) ? change.text : undefined),
  }],
  test: { include: ["tests/firmware/*.test.ts", "tests/protocol/*.test.ts"], reporters: ["json"], bail: 1, testTimeout: 15_000 },
});
