// Second half of the kill set: the firmware's own tests.

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Change } from "./load";

const CONFIG = fileURLToPath(new URL("./vitest.config.ts", import.meta.url));
const VITEST = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));

interface Report {
  readonly testResults: readonly { readonly assertionResults: readonly { readonly status: string; readonly title: string }[]; readonly message: string }[];
}

/** The first test that failed, by its title. */
function firstFailure(json: string): string {
  const { testResults } = JSON.parse(json) as Report;
  const failed = testResults.flatMap(({ assertionResults }) => assertionResults).find(({ status }) => status === "failed");
  return failed?.title ?? testResults.find(({ message }) => message !== "")?.message.split("\n")[0] ?? "a test file that does not load";
}

/** Which of the firmware's tests noticed the change, undefined if none; or that they did not end within `ms_max`. */
export async function firmwareTests(change: Change, ms_max: number): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "itb-pump-mutant-"));
  const file = join(folder, "change.json");
  writeFileSync(file, JSON.stringify(change));
  try {
    return await new Promise((resolve) => {
      const env = { ...process.env, ITB_PUMP_MUTANT: file };
      execFile(process.execPath, [VITEST, "run", "--config", CONFIG], { env, timeout: ms_max, killSignal: "SIGKILL", maxBuffer: 2 ** 26 }, (error, stdout) => {
        if (error === null) resolve(undefined);
        else if (error.killed === true) resolve(`firmware tests: no verdict within ${Math.round(ms_max / 1000)} s`);
        else resolve(`firmware tests: ${firstFailure(stdout.slice(stdout.indexOf("{")))}`);
      });
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
