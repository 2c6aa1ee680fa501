// itb-pump explore --power-cuts: counts, parts, a planted fault, a replay.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { plant } from "../../emulator/explore/canary";
import { readFailure } from "../../emulator/explore/failure-file";
import { loadScenario } from "../../emulator/scenario/load";
import { createController } from "../../firmware/controller";
import { Folder, run } from "../cli/harness";

const folder = new Folder();
afterAll(() => { folder.remove(); });

const FORGETFUL = plant(createController, "answers");
const NOTHING = folder.file("nothing.yaml", "scenario: nothing\nsteps: [expect: {state: shelf}]\n");
const found = join(folder.path, "found");

interface Line {
  readonly type: string;
  readonly totals: { readonly jobs: number; readonly faults: Readonly<Record<string, number>>; readonly findings: readonly { readonly file: string; readonly text: string }[] };
}

const lastOf = (out: string): Line => JSON.parse(out.trimEnd().split("\n").at(-1)!) as Line;
const explore = (args: readonly string[], controller = createController): ReturnType<typeof run> => run(["explore", ...args, "--canary", "0", "--found", found, "--json"], controller);

describe("an exploration by cuts of power", () => {
  it("cuts as often as was asked for, in each way, and finds nothing in a pump that has nothing", async () => {
    const { code, out } = await explore(["--power-cuts", "40", "--days", "1"]);
    const { faults, jobs } = lastOf(out).totals;
    const cuts = Object.entries(faults).filter(([kind]) => kind.startsWith("flash."));
    expect([code, jobs, cuts.reduce((sum, [, count]) => sum + count, 0)]).toEqual([0, 1, 40]);
    expect(cuts.map(([kind]) => kind).sort()).toEqual(["flash.cut_after", "flash.cut_before", "flash.torn_prefix", "flash.torn_random", "flash.torn_suffix"]);
    expect(existsSync(found)).toBe(false);
  });

  it("cuts twice in a row, in a scenario, and in drawn plans", async () => {
    const twice = await explore(["--power-cuts", "12", "--days", "1", "--depth", "2"]);
    expect([twice.code, lastOf(twice.out).totals.faults["flash.cut_after"]! > 0]).toEqual([0, true]);
    const file = await explore(["--power-cuts", "5", "tests/scenarios/bolus/lockout-through-a-reset.yaml"]);
    expect([file.code, lastOf(file.out).totals.jobs]).toEqual([0, 1]);
    const drawn = await explore(["--power-cuts", "5", "--seeds", "46..46"]);
    expect([drawn.code, lastOf(drawn.out).totals.jobs]).toEqual([0, 1]);
  });

  it("finds what is planted, makes it small, and a replay of the file ends the same", async () => {
    const { code, out } = await explore(["--power-cuts", "all", "--drawn", "0", "--days", "1", "--shard", "1/4", "--shrink", "60"], FORGETFUL);
    expect(code).toBe(3);
    const [first] = lastOf(out).totals.findings;
    expect(first!.text).toContain("an operation done twice");
    const head = readFailure(first!.file, readFileSync(first!.file, "utf8"));
    expect(loadScenario(first!.file).steps.length).toBeLessThanOrEqual(10);
    expect(head.found_by).toMatch(/^itb-pump explore --power-cuts all --drawn 0 --days 1 --shard \d\/16$/);
    const again = await run(["replay", first!.file], FORGETFUL);
    expect([again.code, again.out.includes("the same as when it was found")]).toEqual([3, true]);
    expect((await run(["replay", first!.file])).code).toBe(5);
  });

  it("finds what is planted by two cuts in a row as well, and a replay ends the same", async () => {
    const { code, out } = await explore(["--power-cuts", "all", "--drawn", "0", "--days", "1", "--depth", "2", "--shard", "1/4", "--shrink", "40"], FORGETFUL);
    expect(code).toBe(3);
    const [first] = lastOf(out).totals.findings;
    expect(readFileSync(first!.file, "utf8")).toMatch(/cut: \{operation: \d+, how: \w+(, then: \d+, then_how: \w+)?\}/);
    expect((await run(["replay", first!.file], FORGETFUL)).code).toBe(3);
  });

  it.each([
    [["--power-cuts", "some"], '--power-cuts some: expected "all", or how many, from 1'],
    [["--power-cuts", "5", "--canary", "0", NOTHING], "nothing is written to storage in it: there is nothing to be cut"],
    [["--power-cuts", "0"], "--power-cuts 0: expected"],
    [["--power-cuts", "5", "--seeds", "1..2", "--days", "3"], "give one of the three"],
    [["--power-cuts", "5", "tests/scenarios/resets/any-instant.yaml"], "has the verb choose: a failure in it could not be written as a file of its own"],
    [["tests/scenarios/basal/seven-days.yaml"], "what is to be explored in it? Give --power-cuts as well"],
    [["--power-cuts", "5", "--depth", "3"], "Allowed choices are 1, 2"],
    [["--power-cuts", "5", "--days", "0"], "Expected a whole number from 1 to 3650"],
    [["--power-cuts", "5", "--merge", "x"], "--merge takes files alone"],
  ])("%j is told, and nothing runs", async (args, message) => {
    const { code, out, err } = await run(["explore", ...args]);
    expect([code, out]).toEqual([1, ""]);
    expect(err).toContain(message);
  });
});
