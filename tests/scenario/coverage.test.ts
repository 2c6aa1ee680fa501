// Everything that hal and plant can do has a way into a scenario.

import { describe, expect, it, vi } from "vitest";
import { Bench } from "../../emulator/bench";
import { FAULT_KINDS } from "../../emulator/faults";
import { DEFAULT_UNIT } from "../../emulator/unit";
import { parseScenario } from "../../emulator/scenario/parse";
import { RECORD_FIELDS } from "../../emulator/scenario/record-fields";
import { runScenario } from "../../emulator/scenario/run";
import type { Outcome } from "../../emulator/scenario/run";
import { UNIT_FIGURES } from "../../emulator/scenario/unit-fields";
import { createController } from "../../firmware/controller";
import { FAULT_TEXTS } from "../../hal/fault-texts";
import { OPERATION_NAMES, RECORD_NAMES } from "../../protocol/names";
import type { RecordKind } from "../../protocol/records";

const begin = ["refill: {volume: 18mL, concentration: 2000ug/mL}", "prescribe: 500ug/day", "start"];

function run(steps: readonly string[], head = ""): Outcome {
  return runScenario(parseScenario("f.yaml", [`scenario: x\n${head}steps:`, ...steps.map((step) => `  - ${step}`)].join("\n")), { controller: createController, instant: true });
}

/** Failures as text, and what ended the run. */
function trouble(outcome: Outcome): unknown[] {
  return [...outcome.failures.map(({ what, expected, seen }) => `${what}: ${expected}, ${seen}`), outcome.refusal, outcome.error].filter((each) => each !== undefined);
}

describe("a scenario", () => {
  it("can send every operation", () => {
    const request = vi.spyOn(Bench.prototype, "request");
    const outcome = run(["set_up: {pulse: 251nL}", ...begin, "alarms: {low_volume: 5mL}", "clock: {by: 1h}", "fault: motor.stalled", "wait: 1h", "acknowledge: motor stall", "stop: 3",
      "set_up: {expect_refusal: not in this state}", "expect: {state: stopped}", "prime: 0.1mL", "cancel: prime", "tone: other", "start", "heal: motor.stalled",
      'prescribe: {rate: 500ug/day, boluses: {"20:00": {dose: 10ug, over: 30min}}, patient: {dose: 20ug, over: 30min, most: 2}, titration: [{rate: 100%, days: 7}], refill: {volume: 18mL, concentration: 2000ug/mL}}',
      "wait: 1h", "bolus: {dose: 10ug, over: 30min}", "cancel: bolus", "bolus: {by: patient}", "request: {operation: 170}", "request: {operation: 171}", "request: {operation: 172}",
      "request: {operation: 144}", "request: {operation: 156, arguments: [0]}", "request: {operation: 157}", "request: {operation: 158, arguments: [1]}", "request: {operation: 160}", "request: {operation: 159}"]);
    const sent = new Set(request.mock.calls.map(([op]) => String(op)));
    request.mockRestore();
    expect(trouble(outcome)).toEqual([]);
    expect([...sent].sort()).toEqual(Object.keys(OPERATION_NAMES).sort());
  });

  it("can expect every refusal, by name and by number", () => {
    for (const [number, { name }] of Object.entries(FAULT_TEXTS)) {
      if (number === "0") continue;
      for (const written of [name, number]) expect(parseScenario("f.yaml", `scenario: x\nsteps:\n  - request: {operation: 4, expect_refusal: ${written}}\n`).steps).toHaveLength(1);
    }
  });

  it.each(FAULT_KINDS.map((kind) => [kind.kind, kind] as const))("can begin %s, see it in force and end it", (kind, { value, instant }) => {
    const units: Readonly<Record<string, string>> = { slot: "", count: "" };
    const written = value === undefined ? "" : `, value: ${String(value.max > 1000 ? Math.max(value.min, 100) : value.min)}${units[value.unit] ?? value.unit}`;
    const steps = [`fault: {kind: ${kind}${written}}`, "wait: 1s"];
    const outcome = run([...begin, "wait: 1h", ...steps, ...(instant === true ? ["expect: {faults: []}"] : [`expect: {faults: [${kind}]}`, `heal: ${kind}`, "expect: {faults: []}"])]);
    expect(trouble(outcome)).toEqual([]);
  });

  it("can set every figure of the unit, and every figure has its default", () => {
    expect([...Object.values(UNIT_FIGURES)].sort()).toEqual(Object.keys(DEFAULT_UNIT).sort());
    const head = "unit: {pulse: 251nL, stroke: 249nL, reservoir: 40mL, dead: 1mL, catheter: 60cm, replaces: 450ug/day, crystal: 10ppm, latency: 9ms, temperature: 36C, wall: 2027-01-01, boot: 30ms, "
      + "battery: 1Ah, aging: 200mOhm, sleep: 5uA, link: 90uA, load: 90mA, pulse_charge: 900uC, tone: 60uA}\n";
    expect(parseScenario("f.yaml", `scenario: x\n${head}steps: [start]\n`).unit).toEqual({
      pulse_pL: 251_000, stroke_pL: 249_000, capacity_nL: 40_000_000, dead_nL: 1_000_000, catheter_cm: 60, previous_ng: 450_000, crystal_ppb: 10_000, latency_us: 9000, temperature_dC: 360,
      wall_ms: Date.UTC(2027, 0), boot_delay_ms: 30, battery_nC: 3_600_000_000_000, sleep_uA: 5, link_uA: 90, load_mA: 90, aging_mOhm_per_year: 200, pulse_nC: 900_000, tone_nC_per_ms: 60,
    });
    expect(parseScenario("f.yaml", "scenario: x\nunit: {pulse: 240nL}\nsteps: [start]\n").unit).toEqual({ ...DEFAULT_UNIT, pulse_pL: 240_000, stroke_pL: 240_000 });
  });

  it("knows the values of every record, each by a name of its own in its place", () => {
    for (const [number, name] of Object.entries(RECORD_NAMES)) {
      const fields = Object.values(RECORD_FIELDS[Number(number) as RecordKind]);
      expect(fields.map(({ slot }) => slot), name).toEqual([...fields.map(({ slot }) => slot)].sort());
    }
  });

  it("can compare the values of the log", () => {
    const outcome = run([...begin, "clock: {by: 1h}", "wait: 1h", "stop: 3", "refill: {volume: 10mL, concentration: 2000ug/mL}", "start", "fault: processor.reset", "wait: 1s",
      "prescribe: {rate: 1ug/day, expect_refusal: flow below minimum}",
      "expect: {logged: {boot: {cause: watchdog, detail: 0, at: 1h 20ms}, state: {from: stopped, to: therapy, at: 1h}, segment: {mode: schedule, rate: 500ug/day, version: 1}, "
      + "clock set: {from: 2026-01-05 08:00, to: 2026-01-05 09:00}, refill: {volume: 10mL, concentration: 2000ug/mL, residual: 17.98975mL}, "
      + "operation: {operation: review, fault: flow below minimum}}}"]);
    expect(trouble(outcome)).toEqual([]);
  });
});
