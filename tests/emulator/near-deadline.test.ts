// Bytes that come just before a deadline are given to the program after it.

import { describe, expect, test } from "vitest";
import { Bench } from "../../emulator/bench";
import type { Board } from "../../hal/board";
import { Clock } from "../../hal/clock";
import type { Controller } from "../../hal/controller";

/** What a program was called for: entry and time. */
type Called = readonly [entry: string, at_ms: number];

/** A program that names one deadline after another, and is otherwise idle. Bytes are put on its line at `write_us`. */
function calls(deadlines_ms: readonly number[], write_us: number, instant = false): readonly Called[] {
  const called: Called[] = [];
  const next = (now_ms: number): number => deadlines_ms.find((each) => each > now_ms) ?? now_ms + 1_000_000;
  const bench = new Bench({ wand: false, instant, controller: (_board: Board): Controller => ({
    boot: next,
    wake: (now_ms) => {
      called.push(["wake", now_ms]);
      return next(now_ms);
    },
    event: next,
    received: (now_ms) => {
      called.push(["received", now_ms]);
      return next(now_ms);
    },
  }) });
  bench.powerOn();
  bench.advance_us(write_us);
  // Two bytes: complete 348 us later, two bytes' time for each.
  bench.line.write(Uint8Array.of(1, 2));
  bench.advance_us(1_000_000);
  return called;
}

describe("bytes near a deadline (ALARM-4)", () => {
  const ahead_ms = Clock.link_ahead_ms_min;

  test("wait for it, and come at its logical time", () => {
    expect(calls([1000], 1_000_000 - ahead_ms * 1000)).toEqual([["wake", 1000], ["received", 1000]]);
    expect(calls([1000], 999_000)).toEqual([["wake", 1000], ["received", 1000]]);
  });

  test("do not wait for one that is further off", () => {
    expect(calls([1000], 1_000_000 - (ahead_ms + 1) * 1000)).toEqual([["received", 1000 - ahead_ms], ["wake", 1000]]);
  });

  test("wait for one deadline, and not for a row of them", () => {
    expect(calls([1000, 1010, 1020, 1030], 990_000)).toEqual([["wake", 1000], ["received", 1000], ["wake", 1010], ["wake", 1020], ["wake", 1030]]);
  });

  test("do not wait on a line that takes no time, for tests in which instants must be exact", () => {
    expect(calls([1000], 999_000, true)).toEqual([["received", 999], ["wake", 1000]]);
  });
});
