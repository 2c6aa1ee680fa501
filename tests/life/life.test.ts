// A year, and months on lua: the same whatever the run, zone or lag.

import { describe, expect, it } from "vitest";
import { PULSES_PER_DAY } from "./life";
import { life } from "./process";
import { wholeLifeWrong, wornWrong } from "./whole";

/** Three refills, and 2^33 ms are over: a year on lua is for `npm run life`. */
const MONTHS = ["--days", "100"] as const;

/** And what it had come to when its twelfth month was over. */
const YEAR = ["--days", "361", "--mark", "360"] as const;

describe("a pump's life", () => {
  it("a year is the same in another run and another time zone, and wears storage evenly (DOSE-1)", async () => {
    const [first, elsewhere] = await Promise.all([life(YEAR), life(YEAR, "Australia/Lord_Howe")]);
    expect(first.violations).toEqual([]);
    expect(first.mark?.pulses).toBe(360 * PULSES_PER_DAY);
    expect(elsewhere).toEqual(first);
    expect(wornWrong(first)).toEqual([]);
    expect(wornWrong({ ...first, wear: [{ ...first.wear[0]!, least: 3, most: 5000 }] })).toHaveLength(2);
    // Seven years are for `npm run life`, which asks of them what a year is not.
    expect(wholeLifeWrong(first)).toEqual([expect.stringMatching(/pulses for 5111999$/), expect.stringMatching(/^state 1 and not/), "no alarm end of service", "no alarm battery eri"]);
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
