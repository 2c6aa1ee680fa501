// Every named mutant is noticed by an expectation or the oracle.

import { describe, expect, it } from "vitest";
import { firmwareTests } from "./firmware-tests";
import { allTrials, kill, killSet } from "./kill";
import type { Trial } from "./kill";
import { ATTACKS, firstOpenDoor } from "../protocol/attacks";
import { ROOT, loadFirmware, namedChange } from "./load";
import { NAMED_MUTANTS, OPEN_DOORS } from "./named";
import { THERAPY_MUTANTS } from "./therapy";
import { allSites, drawSites } from "./operators";
import { SURVIVORS, explained } from "./survivors";

describe("mutants", () => {
  const trials = allTrials();

  /** That which notices a mutant. */
  const trialOf = (by: string): Trial | undefined => trials.find(({ key }) => key.replace("../scenarios/", "").replace(".yaml", "") === by);

  // On the whole kill set: `npm run mutants`; on every scenario, not bundled: tests/scenarios.
  it("the unchanged firmware, bundled as a mutant is, passes each trial that notices one", async () => {
    const needed = [...new Set([...NAMED_MUTANTS, ...THERAPY_MUTANTS].map(({ by }) => trialOf(by)))];
    expect(needed).not.toContain(undefined);
    expect(needed.length).toBeGreaterThanOrEqual(20);
    expect(kill(await loadFirmware(undefined), needed.filter((trial) => trial !== undefined), true)).toBeUndefined();
    expect(killSet().trials.length).toBeGreaterThan(needed.length);
  });

  it("there are at least ten by name, each of another rule", () => {
    expect(NAMED_MUTANTS.length).toBeGreaterThanOrEqual(10);
    expect(new Set(NAMED_MUTANTS.map(({ name }) => name)).size).toBe(NAMED_MUTANTS.length);
  });

  it("there are forty of the therapy by name", () => {
    expect(new Set(THERAPY_MUTANTS.map(({ name }) => name)).size).toBe(THERAPY_MUTANTS.length);
    expect(THERAPY_MUTANTS.length).toBeGreaterThanOrEqual(40);
  });

  for (const mutant of [...NAMED_MUTANTS, ...THERAPY_MUTANTS]) {
    it(`${mutant.name}: ${mutant.breaks}`, async () => {
      const trial = trialOf(mutant.by);
      expect(trial).toBeDefined();
      const by = kill(await loadFirmware(namedChange(mutant)), [trial!], false);
      expect(by).toBeDefined();
      expect(by).not.toMatch(/crashed$/);
    });
  }

  it("the unchanged firmware withstands every attack, and each attack is one that some mutant lets in", async () => {
    expect(firstOpenDoor(await loadFirmware(undefined))).toBeUndefined();
    const let_in = new Set<string>();
    for (const mutant of OPEN_DOORS) {
      const controller = await loadFirmware(namedChange(mutant));
      for (const attack of ATTACKS) if (firstOpenDoor(controller, [attack]) !== undefined) let_in.add(attack.what);
    }
    expect(ATTACKS.map(({ what }) => what).filter((what) => !let_in.has(what))).toEqual([]);
  });

  for (const mutant of OPEN_DOORS) {
    it(`an open door: ${mutant.name}: ${mutant.breaks}`, async () => {
      expect(firstOpenDoor(await loadFirmware(namedChange(mutant)))).toBeDefined();
    });
  }

  it("the firmware's own tests notice one too, and say which of them did", async () => {
    const mutant = NAMED_MUTANTS.find(({ name }) => name === "one tone too few")!;
    expect((await firmwareTests(namedChange(mutant), 120_000)).killer).toMatch(/^firmware tests: .*the higher sounds/);
  });

  it("each survivor that is explained can still be drawn", () => {
    const files = new Set(SURVIVORS.map(({ file }) => file));
    const there = new Set(allSites(ROOT).filter(({ file }) => files.has(file)).map((site) => explained(ROOT, site)));
    expect(SURVIVORS.filter((known) => !there.has(known)).map(({ file, line }) => `${file}: ${line}`)).toEqual([]);
  });

  it("generic ones are drawn by seed: the same again, others for another", () => {
    const draw = (seed: number): string[] => drawSites(ROOT, seed, 50).map(({ file, start }) => `${file}:${start}`);
    expect(draw(1)).toEqual(draw(1));
    expect(draw(2)).not.toEqual(draw(1));
    expect(new Set(draw(1)).size).toBe(50);
    expect(allSites(ROOT).length).toBeGreaterThan(500);
  });
});
