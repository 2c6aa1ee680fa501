// Power cut inside the chip's flash: old or new, therapy runs, nothing twice.

import { beforeAll, describe, expect, test } from "vitest";
import { Bench } from "../../emulator/bench";
import type { Machine } from "../../emulator/brain";
import { CUT_FAULTS } from "../../emulator/devices/flash";
import { Counts, CutLife, type CutLifeOptions } from "./cut-life";
import { picoImage, withoutImage } from "./image";
import { mutants, MUTANT_NAMES, type Mutant } from "./storage-mutants";
import type { Place } from "./cut-places";

/** `npm run pico:cuts` lives on for ten minutes, this for as long as a few pulses take. */
const AFTER_US = 60_000_000;
/** Where it hurts. */
const WHERE: Readonly<Record<Mutant, readonly Place[]>> = {
  "the journal's header before its payload": ["journal page", "journal first page"],
  "a transaction that was cut short stays in the log": ["journal header"],
  "of two confirmed pulses one is written": ["tally bit, confirmed"],
};

function lived(machine: Machine, cuts: number, options: Partial<CutLifeOptions>): { readonly counts: Counts; readonly failures: readonly string[] } {
  const counts = new Counts();
  const life = new CutLife(machine, counts, { seed: 1, after_us: AFTER_US, ...options });
  life.live(cuts);
  return { counts, failures: life.failures };
}

function cutTests(): void {
  let mutant: (name: Mutant | undefined) => Machine;
  beforeAll(async () => { mutant = await mutants(); }, 120_000);

  test("power is cut in each way inside tallies, journal and log (MEM-2a, MEM-2b, PROG-3a, PROG-3b)", async () => {
    const { counts, failures } = lived(await picoImage(), 5, { again: 8, seed: 4 });
    expect(failures).toEqual([]);
    expect(counts.lived + counts.again).toBeGreaterThanOrEqual(20);
    const kinds = CUT_FAULTS.map((how) => [...counts.at.values()].reduce((sum, made) => sum + made[how], 0));
    expect(Math.min(...kinds)).toBeGreaterThan(2);
    expect([...counts.at].filter(([, made]) => Object.values(made).some((count) => count > 0)).map(([place]) => place).length).toBeGreaterThan(5);
  });

  test.each(MUTANT_NAMES)("%s: found", (name) => {
    expect(lived(mutant(name), 6, { only: WHERE[name] }).failures).not.toEqual([]);
  });

  test("a bench that was not made for cuts refuses one", async () => {
    const bench = new Bench({ controller: await picoImage() });
    expect(() => { bench.cutPower({ operation: 1, how: "cut_after" }); }).toThrow("was not made for cuts");
  });
}

const missing = withoutImage();
if (missing === undefined) describe("power cuts inside the chip's flash", cutTests);
else test(`the image was not built, and power cuts inside it not tested: ${missing}`, () => { expect(missing).toContain("apt-get install"); });
