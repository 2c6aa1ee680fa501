// Every scenario on every target: it passes, with the same, golden digest.

import { beforeAll, describe, expect, it } from "vitest";
import { reasonsOf } from "../../emulator/cli/explain";
import { openTarget } from "../../emulator/cli/targets";
import { runScenario } from "../../emulator/scenario/run";
import type { Outcome } from "../../emulator/scenario/run";
import type { Scenario } from "../../emulator/scenario/scenario";
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
  /** What each came to on node, which two tests are about. */
  const on_node = new Map<string, Outcome>();
  const onNode = (name: string, scenario: Scenario): Outcome => {
    const outcome = on_node.get(name) ?? runScenario(scenario, { controller: node });
    on_node.set(name, outcome);
    return outcome;
  };
  beforeAll(async () => {
    node = await openTarget("node");
    lua = await openTarget("lua");
  }, 60_000);

  it("are all found", () => {
    expect(runs.length).toBeGreaterThanOrEqual(20);
    expect(runs.map(([name]) => name).sort()).toEqual(Object.keys(golden).sort());
  });

  it.each(runs)("%s passes on node and on lua alike, with its golden digest", (name, scenario) => {
    const outcome = onNode(name, scenario);
    expect(traceOf(outcome)).toMatchObject({ reasons: [], verdict: "pass" });
    expect(traceOf(runScenario(scenario, { controller: lua }))).toEqual(traceOf(outcome));
    expect(digestsOf(outcome)).toEqual(digestsOf(golden[name] ?? { digest: "none", full_digest: "none" }));
    expect(scenario.requirements).not.toEqual([]);
  }, 60_000);

  it.each(runs)("%s has the same therapy on a processor that is 3 ms late", (name, scenario) => {
    const prompt = onNode(name, scenario);
    const late = runScenario(scenario, { controller: node, lag_ms: 3 });
    expect({ ...traceOf(late), full_digest: "" }).toEqual({ ...traceOf(prompt), full_digest: "" });
  }, 60_000);
});
