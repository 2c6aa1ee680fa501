// Ten minutes of noise at line rate: no pulse late, the link back within 1 s.

import { expect, test } from "vitest";
import { Bench, setUpOf } from "../../emulator/bench";
import { TraceKind } from "../../emulator/trace";
import { createController } from "../../firmware/controller";
import { LinkCounts, Op } from "../../protocol/operations";
import { MIDNIGHT_MS, TWELVE_MINUTES, filling } from "../firmware/prescribe";
import { found, listen } from "./running";

const MINUTE_US = 60_000_000;
const INTERVAL_MS = 2160;

test("a flood of ten minutes delays no pulse, is counted, and ends with the link at once (LINK-4, LINK-2a)", () => {
  const bench = new Bench({ controller: createController });
  bench.powerOn();
  bench.request(Op.set_up, setUpOf(bench.unit));
  bench.request(Op.refill, filling(18_000_000, 2000));
  bench.request(Op.set_clock, [MIDNIGHT_MS, 0]);
  bench.prescribe(TWELVE_MINUTES);
  bench.request(Op.start, [0]);
  const started_ms = bench.pump_ms();
  const pulses = listen(bench, TraceKind.pulse);
  bench.advance_us(10_000_000);
  const bytes_before = bench.link.passed.in;
  const records_before = bench.storage.records().length;
  bench.inject({ kind: "link.noise" });
  bench.advance_us(10 * MINUTE_US);
  bench.heal("link.noise");
  expect(bench.link.passed.in - bytes_before).toBeGreaterThan(11_500 * 600);
  expect(pulses.map(([at_ms]) => at_ms)).toEqual(pulses.map((_, n) => started_ms + (n + 1) * INTERVAL_MS));
  expect(pulses.length).toBe(282);
  expect(bench.motor.late_us_max).toBe(0);
  // Nothing of it was taken for anything: no record, not even the link awake.
  expect(bench.storage.records().length).toBe(records_before);
  expect(bench.link.awake).toBe(false);
  const healed_us = bench.engine.now_us;
  const counts = bench.request(Op.link_counts).values;
  expect(bench.now_us - healed_us).toBeLessThan(1_000_000);
  expect(counts[LinkCounts.wakes_refused]).toBe(0);
  bench.finish();
  expect(found(bench)).toEqual([]);
}, 60_000);
