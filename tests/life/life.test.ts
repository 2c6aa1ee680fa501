// Seven years, and months on lua: the same whatever the run, zone or lag.

import { describe, expect, it } from "vitest";
import { ENDURANCE_ERASES } from "../../emulator/devices/flash";
import { Alarm } from "../../protocol/alarms";
import { State } from "../../protocol/states";
import { PULSES_PER_DAY, SERVICE_DAYS } from "./life";
import { life, SEVEN_YEARS } from "./process";

/** Three refills, and 2^33 ms are over: a year on lua is for `npm run life`. */
const MONTHS = ["--days", "100"] as const;

/** What a life had come to when its twelfth month was over: seven years three times are for `npm run life`. */
const YEAR = ["--mark", "360"] as const;

describe("a pump's life", () => {
  it("seven years to the end of service: its first year is the same in another run and another time zone (BATT-1b, BATT-1c, DOSE-1)", async () => {
    const [first, elsewhere] = await Promise.all([life([...SEVEN_YEARS, ...YEAR]), life(["--days", "361", ...YEAR], "Australia/Lord_Howe")]);
    expect(first.violations).toEqual([]);
    // Therapy starts half a second after manufacture, so the last pulse would come half a second after the end.
    expect(first.pulses).toBe(SERVICE_DAYS * PULSES_PER_DAY - 1);
    expect(first.state).toBe(State.end_of_service);
    expect(first.alarms & (1 << Alarm.end_of_service)).not.toBe(0);
    expect(first.alarms & (1 << Alarm.battery_eri)).not.toBe(0);
    expect(first.mark?.pulses).toBe(360 * PULSES_PER_DAY);
    expect(elsewhere.mark).toEqual(first.mark);
    // Each region is worn evenly, none to a hundredth of what it endures.
    for (const { what, least, most } of first.wear) {
      expect(most, what).toBeLessThan(ENDURANCE_ERASES / 100);
      expect(most - least, what).toBeLessThanOrEqual(1);
    }
  });

  it("months on lua are those on node, also when each wake comes 3 ms late", async () => {
    const [node, node_late, lua_late] = await Promise.all([life(MONTHS), life([...MONTHS, "--lag", "3"]), life([...MONTHS, "--target", "lua", "--lag", "3"])]);
    expect(node.pulses).toBe(100 * PULSES_PER_DAY);
    expect(node.violations).toEqual([]);
    // Late, lua does to the byte what node does; and what is late does the therapy of what is prompt.
    expect(lua_late).toEqual(node_late);
    expect({ ...node_late, full_digest: "" }).toEqual({ ...node, full_digest: "" });
  });
});
