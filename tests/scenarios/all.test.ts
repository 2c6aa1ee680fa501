// Every scenario on every target: it passes, with the same, golden digest.

import { beforeAll, describe, expect, it } from "vitest";
import { reasonsOf } from "../../emulator/cli/explain";
import { openTarget } from "../../emulator/cli/targets";
import { runScenario } from "../../emulator/scenario/run";
import type { Outcome } from "../../emulator/scenario/run";
import type { ControllerFactory } from "../../hal/controller";
import { digestsOf, library, readGolden } from "../golden/golden";

const runs = [...library()];
const golden = readGolden();

/** What must be equal on all targets. */
function traceOf(outcome: Outcome): Record<string, unknown> {
  return { reasons: reasonsOf(outcome), verdict: outcome.verdict, pulses: outcome.pulses, digest: outcome.digest, full_digest: outcome.full_digest };
}

describe("scenarios", () => {
  let node: ControllerFactory;
  let lua: ControllerFactory;
  beforeAll(async () => {
    node = await openTarget("node");
    lua = await openTarget("lua");
  }, 60_000);

  it("are all found", () => {
    expect(runs.length).toBeGreaterThanOrEqual(20);
    expect(runs.map(([name]) => name).sort()).toEqual(Object.keys(golden).sort());
  });

  it.each(runs)("%s passes on node and on lua alike, with its golden digest", (name, scenario) => {
    const on_node = runScenario(scenario, { controller: node });
    expect(traceOf(on_node)).toMatchObject({ reasons: [], verdict: "pass" });
    expect(traceOf(runScenario(scenario, { controller: lua }))).toEqual(traceOf(on_node));
    expect(digestsOf(on_node)).toEqual(digestsOf(golden[name] ?? { digest: "none", full_digest: "none" }));
    expect(scenario.requirements).not.toEqual([]);
  }, 60_000);

  it.each(runs)("%s has the same therapy on a processor that is 3 ms late", (_name, scenario) => {
    const prompt = runScenario(scenario, { controller: node });
    const late = runScenario(scenario, { controller: node, lag_ms: 3 });
    expect({ ...traceOf(late), full_digest: "" }).toEqual({ ...traceOf(prompt), full_digest: "" });
  }, 60_000);
});
