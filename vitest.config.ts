// How the tests run: nothing skipped, and a plain last line for scripts.

import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer } from "vitest/node";
import type { Reporter, TestModule, TestSpecification } from "vitest/node";

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

/** Those that take longest begin first, so that no core is idle at the end. */
const LONG = ["tests/check/", "tests/life/", "tests/scenarios/", "tests/pico/", "tests/mutants/", "tests/live/", "tests/ui/", "tests/cli/", "tests/targets/", "tests/naive/"];

class LongFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const place = LONG.findIndex((folder) => moduleId.includes(folder));
      return place < 0 ? LONG.length : place;
    };
    return Promise.resolve([...files].sort((a, b) => rank(a) - rank(b)));
  }
}

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    // Modules as Node has them, by tsx: Vitest's own runner looks each import up at each use, and the emulated chip is a tenth as fast by it.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    // With more room for what is soon forgotten, less is copied to keep it.
    execArgv: ["--import", "tsx", "--max-semi-space-size=64"],
    sequence: { sequencer: LongFirst },
    // Vitest leaves a core idle, and loads all modules anew for each file: together that doubles the time. One more, since some wait for another process, or for the wall.
    maxWorkers: availableParallelism() + 1,
    isolate: false,
    // The firmware's Lua text and the Pico's image are made once, before all that run them.
    globalSetup: "tests/pico/build-once.mjs",
    // Virtual time makes long runs short, but a slow machine is no failure.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    allowOnly: false,
    passWithNoTests: false,
    reporters: ["default", plainCount],
  },
});
