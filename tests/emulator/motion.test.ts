// Motion that nobody commanded: what turns, what is told, what is found.

import { describe, expect, test } from "vitest";
import type { Board } from "../../hal/board";
import { Source } from "../../hal/controller";
import { MotorResult } from "../../hal/motor";
import { RotorEdge } from "../../hal/rotor";
import type { ControllerFactory } from "../../hal/controller";
import { Alarm } from "../../protocol/alarms";
import { RecordKind } from "../../protocol/records";
import { TraceKind } from "../../emulator/trace";
import { Bench } from "../../emulator/bench";
import { metronome } from "./metronome";
import { found, INTERVAL_US, listen, running } from "./running";

/** A metronome that does `act` with each edge that it is told of; by itself it does nothing about one. */
function watchful(act: (board: Board, now_ms: number, edge: number) => void): ControllerFactory {
  return (board) => {
    const inner = metronome()(board);
    return {
      ...inner,
      event: (now_ms, source, a, b) => {
        if (source === Source.rotor) act(board, now_ms, a);
        return inner.event(now_ms, source, a, b);
      },
    };
  };
}

const bare = (act: (board: Board, now_ms: number, edge: number) => void): Bench => {
  const bench = running({}, { controller: watchful(act) });
  bench.advance_us(1_000_000);
  return bench;
};

describe("a runaway", () => {
  test("turns the head at multiples of its period while the drive has its supply, and each edge is told (MOTOR-4a)", () => {
    const bench = bare(() => undefined);
    const edges = listen(bench, TraceKind.edge);
    bench.inject({ kind: "motor.runaway", value: 250 });
    bench.advance_us(1_100_000);
    expect([bench.plant.uncommanded, bench.plant.motions, bench.plant.delivered_pL]).toEqual([4, 4, 1_000_000]);
    expect(edges.map(([at_ms, edge]) => [at_ms, edge])).toEqual([250, 500, 750, 1000].map((after) => [1008 + after, RotorEdge.uncommanded]));
    bench.heal("motor.runaway");
    bench.advance_us(10_000_000);
    expect(bench.plant.uncommanded).toBe(4);
  });

  test("stops when the supply is cut, and goes on at its own times when it is back", () => {
    const cuts: number[] = [];
    const bench = bare((board, now_ms) => {
      cuts.push(now_ms);
      board.cutoff.cut(1);
    });
    bench.inject({ kind: "motor.runaway", value: 1000 });
    bench.advance_us(30_000_000);
    expect([cuts, bench.plant.uncommanded, bench.cutoff.supplied]).toEqual([[2008], 1, false]);
    bench.cutoff.capability.cut(0);
    bench.advance_us(1_500_000);
    expect(cuts).toEqual([2008, 32_008]);
  });

  test("of a stalled head turns nothing", () => {
    const bench = bare(() => undefined);
    bench.inject({ kind: "motor.stalled" });
    bench.inject({ kind: "motor.runaway", value: 500 });
    bench.advance_us(10_000_000);
    expect(bench.plant.motions).toBe(0);
  });

  test("whose edge comes in a pulse's place confirms it, and the pulse's own is one too many", () => {
    const edges: number[][] = [];
    const bench = bare((_board, now_ms, edge) => { edges.push([now_ms, edge]); });
    const results = listen(bench, TraceKind.result);
    bench.inject({ kind: "rotor.late", value: 100 });
    // Motions 50 ms before the pulse's command and at it; their edges come 50 ms and 100 ms after it.
    bench.advance_us(INTERVAL_US - 1_150_000);
    bench.inject({ kind: "motor.runaway", value: 100 });
    bench.advance_us(120_000);
    bench.heal("motor.runaway");
    bench.advance_us(1_000_000);
    expect(results).toEqual([[86_450, MotorResult.confirmed, 50, 0]]);
    expect(edges).toEqual([[86_500, RotorEdge.uncommanded]]);
    const { confirmed, uncertain, uncommanded } = bench.oracle.ledger;
    expect([bench.plant.motions, bench.plant.uncommanded, confirmed, uncertain, uncommanded]).toEqual([2, 1, 1, 1, 1]);
  });
});

test("a reversed pulse turns the head backwards, gives a backward edge and no result but missed", () => {
  const edges: number[] = [];
  const bench = bare((_board, _now_ms, edge) => { edges.push(edge); });
  bench.inject({ kind: "motor.reverse" });
  bench.advance_us(INTERVAL_US);
  expect([bench.plant.motions, bench.plant.reversed, bench.plant.delivered_pL, bench.oracle.ledger.uncertain]).toEqual([0, 1, 0, 1]);
  expect(edges).toEqual([RotorEdge.reverse]);
});

describe("the switch", () => {
  test("is open after a reset until the program closes it", () => {
    const bench = new Bench({ wand: false, controller: (board) => ({ ...metronome()(board), boot: (now_ms) => now_ms + 1000, wake: (now_ms) => now_ms + 1000 }) });
    bench.powerOn();
    bench.advance_us(5_000_000);
    expect(bench.cutoff.supplied).toBe(false);
  });

  test("a command while it is open turns nothing and breaks the contract", () => {
    const bench = bare(() => undefined);
    bench.cutoff.capability.cut(1);
    bench.advance_us(INTERVAL_US);
    expect([bench.motor.commanded, bench.plant.motions]).toEqual([1, 0]);
    expect(found(bench)).toContain("contract: a motor command while the drive has no supply");
  });
});

const CUT = "over: the drive still has its supply, due to be cut at, in ms";

describe("the oracle finds (MOTOR-4a)", () => {
  /** Cuts, raises the alarm and tells of it, as a pump should; what of it is left out is the trick. */
  const honest = (board: Board, now_ms: number): void => {
    board.cutoff.cut(1);
    board.storage.append(1000 + now_ms, RecordKind.alarm_on, now_ms, now_ms, Alarm.drive_cut, 0, 0);
  };

  test("nothing in a pump that cuts the drive at the first edge", () => {
    const bench = bare(honest);
    bench.inject({ kind: "motor.runaway", value: 2000 });
    bench.advance_us(20_000_000);
    expect(found(bench)).toEqual([]);
  });

  test("a pump that only looks on: after a second, or at the third motion", () => {
    const slow = bare(() => undefined);
    slow.inject({ kind: "motor.runaway", value: 2000 });
    slow.advance_us(6_000_000);
    expect(found(slow)).toContain(CUT);
    const fast = bare(() => undefined);
    fast.inject({ kind: "motor.runaway", value: 100 });
    fast.advance_us(350_000);
    expect(found(fast)).toEqual(["over: the head goes on turning by itself: motions, at most"]);
    expect(fast.oracle.violations[0]).toMatchObject({ expected: 2, seen: 3, pump_ms: 1308 });
  });

  test("a switch that is stuck, although the pump did all it could", () => {
    const bench = bare(honest);
    bench.inject({ kind: "cutoff.stuck" });
    bench.inject({ kind: "motor.runaway", value: 5000 });
    bench.advance_us(12_000_000);
    expect(found(bench)).toContain(CUT);
    expect([bench.plant.uncommanded, bench.cutoff.supplied]).toEqual([2, true]);
  });

  test("a cut without an alarm, and one without a reason", () => {
    const mute = bare((board) => { board.cutoff.cut(1); });
    mute.inject({ kind: "motor.runaway", value: 1000 });
    mute.advance_us(20_000_000);
    mute.oracle.check(mute.pump_ms());
    expect(found(mute)).toContain("alarm: the drive is cut and its alarm is off");
    const shy = bare(() => undefined);
    shy.cutoff.capability.cut(1);
    expect(found(shy)).toEqual(["under: the drive was cut and the head had not turned by itself"]);
  });

  test("a drive that is back too soon, or stays away too long", () => {
    const soon = bare(honest);
    soon.inject({ kind: "motor.runaway", value: 1000 });
    soon.advance_us(1_500_000);
    soon.heal("motor.runaway");
    soon.advance_us(30_000_000);
    soon.cutoff.capability.cut(0);
    expect(found(soon)).toContain("over: the drive has its supply again before a minute without motion, in ms");
    const late = bare(honest);
    late.inject({ kind: "motor.runaway", value: 1000 });
    late.advance_us(1_500_000);
    late.heal("motor.runaway");
    late.advance_us(3 * INTERVAL_US);
    expect(found(late)).toContain("contract: a motor command while the drive has no supply");
  });
});
