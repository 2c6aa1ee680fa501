// The log read in pages: complete, in any order, with an end (LOG-3).

import { describe, expect, it } from "vitest";
import { Log, Op } from "../../protocol/operations";
import { RecordKind } from "../../protocol/records";
import { readLog, readNumbers } from "../../protocol/wand/procedures/log";
import { daily } from "../firmware/prescribe";
import { Ward } from "../firmware/ward";

/** A pump with more than a hundred records. */
function ward(): Ward {
  const made = new Ward();
  made.begin(daily(0, 500_000));
  for (let n = 0; n < 60; n++) made.setClock(1_767_571_200_000 + n * 1000);
  made.wait_ms(1000);
  return made;
}

describe("the log (LOG-3)", () => {
  it("is what storage holds, every record and number, in as many pages as it takes (LOG-1a)", () => {
    const { bench } = ward();
    const { records, lost, oldest, newest } = bench.run(readLog());
    const kept = bench.storage.records();
    // The session in which it is read has a login of its own.
    expect(records.map(({ number: sequence, ...rest }) => ({ sequence, ...rest }))).toEqual(kept.slice(0, records.length));
    expect([lost, oldest, newest]).toEqual([0, 1, records.length]);
    expect(records.length).toBeGreaterThanOrEqual(kept.length - 1);
    expect(records.length).toBeGreaterThan(120);
    expect(records.filter(({ kind }) => kind === RecordKind.clock_set)).toHaveLength(61);
  });

  it("pages can be asked for twice, backwards, and past the end; each says where it begins and how many it has", () => {
    const { bench } = ward();
    bench.status(); // opens a session, whose login is a record too
    const newest = bench.request(Op.log, [4_294_967_295]).values[Log.newest]!;
    const page = (first: number): { first: number; count: number; kinds: number[] } => {
      const { values } = bench.request(Op.log, [first]);
      const numbers = readNumbers(values.slice(Log.records));
      return { first: values[Log.first]!, count: values[Log.count]!, kinds: numbers.filter((_, i) => i % 6 === 0) };
    };
    for (const first of [50, 50, 7, 1, newest]) {
      const { count, kinds, ...rest } = page(first);
      expect(rest.first).toBe(first);
      expect(count).toBeGreaterThan(0);
      expect(kinds).toEqual(bench.storage.records().slice(first - 1, first - 1 + count).map(({ kind }) => kind));
    }
    expect(page(0).first).toBe(1);
    expect(page(newest + 1)).toMatchObject({ first: newest + 1, count: 0 });
    expect(page(4_294_967_295).count).toBe(0);
  });

  it("tells a record only once it is durable, and then as the newest", () => {
    const made = ward();
    made.bench.inject({ kind: "storage.write_fails" });
    made.setClock(1_767_571_200_000);
    const { values } = made.bench.request(Op.log, [4_294_967_295]);
    expect(values[Log.newest]).toBe(made.bench.storage.records().at(-1)!.sequence);
  });
});
