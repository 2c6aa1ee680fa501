// Flow accuracy: windows against a walk, known trains, the real pump, bolus.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { accuracyOf, overLimit } from "../../emulator/accuracy/accuracy";
import { bolusAccuracy, bolusVolumes, BOLUS_COUNT } from "../../emulator/accuracy/bolus";
import { trumpetChart } from "../../emulator/accuracy/chart";
import { accuracyCsv } from "../../emulator/accuracy/csv";
import { deviation_ppm, exceeds, pulsesOf, requested_pL } from "../../emulator/accuracy/flow";
import { measure } from "../../emulator/accuracy/measure";
import { parseSetRate } from "../../emulator/accuracy/set-rate";
import type { SetRate } from "../../emulator/accuracy/set-rate";
import { linearScale } from "../../emulator/accuracy/svg";
import { percentText, volumeText, windowText } from "../../emulator/accuracy/text";
import { extremes, WINDOWS_US } from "../../emulator/accuracy/windows";
import type { Train } from "../../emulator/accuracy/windows";
import { DEFAULT_UNIT } from "../../emulator/unit";
import { createController } from "../../firmware/controller";
import { metronome } from "./metronome";
import { running } from "./running";

const MINUTE_US = 60_000_000;
const DAY_US = 86_400_000_000;
const PULSE = 250_000;

/** Every window there is, by counting: a start at each unit of time. */
function walk({ at_us, volume_pL, length_us }: Train, window_us: number): { max_pL: number; min_pL: number } {
  const sums: number[] = [];
  for (let start = 0; start + window_us <= length_us; start++) {
    sums.push(volume_pL.reduce((sum, volume, i) => (at_us[i]! >= start && at_us[i]! < start + window_us ? sum + volume : sum), 0));
  }
  return { max_pL: Math.max(...sums), min_pL: Math.min(...sums) };
}

function rate(text: string, concentration = 2000): SetRate {
  const parsed = parseSetRate(text, concentration);
  if ("wrong" in parsed) throw new Error(parsed.wrong);
  return parsed;
}

/** Equal pulses at equal intervals. */
function regular(interval_us: number, length_us: number, first_us = 0, volume = PULSE): Train {
  const at_us: number[] = [];
  for (let at = first_us; at < length_us; at += interval_us) at_us.push(at);
  return { at_us, volume_pL: at_us.map(() => volume), length_us };
}

describe("observation windows", () => {
  it("hold at most and at least what a walk over every instant finds", () => {
    const train = fc.record({ gaps: fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 3 })), { maxLength: 25 }), rest: fc.integer({ min: 1, max: 12 }), window: fc.integer({ min: 1, max: 40 }) });
    fc.assert(fc.property(train, ({ gaps, rest, window }) => {
      let at = -1;
      const at_us = gaps.map(([gap]) => (at += gap + 1));
      const length_us = Math.max(at + rest, window);
      const given = { at_us, volume_pL: gaps.map(([, volume]) => volume), length_us };
      expect(extremes(given, window)).toEqual(walk(given, window));
    }), { numRuns: 600, seed: 7 });
  });

  it("count a pulse at their first instant and not one at their last", () => {
    const two = { at_us: [10, 20], volume_pL: [1, 1], length_us: 31 };
    expect(extremes(two, 10)).toEqual({ max_pL: 1, min_pL: 0 });
    expect(extremes(two, 11)).toEqual({ max_pL: 2, min_pL: 1 });
    // The gap holds 9 instants: the window that fits it just misses both.
    expect(extremes({ ...two, at_us: [0, 10], length_us: 11 }, 9).min_pL).toBe(0);
    expect(extremes({ ...two, at_us: [0, 10], length_us: 11 }, 10).min_pL).toBe(1);
  });

  it("lie within the analysis period: its whole, and none that is longer", () => {
    const train = { at_us: [0, 99], volume_pL: [3, 4], length_us: 100 };
    expect(extremes(train, 100)).toEqual({ max_pL: 7, min_pL: 7 });
    expect(() => extremes(train, 101)).toThrow("no window of 101 us");
    expect(() => extremes(train, 0)).toThrow();
    expect(extremes({ at_us: [], volume_pL: [], length_us: 100 }, 7)).toEqual({ max_pL: 0, min_pL: 0 });
  });
});

describe("figures of a train that is known", () => {
  it("regular pulses at the set rate are the quantisation floor, at every window", () => {
    // 500 ug/day of 2000 ug/mL is a pulse each 86.4 s.
    const { windows, mean } = accuracyOf(rate("500ug/day"), PULSE, regular(86_400_000, 30 * DAY_US, 1_234_567), WINDOWS_US);
    expect(windows.map(({ window_us }) => window_us / MINUTE_US)).toEqual([15, 60, 150, 330, 570, 930, 1440, 10_080]);
    for (const { max, min, floor_max, floor_min } of windows) expect([max, min]).toEqual([floor_max, floor_min]);
    // 15 min are 10.41666 pulses: 11 of them are 5.6 % more, 10 are 4 % less, and one pulse is 9.6 %.
    expect(windows[0]).toEqual({
      window_us: 15 * MINUTE_US, requested_pL: 2_604_167, max: { delivered_pL: 11 * PULSE, deviation_ppm: 56_000 }, min: { delivered_pL: 10 * PULSE, deviation_ppm: -40_000 },
      floor_max: { delivered_pL: 11 * PULSE, deviation_ppm: 56_000 }, floor_min: { delivered_pL: 10 * PULSE, deviation_ppm: -40_000 }, one_pulse_ppm: 96_000,
    });
    expect(mean).toEqual({ delivered_pL: 30_000 * PULSE, deviation_ppm: 0 });
  });

  it("a stroke of 114.5 % is 14.5 % in the mean and in a day, and the floor stays that of the calibrated pulse", () => {
    const { windows, mean, pulses } = accuracyOf(rate("500ug/day"), PULSE, regular(86_400_000, 10 * DAY_US, 5, 286_250), WINDOWS_US);
    expect([mean.deviation_ppm, pulses]).toEqual([145_000, 10_000]);
    expect(windows.at(-2)).toMatchObject({ max: { deviation_ppm: 145_000 }, min: { deviation_ppm: 145_000 }, floor_max: { deviation_ppm: 0 } });
    expect(windows[0]).toMatchObject({ max: { deviation_ppm: 209_120 }, floor_max: { deviation_ppm: 56_000 } });
  });

  it("an interval that is longer by a part lacks that part", () => {
    const { mean } = accuracyOf(rate("500ug/day"), PULSE, regular(86_400_000 * 1.25, 10 * DAY_US), WINDOWS_US);
    expect(mean.deviation_ppm).toBe(-200_000);
  });

  it("windows longer than the analysis period are left out", () => {
    expect(accuracyOf(rate("500ug/day"), PULSE, regular(86_400_000, 2 * DAY_US), WINDOWS_US).windows).toHaveLength(7);
  });

  it("a deviation of exactly the limit is not over it", () => {
    const accuracy = accuracyOf(rate("500ug/day"), PULSE, regular(86_400_000, 10 * DAY_US), WINDOWS_US);
    expect(overLimit(accuracy, 56_000)).toEqual([]);
    expect(overLimit(accuracy, 55_999)).toEqual([{ window_us: 15 * MINUTE_US, which: "max", deviation_ppm: 56_000, floor_ppm: 56_000 }]);
    expect(overLimit(accuracyOf(rate("500ug/day"), PULSE, regular(86_400_000, 10 * DAY_US, 0, 260_000), [7 * DAY_US]), 30_000).map(({ which }) => which)).toEqual(["max", "min", "mean"]);
  });
});

describe("a set flow", () => {
  it("is exact where it is no whole number of pL", () => {
    const third = { pL: 1, days: 3 };
    expect([requested_pL(third, DAY_US), requested_pL(third, 2 * DAY_US), requested_pL(third, 3 * DAY_US)]).toEqual([0, 1, 1]);
    expect(deviation_ppm(1, third, 2 * DAY_US)).toBe(500_000);
    expect(deviation_ppm(1, third, 3_000_001 * DAY_US / 1_000_000)).toBe(0);
    expect(exceeds(1, third, 3 * DAY_US, 0)).toBe(false);
    expect(exceeds(1, third, 3 * DAY_US + 1, 0)).toBe(true);
    expect(pulsesOf({ pL: 1_000_000, days: 1 }, PULSE, DAY_US)).toEqual({ whole: 4, part: false });
    expect(pulsesOf({ pL: 1_000_000, days: 1 }, PULSE, DAY_US + 1)).toEqual({ whole: 4, part: true });
  });

  it("is read as a dose, a volume or the minimum rate", () => {
    expect(rate("500ug/day").flow).toEqual({ pL: 500_000_000_000, days: 2000 });
    expect(rate("0.25mL/day")).toEqual(rate("500ug/day"));
    expect(rate("0.25mL/day", 500).text).toBe("0.25 mL/day (125 ug/day)");
    expect(rate("minimum").flow).toEqual({ pL: 6_000_000, days: 1 });
    expect(parseSetRate("500ug", 2000)).toEqual({ wrong: expect.stringContaining('expected a dose rate such as "500ug/day"') as string });
    expect(parseSetRate("0.25ml/day", 2000)).toEqual({ wrong: expect.stringContaining('did you mean "0.25mL/day"?') as string });
    expect(parseSetRate("1nL/day", 500)).toEqual({ wrong: expect.stringContaining("no whole number of ng/day") as string });
    expect(parseSetRate("9999mg/day", 500)).toEqual({ wrong: expect.stringContaining("more than the pump's protocol can say") as string });
  });
});

describe("the pump itself", () => {
  const setup = { controller: createController, seed: 1, unit: DEFAULT_UNIT, concentration: 2000, faults: [], stabilization_us: DAY_US, analysis_us: 8 * DAY_US };

  it("DOSE-1: is at the quantisation floor, at the least flow and at 1 mL/day", () => {
    for (const text of ["0.048mL/day", "1mL/day"]) {
      const { train, violations, ended_in } = measure(rate(text), setup);
      const { mean, windows } = accuracyOf(rate(text), PULSE, train, WINDOWS_US);
      expect({ violations, ended_in, mean: mean.deviation_ppm }).toEqual({ violations: [], ended_in: undefined, mean: 0 });
      expect(windows).toHaveLength(8);
      for (const { max, min, floor_max, floor_min } of windows) expect([max, min]).toEqual([floor_max, floor_min]);
    }
  });

  it("is measured by what it truly moved, at true time: a worn head and a fast crystal, which no book shows", () => {
    const worn = measure(rate("1mL/day"), { ...setup, faults: [{ kind: "motor.worn", value: 1145 }] });
    expect(accuracyOf(rate("1mL/day"), PULSE, worn.train, []).mean.deviation_ppm).toBe(145_000);
    // 200 ppm of 32 000 pulses are 6.4, and a window can hold one more.
    const fast = measure(rate("1mL/day"), { ...setup, unit: { ...DEFAULT_UNIT, crystal_ppb: 200_000 } });
    expect([32_006, 32_007]).toContain(fast.train.at_us.length);
    expect(worn.violations.length + fast.violations.length).toBe(0);
  });

  it("has its reservoir refilled: six days of 4 mL are delivered whole; a stroke of three times its size does not run dry, and by one of half its size the books do not", () => {
    const run = (stroke_pL: number, analysis_us: number): Train =>
      measure(rate("4mL/day", 500), { ...setup, concentration: 500, stabilization_us: 0, analysis_us, unit: { ...DEFAULT_UNIT, stroke_pL } }).train;
    // The pulse that is due as the last day ends is no longer in it.
    expect(run(PULSE, 6 * DAY_US).volume_pL.reduce((sum, each) => sum + each, 0)).toBe(95_999 * PULSE);
    expect(new Set(run(3 * PULSE, 2 * DAY_US).volume_pL)).toEqual(new Set([3 * PULSE]));
    expect(run(PULSE / 2, 6 * DAY_US).volume_pL).toHaveLength(95_999);
  });

  it("that ends in another state than therapy is said to", () => {
    const { train, ended_in } = measure(rate("1mL/day"), { ...setup, stabilization_us: 0, controller: metronome({ off_after: 100 }) });
    expect({ pulses: train.at_us.length, ended_in }).toEqual({ pulses: 100, ended_in: "safe off" });
  });
});

describe("boluses", () => {
  it("are weighed by mean, greatest and least deviation", () => {
    expect(bolusAccuracy([1000, 1010, 980], 1000)).toEqual({
      count: 3, requested_pL: 1000, mean: { delivered_pL: 997, deviation_ppm: -3333 }, max: { delivered_pL: 1010, deviation_ppm: 10_000 }, min: { delivered_pL: 980, deviation_ppm: -20_000 },
    });
    expect(bolusAccuracy([1050, 1050], 1000)).toMatchObject({ mean: { deviation_ppm: 50_000 }, max: { deviation_ppm: 50_000 }, min: { deviation_ppm: 50_000 } });
    expect(() => bolusAccuracy([], 1000)).toThrow("no boluses");
  });

  it("are given one after another, 25 of them", () => {
    let given = 0;
    const volumes = bolusVolumes(running(), (_bench, dose_ng) => dose_ng + given++, 500);
    expect(volumes).toHaveLength(BOLUS_COUNT);
    expect([volumes[0], volumes.at(-1)]).toEqual([500, 524]);
  });
});

describe("what is shown", () => {
  const accuracy = accuracyOf(rate("500ug/day"), PULSE, regular(86_400_000, 10 * DAY_US), WINDOWS_US);

  it("CSV has a row for each rate and window, with its names first", () => {
    const lines = accuracyCsv([accuracy, { ...accuracy, rate: { ...accuracy.rate, text: 'a "rate", quoted' } }]).trimEnd().split("\n");
    expect(lines).toHaveLength(17);
    expect(lines[0]).toBe("rate,flow_nL_per_day,analysis_min,pulses,requested_pL,delivered_pL,mean_error_percent,window_min,window_requested_pL,window_max_pL,window_min_pL,max_percent,min_percent,floor_max_percent,floor_min_percent,one_pulse_percent");
    expect(lines[1]).toBe("0.25 mL/day (500 ug/day),250000,14400,10000,2500000000,2500000000,0,15,2604167,2750000,2500000,5.6,-4,5.6,-4,9.6");
    expect(lines[9]).toMatch(/^"a ""rate"", quoted",250000,/);
  });

  it("the chart draws both curves, the floor, one pulse and the mean, each where its figure is", () => {
    const svg = trumpetChart([accuracy], "a < b; c");
    const attribute = (pattern: RegExp): string => pattern.exec(svg)?.[1] ?? "none";
    const y_max = Number(attribute(/class="max" points="[\d.]+,([\d.]+) /));
    const y_min = Number(attribute(/class="min" points="[\d.]+,([\d.]+) /));
    // The scale is from -10 % to +10 % on 220 px, and 0 is in its middle.
    expect([y_max, y_min]).toEqual([54 + 110 - 5.6 * 11, 54 + 110 + 4 * 11]);
    expect(Number(attribute(/class="one-pulse" points="[\d.]+,([\d.]+) /))).toBe(Math.round((164 - 9.6 * 11) * 10) / 10);
    // Along the edge it falls with the window: the last point above 0 is that of the week.
    const [, y_week] = attribute(/class="one-pulse" points="([^"]*)"/).split(" ")[48]!.split(",").map(Number);
    expect(y_week).toBe(Math.round((164 - (9.6 / 672) * 11) * 10) / 10);
    expect(Number(attribute(/class="mean"[^>]*y1="([\d.]+)"/))).toBe(164);
    expect(svg.match(/class="floor"/g)).toHaveLength(16);
    for (const text of ["deviation from the set rate (%)", "observation window, log scale", ">15<", ">930<", ">24 h<", ">7 d<", "0.25 mL/day (500 ug/day)", "a &lt; b"]) expect(svg).toContain(text);
    // Equal ratios of windows are equal distances.
    const xs = [...attribute(/class="max" points="([^"]*)"/).matchAll(/([\d.]+),/g)].map(([, x]) => Number(x));
    expect((xs[1]! - xs[0]!) / Math.log(4)).toBeCloseTo((xs[7]! - xs[6]!) / Math.log(7), 0);
  });

  it("an axis has 0 in it, and whole steps", () => {
    const scale = linearScale(3000, 41_000, { from: 220, to: 0 });
    expect([scale.step, scale.ticks]).toEqual([10_000, [0, 10_000, 20_000, 30_000, 40_000, 50_000]]);
    expect([scale.at(0), scale.at(50_000)]).toEqual([220, 0]);
    expect(linearScale(0, 0, { from: 1, to: 0 }).ticks).toEqual([0, 1]);
  });

  it("texts round to what they show", () => {
    expect([56_000, -5, -4, 0, 1_000_000, 145_004].map(percentText)).toEqual(["+5.600", "-0.001", "0.000", "0.000", "+100.000", "+14.500"]);
    expect(WINDOWS_US.map(windowText)).toEqual(["15 min", "60 min", "150 min", "330 min", "570 min", "930 min", "24 h", "7 d"]);
    expect([volumeText(2_604_167), volumeText(7_500_000_000)]).toEqual(["2.604 uL", "7.5 mL"]);
  });
});
