// The live pump's charts: in parts, the page comes to have what the pump has.

import { beforeAll, describe, expect, test } from "vitest";
import { LiveSource } from "../../emulator/page/bench/live-source";
import { envelope } from "../../emulator/page/charts/envelope";
import { Rows } from "../../emulator/page/charts/source";
import { Series } from "../../emulator/report/recording/series";
import { ChartView } from "../../emulator/ui/chart-view";
import { BadRequest } from "../../emulator/ui/fields";
import type { Bench } from "../../emulator/bench";
import { loadScenario } from "../../emulator/scenario/load";
import { runScenario } from "../../emulator/scenario/run";
import { createController } from "../../firmware/controller";

/** A page that is fed at each step of a month, and one that comes at its end. */
const [followed, late] = [new LiveSource(), new LiveSource()];
/** What was unpacked of the one that is followed, as charts keep it. */
const kept = new Rows(followed, () => undefined, (why) => { throw why; });
let view: ChartView;
let end_ms = 0;

function fetched(source: LiveSource): number {
  let parts = 0;
  for (let more = true; more; parts += 1) {
    const part = view.part(source.has);
    const changed = source.take(part);
    if (source === followed) {
      kept.forget(changed);
      kept.between(0, source.end_ms);
    }
    ({ more } = part);
  }
  return parts;
}

beforeAll(() => {
  let bench: Bench | undefined;
  const { verdict } = runScenario(loadScenario("emulator/demo/month.yaml"), {
    controller: createController,
    listener: { begin: (given) => { bench = given; view = new ChartView(given); }, step: () => { fetched(followed); } },
  });
  expect(verdict).toBe("pass");
  end_ms = bench!.processor.now_ms;
  fetched(followed);
  fetched(late);
});

describe("a page's charts", () => {
  test("have the same, followed from the beginning or opened late", () => {
    expect(followed.has).toEqual(late.has);
    expect(followed.has.blocks).toBe(3);
    expect(followed.marks).toEqual(late.marks);
    expect(followed.items).toEqual(late.items);
    expect(followed.blocks_rows).toEqual(late.blocks_rows);
    expect([0, 1, 2, 3].map((index) => followed.block(index))).toEqual([0, 1, 2, 3].map((index) => late.block(index)));
    expect(followed.end_ms).toBeGreaterThanOrEqual(end_ms);
  });

  test("show the stall in short and row by row, to the end", () => {
    const rows = new Rows(late, () => undefined, (why) => { throw why; });
    const hour_ms = 3_600_000;
    const exact = rows.between(190 * hour_ms, 210 * hour_ms)!;
    for (const spans of [late.items, exact.spans]) {
      const { low, high } = envelope(spans, 190 * hour_ms, 210 * hour_ms, 20);
      expect(Math.min(...low[Series.drawn]!)).toBeLessThan(1500);
      expect(Math.max(...high[Series.drawn]!)).toBeGreaterThan(700_000);
      expect(Math.min(...low[Series.asked]!)).toBeGreaterThan(400_000);
    }
    // What was kept unpacked is not older than what is fetched now.
    const [of_kept, of_late] = [kept, rows].map((each) => each.between(0, late.end_ms)!.spans);
    expect(of_kept!.length).toBe(of_late!.length);
    expect(of_kept!.mean.every((values, series) => values.every((value, row) => Object.is(value, of_late!.mean[series]![row])))).toBe(true);
    expect(rows.between(0, late.end_ms)?.spans.length).toBe(late.blocks_rows.reduce((sum, count) => sum + count, 0));
  });

  test("that say they have more than there is are told so", () => {
    expect(() => view.part({ ...late.has, blocks: 4 })).toThrow(BadRequest);
    expect(() => view.part({ blocks: 0 })).toThrow("marks: expected a whole number from 0 to");
  });
});
