// Tests of the crystal: exact against BigInt over years of drift.

import { describe, expect, test } from "vitest";
import { Crystal } from "../../emulator/devices/crystal";
import { Stream } from "../../emulator/engine/random";

/** Floor division. */
function floorDiv(a: bigint, b: bigint): bigint {
  const q = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? q - 1n : q;
}

const measured = (span: number, ppb: number): number => span + Number(floorDiv(BigInt(span) * BigInt(ppb), 1_000_000_000n));
const SEVEN_YEARS_US = 7 * 366 * 86_400_000_000;

describe("the crystal", () => {
  test("is exact over seven years at any drift", () => {
    const stream = new Stream(1, "test.crystal");
    for (let n = 0; n < 20_000; n++) {
      const ppb = stream.below(400_001) - 200_000;
      const span = Math.floor((stream.slot() / 2 ** 53) * SEVEN_YEARS_US);
      const crystal = new Crystal(ppb, () => 0, () => undefined);
      expect(crystal.pump_us(span)).toBe(measured(span, ppb));
      expect(crystal.measured_us(span)).toBe(measured(span, ppb));
    }
  });

  test("finds the first true instant of a pump time", () => {
    const stream = new Stream(2, "test.crystal");
    for (let n = 0; n < 20_000; n++) {
      const ppb = stream.below(400_001) - 200_000;
      const crystal = new Crystal(ppb, () => 0, () => undefined);
      const pump_ms = Math.floor((stream.slot() / 2 ** 53) * (SEVEN_YEARS_US / 1000)) + 1;
      const true_us = crystal.true_us(pump_ms);
      expect(crystal.pump_ms(true_us)).toBe(pump_ms);
      expect(crystal.pump_ms(true_us - 1)).toBe(pump_ms - 1);
    }
  });

  test("goes on from where it was when its drift changes", () => {
    let now_us = 0;
    let moved = 0;
    const crystal = new Crystal(0, () => now_us, () => { moved++; });
    now_us = 1_000_000_000;
    crystal.faultBegins("crystal.drift", 100_000);
    now_us = 3_000_000_000;
    expect(crystal.pump_us(now_us)).toBe(1_000_000_000 + 2_000_200_000);
    crystal.faultBegins("crystal.drift", -200_000);
    now_us = 4_000_000_000;
    expect(crystal.pump_us(now_us)).toBe(3_000_200_000 + 999_800_000);
    crystal.faultEnds("crystal.drift");
    expect(crystal.pump_us(now_us + 5)).toBe(4_000_000_005);
    expect(crystal.pump_ms(now_us)).toBe(4_000_000);
    expect(crystal.true_us(4_000_001)).toBe(now_us + 1000);
    expect(moved).toBe(3);
    expect(() => crystal.pump_us(3_999_999_999)).toThrow("before its last change");
  });

  test.each([31, 32])("counts on over 2^%i ms at any drift, and through a change of drift there", (power) => {
    const turn_ms = 2 ** power;
    for (const ppb of [-200_000, -1, 0, 1, 200_000]) {
      let now_us = 0;
      const crystal = new Crystal(ppb, () => now_us, () => undefined);
      const at_us = crystal.true_us(turn_ms);
      expect([-1, 0].map((us) => crystal.pump_ms(at_us + us))).toEqual([turn_ms - 1, turn_ms]);
      expect(measured(at_us, ppb)).toBeGreaterThanOrEqual(turn_ms * 1000);
      expect(measured(at_us - 1, ppb)).toBeLessThan(turn_ms * 1000);
      now_us = at_us;
      crystal.faultBegins("crystal.drift", 100_000);
      // 100 ppm over a day: 8.64 s more.
      expect(crystal.pump_ms(at_us + 86_400_000_000)).toBe(turn_ms + 86_408_640);
    }
  });

  test("gains or loses what 7 years at 200 ppm are: 12 h 16 min", () => {
    // 2556 days are 220 838 400 s; 200 ppm of it 44 167.68 s.
    for (const [ppb, gained_ms] of [[200_000, 44_167_680], [-200_000, -44_167_680]] as const) {
      const life_us = 2556 * 86_400_000_000;
      expect(new Crystal(ppb, () => 0, () => undefined).pump_ms(life_us)).toBe(life_us / 1000 + gained_ms);
    }
  });
});
