// Basal therapy on the bench: pulses, steps, stalls, reservoir, refusals.

import { describe, expect, it } from "vitest";
import { Tone } from "../../hal/sounder";
import { Fault } from "../../hal/faults";
import { Alarm } from "../../protocol/alarms";
import { Op, Ops, Status } from "../../protocol/operations";
import { RecordKind, StallEnd } from "../../protocol/records";
import { State } from "../../protocol/states";
import { TraceKind } from "../../emulator/trace";
import { MIDNIGHT_MS, Ward, daily } from "./ward";
import { filling, prescribe } from "./prescribe";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MILLIGRAM_HALF = daily(0, 500_000); // 500 ug/day

describe("pulses (DOSE-1)", () => {
  it("500 ug/day at 2000 ug/mL for 30 days: 30 000 pulses, one each 86.4 s (DOSE-3a)", () => {
    const ward = new Ward();
    const start_ms = ward.begin(MILLIGRAM_HALF);
    ward.wait_ms(30 * DAY_MS + 1000);
    expect(ward.pulses()).toEqual(Array.from({ length: 30_000 }, (_, n) => start_ms + (n + 1) * 86_400));
    expect(ward.close()).toMatchObject({ commanded: 30_000, confirmed: 30_000, uncertain: 0 });
  });

  it("the same prescription sent again every 5 minutes changes nothing (DOSE-4a)", () => {
    const run = (again: boolean): number[] => {
      const ward = new Ward();
      ward.begin(daily(0, 333_333));
      for (let n = 0; n < 12 * 24 * 3; n++) {
        if (again) ward.prescribe(daily(0, 333_333));
        ward.wait_ms(300_000);
      }
      ward.close();
      return ward.pulses();
    };
    expect(run(true)).toEqual(run(false));
  });

  it("a fraction survives a changed prescription, a stop and a warm reset; a power loss drops and logs it (DOSE-4a, DOSE-4b)", () => {
    const ward = new Ward();
    const start_ms = ward.begin(MILLIGRAM_HALF);
    ward.wait_ms(43_200);
    ward.prescribe(daily(0, 625_000)); // a pulse each 69.12 s
    ward.wait_ms(34_560);
    expect(ward.pulses()).toEqual([start_ms + 77_760]);
    ward.wait_ms(34_560);
    ward.ask(Op.stop, 1);
    ward.wait_ms(100_000);
    ward.start();
    ward.bench.inject({ kind: "processor.reset" });
    ward.wait_ms(34_560);
    expect(ward.pulses()).toEqual([77_760, 77_760 + 69_120 + 100_000].map((ms) => start_ms + ms));
    ward.wait_ms(40_000);
    ward.bench.inject({ kind: "power.off", value: 5000 });
    const before = ward.pulses().length;
    ward.wait_ms(69_120);
    expect(ward.pulses().length).toBe(before);
    ward.wait_ms(10_000);
    expect(ward.pulses().length).toBe(before + 1);
    expect(ward.records(RecordKind.power_lost).length).toBe(1);
    expect(ward.records(RecordKind.not_delivered)).toMatchObject([{ b: 723, c: 100_000 }]);
    ward.close();
  });

  it("minimum rate: one pulse of 250 nL each hour, by volume (DOSE-2c, DOSE-3a)", () => {
    const ward = new Ward();
    const start_ms = ward.begin([1]);
    ward.wait_ms(5 * HOUR_MS + 1000);
    expect(ward.pulses()).toEqual([1, 2, 3, 4, 5].map((n) => start_ms + n * HOUR_MS));
    ward.close();
  });
});

describe("schedule and clock", () => {
  it("changes at the exact wall-clock millisecond, by weekday (DOSE-3b, DOSE-5a)", () => {
    const ward = new Ward();
    // Monday to Friday schedule 0, Saturday and Sunday schedule 1.
    ward.begin([2, 0, 0, 0, 0, 0, 1, 1, 0, 500_000, 361, 0, 1440, 1_000_000]);
    ward.wait_ms(7 * DAY_MS);
    const changes = ward.records(RecordKind.segment).map(({ at_ms, c }) => [at_ms, c]);
    const weekdays = [0, 1, 2, 3, 4].flatMap((day) => [[day * DAY_MS, 500_000], [day * DAY_MS + 361 * 60_000, 0]]);
    expect(changes).toEqual([...weekdays, [5 * DAY_MS, 1_000_000], [7 * DAY_MS, 500_000]].map(([at, rate]) =>
      [Math.max(at!, changes[0]![0]!), rate]));
    ward.close();
  });

  it("takes up the step that is current after a clock set, either way, and logs old and new (DOSE-5b)", () => {
    const ward = new Ward();
    ward.begin(daily(0, 500_000, 720, 1_000_000));
    ward.wait_ms(HOUR_MS);
    const noon_ms = MIDNIGHT_MS + DAY_MS / 2;
    const old_ms = ward.setClock(noon_ms)[0];
    expect(old_ms).toBe(MIDNIGHT_MS + ward.bench.pump_ms());
    expect(ward.records(RecordKind.segment).at(-1)).toMatchObject({ at_ms: ward.bench.pump_ms(), c: 1_000_000 });
    ward.wait_ms(1);
    ward.setClock(noon_ms - 1);
    expect(ward.records(RecordKind.segment).at(-1)).toMatchObject({ c: 500_000 });
    ward.wait_ms(1);
    expect(ward.records(RecordKind.segment).at(-1)).toMatchObject({ at_ms: ward.bench.pump_ms(), c: 1_000_000 });
    expect(ward.records(RecordKind.clock_set).at(-1)).toMatchObject({ b: noon_ms + 1, c: noon_ms - 1 });
    ward.close();
  });
});

describe("motor", () => {
  for (const [late_ms, confirmed] of [[0, true], [1, true], [400, true], [500, true], [501, false], [600, false]] as const) {
    it(`a confirmation ${late_ms} ms late ${confirmed ? "confirms" : "leaves the pulse uncertain, and is logged"} (MOTOR-1a, MOTOR-1e)`, () => {
      const ward = new Ward();
      const start_ms = ward.begin(MILLIGRAM_HALF);
      ward.bench.inject({ kind: "rotor.late", value: late_ms });
      ward.wait_ms(10 * 86_400 + 1000);
      expect(ward.pulses()).toEqual(Array.from({ length: 10 }, (_, n) => start_ms + (n + 1) * 86_400));
      const results = ward.of(TraceKind.result);
      expect(results.every(({ at_ms, b }, n) => b === Math.min(late_ms, 500) && at_ms === ward.pulses()[n]! + b)).toBe(true);
      expect(ward.records(RecordKind.late_edge).map(({ b }) => b)).toEqual(confirmed ? [] : Array.from({ length: 10 }, () => late_ms));
      expect(ward.records(RecordKind.stall_begin).map(({ at_ms }) => at_ms)).toEqual(confirmed ? [] : [ward.pulses()[2]! + 500]);
      expect(ward.close()).toMatchObject(confirmed ? { confirmed: 10, uncertain: 0 } : { confirmed: 0, uncertain: 10 });
    });
  }

  it("a stall: attempts go on at the schedule, the first confirmed pulse ends it, nothing is caught up (MOTOR-2a, MOTOR-2b, MOTOR-3a, DOSE-4c)", () => {
    const ward = new Ward();
    const start_ms = ward.begin(MILLIGRAM_HALF);
    ward.wait_ms(10 * 86_400 + 1000);
    ward.bench.inject({ kind: "motor.stalled" });
    ward.wait_ms(6 * HOUR_MS);
    ward.bench.heal("motor.stalled");
    ward.wait_ms(DAY_MS);
    const pulses = ward.pulses();
    expect(pulses).toEqual(Array.from({ length: pulses.length }, (_, n) => start_ms + (n + 1) * 86_400));
    const missed = 250;
    expect(ward.records(RecordKind.stall_begin)).toMatchObject([{ at_ms: pulses[12]! + 500, b: 3, c: 3, d: pulses[9]! + 8 }]);
    expect(ward.records(RecordKind.stall_end)).toMatchObject([{ at_ms: pulses[10 + missed]! + 8, b: missed * 500, c: missed, d: StallEnd.confirmed }]);
    expect(ward.close()).toMatchObject({ uncertain: missed });
  });

  it("a motor that misses now and then, never three times in a row, is a stall when DOSE-8's limit is reached", () => {
    const ward = new Ward();
    ward.begin(daily(0, 100_000)); // 200 pulses a day, 4.2 in half an hour: the limit is 5
    ward.wait_ms(1000); // past the result of a pulse that was commanded at the end of each wait
    for (let n = 0; n < 5; n++) {
      ward.bench.inject({ kind: "motor.stalled" });
      ward.wait_ms(432_000);
      ward.bench.heal("motor.stalled");
      expect(ward.records(RecordKind.stall_begin).length).toBe(n === 4 ? 1 : 0);
      ward.wait_ms(432_000 * 4);
    }
    expect(ward.records(RecordKind.stall_begin)).toMatchObject([{ b: 1, c: 5 }]);
    expect(ward.records(RecordKind.stall_end)).toMatchObject([{ c: 5, d: StallEnd.confirmed }]);
    ward.close();
  });

  it("a lower basal makes what was missed already too much: the stall begins with the step (DOSE-8)", () => {
    const ward = new Ward();
    ward.begin(daily(0, 1_000_000, 720, 100_000)); // 41.7 pulses in half an hour, then 4.2: the limit falls to 5
    ward.wait_ms(1000);
    for (let n = 0; n < 8; n++) {
      ward.bench.inject({ kind: "motor.stalled" });
      ward.wait_ms(43_200);
      ward.bench.heal("motor.stalled");
      ward.wait_ms(432_000);
    }
    expect(ward.records(RecordKind.stall_begin)).toEqual([]);
    ward.wait_ms(DAY_MS / 2);
    expect(ward.records(RecordKind.stall_begin)).toMatchObject([{ at_ms: DAY_MS / 2, b: 0, c: 8 }]);
    expect(ward.records(RecordKind.stall_end)).toMatchObject([{ c: 8, d: StallEnd.confirmed }]);
    ward.close();
  });

  it("misses from before a stall still count after it (DOSE-8 leaves out the stall, not what was there)", () => {
    const ward = new Ward();
    ward.begin(daily(0, 100_000));
    ward.wait_ms(1000);
    const miss = (pulses: number): void => {
      ward.bench.inject({ kind: "motor.stalled" });
      ward.wait_ms(432_000 * pulses);
      ward.bench.heal("motor.stalled");
      ward.wait_ms(432_000 * 3);
    };
    for (const pulses of [1, 3, 1, 1, 1]) miss(pulses);
    expect(ward.records(RecordKind.stall_begin)).toMatchObject([{ b: 3, c: 4 }]);
    expect(ward.records(RecordKind.stall_end)).toMatchObject([{ c: 3 }]);
    miss(1);
    expect(ward.records(RecordKind.stall_begin).slice(1)).toMatchObject([{ b: 1, c: 5 }]);
    expect(ward.records(RecordKind.stall_end).slice(1)).toMatchObject([{ c: 5 }]);
    ward.close();
  });

  it("a miss counts for a whole day: the fifth, 23 h 59 min after the first, is a stall (DOSE-8)", () => {
    const ward = new Ward();
    ward.begin(daily(0, 100_000)); // a pulse each 7 min 12 s: pulse 8 at 57 min 36 s, pulse 208 a day later
    const miss = (pulse: number): void => {
      ward.wait_ms(pulse * 432_000 - 10_000 - ward.bench.pump_ms());
      ward.bench.inject({ kind: "motor.stalled" });
      ward.wait_ms(20_000);
      ward.bench.heal("motor.stalled");
    };
    for (const pulse of [8, 50, 100, 150]) miss(pulse);
    expect(ward.records(RecordKind.stall_begin)).toEqual([]);
    miss(207);
    expect(ward.records(RecordKind.stall_begin)).toMatchObject([{ b: 1, c: 5 }]);
    ward.close();
  });

  it("only its own pulses leave the count with a stall, over however many hours they lie (DOSE-8)", () => {
    const ward = new Ward();
    ward.begin([1]); // a pulse an hour
    ward.wait_ms(HOUR_MS / 2);
    const miss = (pulses: number): void => {
      ward.bench.inject({ kind: "motor.stalled" });
      ward.wait_ms(pulses * HOUR_MS);
      ward.bench.heal("motor.stalled");
      ward.wait_ms(HOUR_MS);
    };
    for (const pulses of [3, 1, 1, 1, 1]) miss(pulses);
    expect(ward.records(RecordKind.stall_begin).length).toBe(1);
    miss(1);
    expect(ward.records(RecordKind.stall_begin).slice(1)).toMatchObject([{ b: 1, c: 5 }]);
    ward.close();
  });

  it("a stop ends a stall, with what it missed, and a start does not inherit it (MOTOR-3a)", () => {
    const ward = new Ward();
    ward.begin(MILLIGRAM_HALF);
    ward.bench.inject({ kind: "motor.stalled" });
    ward.wait_ms(5 * 86_400 + 1000);
    ward.ask(Op.stop, 1);
    expect(ward.records(RecordKind.stall_end)).toMatchObject([{ b: 2500, c: 5, d: StallEnd.motor_off }]);
    expect(ward.records(RecordKind.alarm_off).map(({ b }) => b)).toEqual([Alarm.motor_stall]);
    ward.start();
    ward.wait_ms(2 * 86_400 + 1000);
    expect(ward.records(RecordKind.stall_begin).length).toBe(1);
    ward.wait_ms(86_400);
    expect(ward.records(RecordKind.stall_begin).length).toBe(2);
    ward.close();
  });

  it("the supply is sampled once an hour, with a pulse (BATT-1a)", () => {
    const ward = new Ward();
    ward.begin(MILLIGRAM_HALF);
    ward.wait_ms(30 * 60_000);
    const filtered_mV = (): number => ward.bench.status()[Status.filtered_mV]!;
    expect(filtered_mV()).toBe(3000);
    ward.wait_ms(HOUR_MS);
    const once_mV = filtered_mV();
    expect(once_mV).toBeGreaterThan(3000);
    ward.bench.inject({ kind: "battery.sag", value: 1600 });
    ward.wait_ms(HOUR_MS);
    expect(once_mV - filtered_mV()).toBeGreaterThan(80);
    expect(once_mV - filtered_mV()).toBeLessThan(100);
    ward.close();
  });

  it("a stop takes effect at the pulse boundary, and so does a commit (MOTOR-1c, PROG-1c)", () => {
    const ward = new Ward();
    const start_ms = ward.begin(MILLIGRAM_HALF);
    ward.bench.inject({ kind: "rotor.late", value: 300 });
    ward.wait_ms(86_400 + 100);
    ward.ask(Op.stop, 7);
    expect(ward.bench.pump_ms()).toBe(start_ms + 86_400 + 300);
    expect(ward.records(RecordKind.state).at(-1)).toMatchObject({ at_ms: start_ms + 86_700, b: State.therapy, c: State.stopped });
    expect(ward.close()).toMatchObject({ confirmed: 1, state: State.stopped });
  });
});

describe("reservoir", () => {
  it("full, low, empty and past it: each alarm once and on time, tones counted for 24 h, books to the pulse (FILL-1a, FILL-2b, FILL-3a, ALARM-1b)", () => {
    const ward = new Ward();
    const start_ms = ward.begin(daily(0, 2_000_000), 500); // 4 mL/day, a pulse each 5.4 s
    ward.wait_ms(7 * DAY_MS);
    const low_ms = start_ms + 56_000 * 5400 + 8; // 18 - 4 mL
    const empty_ms = start_ms + 70_000 * 5400 + 8; // 18 - 0.5 mL
    expect(ward.records(RecordKind.alarm_on).map(({ at_ms, b }) => [at_ms, b])).toEqual([
      [low_ms, Alarm.low_reservoir], [empty_ms, Alarm.reservoir_empty]]);
    expect(ward.records(RecordKind.alarm_off)).toEqual([]);
    expect(ward.pulses().length).toBe(70_000);
    const tones = ward.of(TraceKind.tone);
    // The 22nd is due at the very millisecond at which the reservoir is found empty, and gives way to its tone.
    const single = tones.filter(({ a }) => a === Tone.single);
    expect(single.map(({ at_ms, b }) => [at_ms, b])).toEqual(Array.from({ length: 22 }, (_, n) => [low_ms + n * HOUR_MS, 1000]));
    const day = tones.filter(({ a, at_ms }) => a === Tone.two_tone && at_ms < empty_ms + DAY_MS);
    expect(day.map(({ at_ms, b }) => [at_ms, b])).toEqual(Array.from({ length: 144 }, (_, n) => [empty_ms + n * 600_000, 3000]));
    expect(ward.bench.plant.motions).toBe(70_000);
    expect(ward.close()).toMatchObject({ confirmed: 70_000, uncertain: 0, remaining_pL: 500_000_000, state: State.safe_off });
  });

  it("where only the lower bound is empty there is an alarm, and attempts go on (FILL-3b)", () => {
    const ward = new Ward();
    ward.begin(daily(0, 2_000_000), 500, 1_000_000);
    ward.bench.inject({ kind: "rotor.dead" });
    ward.wait_ms(2001 * 5400);
    expect(ward.records(RecordKind.alarm_on).map(({ b }) => b)).toContain(Alarm.reservoir_empty);
    const before = ward.pulses().length;
    ward.wait_ms(HOUR_MS);
    expect(ward.pulses().length).toBeGreaterThan(before + 600);
    expect(ward.close().state).toBe(State.therapy);
  });

  it("safe-off is left by a start after a refill, and not before (STATE-4a, STATE-4d)", () => {
    const ward = new Ward();
    ward.begin(daily(0, 2_000_000), 500, 1_000_000);
    ward.wait_ms(2000 * 5400 + 1000);
    expect(ward.bench.request(Op.start, [0]).fault).toBe(Fault.reservoir_empty);
    expect(prescribe(ward.bench, daily(0, 2_000_000)).fault).toBe(Fault.reservoir_empty);
    ward.refill(18_000_000, 500);
    expect(ward.records(RecordKind.alarm_off).map(({ b }) => b)).toEqual([Alarm.low_reservoir]);
    ward.start();
    expect(ward.records(RecordKind.alarm_off).map(({ b }) => b)).toEqual([Alarm.low_reservoir, Alarm.reservoir_empty]);
    ward.wait_ms(HOUR_MS);
    expect(ward.close().state).toBe(State.therapy);
  });
});

describe("alarm queue", () => {
  it("a stop alarms after 1 h, critically after 48 h; the lower one waits and comes back; acknowledging silences one only (STATE-2b, ALARM-3a, ALARM-3b)", () => {
    const ward = new Ward();
    ward.begin(MILLIGRAM_HALF);
    ward.wait_ms(HOUR_MS);
    ward.ask(Op.stop, 1);
    const stop_ms = ward.bench.pump_ms();
    ward.wait_ms(48 * HOUR_MS + 1);
    expect(ward.of(TraceKind.tone).filter(({ a }) => a === Tone.single).length).toBe(47);
    expect(ward.records(RecordKind.alarm_on).map(({ at_ms, b }) => [at_ms - stop_ms, b])).toEqual([
      [HOUR_MS, Alarm.stopped_1h], [48 * HOUR_MS, Alarm.stopped_48h]]);
    const from = ward.of(TraceKind.tone).length;
    ward.ask(Op.acknowledge, Alarm.stopped_48h, 2 * HOUR_MS);
    ward.wait_ms(2 * HOUR_MS - 1);
    const heard = ward.of(TraceKind.tone).slice(from).map(({ at_ms, a }) => [at_ms - stop_ms - 48 * HOUR_MS, a]);
    expect(heard).toEqual([[1, Tone.single], [HOUR_MS + 1, Tone.single]]);
    expect(ward.bench.request(Op.acknowledge, [Alarm.stopped_48h, 1000]).fault).toBe(Fault.silence_too_long);
    ward.wait_ms(1);
    expect(ward.of(TraceKind.tone).at(-1)).toMatchObject({ at_ms: stop_ms + 50 * HOUR_MS + 1, a: Tone.two_tone });
    ward.start();
    expect(ward.records(RecordKind.alarm_off).map(({ b }) => b)).toEqual([Alarm.stopped_1h, Alarm.stopped_48h]);
    ward.close();
  });

  it("tones cost charge, and so does the link until it sleeps, 100 ms after a good-bye", () => {
    const ward = new Ward();
    ward.begin(daily(0, 500_000), 2000, 1_000_000);
    ward.wait_ms(10 * HOUR_MS + 1000);
    const pump_ms = ward.bench.pump_ms();
    expect(ward.of(TraceKind.tone).length).toBe(11);
    expect(ward.bench.status()[Status.charge_used_nC]).toBe(4 * pump_ms + 800_000 * ward.pulses().length + 50 * 11_000 + 100 * 100);
  });

  it("acknowledging: until the next interval; an alarm that waited has its interval from now (ALARM-1b, ALARM-3b)", () => {
    const ward = new Ward();
    ward.begin(daily(0, 500_000), 2000, 1_000_000); // low from the first
    ward.bench.inject({ kind: "motor.stalled" });
    ward.wait_ms(3 * 86_400 + 500);
    const stall_ms = ward.bench.pump_ms();
    const heard = (): (readonly number[])[] => ward.of(TraceKind.tone).filter(({ at_ms }) => at_ms > stall_ms).map(({ at_ms, a }) => [at_ms - stall_ms, a]);
    ward.wait_ms(90 * 60_000);
    expect(heard()).toEqual(Array.from({ length: 9 }, (_, n) => [(n + 1) * 600_000, Tone.two_tone]));
    ward.ask(Op.acknowledge, Alarm.low_reservoir, 0); // due long ago, waiting: silent for an hour from now
    ward.ask(Op.acknowledge, Alarm.motor_stall, 0);
    ward.wait_ms(600_000 - 1);
    expect(heard().length).toBe(9);
    ward.wait_ms(1);
    expect(heard().at(-1)).toEqual([100 * 60_000, Tone.two_tone]);
    ward.bench.heal("motor.stalled");
    ward.wait_ms(86_400 + 1000);
    expect(ward.records(RecordKind.alarm_off).map(({ b }) => b)).toEqual([Alarm.motor_stall]);
    ward.wait_ms(HOUR_MS);
    expect(heard().at(-1)).toEqual([150 * 60_000, Tone.single]);
    ward.close();
  });

  it("a critical alarm has two tones for 3 s, another a single one for 1 s (ALARM-1a)", () => {
    const ward = new Ward();
    ward.begin(MILLIGRAM_HALF, 2000, 1_000_000); // low from the start
    ward.bench.inject({ kind: "motor.stalled" });
    ward.wait_ms(HOUR_MS / 2);
    expect(new Set(ward.of(TraceKind.tone).map(({ a, b }) => `${a} ${b}`))).toEqual(new Set([`${Tone.single} 1000`, `${Tone.two_tone} 3000`]));
  });

  it("on the shelf nothing sounds (STATE-5)", () => {
    const ward = new Ward();
    ward.refill(2_000_000, 500);
    ward.wait_ms(DAY_MS);
    expect(ward.records(RecordKind.alarm_on).map(({ b }) => b)).toEqual([Alarm.low_reservoir]);
    expect(ward.of(TraceKind.tone)).toEqual([]);
    ward.prescribe(daily(0, 500_000));
    ward.start();
    expect(ward.of(TraceKind.tone).length).toBe(1);
  });
});

/** In place of an operation: stage, review and commit. */
const PRESCRIBE = 0 as Op;

describe("refusals (PROG-2b)", () => {
  const cases: readonly (readonly [string, Op, readonly number[], Fault])[] = [
    ["0.045 mL/day", PRESCRIBE, daily(0, 90_000), Fault.flow_below_minimum],
    ["24.001 mL/day", PRESCRIBE, daily(0, 48_000_001), Fault.flow_above_maximum],
    ["one step too slow", PRESCRIBE, daily(0, 500_000, 60, 95_999), Fault.flow_below_minimum],
    ["all zero", PRESCRIBE, daily(0, 0, 60, 0), Fault.schedule_all_zero],
    ["zero, but for a schedule that no day follows", PRESCRIBE, daily(0, 0, 1440, 500_000), Fault.schedule_all_zero],
    ["zero, but for a first schedule that no day follows", PRESCRIBE, [2, 1, 1, 1, 1, 1, 1, 1, 0, 500_000, 1440, 0], Fault.schedule_all_zero],
    ["a schedule of no steps", PRESCRIBE, daily(), Fault.malformed],
    ["not from midnight", PRESCRIBE, daily(1, 500_000), Fault.no_step_at_midnight],
    ["a weekday without a schedule", PRESCRIBE, [2, 0, 0, 0, 0, 0, 0, 1, 0, 500_000], Fault.no_step_at_midnight],
    ["a Monday without a schedule", PRESCRIBE, [2, 1, 0, 0, 0, 0, 0, 0, 0, 500_000], Fault.no_step_at_midnight],
    ["descending", PRESCRIBE, daily(0, 500_000, 60, 600_000, 59, 500_000), Fault.steps_out_of_order],
    ["twice the same minute", PRESCRIBE, daily(0, 500_000, 0, 600_000), Fault.steps_out_of_order],
    ["25 steps", PRESCRIBE, daily(...Array.from({ length: 25 }, (_, n) => [n, 500_000]).flat()), Fault.too_many_steps],
    ["no such mode", PRESCRIBE, [3], Fault.malformed],
    ["a minute of an eighth day", PRESCRIBE, daily(0, 500_000, 10_080, 500_000), Fault.malformed],
    ["overfill: 20 mL hold 18.6 and 1.4 of dead volume", Op.refill, filling(18_600_001, 2000), Fault.overfill],
    ["no label concentration", Op.refill, filling(18_000_000, 1500), Fault.concentration_unknown],
    ["another concentration without a bridge", Op.refill, filling(18_000_000, 500), Fault.concentration_needs_bridge],
    ["next to nothing", Op.refill, filling(500_000, 2000), Fault.reservoir_empty],
    ["start twice", Op.start, [0], Fault.not_in_this_state],
    ["stop without a reason", Op.stop, [0], Fault.malformed],
    ["set-up in use", Op.set_up, [250_000, 20_000_000, 80, 2_000_000, 2_000_000], Fault.not_in_this_state],
    ["the year 1999", Op.set_clock, [946_684_799_999, 0], Fault.clock_out_of_range],
    ["low at 0.9 mL", Op.set_alarms, [900_000, 10, 60], Fault.low_volume_out_of_range],
    ["tones each 4 min", Op.set_alarms, [4_000_000, 4, 60], Fault.tone_interval_out_of_range],
    ["acknowledge nothing", Op.acknowledge, [Alarm.motor_stall, 0], Fault.alarm_not_active],
    ["no such operation", 77 as Op, [], Fault.unknown_operation],
  ];
  for (const [what, op, args, fault] of cases) {
    it(`${what}: refused with ${fault}, therapy unchanged, one record`, () => {
      const ward = new Ward();
      const start_ms = ward.begin(MILLIGRAM_HALF);
      ward.wait_ms(100_000);
      const before = ward.of(TraceKind.record).length;
      expect(op === PRESCRIBE ? prescribe(ward.bench, args) : ward.bench.request(op, args, op < Ops.first ? new Uint8Array(0) : undefined)).toEqual({ fault, values: [] });
      const told = ward.of(TraceKind.record).slice(before);
      expect(told).toMatchObject([{ a: RecordKind.login }, { a: RecordKind.operation, b: op === PRESCRIBE ? told[1]!.b : op, c: fault }]);
      if (op === PRESCRIBE) expect([Op.stage, Op.stage_steps, Op.review]).toContain(told[1]!.b);
      ward.wait_ms(HOUR_MS);
      expect(ward.pulses()).toEqual(Array.from({ length: 42 }, (_, n) => start_ms + (n + 1) * 86_400));
      expect(ward.close().state).toBe(State.therapy);
    });
  }

  it("a byte too many or too few, or half a step, is malformed, for every operation", () => {
    const ward = new Ward();
    const bytes_of: readonly (readonly [Op, number])[] = [
      [Op.status, 0], [Op.set_up, 18], [Op.refill, 20], [Op.stage, 12], [Op.stage_steps, 7], [Op.review, 0], [Op.commit, 17], [Op.start, 2], [Op.stop, 1], [Op.set_clock, 16],
      [Op.acknowledge, 5], [Op.set_alarms, 8], [Op.prescription, 1], [Op.reservoir, 0], [Op.log, 4], [Op.close, 0], [Op.link_counts, 0],
      [Op.stage_timed, 9], [Op.stage_extra, 25], [Op.stage_titration, 5], [Op.stage_refill, 21], [Op.bolus, 10], [Op.patient_bolus, 0], [Op.cancel, 1], [Op.prime_arm, 4],
      [Op.prime, 4], [Op.delivery, 0], [Op.prescription_boluses, 0], [Op.prescription_plan, 0], [Op.test_tone, 1],
    ];
    for (const [op, bytes] of bytes_of) {
      for (const count of [bytes - 1, bytes + 1, bytes + 3]) {
        if (count >= 0) expect([op, count, ward.bench.request(op, [], new Uint8Array(count).fill(1)).fault]).toEqual([op, count, Fault.malformed]);
      }
    }
    expect(bytes_of.length).toBe(Ops.last - Ops.first + 1);
  });

  it("24 steps on each of two days are not too many", () => {
    const ward = new Ward();
    const steps = [0, 1].flatMap((schedule) => Array.from({ length: 24 }, (_, n) => [schedule * 1440 + n * 60, 500_000 + n])).flat();
    ward.begin([2, 0, 1, 0, 1, 0, 1, 0, ...steps]);
    ward.wait_ms(2 * DAY_MS);
    expect(ward.records(RecordKind.segment).length).toBe(48 + 1);
    ward.close();
  });

  it("answers hold what the operation promises and nothing else", () => {
    const ward = new Ward();
    expect(ward.refill(18_000_000, 500)).toEqual([]);
    expect(ward.refill(18_000_000, 2000)).toEqual([]); // on the shelf the drug may still change
    expect(ward.prescribe(MILLIGRAM_HALF)).toBe(1);
    expect(ward.bench.request(Op.refill, filling(18_000_000, 500)).fault).toBe(Fault.concentration_needs_bridge);
    expect(ward.start()).toEqual([]);
    expect(ward.prescribe(MILLIGRAM_HALF)).toBe(2);
    expect(ward.setClock(MIDNIGHT_MS)).toHaveLength(1);
    expect(ward.ask(Op.set_alarms, 4_000_000, 10, 60)).toEqual([]);
    expect(ward.ask(Op.stop, 1)).toEqual([]);
    expect(ward.ask(Op.status)).toHaveLength(Status.fields);
  });

  it("no start without drug or prescription, no prescription without drug", () => {
    const ward = new Ward();
    expect(ward.bench.request(Op.start, [0]).fault).toBe(Fault.no_drug);
    expect(prescribe(ward.bench, MILLIGRAM_HALF).fault).toBe(Fault.no_drug);
    ward.refill(18_000_000, 2000);
    expect(ward.bench.request(Op.start, [0]).fault).toBe(Fault.no_prescription);
    expect(ward.bench.request(Op.stop, [1]).fault).toBe(Fault.not_in_this_state);
  });
});
