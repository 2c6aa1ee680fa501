// What lua is compared with: the same beginning ends it, another is told.

import { beforeAll, describe, expect, it } from "vitest";
import { buildFirmware } from "../../emulator/cli/firmware";
import { openTarget } from "../../emulator/cli/targets";
import { createLuaFactory } from "../../emulator/lua/host";
import { runScenario } from "../../emulator/scenario/run";
import type { ControllerFactory } from "../../hal/controller";
import { library } from "../golden/golden";
import { Beginning } from "./beginning";

const DAY_MS = 86_400_000;
const month = library().get("../scenarios/basal/minimum-rate.yaml")!;

/** Where the firmware asks when the next pulse is due, in Lua; and a pulse that is due a millisecond late from the third day on. */
const ASKS = "local due_ms = nextPulse_ms(p)";
const LATE = `${ASKS}; if due_ms > ${2 * DAY_MS} then due_ms = due_ms + 1 end`;

describe("the beginning of a run", () => {
  const beginning = new Beginning(4 * DAY_MS);

  const follow = (controller: ControllerFactory): string => {
    const { error } = runScenario(month, { controller, listener: { begin: ({ trace }) => { beginning.follow(trace); } } });
    return `${error?.name ?? "no end"}: ${error?.message ?? ""}`;
  };

  beforeAll(async () => {
    const outcome = runScenario(month, { controller: await openTarget("node"), listener: { begin: ({ trace }) => { beginning.keep(trace); } } });
    expect(outcome.verdict).toBe("pass");
    expect(outcome.virtual_ms).toBeGreaterThanOrEqual(30 * DAY_MS);
  });

  it("is not the whole of it, and the same on lua", async () => {
    expect(beginning.count).toBeGreaterThan(4 * 24 * 3);
    expect(follow(await openTarget("lua"))).toBe(`BeginningIsOver: ${4 * DAY_MS} ms are over`);
  });

  it("is told where a divergence that is planted in lua begins", async () => {
    const { text, ...build } = await buildFirmware();
    const parts = text.split(ASKS);
    expect(parts).toHaveLength(2);
    const planted = await createLuaFactory({ ...build, text: parts.join(LATE) });
    const [, at, wanted, seen] = /^Error: event (\d+): (\d+) ms .* expected, (\d+) ms .* seen$/.exec(follow(planted)) ?? [];
    expect(Number(at)).toBeGreaterThan(2 * 24 * 3);
    expect(Number(wanted)).toBeGreaterThan(2 * DAY_MS);
    expect(Number(wanted)).toBeLessThan(2.1 * DAY_MS);
    expect(Number(seen)).toBeGreaterThanOrEqual(Number(wanted));
  });

  it("is told for one that is longer, by its digest too", () => {
    const other = new Beginning(4 * DAY_MS);
    expect(() => { other.follow({ on: (listener: (...event: readonly number[]) => void) => { listener(1, 2, 3, 4, 5, 6); } } as never); }).toThrow("nothing more expected, 2 ms");
  });
});
