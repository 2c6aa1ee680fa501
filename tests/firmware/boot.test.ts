// Resets: what is still known after each, and what a damaged copy leads to.

import { describe, expect, it } from "vitest";
import { bootPump } from "../../firmware/boot";
import { createController } from "../../firmware/controller";
import { C, History, Region, W, createPump } from "../../firmware/state";
import { Fault } from "../../hal/faults";
import { PowerLoss, ResetCause, Source } from "../../hal/controller";
import type { Board } from "../../hal/board";
import type { Controller } from "../../hal/controller";
import { Retained } from "../../hal/retained";
import { Alarm } from "../../protocol/alarms";
import { Op, Status } from "../../protocol/operations";
import { RecordKind } from "../../protocol/records";
import { Role } from "../../protocol/service";
import { State } from "../../protocol/states";
import { DeskWand, createDesk, startOnDesk } from "./desk";
import { filling } from "./prescribe";
import { Ward, daily } from "./ward";

const HOUR_MS = 3_600_000;

function therapy(): Ward {
  const ward = new Ward();
  ward.begin(daily(0, 500_000, 720, 1_000_000));
  ward.wait_ms(HOUR_MS);
  return ward;
}

describe("power loss (DOSE-4b)", () => {
  it("keeps prescription, clock, settings, books and alarms; therapy is back within a second (MEM-1a, ALARM-3d)", () => {
    const ward = therapy();
    ward.ask(Op.set_alarms, 3_000_000, 20, 120);
    ward.refill(17_000_000, 2000);
    ward.setClock(1_800_000_000_000);
    const before = ward.bench.status();
    ward.bench.inject({ kind: "power.off", value: 60_000 });
    ward.wait_ms(61_000);
    const after = ward.bench.status();
    for (const value of [Status.state, Status.commanded, Status.confirmed, Status.remaining_pL, Status.version, Status.rate, Status.alarms]) {
      expect([value, after[value]]).toEqual([value, before[value]]);
    }
    expect(after[Status.wall_ms]! - after[Status.pump_ms]!).toBe(before[Status.wall_ms]! - before[Status.pump_ms]!);
    ward.close();
  });

  it("doubts a clock that stood still, until it is set, and goes on all the same (MEM-4)", () => {
    const still = (board: Board): Controller => {
      const pump = createController(board);
      return { ...pump, boot: (now_ms, cause, detail, failed) => pump.boot(now_ms, cause, cause === ResetCause.power ? PowerLoss.clock_stood : detail, failed) };
    };
    const ward = new Ward({ controller: still });
    ward.begin(daily(0, 500_000));
    expect(ward.records(RecordKind.alarm_on)).toEqual([]);
    ward.bench.inject({ kind: "power.off", value: 60_000 });
    ward.wait_ms(HOUR_MS);
    expect(ward.records(RecordKind.alarm_on).map(({ b }) => b)).toEqual([Alarm.clock_doubtful]);
    expect(ward.close()).toMatchObject({ state: State.therapy, commanded: 40 });
    ward.setClock(1_800_000_000_000);
    expect(ward.records(RecordKind.alarm_off).map(({ b }) => b)).toEqual([Alarm.clock_doubtful]);
  });

  it("resumes a stop as a stop, and the shelf as the shelf (STATE-2a, STATE-5)", () => {
    const stopped = therapy();
    stopped.ask(Op.stop, 1);
    const pulses = stopped.pulses().length;
    stopped.bench.inject({ kind: "power.off", value: 1000 });
    stopped.wait_ms(3 * HOUR_MS);
    expect(stopped.close()).toMatchObject({ state: State.stopped, commanded: pulses });
    expect(stopped.records(RecordKind.alarm_on).map(({ b }) => b)).toEqual([Alarm.stopped_1h]);
    const shelf = new Ward();
    shelf.bench.inject({ kind: "power.off", value: 1000 });
    shelf.wait_ms(HOUR_MS);
    expect(shelf.close()).toMatchObject({ state: State.shelf, commanded: 0 });
  });

  it("safe-off stays off", () => {
    const ward = new Ward();
    ward.begin(daily(0, 2_000_000), 500, 600_000);
    ward.wait_ms(401 * 5400);
    expect(ward.bench.status()[Status.state]).toBe(State.safe_off);
    ward.bench.inject({ kind: "power.off", value: 1000 });
    ward.wait_ms(HOUR_MS);
    expect(ward.close()).toMatchObject({ state: State.safe_off, commanded: 400 });
  });
});

describe("damaged copies (MEM-3b)", () => {
  it("a damaged prescription leads to the minimum rate with a critical alarm, and a commit leads out (STATE-3a, STATE-3e)", () => {
    const ward = therapy();
    ward.bench.inject({ kind: "storage.damaged", value: 2 });
    ward.bench.inject({ kind: "power.off", value: 1000 });
    const before = ward.pulses().length;
    ward.wait_ms(2 * HOUR_MS + 60_000);
    expect(ward.pulses().length).toBe(before + 2);
    expect(ward.bench.status()[Status.state]).toBe(State.safe_minimum);
    expect(ward.records(RecordKind.alarm_on).map(({ b }) => b)).toEqual([Alarm.no_valid_prescription]);
    ward.bench.heal("storage.damaged");
    expect(ward.bench.request(Op.refill, filling(18_000_000, 500)).fault).toBe(Fault.concentration_needs_bridge);
    ward.prescribe(daily(0, 500_000));
    ward.wait_ms(864_000);
    expect(ward.pulses().length).toBe(before + 12);
    expect(ward.records(RecordKind.alarm_off).map(({ b }) => b)).toEqual([Alarm.no_valid_prescription]);
    expect(ward.close().state).toBe(State.therapy);
  });

  it("damaged settings: nobody knows the fill, so therapy goes on at the minimum rate as if it were full", () => {
    const ward = therapy();
    ward.bench.inject({ kind: "motor.stalled" });
    ward.wait_ms(HOUR_MS); // pulses that are uncertain from before do not count against the fill
    ward.bench.inject({ kind: "storage.damaged", value: 1 });
    ward.bench.inject({ kind: "power.off", value: 1000 });
    ward.wait_ms(60_000);
    const status = ward.bench.status();
    expect(status[Status.state]).toBe(State.safe_minimum);
    expect(status[Status.uncertain]).toBeGreaterThan(40);
    expect(status[Status.remaining_pL]).toBe(18_600_000_000);
    expect(status[Status.remaining_low_pL]).toBe(18_600_000_000);
    expect(ward.records(RecordKind.storage_failed).length).toBe(1);
  });

  for (const [where, first, last] of [["settings", C.state, C.tone_ms], ["count of misses", C.miss_hour, C.miss_bucket_last], ["prescription", C.version, C.step_last]] as const) {
    it(`a bit of the ${where} that flips just before a warm reset costs nothing (MEM-3a)`, () => {
      for (const slot of [first, last]) {
        const ward = therapy();
        const start_ms = ward.pulses()[0]! - 86_400;
        ward.bench.inject({ kind: "memory.flip", value: slot });
        ward.bench.inject({ kind: "processor.reset" });
        ward.wait_ms(HOUR_MS);
        expect(ward.pulses()).toEqual(Array.from({ length: 83 }, (_, n) => start_ms + (n + 1) * 86_400));
        expect(ward.records(RecordKind.memory_corrected)).toMatchObject([{ b: slot }]);
        expect(ward.close().state).toBe(State.therapy);
      }
    });
  }

  it("a running value lost in both copies leads to storage and the minimum rate; never a guess", () => {
    const desk = createDesk();
    const controller = createController(desk.board);
    let deadline_ms = controller.boot(1000, 1, 0, 0);
    deadline_ms = controller.event(1001, Source.storage, 0, 0);
    desk.board.retained[C.dose] = 999;
    desk.board.retained[C.volume] = 7;
    desk.notes.length = 0;
    deadline_ms = controller.wake(deadline_ms);
    expect(deadline_ms).toBeGreaterThan(1000);
    const lost = desk.notes.map((note) => note.split(" ")).filter(([word, , kind]) => word === "record" && kind === String(RecordKind.memory_lost));
    expect(lost.map(([, , , slot]) => slot)).toEqual([String(C.dose)]);
  });
});

describe("a warm reset that took too long", () => {
  it("is bridged for 60 s past the deadline that was named, and not caught up beyond it (MEM-1a, DOSE-4c)", () => {
    for (const [late_ms, missed] of [[60_000, 0], [600_000, 600_000]] as const) {
      const { desk, first_ms: deadline_ms } = startOnDesk(500_000);
      expect(deadline_ms).toBe(86_400);
      const after = createController(desk.board);
      const next_ms = after.boot(deadline_ms + late_ms, 2, 0, 0);
      expect(desk.notes.filter((note) => note === "pulse").length).toBe(1);
      expect(next_ms).toBe(deadline_ms + late_ms + 750);
      const not_delivered = desk.notes.filter((note) => note.split(" ")[2] === String(RecordKind.not_delivered));
      expect(not_delivered.map((note) => note.split(" ").slice(3).join(" "))).toEqual(missed === 0 ? [] : [`3472 ${missed} 1`]);
      after.event(deadline_ms + late_ms + 8, 1, 1, 8);
      expect(after.wake(deadline_ms + late_ms + 750)).toBe(deadline_ms + 86_400 + missed);
    }
  });
});

describe("a backlog after a reset", () => {
  /** A pump at 20 mg/day for five minutes, a pulse each 2160 ms, that boots 60 s late: some 27 pulses are due. */
  function late(): { desk: ReturnType<typeof createDesk>; controller: Controller; now_ms: number } {
    const { desk, first_ms: deadline_ms } = startOnDesk(daily(0, 20_000_000, 5, 100_000));
    const controller = createController(desk.board);
    controller.boot(deadline_ms + 60_000, 2, 0, 0);
    return { desk, controller, now_ms: deadline_ms + 60_000 };
  }

  it("is given at the motor's least interval, each pulse confirmed before the next (MOTOR-1d)", () => {
    const { desk, controller, now_ms: boot_ms } = late();
    let now_ms = boot_ms;
    for (let n = 1; n < 20; n++) {
      expect(controller.event(now_ms + 8, 1, 1, 8)).toBe(now_ms + 750);
      now_ms += 750;
      controller.wake(now_ms);
    }
    expect(desk.notes.filter((note) => note === "pulse").length).toBe(20);
  });

  it("gives way to a stop that waited for a board which says nothing", () => {
    const { desk, controller, now_ms } = late();
    const wand = new DeskWand(desk, controller, Role.clinician, 100);
    expect(wand.ask(now_ms + 10, Op.stop, [1])).toBe(undefined);
    desk.notes.length = 0;
    controller.wake(now_ms + 750);
    expect(desk.notes).not.toContain("pulse");
    expect(wand.later(now_ms + 750)).toEqual({ fault: Fault.ok, values: [] });
  });
});

it("a new pump has given nothing, however late its first boot: nothing is unknown of it (LIMIT-2d)", () => {
  const p = createPump(createDesk().board);
  p.w[W.now_ms] = HOUR_MS;
  bootPump(p, ResetCause.power, 0, 0);
  expect(p.c[C.history_from_ms]).toBe(0);
});

describe("the contract", () => {
  it("panics on a reset cause, a source or an edge that is not in it, and on time that runs backwards", () => {
    for (const cause of [0, 4] as unknown as ResetCause[]) expect(() => createController(createDesk().board).boot(1, cause, 0, 0)).toThrow("panic 909");
    const controller = createController(createDesk().board);
    controller.boot(1000, 1, 0, 0);
    expect(() => controller.event(1001, 9 as Source, 0, 0)).toThrow("panic 909");
    expect(() => controller.event(1001, 2, 4, 0)).toThrow("panic 909");
    expect(() => controller.event(1001, 1, 3, 0)).toThrow("panic 909");
    expect(() => controller.wake(999)).toThrow("panic 901");
  });

  it("names its deadlines within 6 h, also when it has nothing to do", () => {
    const controller = createController(createDesk().board);
    expect(controller.boot(1000, 1, 0, 0)).toBe(21_601_000);
    expect(controller.wake(21_601_000)).toBe(43_201_000);
  });

  it("holds its region, and what was given, in what retained memory has", () => {
    expect(Region.prescription + Region.prescription_count).toBe(C.size);
    expect(History.size).toBeLessThanOrEqual(Retained.slots);
  });
});
