// Parts: shards that make up the whole, and those that do not.

import { describe, expect, it } from "vitest";
import type { JobResult } from "../../emulator/explore/job";
import { merge } from "../../emulator/explore/part";
import type { Part } from "../../emulator/explore/part";
import { countOf, partOf } from "../../emulator/explore/range";
import { add, NOTHING, totalsOf } from "../../emulator/explore/totals";
import type { Totals } from "../../emulator/explore/totals";

const range = { kind: "seed", from: 5, to: 27 };

function result(number: number): JobResult {
  const finding = number % 9 === 0 ? { finding: { verdict: "violation" as const, kind: "over: a pulse", text: `over: a pulse at ${String(number)}` } } : {};
  return {
    job: { kind: "seed", number }, verdict: "finding" in finding ? "violation" : "pass", digest: String(number), virtual_ms: number * 1000, pulses: number,
    reached: { cells: { "shelf x start": 1 }, faults: number % 2 === 0 ? { "motor.stalled": number } : {}, requests: { accepted: 3, refused: 1 } }, ...finding,
  };
}

function totals(from: number, to: number): Totals {
  let sum = NOTHING;
  for (let number = from; number <= to; number += 1) sum = add(sum, totalsOf(result(number)));
  return sum;
}

function part(shard: number, shards: number): Part & { readonly file: string } {
  const own = partOf(range, { shard, shards });
  return { file: `${String(shard)}.jsonl`, range, shard, shards, jobs_version: 1, target: "node", build: "b", canary_runs: shard, totals: totals(own.from, own.to) };
}

const parts = (shards: number): (Part & { readonly file: string })[] => Array.from({ length: shards }, (_, index) => part(index + 1, shards));

describe("shards", () => {
  it.each([1, 2, 3, 7, 23, 40])("of %i are the whole, each number once", (shards) => {
    const numbers = parts(shards).flatMap((each) => {
      const { from, to } = partOf(range, each);
      return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
    });
    expect(numbers).toEqual(Array.from({ length: countOf(range) }, (_, index) => range.from + index));
  });

  it.each([1, 2, 3, 7, 40])("of %i come to the same totals, digest and findings, in whatever order", (shards) => {
    expect(merge(parts(shards).reverse()).totals).toEqual(totals(range.from, range.to));
  });

  it("that are missing, doubled, not whole or of something else are refused", () => {
    const [one, two, three] = [part(1, 3), part(2, 3), part(3, 3)];
    expect(() => merge([one, three])).toThrow("of 3 shards one is missing: 2");
    expect(() => merge([one])).toThrow("of 3 shards 2 are missing: 2, 3");
    expect(() => merge([one, two, { ...two, file: "copy.jsonl" }, three])).toThrow("copy.jsonl: shard 2/3 is there twice: also 2.jsonl");
    expect(() => merge([one, two, part(3, 4)])).toThrow("3.jsonl: is of another exploration than 1.jsonl: shards 4 and not 3");
    expect(() => merge([one, two, { ...three, range: { ...range, to: 28 } }])).toThrow("seed 5..28 and not seed 5..27");
    expect(() => merge([one, two, { ...three, build: "c" }])).toThrow("build c and not b");
    expect(() => merge([one, two, { ...three, jobs_version: 2 }])).toThrow("jobs version 2 and not 1");
    expect(() => merge([one, two, { ...three, totals: { ...three.totals, jobs: 3 } }])).toThrow("shard 3/3 has 3 runs of 8");
  });

  it("digests tell another verdict, another digest and another job", () => {
    const digest = (change: Partial<JobResult>): string => totalsOf({ ...result(6), ...change }).digest;
    expect(new Set([digest({}), digest({ digest: "7" }), digest({ verdict: "crashed" }), digest({ job: { kind: "seed", number: 7 } }), digest({ job: { kind: "cut", number: 6 } })]).size).toBe(5);
  });
});
