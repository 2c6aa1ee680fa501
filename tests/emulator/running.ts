// A bench on which a metronome delivers, for the emulator's own tests.

import { Bench, setUpOf, type BenchOptions } from "../../emulator/bench";
import type { TraceKind } from "../../emulator/trace";
import { Op } from "../../protocol/operations";
import { constantRate } from "../../protocol/wand/procedures/prescription";
import { filling } from "../firmware/prescribe";
import { metronome, type Tricks } from "./metronome";

export const DAY_US = 86_400_000_000;
export const HOUR_US = 3_600_000_000;

/** 500 ug/day at 2000 ug/mL: a pulse each 86.4 s, 1000 a day. */
export const RATE = 500_000;
export const INTERVAL_US = 86_400_000;

/** A bench whose metronome has just been started, at pump time 0 by a line on which nothing takes time, with `fill_nL` of 2000 ug/mL. */
export function running(tricks: Tricks = {}, options: Partial<BenchOptions> = {}, fill_nL = 18_000_000, rate = RATE): Bench {
  const bench = new Bench({ controller: metronome(tricks), instant: true, ...options });
  bench.powerOn();
  bench.request(Op.set_up, setUpOf(bench.unit));
  bench.request(Op.set_clock, [bench.unit.wall_ms, 0]);
  bench.request(Op.refill, filling(fill_nL, 2000));
  bench.prescribe(constantRate(rate));
  bench.request(Op.start, [0]);
  return bench;
}

/** Events of one kind from now on, as [time, a, b, c]. */
export function listen(bench: Bench, wanted: TraceKind): number[][] {
  const heard: number[][] = [];
  bench.trace.on((kind, at_ms, a, b, c) => {
    if (kind === wanted) heard.push([at_ms, a, b, c]);
  });
  return heard;
}

/** What the oracle found, as "kind: text". */
export function found(bench: Bench): string[] {
  return bench.oracle.violations.map((violation) => `${violation.kind}: ${violation.text}`);
}
