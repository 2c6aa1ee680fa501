// Tests of the battery: charge, load, temperature, age, film and dips.

import { describe, expect, test } from "vitest";
import { Source, type Controller } from "../../hal/controller";
import { MotorResult } from "../../hal/motor";
import { Bench, DEFAULT_UNIT, type Unit } from "../../emulator/bench";
import { TraceKind } from "../../emulator/trace";
import { DAY_US, found, HOUR_US, INTERVAL_US, listen, running } from "./running";

const YEAR_US = 365 * DAY_US;

/** A pump that does nothing for so long. */
function idle(unit: Partial<Unit>, us: number): Bench {
  const bench = new Bench({ unit, wand: false, controller: (): Controller => ({
    boot: (now_ms) => now_ms + 36_000_000, wake: (now_ms) => now_ms + 36_000_000,
    event: (now_ms) => now_ms + 36_000_000, received: (now_ms) => now_ms + 36_000_000,
  }) });
  bench.powerOn();
  bench.advance_us(us);
  return bench;
}

/** A pump that gives a pulse each `every_ms` and samples the supply under each. */
function pulsing(every_ms: number, seed = 1): { readonly bench: Bench; readonly samples: number[]; readonly results: number[] } {
  const samples: number[] = [];
  const results: number[] = [];
  let due_ms = every_ms;
  const deadline = (now_ms: number): number => Math.min(due_ms, now_ms + 36_000_000);
  const bench = new Bench({ seed, wand: false, controller: (board): Controller => ({
    boot: (now_ms) => {
      board.cutoff.cut(0);
      return deadline(now_ms);
    },
    wake: (now_ms) => {
      if (now_ms < due_ms) return deadline(now_ms);
      board.motor.pulse();
      board.supply.sample();
      due_ms += every_ms;
      return deadline(now_ms);
    },
    event: (now_ms, source, a) => {
      if (source === Source.supply) samples.push(a);
      if (source === Source.motor) results.push(a);
      return deadline(now_ms);
    },
    received: deadline,
  }) });
  bench.powerOn();
  return { bench, samples, results };
}

describe("charge", () => {
  test("asleep, the cell's own discharge follows the temperature", () => {
    // 4 uA x 86.4e6 ms are 345.6e6 nC a day; 1 uA more for each 10 degrees.
    expect(idle({}, DAY_US).battery.drawn_nC).toBe(345_600_000);
    expect(idle({ temperature_dC: 400 }, DAY_US).battery.drawn_nC).toBe(371_520_000);
    expect(idle({ temperature_dC: 200 }, DAY_US).battery.drawn_nC).toBe(198_720_000);
    expect(() => idle({ temperature_dC: 451 }, 0)).toThrow("from 10 to 45 degrees");
  });

  test("of a life at the worked dose stays inside the battery", () => {
    // 1000 pulses a day at 800 uC and sleep: 1.1456e9 nC a day, 2.93e12 nC in 2556 days of 7.2e12.
    const day_nC = 1000 * DEFAULT_UNIT.pulse_nC + 345_600_000;
    expect(day_nC * 2556).toBeLessThan(0.41 * DEFAULT_UNIT.battery_nC);
  });
});

describe("voltage under load", () => {
  test.each([[370, 3100], [200, 2930], [100, 2830], [420, 3150]])("fresh at %i tenths of a degree: %i mV", (temperature_dC, mV) => {
    // 1 Ohm for each 10 degrees, at 100 mA.
    expect(idle({ temperature_dC }, 0).battery.loaded_mV).toBe(mV);
  });

  test("falls with age by 10 mV a year, charge apart", () => {
    const years = [0, 1, 7].map((year) => idle({ sleep_uA: 0 }, year * YEAR_US).battery.loaded_mV);
    expect(years).toEqual([3100, 3090, 3030]);
  });

  test("falls with the load", () => {
    expect(idle({ temperature_dC: 170, load_mA: 200 }, 0).battery.loaded_mV).toBe(2700);
  });

  test("agrees with the charge at ERI, and not with either alone", () => {
    const worn = idle({}, 0);
    worn.battery.draw(6_300_000_000_000);
    expect(worn.battery.loaded_mV).toBeLessThanOrEqual(2600);
    // Cold, half used: 250 mV lower and still far from 2600.
    const cold = idle({ temperature_dC: 120 }, 0);
    cold.battery.draw(3_600_000_000_000);
    expect(cold.battery.loaded_mV).toBeGreaterThan(2600);
  });
});

describe("a film", () => {
  test("grows while idle, and each pulse breaks a tenth", () => {
    const { bench, samples } = pulsing(30 * 86_400_000);
    bench.inject({ kind: "battery.film", value: 2000 });
    bench.advance_us(15 * DAY_US);
    expect(bench.battery.film_on_it_uOhm).toBe(1_000_000);
    // Met after 30 days: 2 Ohm at 100 mA. Then 1.8 Ohm are left and grow to 3.8, then to 3.42 + 2 Ohm. Sleep and age take 2, 3, 3 mV.
    bench.advance_us(75 * DAY_US + HOUR_US);
    expect(samples.length).toBe(3);
    expect(samples[0]! - samples[1]!).toBeGreaterThanOrEqual(180);
    expect(samples[0]! - samples[1]!).toBeLessThanOrEqual(184);
    expect(samples[1]! - samples[2]!).toBeGreaterThanOrEqual(162);
    bench.heal("battery.film");
    const left_uOhm = bench.battery.film_on_it_uOhm;
    bench.advance_us(20 * DAY_US);
    expect(bench.battery.film_on_it_uOhm).toBe(left_uOhm);
  });

  test("costs the first pulses after a long rest their edge, and is broken by them", () => {
    const { bench, results, samples } = pulsing(2_592_000_000);
    bench.inject({ kind: "battery.film", value: 15_000 });
    bench.advance_us(30 * DAY_US + HOUR_US); // 15 Ohm at 100 mA leave 1600 mV: the drive has no supply
    expect(results).toEqual([MotorResult.missed]);
    expect(samples[0]!).toBeLessThanOrEqual(1800);
    const daily = pulsing(86_400_000);
    daily.bench.inject({ kind: "battery.film", value: 15_000 });
    daily.bench.advance_us(60 * DAY_US + HOUR_US); // half an Ohm a day, never more than 5 Ohm
    expect(new Set(daily.results)).toEqual(new Set([MotorResult.confirmed]));
    expect(daily.bench.battery.film_on_it_uOhm).toBeLessThanOrEqual(5_000_000);
  });
});

describe("a dip inside a pulse (BATT-2)", () => {
  test.each([[1, MotorResult.confirmed, 9], [5, MotorResult.confirmed, 13], [6, MotorResult.missed, 500], [20, MotorResult.missed, 500]])(
    "of %i ms: result %i after %i ms", (dip_ms, result, latency_ms) => {
      const bench = running();
      bench.inject({ kind: "battery.dip", value: dip_ms });
      const results = listen(bench, TraceKind.result);
      bench.advance_us(INTERVAL_US + 1_000_000);
      expect(results.map(([, a, b]) => [a, b])).toEqual([[result, latency_ms]]);
      bench.finish();
      expect(found(bench)).toEqual([]);
    });

  test.each([[21, 1], [100, 80], [400, 380]])("of %i ms takes the power for %i ms, 20 ms after the command", (dip_ms, off_ms) => {
    const bench = running();
    bench.inject({ kind: "battery.dip", value: dip_ms });
    const resets = listen(bench, TraceKind.reset);
    const started = bench.pump_ms();
    bench.advance_us(INTERVAL_US + 600_000);
    expect(resets).toEqual([[started + 86_400 + 20 + off_ms + DEFAULT_UNIT.boot_delay_ms, 1, 0, 0]]);
  });

  test("is seen by a sample in it and by none after it", () => {
    const { bench, samples } = pulsing(1000);
    bench.inject({ kind: "battery.dip", value: 1 });
    bench.advance_us(1_500_000);
    bench.heal("battery.dip");
    bench.advance_us(1_000_000);
    expect(samples).toEqual([1800, 3100]);
  });

  test("turns the head or does not, by a stream of its own", () => {
    const [first = 0, second] = [1, 2].map((seed) => {
      const { bench } = pulsing(1000, seed);
      bench.inject({ kind: "battery.dip", value: 10 });
      bench.advance_us(400_500_000);
      return bench.plant.motions;
    });
    expect(first).toBeGreaterThan(160);
    expect(first).toBeLessThan(240);
    expect(second).not.toBe(first);
  });
});
