// A sample of all the bits that can flip: none of them leads to a wrong dose.

import { describe, expect, it } from "vitest";
import { createController } from "../../firmware/controller";
import type { ControllerFactory } from "../../hal/controller";
import { loadFirmware, namedChange } from "../mutants/load";
import { run, SITUATIONS, type Situation } from "./scene";
import { Ground, textOf, type Bit } from "./sweep";
import type { Verdict } from "./verdict";

const SEED = 1;
const names = Object.keys(SITUATIONS) as Situation[];

/** Of all bits each so many-th, from another one on in each situation: together they are of all kinds. */
function sample(bits: readonly Bit[], every: number, first: number): Bit[] {
  return bits.filter((_bit, i) => i % every === first % every);
}

function sweep(controller: ControllerFactory, situation: Situation, every: number, first: number): Map<Verdict, string[]> {
  const ground = new Ground(controller, SEED, situation);
  const found = new Map<Verdict, string[]>();
  for (const bit of sample(ground.bits(), every, first)) {
    const { verdict, why } = ground.judge(bit);
    found.set(verdict, [...(found.get(verdict) ?? []), `${bit.value}, ${textOf(bit)}: ${why}`]);
  }
  return found;
}

describe("one flipped bit in memory or storage (MEM-3a, MEM-3b)", () => {
  for (const [i, situation] of names.entries()) {
    it(`${situation}: corrected, or harmless, or told, and never another dose`, () => {
      const found = sweep(createController, situation, 1999, 277 * i);
      expect(found.get("WRONG")).toBeUndefined();
      expect([...found.values()].flat().length).toBeGreaterThan(35);
    });
  }

  it("a lost region and a damaged slot of it lead on from storage, and that is what they are compared with", () => {
    const found = sweep(createController, "warm reset", 9973, 5 * 53 * 2);
    expect(found.get("WRONG")).toBeUndefined();
    const lost = run(createController, SEED, "warm reset", ({ retained }) => { retained[0] = 1; });
    expect(lost.pulses).not.toEqual(run(createController, SEED, "warm reset", () => undefined).pulses);
  });

  it("notices a firmware that does not check its region, and one that corrects from the wrong copy", async () => {
    const unchecked = await loadFirmware(namedChange({ name: "unchecked region", file: "firmware/region.ts", find: "if (shadow[i] !== (primary[i] ?? 0) * Guard.factor + Guard.tag) {", replace: "if (i < 0) {" }));
    expect(sweep(unchecked, "at rest", 1499, 0).get("WRONG")?.length).toBeGreaterThan(3);
    const wrong_copy = await loadFirmware(namedChange({ name: "wrong copy", file: "firmware/region.ts", find: "  if (isCode(code)) {\n    p.primary[i] = idiv(code - Guard.tag, Guard.factor);\n    return Check.corrected;", replace: "  if (isCode(code)) {\n    p.shadow[i] = good;\n    return Check.corrected;" }));
    expect(sweep(wrong_copy, "at rest", 1499, 0).get("WRONG")?.length).toBeGreaterThan(3);
  });
});
