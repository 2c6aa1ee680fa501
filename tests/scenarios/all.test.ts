// Every scenario: passes on node, with its golden digest, and on lua alike.

import { beforeAll, describe, expect, it } from "vitest";
import { reasonsOf } from "../../emulator/cli/explain";
import { openTarget } from "../../emulator/cli/targets";
import { runScenario } from "../../emulator/scenario/run";
import type { Outcome } from "../../emulator/scenario/run";
import type { Scenario } from "../../emulator/scenario/scenario";
import type { Bench } from "../../emulator/bench";
import type { ControllerFactory } from "../../hal/controller";
import { digestsOf, library, readGolden } from "../golden/golden";
import { AlarmWatch } from "./alarm-watch";
import { Beginning } from "./beginning";

const runs = [...library()];
const golden = readGolden();

/** Lua takes five times as long as node: what is longer than three days is compared for so long here, and whole by `npm run scenarios:lua`. */
const ON_LUA_MS = 3 * 86_400_000;

function isLong(name: string): boolean {
  return (golden[name]?.virtual_ms ?? 0) > ON_LUA_MS;
}

/** What must be equal on all targets. */
function traceOf(outcome: Outcome): Record<string, unknown> {
  return { reasons: reasonsOf(outcome), verdict: outcome.verdict, pulses: outcome.pulses, digest: outcome.digest, full_digest: outcome.full_digest };
}

/** What lua does from the beginning is what node did; the first event that differs is told with its time. */
function expectSameBeginning(scenario: Scenario, lua: ControllerFactory, beginning: Beginning | undefined): void {
  const { error, violations } = runScenario(scenario, { controller: lua, listener: { begin: ({ trace }) => { beginning?.follow(trace); } } });
  expect(`${error?.name ?? "no end"}: ${error?.message ?? ""}`).toBe(`BeginningIsOver: ${ON_LUA_MS} ms are over`);
  expect(violations).toEqual([]);
}

describe("scenarios", () => {
  let node: ControllerFactory;
  let lua: ControllerFactory;
  /** What each came to on node, which three tests are about. */
  const on_node = new Map<string, Outcome>();
  const alarms = new AlarmWatch();
  const beginnings = new Map<string, Beginning>();
  const onNode = (name: string, scenario: Scenario): Outcome => {
    const before = on_node.get(name);
    if (before !== undefined) return before;
    const beginning = isLong(name) ? new Beginning(ON_LUA_MS) : undefined;
    const begin = ({ trace }: Bench): void => {
      alarms.watch(name, trace);
      beginning?.keep(trace);
    };
    const outcome = runScenario(scenario, { controller: node, listener: { begin } });
    on_node.set(name, outcome);
    if (beginning !== undefined) beginnings.set(name, beginning);
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
    if (isLong(name)) {
      expectSameBeginning(scenario, lua, beginnings.get(name));
      // Up to a million numbers.
      beginnings.delete(name);
    } else expect(traceOf(runScenario(scenario, { controller: lua }))).toEqual(traceOf(outcome));
    expect(digestsOf(outcome)).toEqual(digestsOf(golden[name] ?? { digest: "none", full_digest: "none" }));
    expect(scenario.requirements).not.toEqual([]);
  }, 60_000);

  it("have no pair of alarms on that is called impossible, nor an alarm in a state that it is not for", () => {
    for (const [name, scenario] of runs) onNode(name, scenario);
    expect(alarms.wrong).toEqual([]);
    expect(alarms.seen.size).toBeGreaterThanOrEqual(7);
  }, 120_000);

  it.each(runs)("%s has the same therapy on a processor that is 3 ms late", (name, scenario) => {
    const prompt = onNode(name, scenario);
    const late = runScenario(scenario, { controller: node, lag_ms: 3 });
    expect({ ...traceOf(late), full_digest: "" }).toEqual({ ...traceOf(prompt), full_digest: "" });
  }, 60_000);
});
