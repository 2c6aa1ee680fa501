// The benchmark, small: every way of running the train counts the same.

import { describe, expect, it } from "vitest";
import { PULSES_PER_DAY } from "../life/life";
import { bareLap, fakeTimersLap, plainLap, pumpLap } from "./bench";

const DAYS = 40;

describe("npm run bench", () => {
  it("counts the same pulses in the pump, the bare loop and fake timers", () => {
    for (const lap of [pumpLap(DAYS), bareLap(DAYS), fakeTimersLap(DAYS)]) {
      expect(lap.pulses).toBe(DAYS * PULSES_PER_DAY);
      expect(lap.seconds).toBeGreaterThan(0);
    }
  });

  it("has the digest of its therapy, on every machine, and with its journal off", () => {
    expect(pumpLap(DAYS).digest).toBe("d2404cb8d1504d17");
    expect(plainLap(DAYS).digest).toBe("d2404cb8d1504d17");
  });
});
