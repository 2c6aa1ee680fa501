// Target pico: the image's therapy is node's, and its resets bring it back.

import { beforeAll, describe, expect, test } from "vitest";
import { EXCLUSIONS, exclusionsOf } from "../../emulator/pico/exclusions";
import { Pico } from "../../emulator/pico/pico";
import { BiteReason } from "../../emulator/pico/watchdog";
import { Bench } from "../../emulator/bench";
import { openTarget } from "../../emulator/cli/targets";
import type { Machine } from "../../emulator/brain";
import { Motion } from "../../hal/motor";
import { Op, Status } from "../../protocol/operations";
import { library } from "../golden/golden";
import { picoImage, withoutImage } from "./image";
import { prefixOf } from "./prefix";

const MINUTES = 10;
/** A pulse train, a stall, resets, a flow at its limit, a supply that breaks down. */
const FIVE = ["basal/seven-days", "motor/stall-and-recovery", "resets/every-ten-minutes", "basal/highest-flow", "battery/dip-100-ms"];
/** No pulse later than this after its instant. */
const LATE_US_MAX = 10_000;
const missing = withoutImage();

test("what is excluded is declared, with reasons, at most three kinds", () => {
  expect(EXCLUSIONS.length).toBeLessThanOrEqual(3);
  expect(EXCLUSIONS.every(({ why }) => why.length > 40)).toBe(true);
  expect(exclusionsOf("  - fault: {kind: storage.damaged, value: 2}").map(({ fault }) => fault)).toEqual(["storage.damaged"]);
  expect(exclusionsOf("  - reset: {off: 10min}").map(({ fault }) => fault)).toEqual(["power.off"]);
  expect(exclusionsOf("  - reset\n  - stop")).toEqual([]);
});

function imageTests(): void {
  let machine: Machine;
  beforeAll(async () => { machine = await picoImage(); }, 120_000);

  /** A pump with a key, and its chip. */
  const begun = (): { bench: Bench; pico: Pico } => {
    const bench = new Bench({ controller: machine });
    bench.powerOn();
    return { bench, pico: bench.processor as Pico };
  };

  const chosen = [...library()].filter(([name]) => FIVE.some((each) => name.includes(each)));
  test("the five scenarios are there", () => { expect(chosen).toHaveLength(FIVE.length); });

  test.each(chosen)(`%s: the first ${MINUTES} minutes are node's, digest for digest`, async (_name, scenario) => {
    const on_node = prefixOf(scenario, await openTarget("node"), MINUTES * 60_000);
    const on_pico = prefixOf(scenario, machine, MINUTES * 60_000);
    expect({ events: on_pico.events, violations: on_pico.violations, error: on_pico.error }).toEqual({ events: on_node.events, violations: [], error: undefined });
    expect(on_pico.digest).toBe(on_node.digest);
    expect(on_pico.late_us_max).toBeLessThan(LATE_US_MAX);
  });

  test("two runs are the same to the instruction", () => {
    const run = (): unknown => {
      const { bench, pico } = begun();
      bench.advance_us(60_000_000);
      return [pico.chip?.core.instructions, pico.chip?.clock.now_ns, bench.trace.fullDigest()];
    };
    expect(run()).toEqual(run());
  });

  test("a watchdog's bite brings therapy's program back with its memory, and is recorded", () => {
    const { bench, pico } = begun();
    bench.request(Op.set_up, [250_000, 20_000_000]);
    pico.chip!.bitten = BiteReason.timer;
    bench.advance_us(1_000_000);
    expect(bench.processor.up).toBe(true);
    expect(bench.trace.records[1]).toBe(2); // RecordKind.boot
    expect(bench.oracle.violations).toEqual([]);
  });

  test("a fault that is left out is refused with its reason, and a lag is", () => {
    const { bench } = begun();
    expect(() => { bench.inject({ kind: "storage.damaged", value: 2 }); }).toThrow(/not on this target.*flash/);
    expect(() => new Bench({ controller: machine, lag_us: 1000 })).toThrow(/lag/);
  });

  test("without an application the program never starts, and the motor has no supply", () => {
    const flash = (begun().pico).flash.bytes.slice();
    flash.fill(0xff, 0x8_0000, 0x8_1000);
    const bench = new Bench({ controller: { start: (world) => new Pico(flash, world), excluded: {} }, wand: false });
    bench.powerOn();
    bench.advance_us(2_000_000);
    const pico = bench.processor as Pico;
    expect({ entries: pico.entries, told: pico.no_application > 0, step: pico.chip!.rp2040.gpio[4]!.value }).toEqual({ entries: 0, told: true, step: 0 });
    expect(pico.measures.tones.length).toBeGreaterThan(0);
  });

  test("the pump's status comes over its line, and pulses keep their distance", () => {
    const { bench } = begun();
    expect(bench.status()[Status.state]).toBe(0);
    expect(Motion.interval_ms_min * 1000).toBeGreaterThan(2 * LATE_US_MAX);
  });
}

if (missing === undefined) describe("the image in the emulated board", imageTests);
else test(`the image was not built, and target pico not tested: ${missing}`, () => { expect(missing).toContain("apt-get install"); });
