// Target tether: node's therapy over a line, and a line that is cut anywhere.

import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { openTarget } from "../../emulator/cli/targets";
import type { TetherBrain } from "../../emulator/tether/brain";
import { tetherMachine } from "../../emulator/tether/machine";
import { loadScenario } from "../../emulator/scenario/load";
import { runScenario } from "../../emulator/scenario/run";
import { createController } from "../../firmware/controller";
import { Phase } from "../../hal/serial/tether";
import { Drive } from "../../protocol/peripherals";
import { withoutImage } from "../pico/image";
import { allPoints, Busy, judge, mishapText, outageOf, type Mishap } from "./campaign";
import { boardFlash } from "./image";

const missing = withoutImage();
const POINTS = 15;
/** What the README states: alignment, and how late a step is. */
const ALIGNED_US = 500;
const LATE_US_MAX = 10_000;

function tetherTests(): void {
  let image: Uint8Array;
  let whole: Busy;
  beforeAll(async () => {
    image = await boardFlash();
    whole = new Busy(image).run();
  }, 120_000);

  test.each(["basal", "bolus", "drive-fault"])("%s: node's therapy, digest for digest, by a board whose crystal is another", async (name) => {
    const scenario = loadScenario(join(import.meta.dirname, "scenarios", `${name}.yaml`));
    const on_node = runScenario(scenario, { controller: await openTarget("node") });
    for (const ppb of [20_000, -40_000]) {
      let brain: TetherBrain | undefined;
      const over_line = runScenario(scenario, { controller: tetherMachine(image, createController, ppb), listener: { begin: (bench) => { brain = bench.processor as TetherBrain; } } });
      expect([over_line.verdict, over_line.violations, over_line.pulses]).toEqual(["pass", [], on_node.pulses]);
      // A slow crystal measures 7.999 ms for a latency of 8: what the hardware measured is what counts.
      if (ppb > 0) expect(over_line.digest).toBe(on_node.digest);
      const { measures, host: { tether } } = brain!;
      expect(measures.align_us_max).toBeLessThanOrEqual(tether.alignment.error_us_max);
      expect(tether.alignment.error_us_max).toBeLessThan(ALIGNED_US);
      expect(Math.max(...measures.late_us)).toBeLessThan(LATE_US_MAX);
      expect(measures.late_us).toHaveLength(on_node.pulses);
    }
  });

  test("an undisturbed minute of 24 mL a day has nothing wrong", () => {
    expect(judge(whole, whole.pulses_ms, 0)).toEqual([]);
    expect(whole.pulses_ms.length).toBeGreaterThan(75);
    expect(whole.cut_after_us).toEqual([]);
  });

  test(`the line cut at ${POINTS} points of it: no pulse too many, the dead-man's time is kept, doubt is in the books, therapy is back`, () => {
    const points = allPoints(image, whole, POINTS, 1);
    expect(new Set(points.map(({ frame }) => frame)).size).toBeGreaterThanOrEqual(6);
    expect(new Set(points.map(({ where }) => where)).size).toBe(3);
    let doubts = 0;
    let cuts = 0;
    for (const point of points) {
      const busy = new Busy(image).run(point);
      expect([mishapText(point), judge(busy, whole.pulses_ms, outageOf(point))]).toEqual([mishapText(point), []]);
      doubts += busy.results.filter((result) => result !== 1).length;
      cuts += busy.cut_after_us.length;
    }
    expect(doubts).toBeGreaterThan(10);
    expect(cuts).toBeGreaterThan(2);
  });

  const mishaps: readonly Mishap[] = [
    { kind: "stopped", at_us: 10_300_000, for_us: 2_000_000 }, { kind: "stalled", at_us: 10_300_000, for_us: 2_000_000 },
    { kind: "flood", way: "out", at_us: 10_300_000, for_us: 3_000_000 }, { kind: "flood", way: "back", at_us: 10_300_000, for_us: 3_000_000 },
  ];
  test.each(mishaps.map((mishap) => [mishapText(mishap), mishap] as const))("%s: the board stops the motor by itself, and therapy is back without a burst", (_, mishap) => {
    const { for_us } = mishap as Mishap & { readonly for_us: number };
    const busy = new Busy(image);
    let lost = 0;
    busy.brain.line = ({ kind }) => { if (kind === "lost") lost++; };
    busy.run(mishap);
    expect(judge(busy, whole.pulses_ms, for_us)).toEqual([]);
    expect(lost).toBe(1);
    expect(busy.cut_after_us).toHaveLength(1);
  });

  test("a controller that is stopped for good leaves a drive without supply, and the board says so on its line", () => {
    const busy = new Busy(image);
    busy.bench.advance_us(5_000_000);
    busy.brain.freeze(3_600_000_000);
    const steps = busy.brain.measures.steps;
    busy.bench.advance_us(5_000_000);
    expect(busy.bench.cutoff.supplied).toBe(false);
    expect(busy.brain.measures.steps).toBe(steps);
    expect(busy.back.frames.slice(-5).every(({ kind }) => kind === "announcement")).toBe(true);
    expect(busy.brain.host.tether.phase).toBe(Phase.up); // so it believed when it was stopped
    expect(busy.brain.host.tether.drive).toBe(Drive.supplied);
  });
}

if (missing === undefined) describe("a board at the end of a line", tetherTests);
else test(`the image was not built, and target tether not tested: ${missing}`, () => { expect(missing).toContain("apt-get install"); });
