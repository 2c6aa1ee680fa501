// Firmware with a known field failure does not pass its scenarios.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { FIELD_FAILURES } from "./failures";
import { allTrials, kill } from "./kill";
import { ROOT, loadFirmware, namedChange } from "./load";

const trials = new Map(allTrials().map((trial) => [trial.key.replace("../scenarios/", "").replace(".yaml", ""), trial]));

describe("field failures", () => {
  it("are those of the requirements document, in its order", () => {
    const [, list = ""] = readFileSync(join(ROOT, "firmware/REQUIREMENTS.md"), "utf8").split("## What has gone wrong in real devices");
    const entries = [...list.matchAll(/^- (.*)$/gm)].map(([, text]) => text!);
    expect(entries.map((text, i) => text.startsWith(FIELD_FAILURES[i]?.failure ?? "-") ? "" : text).filter(Boolean)).toEqual([]);
    expect(entries).toHaveLength(FIELD_FAILURES.length);
  });

  for (const { failure, layer, scenarios } of FIELD_FAILURES) {
    for (const [name, mutant] of scenarios) {
      it(`${failure}: ${name}`, async () => {
        const trial = trials.get(name);
        expect(trial?.scenario.tags).toContain("field-failure");
        if (mutant === undefined) expect([layer === undefined, trial!.scenario.tags]).toEqual([false, expect.arrayContaining(["unknown-to-pump"])]);
        else expect(kill(await loadFirmware(namedChange(mutant)), [trial!], false)).toMatch(/: (?!crashed)/);
      });
    }
  }
});
