// Target pico: the image's therapy is node's, and its resets bring it back.

import { beforeAll, describe, expect, test } from "vitest";
import { EXCLUSIONS, exclusionsOf } from "../../emulator/pico/exclusions";
import { Pico } from "../../emulator/pico/pico";
import { BiteReason } from "../../emulator/pico/watchdog";
import { Bench } from "../../emulator/bench";
import { openTarget } from "../../emulator/cli/targets";
import type { Machine, Program } from "../../emulator/brain";
import { TraceKind } from "../../emulator/trace";
import { Clock } from "../../hal/clock";
import { Motion } from "../../hal/motor";
import { Op, Status } from "../../protocol/operations";
import type { StagedPrescription } from "../../protocol/wand/procedures/prescription";
import { stageAndReview } from "../../protocol/wand/procedures/program";
import { begin, fullWeek } from "../bench/load";
import { flood } from "../bench/pico";
import { listen } from "../emulator/running";
import { library } from "../golden/golden";
import { picoImage, withoutImage } from "./image";
import { prefixOf } from "./prefix";

const MINUTES = 10;
/** A pulse train, a stall, resets, a flow at its limit, a supply that breaks down. */
const FIVE = ["basal/seven-days", "motor/stall-and-recovery", "resets/every-ten-minutes", "link/fraction-kept", "battery/dip-100-ms"];
/** No pulse later than this after its instant. */
const LATE_US_MAX = 10_000;
const missing = withoutImage();

test("what is excluded is declared, with reasons, at most three kinds", () => {
  expect(EXCLUSIONS.length).toBeLessThanOrEqual(3);
  expect(EXCLUSIONS.every(({ why }) => why.length > 40)).toBe(true);
  expect(exclusionsOf("  - fault: {kind: storage.damaged, value: 2}").map(({ left_out }) => left_out)).toEqual(["run"]);
  expect(exclusionsOf("  - reset: {off: 10min}").map(({ left_out }) => left_out)).toEqual(["times"]);
  expect(exclusionsOf("  - reset\n  - stop").map(({ left_out }) => left_out)).toEqual(["times"]);
  expect(exclusionsOf("  - heal: link.loss").map(({ left_out }) => left_out)).toEqual(["digest"]);
  expect(exclusionsOf("  - cut: {operation: 3}").map(({ left_out }) => left_out)).toEqual(["digest"]);
  expect(exclusionsOf("tags: [resets]\n  - expect: {records: {drive cut: 0}}")).toEqual([]);
});

interface Reviewed {
  readonly answered_ms: number;
  readonly pulses_ms: readonly number[];
  readonly late_us_max: number;
}

/** What is not written yet has the rest. */
function expectHeapWithinBudget({ measures: { heap: { high_water, region } } }: Pico): void {
  expect(high_water / region).toBeLessThan(0.75);
  expect(high_water).toBeGreaterThan(50_000);
}

/** How long staging and review of the fullest week take the wand, from before its call to the answer. */
const STAGING_MS = 1580;

/** Has the fullest week staged, so that its review comes within 100 ms before the third pulse of a week that begins at `base` ng/day. */
function reviewBefore(program: Program, base: number): Reviewed {
  const bench = new Bench({ controller: program });
  begin(bench);
  bench.prescribe(weekFrom(base));
  const pulses = listen(bench, TraceKind.pulse);
  const answers = listen(bench, TraceKind.answer);
  while (pulses.length < 2) bench.advance_us(10_000_000);
  const next_ms = 2 * pulses[1]![0]! - pulses[0]![0]!;
  bench.advance_us((next_ms - STAGING_MS) * 1000 - bench.now_us);
  bench.run(stageAndReview(weekFrom(base)));
  bench.advance_us(60_000_000);
  bench.finish();
  expect(bench.oracle.violations).toEqual([]);
  if (bench.processor instanceof Pico) expectHeapWithinBudget(bench.processor);
  const [answered_ms = 0] = answers.find(([, op]) => op === Op.review) ?? [];
  return { answered_ms, pulses_ms: pulses.map(([at_ms]) => at_ms!), late_us_max: bench.motor.late_us_max };
}

/** Seven schedules of 24 steps. */
function weekFrom(base: number): StagedPrescription {
  const [mode = 0, ...rest] = fullWeek(base);
  return { mode, week: rest.slice(0, 7), steps: Array.from({ length: (rest.length - 7) / 2 }, (_, i) => ({ key: rest[7 + 2 * i]!, rate_ng_per_day: rest[8 + 2 * i]! })) };
}

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
    // One of the five boots from storage alone.
    expectHeapWithinBudget(on_pico.bench.processor as Pico);
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
    bench.request(Op.set_up, [250_000, 20_000_000, 80, 2_000_000, 2_000_000]);
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

  // The longest request: the review of the fullest prescription. The wand's frames come at multiples of 100 ms, and pulses when the dose has them due.
  test("no reply delays a pulse, and what is asked for just before one is done at the same time as on node (ALARM-4)", async () => {
    const node = await openTarget("node");
    let waited = 0;
    let before = 0;
    for (const base of [500_000, 503_000, 507_000, 511_000, 517_000, 523_000]) {
      const wanted = reviewBefore(node, base);
      const seen = reviewBefore(machine, base);
      expect([base, seen.answered_ms, seen.pulses_ms]).toEqual([base, wanted.answered_ms, wanted.pulses_ms]);
      expect(seen.late_us_max).toBeLessThan(LATE_US_MAX);
      if (seen.answered_ms === seen.pulses_ms[2]) waited++;
      if (seen.answered_ms <= seen.pulses_ms[2]! - Clock.link_ahead_ms_min) before++;
    }
    expect([waited > 0, before > 0]).toEqual([true, true]);
  });

  test("a flood at line rate delays no pulse by 10 ms, and the link is back within a second (LINK-4)", () => {
    const seen = flood(machine, 5);
    expect(seen.bytes).toBeGreaterThan(11_500 * 5);
    expect(seen.pulses).toBe(2);
    expect(seen.late_us_max).toBeLessThan(LATE_US_MAX);
    expect(seen.answered_us).toBeLessThan(1_000_000);
  });

  test("the pump's status comes over its line, and pulses keep their distance", () => {
    const { bench } = begun();
    expect(bench.status()[Status.state]).toBe(0);
    expect(Motion.interval_ms_min * 1000).toBeGreaterThan(2 * LATE_US_MAX);
  });
}

if (missing === undefined) describe("the image in the emulated board", imageTests);
else test(`the image was not built, and target pico not tested: ${missing}`, () => { expect(missing).toContain("apt-get install"); });
