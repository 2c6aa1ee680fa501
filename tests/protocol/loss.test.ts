// A bad line: commands done exactly once, programming whole or not at all.

import { describe, expect, it } from "vitest";
import { Bench, NoAnswer } from "../../emulator/bench";
import { TraceKind } from "../../emulator/trace";
import { createController } from "../../firmware/controller";
import { Fault } from "../../hal/faults";
import { Op, Prescription, Status } from "../../protocol/operations";
import { RecordKind } from "../../protocol/records";
import { State } from "../../protocol/states";
import { daily, prescribe } from "../firmware/prescribe";

const OLD = 500_000;
const NEW = 700_000;
const PULSE_MS = 86_400;

/** A pump in therapy at the old rate, its pulses and its records of operations told as they come. */
function therapy(seed = 1): { bench: Bench; pulses: number[]; done: { op: number; fault: number; argument: number }[] } {
  const bench = new Bench({ controller: createController, seed });
  const pulses: number[] = [];
  const done: { op: number; fault: number; argument: number }[] = [];
  bench.trace.on((kind, at_ms, a, b, c, d) => {
    if (kind === TraceKind.pulse) pulses.push(at_ms);
    if (kind === TraceKind.record && a === RecordKind.operation) done.push({ op: b, fault: c, argument: d });
  });
  bench.powerOn();
  expect(bench.request(Op.refill, [18_000_000, 2000]).fault).toBe(Fault.ok);
  expect(prescribe(bench, daily(0, OLD)).fault).toBe(Fault.ok);
  expect(bench.request(Op.start).fault).toBe(Fault.ok);
  done.length = 0;
  return { bench, pulses, done };
}

describe("loss, duplicates and reorder (PROG-3)", () => {
  it("1000 commands over a line that loses 30 % each way are done exactly 1000 times, in order", () => {
    const { bench, done } = therapy();
    for (const order of [{ kind: "link.loss", value: 300 }, { kind: "link.duplicate", value: 200 }, { kind: "link.reorder", value: 100 }]) bench.inject(order);
    const asked: number[] = [];
    for (let n = 0; n < 1000; n++) {
      asked.push(1_767_571_200_000 + n);
      expect([n, bench.request(Op.set_clock, [asked[n]!]).fault]).toEqual([n, Fault.ok]);
    }
    expect(done).toEqual(asked.map((argument) => ({ op: Op.set_clock, fault: Fault.ok, argument })));
    for (const kind of ["link.loss", "link.duplicate", "link.reorder"]) bench.heal(kind);
    bench.finish();
    expect(bench.oracle.violations).toEqual([]);
  });

  it("so are 50 over a line with one byte of 100 wrong, each behind a reset or a new session", () => {
    const { bench, done } = therapy(2);
    bench.inject({ kind: "link.flip", value: 3 });
    for (let n = 0; n < 50; n++) {
      expect(bench.request(Op.set_clock, [1_767_571_200_000 + n]).fault).toBe(Fault.ok);
      if (n % 3 === 0) bench.inject({ kind: "processor.reset" });
      else bench.advance_us(1_000_000);
    }
    expect(done.map(({ argument }) => argument - 1_767_571_200_000)).toEqual(Array.from({ length: 50 }, (_, n) => n));
  });
});

/** Cuts the line after so many bytes of programming; gives what is in force afterwards, and whether the wand was told that it is done. */
function cutAfter(bytes: number): { rate: number; version: number; told: boolean; violations: number; gaps: number[] } {
  const { bench, pulses } = therapy();
  bench.advance_us(10_000_000);
  bench.inject({ kind: "link.cut", value: bytes });
  let told = false;
  try {
    told = prescribe(bench, daily(0, NEW)).fault === Fault.ok;
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
  }
  bench.heal("link.cut");
  const during = bench.look(Op.status);
  expect(during[Status.state]).toBe(State.therapy);
  const held = bench.request(Op.prescription, [0]).values;
  bench.advance_us(4 * PULSE_MS * 1000);
  bench.finish();
  const gaps = pulses.slice(1).map((at_ms, i) => at_ms - pulses[i]!);
  expect(held[Prescription.step_count]).toBe(1);
  return { rate: held.at(-1)!, version: held[Prescription.version]!, told, violations: bench.oracle.violations.length, gaps };
}

describe("a commit on a line that is cut (PROG-2)", () => {
  it("at every byte: the old prescription or the new one, whole; therapy never stops, and who was told it is done finds it done", () => {
    let bytes = 0;
    let old = 0;
    let fresh = 0;
    let last_told = false;
    // Until the whole of it passes.
    for (; !last_told; bytes++) {
      const { rate, version, told, violations, gaps } = cutAfter(bytes);
      expect([bytes, violations]).toEqual([bytes, 0]);
      expect([OLD, NEW]).toContain(rate);
      expect([bytes, version]).toEqual([bytes, rate === OLD ? 1 : 2]);
      if (told) expect(rate).toBe(NEW);
      expect(Math.max(...gaps)).toBeLessThanOrEqual(PULSE_MS);
      if (rate === OLD) old += 1;
      else fresh += 1;
      last_told = told;
    }
    expect(bytes).toBeGreaterThan(400);
    expect(old).toBeGreaterThan(300);
    // Between the byte that ends the commit and the last of its answer: done, and not told.
    expect(fresh).toBeGreaterThan(20);
  });
});
