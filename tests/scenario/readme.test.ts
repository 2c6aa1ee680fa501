// The language's README: every example runs and passes; every verb's does too.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { reasonsOf } from "../../emulator/cli/explain";
import { parseScenarios } from "../../emulator/scenario/parse";
import { runScenario } from "../../emulator/scenario/run";
import { VERBS } from "../../emulator/scenario/verbs/index";
import { createController } from "../../firmware/controller";

const README = readFileSync(join(import.meta.dirname, "../../emulator/scenario/README.md"), "utf8");
const begin = "- refill: {volume: 18mL, concentration: 2000ug/mL}\n- prescribe: 500ug/day\n- start\n";

/** Every block of YAML; what is no whole scenario stands after the usual beginning. */
const examples = [...README.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => {
  const whole = /^scenario:/m.test(block) ? block : `scenario: x\nsteps:\n${(begin + block).replace(/^/gm, "  ").trimEnd()}\n`;
  return [block.split("\n", 1)[0] ?? "", whole] as const;
});

/** What the one example that includes a file finds there. */
const readText = (): string => begin;

describe("an example of the README", () => {
  it("is there for each construct", () => {
    const all = examples.map(([, text]) => text).join("\n");
    for (const verb of VERBS.keys()) {
      if (verb !== "set_up" && verb !== "alarms" && verb !== "acknowledge") expect(all, verb).toMatch(new RegExp(`\\b${verb}\\b`));
    }
    for (const field of ["tags:", "requirements:", "parameters:", "table:", "unit:", "seed:", "+/-", "${"]) expect(all).toContain(field);
  });

  it.each(examples)("%s", (_first, text) => {
    const outcomes = parseScenarios("README.yaml", text, readText).map((scenario) => runScenario(scenario, { controller: createController }));
    expect(outcomes.flatMap(reasonsOf)).toEqual([]);
    expect(outcomes.length).toBe(text.includes("table:") ? 3 : 1);
  });

  it("fails with one figure changed, with what was expected and seen, the time and the line", () => {
    const [, first = ""] = examples[0] ?? [];
    const [scenario] = parseScenarios("README.yaml", first.replace("30000", "30001"));
    const outcome = runScenario(scenario!, { controller: createController });
    expect(reasonsOf(outcome)).toEqual(["README.yaml:14:22: pulses: expected 30001, seen 30000, at 30d 2s 106ms (clock 2026-02-04 08:00:01.599)"]);
  });
});

describe("the example of the verb", () => {
  it.each([...VERBS.values()].map((verb) => [verb.name, verb] as const))("%s is valid", (name, { example }) => {
    const before = name === "heal" ? "  - fault: motor.stalled\n" : "";
    expect(parseScenarios("f.yaml", `scenario: x\nsteps:\n${before}  - ${example}\n`, readText)).toHaveLength(1);
  });
});
