// MOTOR-4 on the chip: edges at any time, their direction, and the cut-off pin.

import { beforeAll, describe, expect, test } from "vitest";
import { Bench } from "../../emulator/bench";
import type { Machine } from "../../emulator/brain";
import { Pico } from "../../emulator/pico/pico";
import { Pin } from "../../emulator/pico/pins";
import { runScenario } from "../../emulator/scenario/run";
import { library, readGolden } from "../golden/golden";
import { picoImage, withoutImage } from "./image";

const missing = withoutImage();
const golden = readGolden();
/** Forward and backward, in flight and not, with the motor on and off, three times each: their digests are node's. */
const WHOLE = ["motor/runaway-third-time", "motor/stopped-and-the-motor-goes-on", "motor/reverse"];
/** Over a reset and a power loss, where digests may differ (exclusions.ts). */
const CUT = ["motor/late-edge-is-neither", "motor/uncommanded-counts"];

function imageTests(): void {
  let machine: Machine;
  beforeAll(async () => { machine = await picoImage(); }, 120_000);
  const chosen = [...library()].filter(([name]) => [...WHOLE, ...CUT].some((each) => name.includes(each)));

  test("the scenarios are there", () => { expect(chosen).toHaveLength(WHOLE.length + CUT.length); });

  test.each(chosen)("%s passes", (name, scenario) => {
    const outcome = runScenario(scenario, { controller: machine });
    expect({ failures: outcome.failures, violations: outcome.violations, verdict: outcome.verdict }).toEqual({ failures: [], violations: [], verdict: "pass" });
    if (WHOLE.some((each) => name.includes(each))) expect(outcome.digest).toBe(golden[name]?.digest);
  }, 60_000);

  test("the cut-off is low until the program closes it, and low again in a reset", () => {
    const bench = new Bench({ controller: machine });
    const pico = bench.processor as Pico;
    expect(pico).toBeInstanceOf(Pico);
    bench.powerOn();
    const high = (): boolean => Boolean(pico.chip!.rp2040.gpio[Pin.cutoff]!.outputValue);
    expect([high(), bench.cutoff.supplied]).toEqual([true, true]);
    bench.inject({ kind: "processor.reset" });
    expect([high(), bench.cutoff.supplied]).toEqual([false, false]);
    bench.advance_us(1_000_000);
    expect([high(), bench.cutoff.supplied]).toEqual([true, true]);
    expect(bench.oracle.violations).toEqual([]);
  });
}

if (missing === undefined) describe("motion on the chip (MOTOR-4a)", imageTests);
else test(`the image was not built, and its edges not tested: ${missing}`, () => { expect(missing).toContain("apt-get install"); });
