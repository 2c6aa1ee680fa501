// Seven years, and one on lua: the same whatever the run, zone or lag.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { Alarm } from "../../protocol/alarms";
import { State } from "../../protocol/states";
import { PULSES_PER_DAY, SERVICE_DAYS } from "./life";
import type { LifeReport } from "./main";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));

/** Lives in a process of its own, in the time zone `zone`. */
async function life(args: readonly string[], zone = "UTC"): Promise<LifeReport> {
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", MAIN, ...args], { env: { ...process.env, TZ: zone } });
  return JSON.parse(stdout) as LifeReport;
}

const SEVEN_YEARS = ["--days", "2557"];
const YEAR = ["--days", "365"];

describe("a pump's life", () => {
  it("seven years to the end of service: the same in two runs and in another time zone (BATT-1b, BATT-1c, DOSE-1)", async () => {
    const first = await life(SEVEN_YEARS);
    expect(first.violations).toEqual([]);
    // Therapy starts half a second after manufacture, so the last pulse would come half a second after the end.
    expect(first.pulses).toBe(SERVICE_DAYS * PULSES_PER_DAY - 1);
    expect(first.state).toBe(State.end_of_service);
    expect(first.alarms & (1 << Alarm.end_of_service)).not.toBe(0);
    expect(first.alarms & (1 << Alarm.battery_eri)).not.toBe(0);
    expect(await life(SEVEN_YEARS)).toEqual(first);
    expect(await life(SEVEN_YEARS, "Australia/Lord_Howe")).toEqual(first);
  });

  it("a year on lua is the year on node, also when each wake comes 3 ms late", async () => {
    const node = await life(YEAR);
    expect(node.pulses).toBe(365 * PULSES_PER_DAY);
    expect(node.violations).toEqual([]);
    expect(await life([...YEAR, "--target", "lua"])).toEqual(node);
    const late = await life([...YEAR, "--target", "lua", "--lag", "3"]);
    expect({ ...late, full_digest: "" }).toEqual({ ...node, full_digest: "" });
  });
});
