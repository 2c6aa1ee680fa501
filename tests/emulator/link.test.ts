// Tests of the line: pacing, chunks, rings, sleep, and each of its faults.

import { describe, expect, test } from "vitest";
import type { Board } from "../../hal/board";
import type { Controller } from "../../hal/controller";
import { LinkSize } from "../../hal/link";
import { Bench, type BenchOptions } from "../../emulator/bench";
import { HOUR_US } from "./running";

/** 10 bits at 115 200 baud take 86.8 us. */
const BYTE_US = 10_000_000 / 115_200;

interface Ends {
  readonly bench: Bench;
  /** What the program was given: [pump ms, bytes]. */
  readonly given: (readonly [number, readonly number[]])[];
  /** What came to the other end: [true us, bytes]. */
  readonly heard: (readonly [number, readonly number[]])[];
  /** Posts bytes to the link from inside an entry at the present millisecond; gives what `send` returned. */
  readonly send: (...writes: (readonly number[])[]) => number[];
}

/** A program that keeps what it is given, and sends and switches as it is told; its link is awake. */
function ends(options: Partial<BenchOptions> = {}, awake = true): Ends {
  const given: (readonly [number, readonly number[]])[] = [];
  const heard: (readonly [number, readonly number[]])[] = [];
  let board: Board | undefined;
  let tell: ((board: Board) => void) | undefined;
  const bench = new Bench({ wand: false, ...options, controller: (of): Controller => ({
    boot: (now_ms) => {
      board = of;
      of.link.power(awake ? 1 : 0);
      return now_ms + 1;
    },
    wake: (now_ms) => {
      tell?.(of);
      tell = undefined;
      return now_ms + 1;
    },
    event: (now_ms) => now_ms + 1,
    received: (now_ms, bytes, count) => {
      given.push([now_ms, bytes.slice(0, count)]);
      return now_ms + 1;
    },
  }) });
  bench.line.heard = (bytes) => { heard.push([bench.engine.now_us, [...bytes]]); };
  bench.powerOn();
  const send = (...writes: (readonly number[])[]): number[] => {
    const results: number[] = [];
    tell = ({ link }) => { for (const bytes of writes) results.push(link.send(bytes, bytes.length)); };
    bench.advance_us(1000);
    return results;
  };
  expect(board).toBeDefined();
  return { bench, given, heard, send };
}

const counting = (count: number, from = 0): number[] => Array.from({ length: count }, (_, i) => (from + i) % 256);
const all = (chunks: readonly (readonly [number, readonly number[]])[]): number[] => chunks.flatMap(([, bytes]) => bytes);

describe("bytes towards the pump", () => {
  test("come at line rate, in chunks of 64, at the millisecond in which the chunk is whole", () => {
    const { bench, given } = ends();
    bench.line.write(Uint8Array.from(counting(150)));
    bench.advance_us(100_000);
    expect(all(given)).toEqual(counting(150));
    expect(given.map(([, bytes]) => bytes.length)).toEqual([64, 64, 22]);
    // The last chunk is noticed once the line has paused for two bytes.
    expect(given.map(([at_ms]) => at_ms)).toEqual([64, 128, 152].map((bytes) => Math.ceil((bytes * BYTE_US) / 1000)));
  });

  test("of two writes without a pause are one row, with a pause two chunks", () => {
    const close = ends();
    close.bench.line.write(Uint8Array.of(1, 2));
    close.bench.line.write(Uint8Array.of(3));
    close.bench.advance_us(10_000);
    expect(close.given).toEqual([[1, [1, 2, 3]]]);
    const apart = ends();
    apart.bench.line.write(Uint8Array.of(1, 2));
    apart.bench.advance_us(400);
    apart.bench.line.write(Uint8Array.of(3));
    apart.bench.advance_us(10_000);
    expect(apart.given).toEqual([[1, [1, 2]], [1, [3]]]);
  });

  test("are told at the same logical time by a processor that is late", () => {
    const told = (lag_us: number): unknown => {
      const { bench, given } = ends({ lag_us });
      bench.advance_us(12_345);
      bench.line.write(Uint8Array.from(counting(100)));
      bench.advance_us(100_000);
      return given;
    };
    expect(told(3000)).toEqual(told(0));
    expect(told(70_001)).toEqual(told(0));
  });

  test("follow the pump's own milliseconds where its crystal drifts", () => {
    const { bench, given } = ends({ unit: { crystal_ppb: 200_000 } });
    bench.advance_us(HOUR_US); // 720 ms ahead
    bench.line.write(Uint8Array.of(7));
    bench.advance_us(10_000);
    expect(given).toEqual([[3_600_721, [7]]]);
  });

  test("are handed over asleep, and lost while no program runs or with a reset", () => {
    const { bench, given } = ends({}, false);
    bench.line.write(Uint8Array.of(1));
    bench.advance_us(10_000);
    expect(all(given)).toEqual([1]);
    bench.line.write(Uint8Array.from(counting(100)));
    bench.advance_us(2000);
    bench.inject({ kind: "processor.reset" });
    bench.advance_us(100_000);
    // The chunk that was coming is gone; the one behind it comes while the pump boots.
    expect(all(given)).toEqual([1]);
    bench.line.write(Uint8Array.of(2));
    bench.advance_us(10_000);
    expect(all(given)).toEqual([1, 2]);
  });

  test("take no time on a line without a rate", () => {
    const { bench, given } = ends({ baud: 0 });
    bench.advance_us(5000);
    bench.line.write(Uint8Array.from(counting(200)));
    bench.advance_us(0);
    expect(given.map(([at_ms, bytes]) => [at_ms, bytes.length])).toEqual([[5, 64], [5, 64], [5, 64], [5, 8]]);
  });
});

describe("bytes from the pump", () => {
  test("leave at line rate, in order, each write when its last byte is through", () => {
    const { bench, heard, send } = ends();
    const from_us = bench.engine.now_us + 1000;
    expect(send(counting(100), counting(20, 100))).toEqual([1, 1]);
    bench.advance_us(50_000);
    expect(heard.map(([, bytes]) => bytes.length)).toEqual([100, 20]);
    expect(all(heard)).toEqual(counting(120));
    expect(heard.map(([at_us]) => at_us - from_us)).toEqual([100, 120].map((bytes) => Math.ceil(bytes * BYTE_US)));
  });

  test("that do not fit the ring are refused whole, until there is room", () => {
    const { bench, heard, send } = ends();
    expect(send(counting(1000), counting(25), counting(24))).toEqual([1, 0, 1]);
    bench.advance_us(Math.ceil(25 * BYTE_US));
    expect(send(counting(25))).toEqual([1]);
    bench.advance_us(200_000);
    expect(all(heard)).toHaveLength(1000 + 24 + 25);
    expect(LinkSize.send_max).toBe(1024);
  });

  test("do not leave asleep, nor once it falls asleep or is reset", () => {
    const asleep = ends({}, false);
    expect(asleep.send([1, 2, 3])).toEqual([1]);
    asleep.bench.advance_us(10_000);
    expect(asleep.heard).toEqual([]);
    const reset = ends();
    expect(reset.send(counting(50), counting(50))).toEqual([1, 1]);
    reset.bench.advance_us(5000);
    reset.bench.inject({ kind: "processor.reset" });
    reset.bench.advance_us(100_000);
    expect(reset.heard.map(([, bytes]) => bytes.length)).toEqual([50]);
  });

  test("are bytes, and as many as are said", () => {
    expect(() => ends().send([1, 256])).toThrow("the link sends bytes, and was given 256");
    expect(() => ends().send([])).toThrow("cannot send 0 of 0 bytes");
  });
});

test("an awake link draws its current", () => {
  const drawn = (awake: boolean): number => {
    const { bench } = ends({}, awake);
    bench.advance_us(HOUR_US);
    return bench.battery.drawn_nC;
  };
  expect(drawn(true) - drawn(false)).toBe(100 * 3_600_000);
});

/** 400 writes of 10 bytes each way under a fault; what came of them. */
function traffic(kind: string, value: number | undefined, seed = 1): { readonly inward: number[][]; readonly outward: number[][]; readonly ends: Ends } {
  const made = ends({ seed });
  made.bench.inject({ kind, ...(value === undefined ? {} : { value }) });
  for (let n = 0; n < 400; n++) {
    made.bench.line.write(Uint8Array.from(counting(10, n)));
    made.send(counting(10, n));
    made.bench.advance_us(4000);
  }
  made.bench.heal(kind);
  made.bench.advance_us(1_000_000);
  return { inward: made.given.map(([, bytes]) => [...bytes]), outward: made.heard.map(([, bytes]) => [...bytes]), ends: made };
}

const sent = Array.from({ length: 400 }, (_, n) => counting(10, n));
const near = (count: number, expected: number): void => {
  expect(count).toBeGreaterThan(expected * 0.7);
  expect(count).toBeLessThan(expected * 1.3);
};

describe("a fault of the line acts both ways, by seed", () => {
  test("loss", () => {
    const { inward, outward } = traffic("link.loss", 300);
    for (const came of [inward, outward]) {
      near(400 - came.length, 120);
      for (const bytes of came) expect(sent).toContainEqual(bytes);
    }
    expect(inward).not.toEqual(outward);
    expect(traffic("link.loss", 300).inward).toEqual(inward);
    expect(traffic("link.loss", 300, 2).inward).not.toEqual(inward);
  });

  test("duplication", () => {
    const { outward } = traffic("link.duplicate", 200);
    near(outward.length - 400, 80);
    expect(new Set(outward.map(String))).toEqual(new Set(sent.map(String)));
  });

  test("reordering loses nothing", () => {
    const { inward, outward } = traffic("link.reorder", 200);
    expect(outward.map(String)).not.toEqual(sent.map(String));
    expect(outward.map(String).sort()).toEqual(sent.map(String).sort());
    expect(inward.flat().sort()).toEqual(sent.flat().sort());
  });

  test("flipped bits: one in each byte that is hit", () => {
    const { inward, outward } = traffic("link.flip", 50);
    for (const came of [inward, outward]) {
      expect(came.map((bytes) => bytes.length)).toEqual(sent.map((bytes) => bytes.length));
      const changed = came.flat().map((byte, i) => byte ^ sent.flat()[i]!).filter((bits) => bits !== 0);
      near(changed.length, 200);
      expect(changed.filter((bits) => Number.isInteger(Math.log2(bits)))).toEqual(changed);
    }
  });

  test("bursts: bytes in a row, in one write of four", () => {
    const { outward } = traffic("link.burst", 3);
    const hit = outward.map((bytes, n) => bytes.flatMap((byte, i) => (byte === sent[n]![i] ? [] : [i]))).filter((places) => places.length > 0);
    near(hit.length, 100);
    for (const places of hit) expect(places.at(-1)! - places[0]!).toBeLessThan(3);
  });

  test("a cut after so many bytes of both directions, until it is healed", () => {
    const { inward, outward, ends: { bench, given } } = traffic("link.cut", 105);
    expect(inward.flat().length + outward.flat().length).toBe(105);
    expect([...inward.flat()]).toEqual(sent.flat().slice(0, inward.flat().length));
    bench.line.write(Uint8Array.of(9));
    bench.advance_us(10_000);
    expect(given.at(-1)![1]).toEqual([9]);
  });

  test("out of reach: nothing", () => {
    const { inward, outward } = traffic("link.off", undefined);
    expect([inward, outward]).toEqual([[], []]);
  });
});

describe("what nobody sent", () => {
  test("noise comes at line rate, drowns the wand and leaves the pump's bytes alone", () => {
    const { bench, given, heard, send } = ends();
    bench.inject({ kind: "link.noise" });
    bench.advance_us(5000);
    bench.line.write(Uint8Array.of(1, 2, 3));
    send([4, 5, 6]);
    bench.advance_us(993_000);
    bench.heal("link.noise");
    bench.advance_us(100_000);
    expect(Math.abs(all(given).length - 11_520)).toBeLessThan(200);
    expect(new Set(all(given)).size).toBe(256);
    expect(all(heard)).toEqual([4, 5, 6]);
    const before = given.length;
    bench.advance_us(HOUR_US);
    expect(given.length).toBe(before);
  });

  test("calls come at their interval", () => {
    const { bench, given } = ends();
    bench.inject({ kind: "link.calls", value: 100 });
    bench.advance_us(999_000);
    expect(given).toHaveLength(10);
    expect(given[1]![0] - given[0]![0]).toBe(100);
    expect(given[0]![1].slice(2, -2)).toEqual([0xb1, 0x6e, 0x04, 0x45, 0x4a, 0x1a, 0xf6, 0x18, 0xaa, 0xaa, 0xaa, 0xaa, 0x00, 0x3d, 0x81, 0x00]);
  });
});
