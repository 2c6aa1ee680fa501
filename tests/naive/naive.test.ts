// The naive model beside the controller, and changed ones that it must see.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseScenario } from "../../emulator/scenario/parse";
import { errorText } from "../../hal/fault-texts";
import type { ControllerFactory } from "../../hal/controller";
import { createController } from "../../firmware/controller";
import { loadFirmware, namedChange } from "../mutants/load";
import { compare, plainModel } from "./compare";
import { capPrograms, programOf } from "./generate";
import { loopModel } from "./loop";
import type { Act, Plan, Program } from "./program";
import { scenarioText } from "./scenario-text";
import { search, shrink } from "./search";

const PROGRAMS = 60;
const CAPS = 60;

const daily = (rate: number, more: Partial<Plan> = {}): Plan => ({ schedules: [[[0, rate]]], week: [0, 0, 0, 0, 0, 0, 0], timed: [], titration: [], confirm: true, ...more });
const fill = (concentration: number): Act => ({ do: "refill", fill: { volume_nL: 18_000_000, concentration, aspirated_nL: 0, rinsed: false } });
const wait = (ms: number): Act => ({ do: "wait", ms });
const program = (...acts: Act[]): Program => ({ pulse_pL: 250_000, catheter_cm: 80, previous_ng: 2_000_000, wall_ms: 1_767_600_000_000, acts });

const bolus = program(fill(2000), { do: "prescribe", plan: daily(300_000) }, { do: "start", missed_h: 0 }, wait(7_200_004), { do: "bolus", dose_ng: 30_001, minutes: 31, confirm: true }, wait(600_000), { do: "cancel", what: "bolus" }, wait(7_200_000));
const bridge = program(fill(500), { do: "prescribe", plan: daily(300_000) }, { do: "start", missed_h: 0 }, wait(60_000),
  { do: "prescribe", plan: daily(300_000, { refill: { volume_nL: 18_000_000, concentration: 2000, aspirated_nL: 17_999_000, rinsed: true, bridge: "yes" } }) }, wait(3_600_000), { do: "stop" }, wait(3_600_000), { do: "start", missed_h: 0 }, wait(86_400_000));
const timed = program(fill(2000), { do: "prescribe", plan: daily(300_000, { timed: [{ minute: 600, dose_ng: 20_000, minutes: 30 }] }) }, { do: "start", missed_h: 0 }, wait(10_800_000), { do: "clock", by_ms: -7_200_000 }, wait(14_400_000));
const step = program(fill(2000), { do: "prescribe", plan: { ...daily(300_000), schedules: [[[0, 300_000], [485, 417_001]]] } }, { do: "start", missed_h: 0 }, wait(3_600_000), { do: "prescribe", plan: daily(310_000) }, wait(3_600_000));

describe("The naive model and the controller tell the same", () => {
  test(`of ${PROGRAMS} drawn programs of three days (DOSE-1, DOSE-4a, DOSE-5a, DOSE-6b, FILL-7b, MOTOR-1b)`, () => {
    const { found, programs, pulses } = search(createController, 1, 0, PROGRAMS);
    expect(found).toEqual([]);
    expect({ programs, many: pulses > 100_000 }).toEqual({ programs: PROGRAMS, many: true });
  });

  test.each([["a bolus cancelled", bolus], ["a bridge through a stop", bridge], ["a timed bolus come again", timed], ["a change of the rate", step]])("of %s", (_name, each) => {
    expect(compare(each, createController).difference).toBeUndefined();
  });

  test(`of ${CAPS} drawn programs of boluses up to the caps: none breaks one in any window, and none is refused that would not (LIMIT-2a, LIMIT-2c, LIMIT-2d)`, () => {
    const { found, programs } = search(createController, 1, 0, CAPS, { of: capPrograms });
    expect(found).toEqual([]);
    expect(programs).toBe(CAPS);
  });

  test("of a program looked at each millisecond", () => {
    expect(search(createController, 1, 0, 1, { make: loopModel }).found).toEqual([]);
  });
});

describe("The naive model sees a controller that is not right", () => {
  const changed: [string, Program, { file: string; find: string; replace: string }][] = [
    ["rounds a bolus's share (DOSE-6b)", bolus, { file: "firmware/bolus.ts", find: "const share = Math.min(p.c[C.bolus_own], pulseDue(p, Fraction.dose));", replace: "const share = Math.min(idiv(p.c[C.bolus_own], 432000000) * 432000000, pulseDue(p, Fraction.dose));" }],
    ["keeps an interrupted bolus's fraction (DOSE-6b)", bolus, { file: "firmware/bolus.ts", find: "if (how !== BolusEnd.complete) put(p, C.dose, c[C.dose] - c[C.bolus_own]);", replace: "" }],
    ["gives a timed bolus twice (DOSE-5e)", timed, { file: "firmware/parameters.ts", find: "again_ms_min = 72_000_000", replace: "again_ms_min = 1" }],
    ["has another tubing (FILL-7a)", bridge, { file: "firmware/parameters.ts", find: "pump_nL = 140_000", replace: "pump_nL = 139_000" }],
  ];

  test.each(changed)("that %s", async (_name, each, change) => {
    const controller: ControllerFactory = await loadFirmware(namedChange({ name: "naive", ...change }));
    expect(compare(each, controller).difference).toBeDefined();
    expect(compare(each, createController, plainModel).difference).toBeUndefined();
  });
});

describe("The walk over every window sees caps that are not right", () => {
  const caps = (find: string, replace: string): { file: string; find: string; replace: string } => ({ file: "firmware/caps.ts", find, replace });
  /** With a drawn program that sees it. */
  const changed: [string, number, { file: string; find: string; replace: string }][] = [
    ["fill a window by what is past alone", 12, caps("basal += give(p, Cursor.tail, p.primary, C.mode, until - walked);", "")],
    ["forget the boluses to come", 12, caps("if (has_boluses) sum += timedWithin_ng(p, walked, shift_ms) * Dose.pL_conc_per_ng;", "")],
    ["forget what was given", 12, caps("    past += v;\n", "")],
    ["forget the windows that begin within the bolus", 60, caps("if (ahead_ng(p, false, minutes, extra_ng + delayed_ng) > cap1h_ng(p)) return Fault.above_cap_1h;", "")],
    ["forget what a bolus delays", 60, caps("const delayed_ng = bolus_ng === 0 ? 0 : timedWithin_ng(p, minutes + 1, shift_ms);", "const delayed_ng = 0;")],
    ["forget the steps of a titration", 98, caps("const scale = scaleAhead(p) * Scaled.factor;", "const scale = 1000 * Scaled.factor;")],
    ["count a bolus twice", 12, caps("const extra_ng = bolus_ng + pending_ng(p) + pulse_ng(p);", "const extra_ng = 2 * bolus_ng + pending_ng(p) + pulse_ng(p);")],
  ];

  test.each(changed)("that %s (LIMIT-2d)", async (_name, n, change) => {
    const controller = await loadFirmware(namedChange({ name: "caps", ...change }));
    expect(search(controller, 1, n, n + 1, { of: capPrograms }).found).toHaveLength(1);
    expect(search(createController, 1, n, n + 1, { of: capPrograms }).found).toEqual([]);
  });

  test("a counterexample is made small and written as a scenario", async () => {
    const controller = await loadFirmware(namedChange({ name: "caps", ...changed.at(-1)![2] }));
    const folder = mkdtempSync(join(tmpdir(), "naive-"));
    try {
      const file = shrink(controller, 1, 12, "answer to bolus", folder, "npm run naive", { of: capPrograms }, 10);
      const { steps } = parseScenario(file, readFileSync(file, "utf8"));
      expect(steps.length).toBeLessThanOrEqual(6);
      expect(steps.at(-1)!.text).toContain("expect_refusal: above the cap");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("The naive model stands alone", () => {
  test("it imports nothing of the pump's or the emulator's", () => {
    const own = ["figures", "program", "pot", "week", "tubing", "limits", "forecast", "model", "therapy", "operations"];
    for (const name of own) {
      const targets = [...readFileSync(join(import.meta.dirname, `${name}.ts`), "utf8").matchAll(/from "([^"]+)"/g)].map(([, target]) => target);
      expect(targets.filter((target) => !own.includes(target!.replace("./", "")))).toEqual([]);
    }
    expect(readdirSync(import.meta.dirname)).toContain("README.md");
  });

  test("a program can be written as a scenario", () => {
    for (let n = 0; n < 5; n++) {
      const drawn = programOf(2, n);
      const { acts, answers } = compare(drawn, createController);
      const text = scenarioText(`Program ${n}`, "A drawn program.", drawn, acts, answers, (fault) => errorText(fault).name);
      expect(parseScenario("drawn.yaml", text).steps.length).toBe(acts.length);
    }
  });
});
