// A line cut at every byte of a programming session: old or new, whole.

import { expect, test } from "vitest";
import { Bench, NoAnswer, setUpOf } from "../../emulator/bench";
import { createController } from "../../firmware/controller";
import { Op, Status } from "../../protocol/operations";
import { constantRate } from "../../protocol/wand/procedures/prescription";
import { TraceKind } from "../../emulator/trace";
import { filling } from "../firmware/prescribe";
import { found, HOUR_US, listen } from "./running";

/** 500 ug/day of 2000 ug/mL: a pulse each 86.4 s. */
const INTERVAL_MS = 86_400;

/** 500 ug/day runs and is to become 700; the line is cut after so many bytes from there on, both ways. */
function cut(bytes: number): { readonly bench: Bench; readonly answered: boolean; readonly pulses: readonly (readonly number[])[] } {
  const bench = new Bench({ controller: createController });
  const pulses = listen(bench, TraceKind.pulse);
  bench.powerOn();
  bench.request(Op.set_up, setUpOf(bench.unit));
  bench.request(Op.refill, filling(18_000_000, 2000));
  bench.prescribe(constantRate(500_000));
  bench.request(Op.start, [0]);
  bench.advance_us(HOUR_US);
  bench.inject({ kind: "link.cut", value: bytes });
  let answered = true;
  try {
    bench.prescribe(constantRate(700_000));
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    answered = false;
  }
  bench.heal("link.cut");
  return { bench, answered, pulses };
}

test("a commit cut at every byte leaves the old or the new prescription, and therapy goes on (PROG-1a, PROG-2a)", () => {
  const versions: number[] = [];
  let answered_from = 0;
  for (let bytes = 0; answered_from === 0; bytes++) {
    const { bench, answered, pulses } = cut(bytes);
    const status = bench.status();
    const version = status[Status.version]!;
    expect(status[Status.rate]).toBe(version === 1 ? 500_000 : 700_000);
    versions.push(version);
    const before = bench.trace.pulses;
    bench.advance_us(HOUR_US);
    bench.finish();
    expect(Math.abs(bench.trace.pulses - before - (version === 1 ? 41.7 : 58.3))).toBeLessThan(1.5);
    expect(found(bench)).toEqual([]);
    // Therapy never pauses for it, and whoever is told that it is done finds it done.
    const times = pulses.map(([at_ms]) => at_ms!);
    expect(Math.max(...times.slice(1).map((at_ms, i) => at_ms - times[i]!))).toBeLessThanOrEqual(INTERVAL_MS);
    if (answered) expect(version).toBe(2);
    if (answered) answered_from = bytes;
  }
  // Old up to somewhere in the commit, new from there on, for some of it without an answer.
  const first_new = versions.indexOf(2);
  expect(versions).toEqual(versions.map((_, bytes) => (bytes < first_new ? 1 : 2)));
  expect(first_new).toBeGreaterThan(500);
  expect(answered_from - first_new).toBeGreaterThan(20);
}, 60_000);
