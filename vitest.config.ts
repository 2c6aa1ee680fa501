// How the tests run: nothing skipped, and a plain last line for scripts.

import { defineConfig } from "vitest/config";
import type { Reporter, TestModule } from "vitest/node";

/** Ends the run with one line that a script can read: "N passed, N failed". */
const plainCount: Reporter = {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    let passed = 0;
    let failed = errors.length;
    for (const module of modules) {
      failed += module.errors().length;
      for (const test of module.children.allTests()) {
        if (test.result().state === "passed") passed += 1;
        else failed += 1;
      }
    }
    process.stdout.write(`${passed} passed, ${failed} failed\n`);
  },
};

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    // Modules as Node has them, by tsx: Vitest's own runner looks each import up at each use, and the emulated chip is a tenth as fast by it.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    execArgv: ["--import", "tsx"],
    // The Pico's image is built once, before all that run it.
    globalSetup: "tests/pico/build-once.mjs",
    // Virtual time makes long runs short, but a slow machine is no failure.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    allowOnly: false,
    passWithNoTests: false,
    reporters: ["default", plainCount],
  },
});
