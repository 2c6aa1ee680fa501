// A thousand operations over a bad line, each done exactly once.

import { describe, expect, test } from "vitest";
import { Bench, setUpOf } from "../../emulator/bench";
import { Timer } from "../../emulator/engine/timers";
import { TraceKind } from "../../emulator/trace";
import { createController } from "../../firmware/controller";
import { Fault } from "../../hal/faults";
import { LinkCounts, Op, Status } from "../../protocol/operations";
import { RecordKind } from "../../protocol/records";
import { State } from "../../protocol/states";
import { constantRate } from "../../protocol/wand/procedures/prescription";
import { filling } from "../firmware/prescribe";
import { found, listen } from "./running";

function ready(seed: number): Bench {
  const bench = new Bench({ controller: createController, seed });
  bench.powerOn();
  bench.request(Op.set_up, setUpOf(bench.unit));
  bench.request(Op.refill, filling(18_000_000, 2000));
  return bench;
}

describe("at most once (PROG-3a)", () => {
  test("1000 refills over 30 % loss each way, with duplicates and reordering: 1000 records, each of its own volume", () => {
    const bench = ready(1);
    const records = listen(bench, TraceKind.record);
    bench.inject({ kind: "link.loss", value: 300 });
    bench.inject({ kind: "link.duplicate", value: 200 });
    bench.inject({ kind: "link.reorder", value: 200 });
    for (let n = 1; n <= 1000; n++) {
      expect(bench.request(Op.refill, filling(1_000_000 + n, 2000, n === 1 ? 18_000_000 : 999_999 + n)).fault).toBe(Fault.ok);
      expect(bench.plant.reservoir_pL).toBe((1_000_000 + n) * 1000);
    }
    for (const kind of ["link.loss", "link.duplicate", "link.reorder"]) bench.heal(kind);
    expect(records.filter(([, kind]) => kind === RecordKind.refill).map(([, , volume]) => volume)).toEqual(Array.from({ length: 1000 }, (_, n) => 1_000_001 + n));
    // The line did do its worst.
    expect(bench.request(Op.link_counts).values[LinkCounts.repeats]).toBeGreaterThan(200);
    bench.finish();
    expect(found(bench)).toEqual([]);
  }, 60_000);

  test("across resets while the answer is on its way: 200 prescriptions, 200 versions", () => {
    const bench = ready(2);
    bench.prescribe(constantRate(500_000));
    bench.request(Op.start, [0]);
    bench.inject({ kind: "link.loss", value: 200 });
    let commits = 0;
    bench.trace.on((kind, _at_ms, op) => {
      if (kind === TraceKind.answer && op === Op.commit) commits++;
    });
    for (let n = 1; n <= 200; n++) {
      const before = commits;
      const version = bench.prescribe(constantRate(500_000 + n * 1000));
      expect(version).toBe(n + 1);
      expect(commits).toBe(before + 1);
      if (n % 3 === 0) bench.inject({ kind: "processor.reset" });
    }
    bench.heal("link.loss");
    expect(bench.status()[Status.version]).toBe(201);
    bench.finish();
    expect(found(bench)).toEqual([]);
  }, 60_000);

  test("50 clock sets over a line with flipped bytes, each behind a reset or a new session: 50 records, in order", () => {
    const bench = ready(2);
    const done: (readonly number[])[] = [];
    bench.trace.on((kind, _at_ms, a, op, fault, argument) => {
      if (kind === TraceKind.record && a === RecordKind.operation && op === Op.set_clock) done.push([fault, argument]);
    });
    bench.inject({ kind: "link.flip", value: 3 });
    for (let n = 0; n < 50; n++) {
      expect(bench.request(Op.set_clock, [1_767_571_200_000 + n, 0]).fault).toBe(Fault.ok);
      if (n % 3 === 0) bench.inject({ kind: "processor.reset" });
      else bench.advance_us(1_000_000);
    }
    expect(done).toEqual(Array.from({ length: 50 }, (_, n) => [Fault.ok, 1_767_571_200_000 + n]));
  });

  test.each([1, 2, 4, 5, 6, 7])("a reset %i ms after the deed, before its answer is there: the wand asks again and is told what was done", (after_ms) => {
    const bench = ready(3);
    bench.prescribe(constantRate(500_000));
    const reset = new Timer(() => { bench.processor.faultBegins("processor.reset", 0); });
    const done: number[] = [];
    bench.trace.on((kind, at_ms, a, b) => {
      if (kind === TraceKind.answer && a === Op.start) bench.engine.arm(reset, bench.engine.now_us + after_ms * 1000);
      if (kind === TraceKind.record && a === RecordKind.operation && b === Op.start) done.push(at_ms);
    });
    expect(bench.request(Op.start, [0]).fault).toBe(Fault.ok);
    // The scenario's instant is that of the deed, not that of the second answer.
    expect(done).toEqual([bench.pump_ms()]);
    expect(bench.trace.records[RecordKind.boot]).toBe(2);
    expect(bench.status()[Status.state]).toBe(State.therapy);
    bench.finish();
    expect(found(bench)).toEqual([]);
  });
});
