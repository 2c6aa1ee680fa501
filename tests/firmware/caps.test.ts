// Rolling caps, on a desk: what is committed, what waits, what is not known.

import { describe, expect, it } from "vitest";
import { packTimed } from "../../firmware/boluses";
import { checkCaps, countPulse, forgetHistory } from "../../firmware/caps";
import { put } from "../../firmware/region";
import { C, History, W } from "../../firmware/state";
import type { Pump } from "../../firmware/state";
import { Fault } from "../../hal/faults";
import { Mode } from "../../protocol/states";
import { createDeskPump } from "./desk";

const NOON_MS = 43_200_000;
/** What a pulse of 250 nL of 2000 ng/uL weighs: one is always added, for the fraction that is carried into a window. */
const PULSE_NG = 500;

/** A pump at noon of its first day that has given nothing, with a basal rate in ng/day, and boluses that wait. */
function atNoon(rate: number, waits = 0): Pump {
  const p = createDeskPump();
  put(p, C.mode, Mode.schedule);
  put(p, C.step_count, 1);
  put(p, C.step, rate);
  put(p, C.pulse_pL, 250_000);
  put(p, C.tip, 2000);
  put(p, C.bolus_waits, waits);
  p.w[W.now_ms] = NOON_MS;
  forgetHistory(p, 0);
  return p;
}

/** That a clock set is within these caps, and not within one that is a nanogram less. */
function expectCaps(p: Pump, hour_ng: number, day_ng: number): void {
  const check = (hour: number, day: number): Fault => {
    put(p, C.cap_1h_ng, hour);
    put(p, C.cap_24h_ng, day);
    return checkCaps(p, 0, 0, 0);
  };
  expect([check(hour_ng, day_ng), check(hour_ng - 1, day_ng), check(hour_ng, day_ng - 1)]).toEqual([Fault.ok, Fault.above_cap_1h, Fault.above_cap_24h]);
}

describe("basal that is committed (LIMIT-2a, LIMIT-2d)", () => {
  it("counts until the present bucket is wholly out: 61 min and 24 h 5 min of it", () => {
    // 480 ug/day are 333.33 ng a minute.
    expectCaps(atNoon(480_000), 20_334 + PULSE_NG, 481_667 + PULSE_NG);
  });

  it("comes on top of what was given since the oldest bucket that counts", () => {
    const p = atNoon(480_000);
    for (let n = 0; n < 4; n++) countPulse(p);
    expectCaps(p, 20_334 + 5 * PULSE_NG, 481_667 + 5 * PULSE_NG);
    // An hour later their minute is the oldest that counts; with it goes all that they weighed.
    p.w[W.now_ms] = NOON_MS + 60 * 60_000;
    expectCaps(p, 20_334 + PULSE_NG, 481_667 + PULSE_NG);
    // 61 min later they are out of the hour. Of the day's windows the newest has most: 24 h 4 min of basal are to come in it, and the pulses are in an older one.
    p.w[W.now_ms] = NOON_MS + 61 * 60_000;
    expectCaps(p, 20_334 + PULSE_NG, 481_334 + PULSE_NG);
  });
});

describe("boluses that wait for the one in hand (LIMIT-2d, DOSE-5f)", () => {
  // 1 ng: a sum of nothing is rounded up.
  it.each([[1, 60_000], [2, 100_000], [3, 160_000]])("timed ones count whole: those of bits %i are %i ng", (waits, dose_ng) => {
    const p = atNoon(0, waits);
    put(p, C.timed_count, 2);
    put(p, C.timed, packTimed(8 * 60, 60_000, 30));
    put(p, C.timed + 1, packTimed(20 * 60, 100_000, 30));
    expectCaps(p, dose_ng + PULSE_NG + 1, dose_ng + 160_000 + PULSE_NG + 1);
  });

  it("the periodic one counts whole", () => {
    const p = atNoon(0, 256);
    put(p, C.interval_min, 360);
    put(p, C.periodic_ng, 40_000);
    put(p, C.periodic_ms, NOON_MS + 3 * 3_600_000);
    expectCaps(p, 40_000 + PULSE_NG + 1, 40_000 + 4 * 40_000 + PULSE_NG + 1);
  });
});

describe("a bolus that delays a timed one (LIMIT-2d)", () => {
  it("has that counted twice: it may come nearer to the next of the same", () => {
    const p = atNoon(0);
    put(p, C.timed_count, 1);
    put(p, C.timed, packTimed(12 * 60 + 10, 50_000, 30));
    const check = (hour: number, day: number): Fault => {
      put(p, C.cap_1h_ng, hour);
      put(p, C.cap_24h_ng, day);
      return checkCaps(p, 20_000, 30, 0);
    };
    const sum_ng = 20_000 + 2 * 50_000 + PULSE_NG;
    expect([check(sum_ng, sum_ng), check(sum_ng - 1, sum_ng), check(sum_ng, sum_ng - 1)]).toEqual([Fault.ok, Fault.above_cap_1h, Fault.above_cap_24h]);
  });
});

describe("a bucket that is damaged (LIMIT-2e)", () => {
  it.each([["of a minute", History.minutes + 3], ["of five minutes", History.fives + 3]])("%s: what was given is not known, and nothing is allowed", (_which, place) => {
    const p = atNoon(0);
    put(p, C.cap_24h_ng, 1_000_000);
    expect(checkCaps(p, 1000, 10, 0)).toBe(Fault.ok);
    p.shadow[place] = p.shadow[place]! + 1;
    expect(checkCaps(p, 1000, 10, 0)).toBe(Fault.history_unknown);
  });
});
