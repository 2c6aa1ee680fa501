// Every named mutant is noticed by an expectation or the oracle.

import { describe, expect, it } from "vitest";
import { kill, killSet } from "./kill";
import { FIRMWARE, loadFirmware, namedChange } from "./load";
import { NAMED_MUTANTS } from "./named";
import { allSites, drawSites } from "./operators";

describe("mutants", () => {
  const trials = killSet();

  it("the unchanged firmware passes the kill set", async () => {
    expect(kill(await loadFirmware(undefined), trials, true)).toBeUndefined();
  });

  it("there are at least ten by name, each of another rule", () => {
    expect(NAMED_MUTANTS.length).toBeGreaterThanOrEqual(10);
    expect(new Set(NAMED_MUTANTS.map(({ name }) => name)).size).toBe(NAMED_MUTANTS.length);
  });

  for (const mutant of NAMED_MUTANTS) {
    it(`${mutant.name}: ${mutant.breaks}`, async () => {
      expect(kill(await loadFirmware(namedChange(mutant)), trials, false)).toBeDefined();
    });
  }

  it("generic ones are drawn by seed: the same again, others for another", () => {
    const draw = (seed: number): string[] => drawSites(FIRMWARE, seed, 50).map(({ file, start }) => `${file}:${start}`);
    expect(draw(1)).toEqual(draw(1));
    expect(draw(2)).not.toEqual(draw(1));
    expect(new Set(draw(1)).size).toBe(50);
    expect(allSites(FIRMWARE).length).toBeGreaterThan(500);
  });
});
