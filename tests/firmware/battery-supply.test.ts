// The supply breaks down inside pulses: each is counted once or is uncertain.

import { describe, expect, it } from "vitest";
import { MotorResult } from "../../hal/motor";
import { Book } from "../../hal/storage";
import { Bench, setUpOf } from "../../emulator/bench";
import { createController } from "../../firmware/controller";
import { Alarm } from "../../protocol/alarms";
import { Op, Status } from "../../protocol/operations";
import { RecordKind } from "../../protocol/records";
import { State } from "../../protocol/states";
import { TraceKind } from "../../emulator/trace";
import { Ward, daily } from "./ward";
import { filling, prescribe } from "./prescribe";

const PULSE_MS = 86_400; // 500 ug/day at 2000 ug/mL
const DAY_MS = 86_400_000;
const RATE = daily(0, 500_000);

function alarmed(ward: Ward, alarm: Alarm): boolean {
  return ward.records(RecordKind.alarm_on).some(({ b }) => b === alarm);
}

describe("a sag inside a pulse (BATT-2)", () => {
  // Of ten pulses the fourth meets it. 1 ms: the edge comes 1 ms later. 10 ms: no edge. 100 ms: power is gone from 20 ms after the
  // command for 80 ms, the boot takes 20 ms, and the fraction since the command is dropped: all later pulses come 120 ms later.
  it.each([[1, 10, 0, 0], [10, 9, 1, 0], [100, 9, 1, 120]])("of %i ms: %i confirmed, %i uncertain, the next %i ms later", (dip_ms, confirmed, uncertain, later_ms) => {
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const ward = new Ward({ seed });
      const start_ms = ward.begin(RATE);
      ward.wait_ms(4 * PULSE_MS - 10);
      ward.bench.inject({ kind: "battery.dip", value: dip_ms });
      ward.wait_ms(1000);
      ward.bench.heal("battery.dip");
      ward.wait_ms(6 * PULSE_MS);
      expect(ward.pulses()).toEqual(Array.from({ length: 10 }, (_, n) => start_ms + (n + 1) * PULSE_MS + (n > 3 ? later_ms : 0)));
      expect(ward.close()).toMatchObject({ commanded: 10, confirmed, uncertain, state: State.therapy });
      expect(ward.bench.plant.motions - confirmed).toBeGreaterThanOrEqual(0);
      expect(ward.bench.plant.motions - confirmed).toBeLessThanOrEqual(uncertain);
      expect(ward.records(RecordKind.power_lost).length).toBe(later_ms === 0 ? 0 : 1);
    }
  });

  it("at every length from 1 to 60 ms, in every pulse: the books hold the truth between them", () => {
    for (let dip_ms = 1; dip_ms <= 60; dip_ms++) {
      const ward = new Ward({ seed: dip_ms });
      ward.begin(daily(0, 20_000_000, 5, 100_000)); // five minutes of a pulse each 2160 ms: more would be above the cap of an hour
      ward.bench.inject({ kind: "battery.dip", value: dip_ms });
      ward.wait_ms(60_000);
      ward.bench.heal("battery.dip");
      ward.wait_ms(60_000);
      const { confirmed, uncertain, commanded } = ward.close();
      expect(confirmed + uncertain).toBe(commanded);
      expect(ward.bench.plant.motions).toBeGreaterThanOrEqual(confirmed);
      expect(ward.bench.plant.motions).toBeLessThanOrEqual(confirmed + uncertain);
    }
  });

  it("and power lost at every pulse of a day: the rate stays what was prescribed", () => {
    const ward = new Ward();
    const start_ms = ward.begin(RATE);
    ward.bench.inject({ kind: "battery.dip", value: 100 });
    ward.wait_ms(DAY_MS);
    // A pulse each 86.4 s + 20 ms held + 80 ms without power + 20 ms of boot: 998 in a day.
    expect(ward.pulses()).toEqual(Array.from({ length: 998 }, (_, n) => start_ms + PULSE_MS + n * 86_520));
    expect(ward.bench.status()[Status.rate]).toBe(500_000);
    expect(ward.close()).toMatchObject({ commanded: 998, confirmed: 0, uncertain: 998, state: State.therapy });
  });
});

describe("a film on the electrode (BATT-1b)", () => {
  it("after a long stop: the first pulses lose their edge, the stall ends by itself, the rate is the prescribed one", () => {
    const ward = new Ward();
    ward.begin(RATE);
    ward.wait_ms(1000);
    ward.ask(Op.stop, 1);
    ward.bench.inject({ kind: "battery.film", value: 20_000 });
    ward.wait_ms(30 * DAY_MS);
    ward.start();
    ward.ask(Op.start, 30 * 24); // after so long the full rate is confirmed (DOSE-9b)
    ward.wait_ms(DAY_MS);
    // 20 Ohm at 100 mA take 2 V of 3.1 V; the drive needs 1.8 V: 13 Ohm, reached when 0.9^n x 20 is below it, after five pulses.
    const results = ward.of(TraceKind.result).map(({ a }) => a);
    expect(results.slice(0, 6)).toEqual([...Array<number>(5).fill(MotorResult.missed), MotorResult.confirmed]);
    expect(new Set(results.slice(5))).toEqual(new Set([MotorResult.confirmed]));
    expect(ward.records(RecordKind.stall_end).length).toBe(1);
    expect(ward.bench.status()[Status.rate]).toBe(500_000);
    expect(ward.close()).toMatchObject({ uncertain: 5, state: State.therapy });
  });

  it("at the minimum rate: its voltage is seen, and it is no end of the battery", () => {
    const ward = new Ward();
    ward.begin([1]);
    ward.bench.inject({ kind: "battery.film", value: 20_000 });
    ward.wait_ms(60 * DAY_MS);
    // An hour adds 27.8 mOhm, so ten times as much is met in the end: 277 mOhm, 27 mV.
    expect(ward.bench.battery.film_on_it_uOhm).toBeGreaterThan(240_000);
    expect(ward.bench.battery.film_on_it_uOhm).toBeLessThan(280_000);
    expect(alarmed(ward, Alarm.battery_eri)).toBe(false);
    ward.close();
  });
});

describe("voltage alone and charge alone (BATT-1b)", () => {
  it("a battery that is cold, old or sagging is not at its end while the charge says otherwise", () => {
    for (const unit of [{ temperature_dC: 100 }, { aging_mOhm_per_year: 10_000 }]) {
      const ward = new Ward({ unit });
      ward.begin([1]);
      ward.wait_ms(400 * DAY_MS);
      expect(ward.bench.status()[Status.filtered_mV]).toBeLessThan(2900);
      expect(alarmed(ward, Alarm.battery_eri)).toBe(false);
      ward.close();
    }
  });

  it("a voltage that stays low for a year does not latch it, a sag of one sample moves the filter by a sixteenth", () => {
    const ward = new Ward();
    ward.begin([1]);
    ward.wait_ms(30 * DAY_MS + 1000);
    const before = ward.bench.status()[Status.filtered_mV]!;
    ward.bench.inject({ kind: "battery.sag", value: 1600 });
    ward.wait_ms(3_600_000);
    const after = ward.bench.status()[Status.filtered_mV]!;
    expect([before - after]).toEqual([100]);
    ward.wait_ms(365 * DAY_MS);
    expect(ward.bench.status()[Status.filtered_mV]).toBeLessThan(1600);
    expect(alarmed(ward, Alarm.battery_eri)).toBe(false);
    ward.close();
  });
});

describe("both indicators (BATT-1b, BATT-1c)", () => {
  it("agree on a battery that was used up by pulses: ERI, therapy unchanged, end of service 90 days later", () => {
    // A pump with a history: 7 887 500 pulses are tallied, 6.31e12 nC by its count and as much truly drawn. Nobody asks its
    // status, since the oracle has not seen those pulses.
    const bench = new Bench({ controller: createController, instant: true });
    for (let n = 0; n < 7_887_500; n++) bench.storage.capability.tally(Book.commanded);
    bench.battery.draw(6_310_000_000_000);
    const alarms: number[][] = [];
    const states: number[][] = [];
    bench.trace.on((kind, at_ms, a, b, c) => {
      if (kind === TraceKind.record && a === RecordKind.alarm_on) alarms.push([at_ms, b]);
      if (kind === TraceKind.record && a === RecordKind.state) states.push([at_ms, c]);
    });
    bench.powerOn();
    for (const [op = Op.status, ...args] of [[Op.set_up, ...setUpOf(bench.unit)], [Op.refill, ...filling(18_000_000, 2000)], [Op.start, 0]]) {
      if (op === Op.start) expect(prescribe(bench, [1]).fault).toBe(0);
      expect(bench.request(op, args).fault).toBe(0);
    }
    // 87.6 % are used: 2585 mV. From 3000 mV the filter needs 15/16 to the power of n times 415 to be 15 or less: 52 samples, an hour each.
    bench.advance_us(50 * 3_600_000_000);
    expect(alarms).toEqual([]);
    bench.advance_us(5 * 3_600_000_000);
    const eri_ms = alarms[0]![0]!;
    expect(alarms).toEqual([[eri_ms, Alarm.battery_eri]]);
    expect([51, 52, 53, 54].map((hour) => hour * 3_600_000 + 8)).toContain(eri_ms);
    const pulses = bench.trace.pulses;
    bench.advance_us(89 * 86_400_000_000);
    expect(bench.trace.pulses - pulses).toBe(89 * 24);
    bench.advance_us(86_400_000_000);
    expect(states.at(-1)).toEqual([eri_ms + 90 * DAY_MS, State.end_of_service]);
    expect(alarms.at(-1)).toEqual([eri_ms + 90 * DAY_MS, Alarm.end_of_service]);
    expect(bench.oracle.violations).toEqual([]);
  });
});
