// Second half of the kill set: the firmware's own tests.

import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleForNode } from "./bundle";
import { ROOT } from "./load";
import type { Change } from "./load";
import type { Tried } from "./worker";
import type { Verdict } from "./vitest.config";

const CONFIG = fileURLToPath(new URL("./vitest.config.ts", import.meta.url));
const VITEST = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));

/** Where bundles are built: below the repository, so that they find its packages. */
export const BUILD = join(ROOT, "build/mutants");

/** Every test of the firmware and of the pump's side of the protocol. What runs the library of scenarios stands elsewhere: that is the first half. */
function testFiles(): string[] {
  return ["tests/firmware", "tests/protocol"].flatMap((folder) =>
    readdirSync(join(ROOT, folder)).filter((name) => name.endsWith(".test.ts")).sort().map((name) => `${folder}/${name}`));
}

function run(folder: string, ms_max: number): Promise<Tried> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ITB_PUMP_MUTANT: folder };
    execFile(process.execPath, [VITEST, "run", "--config", CONFIG], { env, timeout: ms_max, killSignal: "SIGKILL", maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (error?.killed === true) {
        resolve({ killer: `firmware tests: no verdict within ${Math.round(ms_max / 1000)} s`, cpu_ms: 0 });
        return;
      }
      const last = stdout.trimEnd().split("\n").at(-1) ?? "";
      if (!last.startsWith("{")) {
        // No verdict is no mutant's doing, unless the process broke down under it.
        if (typeof error?.signal === "string") resolve({ killer: `firmware tests: ended by ${error.signal}`, cpu_ms: 0 });
        else reject(new Error(`the firmware's tests cannot be run: ${stderr.trim().split("\n")[0] ?? ""}`));
        return;
      }
      const { failed, cpu_ms } = JSON.parse(last) as Verdict;
      resolve({ killer: failed === undefined ? undefined : `firmware tests: ${failed}`, cpu_ms });
    });
  });
}

/** Which of the firmware's tests noticed the change, undefined if none; or that they did not end within `ms_max`. */
export async function firmwareTests(change: Change | undefined, ms_max: number): Promise<Tried> {
  mkdirSync(BUILD, { recursive: true });
  const folder = mkdtempSync(join(BUILD, "tests-"));
  try {
    await bundleForNode(testFiles(), join(folder, "firmware.test.mjs"), change);
    return await run(folder, ms_max);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
