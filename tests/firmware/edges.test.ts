// Edges where a first version went wrong: resets, stops and alarms that meet.

import { describe, expect, it } from "vitest";
import { C } from "../../firmware/state";
import { TraceKind } from "../../emulator/trace";
import { Source } from "../../hal/controller";
import { Fault } from "../../hal/faults";
import { MotorResult } from "../../hal/motor";
import { Tone } from "../../hal/sounder";
import { Alarm } from "../../protocol/alarms";
import { Op, Status } from "../../protocol/operations";
import { RecordKind, StallEnd } from "../../protocol/records";
import { Role } from "../../protocol/service";
import { State } from "../../protocol/states";
import { DeskWand, startOnDesk } from "./desk";
import { Ward, daily } from "./ward";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

function therapy(prescription = daily(0, 500_000)): Ward {
  const ward = new Ward();
  ward.begin(prescription);
  return ward;
}

const powerOff = (ward: Ward, ms: number): void => {
  ward.bench.inject({ kind: "power.off", value: ms });
  ward.wait_ms(ms + 1000);
};

const on = (ward: Ward): number[] => ward.records(RecordKind.alarm_on).map(({ b }) => b);
const active = (ward: Ward): number[] => {
  const bits = ward.bench.status()[Status.alarms]!;
  return Array.from({ length: 18 }, (_, n) => n).filter((n) => (bits & (1 << n)) !== 0);
};

describe("a stop", () => {
  it("raises both its alarms when the pump was without power while they came due (STATE-2b)", () => {
    const ward = therapy();
    ward.ask(Op.stop, 1);
    powerOff(ward, 60 * HOUR_MS);
    expect(on(ward)).toEqual([Alarm.stopped_1h, Alarm.stopped_48h]);
    expect(ward.of(TraceKind.host).length).toBe(1); // the power cut itself, and no watchdog
    ward.close();
  });

  it("logs all that it missed, also across a power cut (DOSE-4c)", () => {
    const ward = therapy();
    ward.ask(Op.stop, 1);
    ward.wait_ms(DAY_MS);
    powerOff(ward, 1000);
    ward.wait_ms(HOUR_MS - 2000);
    ward.start();
    expect(ward.records(RecordKind.not_delivered)).toMatchObject([{ b: 520_833, c: 25 * HOUR_MS }]);
    ward.close();
  });

  it("logs what was missed by each prescription that was in force meanwhile", () => {
    const ward = therapy();
    ward.ask(Op.stop, 1);
    ward.wait_ms(HOUR_MS);
    ward.prescribe(daily(0, 700_000));
    ward.wait_ms(HOUR_MS);
    ward.prescribe([1]);
    ward.wait_ms(HOUR_MS);
    ward.start();
    expect(ward.records(RecordKind.not_delivered).map(({ b, c, d }) => [b, c, d])).toEqual([
      [20_833, HOUR_MS, 1], [29_166, HOUR_MS, 1], [250, HOUR_MS, 2]]);
    ward.close();
  });

  it("ends the empty alarm that a refill has left without a cause", () => {
    const ward = new Ward();
    ward.begin(daily(0, 2_000_000), 500, 600_000);
    ward.wait_ms(401 * 5400);
    ward.refill(18_000_000, 500);
    expect(active(ward)).toEqual([Alarm.reservoir_empty]);
    ward.ask(Op.stop, 1);
    expect(active(ward)).toEqual([]);
    ward.close();
  });

  it("with the prescription destroyed meanwhile says so, and a new one ends that", () => {
    const ward = therapy();
    ward.ask(Op.stop, 1);
    ward.bench.inject({ kind: "storage.damaged", value: 2 });
    powerOff(ward, 1000);
    expect(active(ward)).toEqual([Alarm.no_valid_prescription]);
    expect(ward.bench.request(Op.start, [0]).fault).toBe(Fault.no_prescription);
    ward.bench.heal("storage.damaged");
    ward.prescribe(daily(0, 500_000));
    expect(active(ward)).toEqual([]);
  });
});

describe("storage", () => {
  it("gets an accepted prescription in the end: after a warm reset, and an hour after it failed twice", () => {
    for (const reset of [true, false]) {
      const ward = therapy();
      ward.wait_ms(1000);
      ward.bench.inject({ kind: "storage.write_fails" });
      ward.prescribe(daily(0, 250_000));
      ward.wait_ms(100);
      ward.bench.heal("storage.write_fails");
      if (reset) ward.bench.inject({ kind: "processor.reset" });
      ward.wait_ms(reset ? 1000 : HOUR_MS + 1000);
      expect(active(ward)).toEqual([]);
      ward.wait_ms(3 * HOUR_MS);
      expect(ward.of(TraceKind.host)).toEqual([]); // no deadline was left in the past
      powerOff(ward, 1000);
      expect(ward.bench.status()[Status.rate]).toBe(250_000);
    }
  });

  it("keeps the settings of the alarms", () => {
    const ward = therapy();
    ward.wait_ms(1000);
    ward.ask(Op.set_alarms, 10_000_000, 120, 1440);
    powerOff(ward, 1000);
    ward.refill(10_000_000, 2000);
    ward.wait_ms(2 * DAY_MS);
    expect(on(ward)).toEqual([Alarm.low_reservoir]);
    expect(ward.of(TraceKind.tone).length).toBe(3);
  });

  it("keeps the numbers of its records apart when a reset comes before they are durable", () => {
    const ward = new Ward({ unit: { boot_delay_ms: 1 } });
    ward.begin(daily(0, 500_000));
    ward.bench.inject({ kind: "processor.reset" });
    ward.wait_ms(1000);
    const numbers = ward.bench.storage.records().map(({ sequence }) => sequence);
    expect(numbers).toEqual(numbers.map((_, n) => n + 1));
  });

  it("stamps the boot record with the wall clock as it was set", () => {
    const ward = therapy();
    ward.bench.inject({ kind: "processor.reset" });
    ward.wait_ms(1000);
    powerOff(ward, 5000);
    const boots = ward.bench.storage.records().filter(({ kind }) => kind === RecordKind.boot).slice(1);
    expect(boots.map(({ wall_ms, pump_ms }) => wall_ms - pump_ms)).toEqual([1_767_571_200_000, 1_767_571_200_000]);
  });
});

describe("memory", () => {
  it("lost just before a step leads to the minimum rate, and the step does not undo that", () => {
    // Not at an hour since the boot, when the whole region is looked at anyway.
    const ward = therapy(daily(0, 500_000, 40, 600_000));
    ward.wait_ms(40 * 60_000 - 1000);
    for (let n = 0; n < 3; n++) ward.bench.inject({ kind: "memory.flip", value: C.step + 1 });
    ward.wait_ms(2000);
    // By the step itself: a question would have looked at all of it too.
    expect(ward.records(RecordKind.memory_lost)).toHaveLength(1);
    const status = ward.bench.status();
    expect([status[Status.state], status[Status.rate]]).toEqual([State.safe_minimum, 6000]);
    expect(active(ward)).toEqual([Alarm.no_valid_prescription]);
    ward.close();
  });

  it("settings lost: set up, filled and prescribed anew, therapy is back", () => {
    const ward = therapy();
    ward.wait_ms(HOUR_MS);
    ward.bench.inject({ kind: "storage.damaged", value: 1 });
    powerOff(ward, 1000);
    ward.bench.heal("storage.damaged");
    expect(ward.bench.request(Op.start, [0]).fault).toBe(Fault.no_drug);
    ward.ask(Op.set_up, 250_000, 20_000_000, 80, 2_000_000, 2_000_000);
    ward.refill(18_600_000, 1000);
    ward.prescribe(daily(0, 500_000));
    expect(ward.bench.status()[Status.state]).toBe(State.therapy);
    expect(active(ward)).toEqual([]);
  });
});

describe("memory checks (MEM-3a)", () => {
  it("see a flipped bit at the next entry, or before its slot is used", () => {
    for (const [slot, wait_ms] of [[C.magic, 86_400], [C.dose, 86_400], [C.tone_ms, 86_400], [C.miss_bucket, 0]] as const) {
      const ward = therapy();
      ward.wait_ms(HOUR_MS + 100_000);
      ward.bench.inject({ kind: "memory.flip", value: slot });
      const flipped_ms = ward.bench.pump_ms();
      ward.wait_ms(wait_ms);
      expect([slot, ward.records(RecordKind.memory_corrected).length]).toEqual([slot, wait_ms > 0 ? 1 : 0]);
      ward.bench.inject({ kind: "motor.stalled" });
      ward.wait_ms(2 * 86_400);
      expect(ward.records(RecordKind.memory_corrected)).toMatchObject([{ b: slot, c: 2 }]);
      expect(ward.records(RecordKind.memory_corrected)[0]!.at_ms - flipped_ms).toBeLessThan(2 * 86_400);
    }
  });
});

describe("memory checks beside therapy (MEM-3a)", () => {
  it("see a flipped bit of the prescription within the hour, and at once when something is asked", () => {
    for (const asked of [false, true]) {
      const ward = therapy();
      ward.wait_ms(5 * HOUR_MS + 10_000);
      ward.bench.inject({ kind: "memory.flip", value: C.step });
      if (asked) ward.bench.status();
      else ward.wait_ms(HOUR_MS + 100_000);
      expect(ward.records(RecordKind.memory_corrected)).toMatchObject([{ b: C.step, c: 2 }]);
    }
  });

  it("set-up comes back only where the settings were lost: safe minimum, and no prescription", () => {
    const kept = therapy(daily(0, 500_000, 60, 600_000));
    kept.wait_ms(HOUR_MS - 1000);
    for (let n = 0; n < 3; n++) kept.bench.inject({ kind: "memory.flip", value: C.step + 1 });
    kept.wait_ms(2000);
    expect(kept.bench.status()[Status.state]).toBe(State.safe_minimum);
    expect(kept.bench.request(Op.set_up, [250_000, 20_000_000, 80, 2_000_000, 2_000_000]).fault).toBe(Fault.not_in_this_state);
    const stopped = therapy();
    stopped.ask(Op.stop, 1);
    stopped.bench.inject({ kind: "storage.damaged", value: 2 });
    powerOff(stopped, 1000);
    expect(stopped.bench.request(Op.set_up, [250_000, 20_000_000, 80, 2_000_000, 2_000_000]).fault).toBe(Fault.not_in_this_state);
  });
});

describe("pulses lost in resets (DOSE-8)", () => {
  it("three in a row are a stall (MOTOR-2b)", () => {
    const ward = therapy(daily(0, 100_000)); // a pulse each 7 min 12 s: three resets within 10 min would lead to the minimum rate
    for (let n = 0; n < 3; n++) {
      ward.wait_ms(432_000 - (n === 0 ? 0 : 1000) + 4);
      ward.bench.inject({ kind: "processor.reset" });
      ward.wait_ms(996);
    }
    expect(ward.records(RecordKind.pulse_lost).length).toBe(3);
    expect(ward.records(RecordKind.stall_begin).length).toBe(1);
    ward.wait_ms(432_000);
    expect(ward.records(RecordKind.stall_end)).toMatchObject([{ c: 3, d: StallEnd.confirmed }]);
    ward.close();
  });

  it("one that takes the lower bound below the low volume raises the alarm at the boot (FILL-2b)", () => {
    const ward = new Ward();
    ward.begin(daily(0, 500_000), 2000, 4_000_250);
    ward.wait_ms(86_400 + 4);
    ward.bench.inject({ kind: "processor.reset" });
    ward.wait_ms(100);
    expect(on(ward)).toEqual([Alarm.low_reservoir]);
    ward.close();
  });

  it("a stall outlives a power loss, and the first confirmed pulse ends it (MOTOR-3a)", () => {
    const ward = therapy();
    ward.bench.inject({ kind: "motor.stalled" });
    ward.wait_ms(5 * 86_400 + 1000);
    powerOff(ward, 1000);
    expect(active(ward)).toEqual([Alarm.motor_stall]);
    ward.bench.heal("motor.stalled");
    ward.wait_ms(86_400);
    expect(ward.records(RecordKind.stall_end)).toMatchObject([{ c: 5, d: StallEnd.confirmed }]);
    expect(active(ward)).toEqual([]);
    ward.close();
  });

  it("scattered misses weigh anew when a stop comes back at a lower rate", () => {
    const ward = therapy(daily(0, 1_000_000));
    ward.wait_ms(1000);
    for (let n = 0; n < 8; n++) {
      ward.bench.inject({ kind: "motor.stalled" });
      ward.wait_ms(43_200);
      ward.bench.heal("motor.stalled");
      ward.wait_ms(432_000);
    }
    ward.ask(Op.stop, 1);
    ward.prescribe(daily(0, 100_000));
    expect(on(ward)).toEqual([]);
    ward.start();
    expect(on(ward)).toEqual([Alarm.motor_stall]);
    ward.close();
  });
});

describe("end of service (BATT-1c)", () => {
  it("is at 2556 days at the latest, also when ERI was noticed late", () => {
    const ward = therapy([1]);
    ward.wait_ms(2460 * DAY_MS);
    powerOff(ward, 100 * DAY_MS);
    expect(ward.bench.status()[Status.state]).toBe(State.end_of_service);
    expect(active(ward)).toContain(Alarm.end_of_service);
  });

  it("ends the alarms that nobody could answer any more (STATE-6)", () => {
    const ward = therapy([1]);
    ward.wait_ms(2550 * DAY_MS);
    ward.ask(Op.stop, 1);
    ward.wait_ms(7 * DAY_MS);
    expect(active(ward)).toEqual([Alarm.end_of_service, Alarm.low_reservoir, Alarm.battery_eri]);
    // What the stop has missed up to there is told: 6 uL a day.
    const [missed, ...more] = ward.records(RecordKind.not_delivered);
    expect([missed!.b, more]).toEqual([Math.floor(missed!.c * 6000 / DAY_MS), []]);
    expect(missed!.at_ms).toBe(2556 * DAY_MS);
    ward.close();
  });
});

describe("requests", () => {
  it("that come at the instant of a pulse come after it: it is given, and they wait for its end (MOTOR-1c)", () => {
    const { desk, controller, wand, first_ms } = startOnDesk(500_000);
    wand.ask(first_ms - 1000, Op.status);
    desk.notes.length = 0;
    expect(wand.ask(first_ms, Op.stop, [1])).toBeUndefined();
    expect(desk.notes.filter((note) => note === "pulse")).toHaveLength(1);
    controller.event(first_ms + 8, Source.motor, MotorResult.confirmed, 8);
    expect(wand.later(first_ms + 8)?.fault).toBe(Fault.ok);
    expect(wand.ask(first_ms + 9, Op.status)!.values.slice(0, 3)).toEqual([State.stopped, 1, 1]);
  });

  it("a silence of a millisecond does not bring the next tone forward", () => {
    const ward = therapy();
    ward.bench.inject({ kind: "motor.stalled" });
    ward.wait_ms(3 * 86_400 + 1000);
    ward.ask(Op.acknowledge, Alarm.motor_stall, 1);
    ward.wait_ms(590_000);
    expect(ward.of(TraceKind.tone).map(({ a }) => a)).toEqual([Tone.two_tone]);
    ward.wait_ms(10_000);
    expect(ward.of(TraceKind.tone).length).toBe(2);
  });

  it("set-up does not shrink the reservoir below what is in it", () => {
    const ward = new Ward({ unit: { capacity_nL: 40_000_000 } });
    ward.refill(38_000_000, 2000);
    expect(ward.bench.request(Op.set_up, [250_000, 20_000_000, 80, 2_000_000, 2_000_000]).fault).toBe(Fault.overfill);
    ward.ask(Op.set_up, 250_000, 40_000_000, 80, 2_000_000, 2_000_000);
  });

  it("while one waits for the pulse boundary, a new session's is told to come again; the one that waits is done all the same", () => {
    const { desk, controller, wand, first_ms } = startOnDesk(500_000);
    controller.wake(first_ms);
    expect(wand.ask(first_ms, Op.stop, [1])).toBe(undefined);
    const other = new DeskWand(desk, controller, Role.clinician, 100);
    expect(other.ask(first_ms + 2, Op.start, [0])).toEqual({ fault: Fault.busy, values: [] });
    desk.notes.length = 0;
    controller.event(first_ms + 8, 1, 1, 8);
    expect(desk.notes.filter((note) => new RegExp(`^record \\d+ ${RecordKind.operation} `).test(note))).toEqual([expect.stringMatching(new RegExp(` ${Op.stop} 0 1$`))]);
    expect(desk.sent).toEqual([]);
    expect(other.ask(first_ms + 9, Op.status)?.values[Status.state]).toBe(State.stopped);
  });

  it("one that waits when the region is lost is refused, on record, and nothing of it is done", () => {
    const { desk, controller, wand, first_ms } = startOnDesk(500_000);
    controller.wake(first_ms);
    expect(wand.ask(first_ms + 1, Op.stop, [1])).toBe(undefined);
    desk.notes.length = 0;
    desk.board.retained[C.dose] = 999;
    controller.event(first_ms + 8, 1, 1, 8);
    expect(wand.later(first_ms + 8)).toEqual({ fault: Fault.interrupted, values: [] });
    const refused = new RegExp(`^record \\d+ ${RecordKind.operation} ${Op.stop} ${Fault.interrupted} 0$`);
    expect(desk.notes.filter((note) => refused.test(note))).toHaveLength(1);
  });

  it("set-up waits for a pulse boundary too", () => {
    const ward = therapy();
    ward.bench.inject({ kind: "storage.damaged", value: 1 });
    powerOff(ward, 1000);
    ward.bench.heal("storage.damaged");
    ward.bench.inject({ kind: "rotor.late", value: 300 });
    ward.wait_ms(HOUR_MS - 1000 - 20 + 100 + 20);
    expect(ward.bench.status()[Status.in_flight]).toBe(1);
    const asked_ms = ward.bench.pump_ms();
    ward.ask(Op.set_up, 250_000, 20_000_000, 80, 2_000_000, 2_000_000);
    expect(ward.bench.pump_ms()).toBeGreaterThan(asked_ms);
  });

  it("a result of a pulse that was given up is not taken for the next one", () => {
    const { desk, controller, first_ms } = startOnDesk(daily(0, 47_000_000, 4, 100_000));
    controller.wake(first_ms);
    const second_ms = controller.wake(first_ms + 750);
    controller.wake(second_ms);
    desk.notes.length = 0;
    controller.event(second_ms + 1, 1, 1, second_ms + 1 - first_ms);
    expect(desk.notes).not.toContain("tally 1");
    controller.event(second_ms + 8, 1, 1, 8);
    expect(desk.notes).toContain("tally 1");
  });
});
