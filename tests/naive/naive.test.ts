// The naive model beside the controller, and changed ones that it must see.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseScenario } from "../../emulator/scenario/parse";
import { errorText } from "../../hal/fault-texts";
import type { ControllerFactory } from "../../hal/controller";
import { createController } from "../../firmware/controller";
import { loadFirmware, namedChange } from "../mutants/load";
import { compare, plainModel } from "./compare";
import { programOf } from "./generate";
import { loopModel } from "./loop";
import type { Act, Plan, Program } from "./program";
import { scenarioText } from "./scenario-text";
import { search } from "./search";

const PROGRAMS = 60;
/** These few hours are looked at millisecond by millisecond. */
const LOOPS = 3;
const SHORT_MS = 3_600_000;

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

  test(`of ${LOOPS} programs, looked at each millisecond`, () => {
    for (let n = 0; n < LOOPS; n++) {
      const drawn = programOf(1, n);
      const acts: Act[] = [];
      let left = SHORT_MS;
      for (const act of drawn.acts) {
        if (act.do === "wait") left -= act.ms;
        if (left < 0) break;
        acts.push(act);
      }
      expect(compare({ ...drawn, acts: [...acts, wait(Math.min(SHORT_MS, 600_000))] }, createController, loopModel).difference).toBeUndefined();
    }
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

describe("The naive model stands alone", () => {
  test("it imports nothing of the pump's or the emulator's", () => {
    const own = ["figures", "program", "pot", "week", "tubing", "limits", "model", "therapy", "operations"];
    for (const name of own) {
      const targets = [...readFileSync(join(import.meta.dirname, `${name}.ts`), "utf8").matchAll(/from "([^"]+)"/g)].map(([, target]) => target);
      expect(targets.filter((target) => !own.includes(target!.replace("./", "")))).toEqual([]);
    }
    expect(readdirSync(import.meta.dirname)).toContain("README.md");
  });

  test("a program can be written as a scenario", () => {
    for (let n = 0; n < 20; n++) {
      const drawn = programOf(2, n);
      const { acts, answers } = compare(drawn, createController);
      const text = scenarioText(`Program ${n}`, "A drawn program.", drawn, acts, answers, (fault) => errorText(fault).name);
      expect(parseScenario("drawn.yaml", text).steps.length).toBe(acts.length);
    }
  });
});
