// The firmware's own tests, bundled in a folder that the environment names.

import { defineConfig } from "vitest/config";
import type { Reporter, TestModule } from "vitest/node";

const root = process.env["ITB_PUMP_MUTANT"];
if (root === undefined) throw new Error("ITB_PUMP_MUTANT names no folder: use npm run mutants");

/** What the run came to, as its last line. */
export interface Verdict {
  /** The first test that failed, by its title, or why none was run. */
  readonly failed: string | undefined;
  /** Processor time of the whole process. */
  readonly cpu_ms: number;
}

const verdict: Reporter = {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly { readonly message: string }[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const failed = tests.find((test) => test.result().state === "failed")?.name
      ?? [...modules.flatMap((module) => module.errors()), ...errors].map(({ message }) => message.split("\n")[0])[0]
      ?? (tests.length === 0 ? "no test is found" : undefined);
    const { user, system } = process.cpuUsage();
    process.stdout.write(`\n${JSON.stringify({ failed, cpu_ms: (user + system) / 1000 } satisfies Verdict)}\n`);
  },
};

export default defineConfig({
  root,
  test: {
    include: ["*.test.mjs"],
    // As Node loads it. A thread, so that nothing goes on when the process is ended.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    pool: "threads", isolate: false, maxWorkers: 1,
    // How long a mutant may take is for the one who started it to say.
    testTimeout: 0, hookTimeout: 0,
    bail: 1, silent: true, reporters: [verdict],
  },
});
