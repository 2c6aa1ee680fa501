// Running scenarios: expectations can fail, faults heal in time, seeds count.

import { describe, expect, it } from "vitest";
import { FAULT_KINDS } from "../../emulator/faults";
import { EXPECTATIONS } from "../../emulator/scenario/expectations";
import { parseScenario } from "../../emulator/scenario/parse";
import { ScenarioProblems } from "../../emulator/scenario/problem";
import { runScenario } from "../../emulator/scenario/run";
import type { Outcome } from "../../emulator/scenario/run";
import { TraceKind } from "../../emulator/trace";
import { createController } from "../../firmware/controller";

const begin = ["refill: {volume: 18mL, concentration: 2000ug/mL}", "prescribe: {rate: 500ug/day}", "start"];

function run(steps: readonly string[], seed?: number): { outcome: Outcome; faults: string[] } {
  const faults: string[] = [];
  const scenario = parseScenario("f.yaml", ["scenario: x", "steps:", ...[...begin, ...steps].map((step) => `  - ${step}`)].join("\n"));
  const outcome = runScenario(scenario, {
    controller: createController,
    ...(seed === undefined ? {} : { seed }),
    listener: {
      begin: (bench) => {
        bench.trace.on((kind, at_ms, a, b) => {
          if (kind === TraceKind.fault) faults.push(`${b === 1 ? "+" : "-"}${FAULT_KINDS[a]?.kind ?? ""} ${String(at_ms)}`);
        });
      },
    },
  });
  return { outcome, faults };
}

/** What is expected wrongly after two days, and how the failure reads. */
const misses: readonly (readonly [string, string, string, string, string])[] = [
  ["pulses", "1999", "pulses", "1999", "2000"],
  ["motions", "1999", "motions", "1999", "2000"],
  ["confirmed", "1999", "confirmed", "1999", "2000"],
  ["uncertain", "1", "uncertain", "1", "0"],
  ["version", "2", "version", "2", "1"],
  ["rate", "500.001ug/day", "rate", "500001 ng/day", "500000 ng/day"],
  ["state", "stopped", "state", "stopped", "therapy"],
  ["remaining", "17.50025mL", "remaining", "17.50025 mL", "17.5 mL"],
  ["remaining", "17.4mL +/- 99999nL", "remaining", "17.4 +/- 0.099999 mL", "17.5 mL"],
  ["remaining_low", "1pL", "remaining_low", "0.000000001 mL", "17.5 mL"],
  ["delivered", "0.5mL \u00b1 0nL", "", "", ""],
  ["delivered", "0.4mL", "delivered", "0.4 mL", "0.5 mL"],
  ["tip_dose", "{day: 1, dose: 367ug +/- 499ng}", "tip_dose of day 1", "367 +/- 0.499 ug", "367.5 ug"],
  ["alarms", "[motor stall, low reservoir]", "alarms", "motor stall, low reservoir", "none"],
  ["raised", "{motor stall: 1}", "raised motor stall", "1 times", "0 times"],
  ["raised", "{motor stall: {at: 1d +/- 1h}}", "raised motor stall", "at 1d +/- 1h", "never"],
  ["tones", "{critical: 1}", "tones critical", "1", "0"],
  ["records", "{boot: 2}", "records boot", "2", "1"],
];

describe("expect", () => {
  it.each(misses)("%s: %s", (field, value, what, expected, seen) => {
    const { outcome } = run(["wait: 2d", "wait: 1s", `expect: {${field}: "${value}"}`.replace(/"([[{].*[\]}])"/, "$1").replace(/"(\d+)"/, "$1")]);
    const failures = outcome.failures.map((each) => [each.what, each.expected, each.seen]);
    expect(failures).toEqual(what === "" ? [] : [[what, expected, seen]]);
    expect(outcome.verdict).toBe(what === "" ? "pass" : "expectation failed");
  });

  it("has no field that was not seen to fail", () => {
    const failing = new Set(misses.filter(([, , what]) => what !== "").map(([field]) => field));
    expect([...failing].sort()).toEqual(Object.keys(EXPECTATIONS).sort());
  });

  it("asks the pump once for all that is expected at an instant", () => {
    const count = (steps: readonly string[]): string => run(steps).outcome.full_digest;
    expect(count(["wait: 1h", "expect: {state: therapy, uncertain: 0}"])).toBe(count(["wait: 1h", "expect: {state: therapy}"]));
  });
});

describe("faults", () => {
  it("heal in the order of time, at their instants, while the steps go on", () => {
    const { faults, outcome } = run(["wait: 1h", "fault: {kind: rotor.dead, for: 3min}", "fault: {kind: sounder.dead, for: 1min}", "wait: 2min",
      "fault: motor.stalled", "wait: 5min", "heal: motor.stalled", "fault: {kind: sounder.dead, for: 1d}", "wait: 1min"]);
    expect(faults).toEqual(["+rotor.dead 3600000", "+sounder.dead 3600000", "-sounder.dead 3660000", "+motor.stalled 3720000", "-rotor.dead 3780000",
      "-motor.stalled 4020000", "+sounder.dead 4020000"]);
    expect(outcome.verdict).toBe("pass");
  });

  it("can all be ordered with a value in their own unit, and not beyond their range", () => {
    const units: Readonly<Record<string, string>> = { ms: "ms", ppb: "ppb", permille: "permille", mV: "mV", uA: "uA" };
    const parse = (kind: string, value: string): void => { parseScenario("f.yaml", `scenario: x\nsteps:\n  - fault: {kind: ${kind}${value}}\n`); };
    for (const { kind, value } of FAULT_KINDS) {
      if (value === undefined) {
        parse(kind, "");
        continue;
      }
      const unit = units[value.unit] ?? "";
      for (const good of [value.min, value.max]) parse(kind, `, value: ${String(good)}${unit}`);
      expect(() => { parse(kind, `, value: ${String(value.max + 1)}${unit}`); }).toThrow(`"${String(value.max + 1)}${unit}" is out of range for ${value.what}`);
      expect(() => { parse(kind, ""); }).toThrow(`fault "${kind}" needs "value"`);
    }
  });
});

describe("a run", () => {
  it("is the same again, and another with another seed where chance plays", () => {
    const steps = ["fault: {kind: rotor.intermittent, value: 10%, for: 12h}", "wait: 1d"];
    const first = run(steps).outcome;
    expect(run(steps).outcome.full_digest).toBe(first.full_digest);
    expect(run(steps, 2).outcome.full_digest).not.toBe(first.full_digest);
  });

  it("stops at an unexpected refusal, and runs nothing of a file with a problem", () => {
    const { outcome } = run(["prescribe: {rate: 1ug/day}", "wait: 1d"]);
    expect(outcome).toMatchObject({ verdict: "refused", virtual_ms: 0, refusal: { file: "f.yaml", line: 6, fault: 10, name: "flow below minimum", operation: "prescribe" } });
    expect(() => run(["wait: 1d", "wiat: 1d"])).toThrow(ScenarioProblems);
  });
});
