// Starts a life in a process of its own: what it came to.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { LifeReport } from "./main";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));

/** A day past the end of service. */
export const SEVEN_YEARS = ["--days", "2557"] as const;

/** A life by the arguments of main.ts, in the time zone `zone`. */
export async function life(args: readonly string[], zone = "UTC"): Promise<LifeReport> {
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", MAIN, ...args], { env: { ...process.env, TZ: zone } });
  return JSON.parse(stdout) as LifeReport;
}
