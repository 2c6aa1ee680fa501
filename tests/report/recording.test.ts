// The recording of a run: nothing is lost on the way to the page.

import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { envelope } from "../../emulator/page/charts/envelope";
import { firstAfter, LaneBook } from "../../emulator/page/charts/intervals";
import { BEGINNING, Column, decodeRows, emptyRows, encodeRows, isPulse, RowKind } from "../../emulator/report/recording/columns";
import { writeDoses } from "../../emulator/report/recording/doses";
import { decodeItems, encodeItems, ITEM_ROWS } from "../../emulator/report/recording/items";
import { decodeMarks, encodeMarks } from "../../emulator/report/recording/marks";
import { Recorder } from "../../emulator/report/recording/recorder";
import { BLOCK_ROWS } from "../../emulator/report/recording/row-store";
import { Series, spansOfRows } from "../../emulator/report/recording/series";
import type { Spans } from "../../emulator/report/recording/series";
import type { Bench } from "../../emulator/bench";
import { loadScenario } from "../../emulator/scenario/load";
import { runScenario } from "../../emulator/scenario/run";
import type { Outcome } from "../../emulator/scenario/run";
import { createController } from "../../firmware/controller";
import type { ControllerFactory } from "../../hal/controller";
import { runaway } from "../cli/controllers";
import { Folder } from "../cli/harness";

const folder = new Folder();
afterAll(() => { folder.remove(); });

interface Recorded {
  readonly recorder: Recorder;
  readonly outcome: Outcome;
  readonly bench: Bench;
  readonly end_ms: number;
}

function record(file: string, controller: ControllerFactory = createController): Recorded {
  const recorder = new Recorder();
  let bench: Bench | undefined;
  const outcome = runScenario(loadScenario(file), {
    controller,
    listener: { begin: (given) => { bench = given; recorder.listen(given); }, step: ({ text, line }) => { recorder.step(text, line); } },
  });
  const end_ms = bench!.pump_ms();
  recorder.end(end_ms);
  return { recorder, outcome, bench: bench!, end_ms };
}

/** All rows, as a page reads them. */
function spansOf({ recorder, end_ms }: Recorded): Spans {
  return spansOfRows(recorder.rows.blocks.map(({ bytes }) => decodeRows(bytes)), end_ms);
}

/** Rows by column, of all blocks. */
function columnOf({ recorder }: Recorded, column: Column): number[] {
  return recorder.rows.blocks.flatMap(({ bytes }) => [...decodeRows(bytes).rows.columns[column]!]);
}

let month: Recorded;
beforeAll(() => { month = record("emulator/demo/month.yaml"); });

describe("the recording of a month", () => {
  it("disturbs nothing: the digests are those of a run that nobody recorded", () => {
    const { digest, full_digest, virtual_ms } = runScenario(loadScenario("emulator/demo/month.yaml"), { controller: createController });
    expect(month.outcome).toMatchObject({ verdict: "pass", digest, full_digest, virtual_ms });
  });

  it("has every pulse with its result, and every volume as it was in the end", () => {
    const kinds = columnOf(month, Column.kind);
    const count = (kind: RowKind): number => kinds.filter((each) => each === Number(kind)).length;
    expect([kinds.filter(isPulse).length, count(RowKind.confirmed), count(RowKind.missed), count(RowKind.lost), count(RowKind.stray)]).toEqual([31_676, 31_196, 480, 0, 0]);
    expect(month.recorder.rows.blocks.slice(0, -1).map(({ rows }) => rows)).toEqual([BLOCK_ROWS, BLOCK_ROWS, BLOCK_ROWS]);
    const { plant, oracle } = month.bench;
    const last = (column: Column): number => columnOf(month, column).at(-1)!;
    expect(last(Column.drawn_fg)).toBe(31_196 * 250_000 * 2000);
    expect(last(Column.tip_fg)).toBe(plant.tipDose_fg.reduce((sum, dose) => sum + dose, 0));
    expect([last(Column.truth_pL), last(Column.books_pL), last(Column.low_pL)]).toEqual([plant.reservoir_pL, oracle.ledger.remaining_pL, oracle.ledger.remaining_low_pL]);
    expect(last(Column.truth_pL)).toBe(16_184_250_000);
  });

  it("asks for what is prescribed, from the minute on from which it is", () => {
    const { from_ms, mean } = spansOf(month);
    const asked = mean[Series.asked]!;
    const changes = [...asked.keys()].filter((at) => at > 0 && asked[at] !== asked[at - 1] && from_ms[at]! > 10_000).map((at) => [from_ms[at]!, asked[at]!]);
    // Started on a Monday at 08:00 and 0.507 s of the pump's clock: 11 h to 19:00, 16 h to midnight, 23 h to 07:00.
    const hour = 3_600_000;
    expect(changes.slice(0, 4)).toEqual([[11 * hour + 507, 480_000], [16 * hour + 507, 440_000], [23 * hour + 507, 720_000], [35 * hour + 507, 480_000]]);
  });

  it("spreads each motion over the time since the one before: the mean is what was asked for, and nothing while the head stands", () => {
    const { from_ms, mean } = spansOf(month);
    const at = (ms: number): number => [...from_ms.keys()].findLast((row) => from_ms[row]! <= ms)!;
    const hour = 3_600_000;
    expect(mean[Series.drawn]![at(2 * hour)]).toBeCloseTo(720_000, 0);
    expect(mean[Series.tip]![at(2 * hour)]).toBe(0);
    expect(mean[Series.tip]![at(195 * hour)]).toBeCloseTo(720_000, 0);
    // The stall is from 197 h to 206 h: one motion at its end for nine hours of nothing.
    expect(mean[Series.drawn]![at(200 * hour)]).toBeLessThan(1500);
  });

  it("doses.csv adds up to the run, an hour a line", () => {
    const lines: string[] = [];
    writeDoses(month.recorder.rows.blocks, month.end_ms, (line) => { lines.push(line); });
    const [names = "", ...rows] = lines.map((line) => line.trimEnd());
    const table = rows.map((row) => row.split(",").map(Number));
    const sum = (name: string): number => table.reduce((total, row) => total + row[names.split(",").indexOf(name)]!, 0);
    expect(table.map(([hour]) => hour)).toEqual(Array.from({ length: 721 }, (_none, hour) => hour));
    expect(sum("pulses")).toBe(31_676);
    expect(sum("missed")).toBe(480);
    expect(sum("given_ug")).toBeCloseTo(15_598, 3);
    // By the scenario's own reckoning.
    expect(sum("asked_ug")).toBeCloseTo(15_838.333, 1);
    expect(table[719]![names.split(",").indexOf("reservoir_mL")]).toBe(16.18425);
  });

  it("in short has the extremes of its rows, also after its bytes", () => {
    const exact = spansOf(month);
    const { items } = month.recorder.rows;
    const short = decodeItems(encodeItems(items), month.end_ms);
    expect(short.length).toBe(Math.ceil(BLOCK_ROWS / ITEM_ROWS) * 3 + Math.ceil((exact.length - 3 * BLOCK_ROWS) / ITEM_ROWS));
    for (const series of [Series.asked, Series.truth, Series.books, Series.low, Series.used, Series.loaded, Series.sampled]) {
      expect(Math.max(...short.high[series]!)).toBe(Math.fround(Math.max(...exact.high[series]!)));
      // Before the first look there is no voltage.
      const known = [...exact.low[series]!].filter((value) => value > 0 || ![Series.loaded, Series.sampled].includes(series));
      expect(Math.min(...[...short.low[series]!].filter((value) => value > 0 || known.includes(0)))).toBe(Math.fround(Math.min(...known)));
    }
    const most = (rates: Iterable<number>): number => Math.max(...[...rates].filter((rate) => !Number.isNaN(rate)));
    expect(most(short.high[Series.drawn]!)).toBe(Math.fround(most(exact.high[Series.drawn]!)));
    // Each item by itself: no rate in it is beyond what it says.
    const kinds = columnOf(month, Column.kind);
    let item = 0;
    let beyond = 0;
    for (let row = 0; row + 1 < exact.length; row += 1) {
      while (item + 1 < items.from_ms.length && items.from_ms[item + 1]! <= exact.from_ms[row]!) item += 1;
      // The motion of the next row gives this row's rate, and is in the same item unless that begins with it.
      if (kinds[row + 1] !== Number(RowKind.confirmed) || exact.from_ms[row + 1]! >= (items.from_ms[item + 1] ?? Infinity)) continue;
      const rate = exact.mean[Series.drawn]![row]!;
      if (rate > items.high[Series.drawn]![item]! || rate < items.low[Series.drawn]![item]!) beyond += 1;
    }
    expect(beyond).toBe(0);
    expect(() => decodeItems(encodeItems(items).slice(0, 5), 1)).toThrow();
  });

  it("has alarms, faults and states as spans, the wand's and the scenario's doings as points", () => {
    const { lanes, texts, marks } = month.recorder.marks;
    const read = { at_ms: [], lane: [], text: [] };
    decodeMarks(encodeMarks(marks), read);
    expect(read).toEqual(marks);
    const book = new LaneBook();
    expect(book.read(lanes, texts, marks)).toBe(true);
    expect(book.read(lanes, texts, marks)).toBe(false);
    const spans = (name: string): string[] => book.lanes.find(({ lane }) => lane.name === name)!.intervals.map(({ from_ms, to_ms, text }) => `${text} ${Math.round(from_ms / 3_600_000)} ${Math.round(to_ms / 3_600_000)}`);
    expect(spans("motor.stalled")).toEqual(["motor.stalled 197 206"]);
    expect(spans("motor stall")).toEqual(["motor stall 197 206"]);
    expect(spans("low reservoir")).toEqual(["low reservoir 504 553"]);
    expect(spans("state")).toEqual(["therapy 0 Infinity"]);
    expect(book.lanes.find(({ lane }) => lane.name === "critical tones")!.intervals).toHaveLength(49);
    const stall = book.lanes.find(({ lane }) => lane.name === "motor stall")!;
    expect([firstAfter(stall, 0), firstAfter(stall, 200 * 3_600_000), firstAfter(stall, 300 * 3_600_000)]).toEqual([0, 0, 1]);
  });
});

describe("what is not a steady rate", () => {
  it("a stopped pump gives nothing meanwhile, and what it gives after is no peak", () => {
    const stopped = record("tests/scenarios/basal/stop-and-start.yaml");
    expect(stopped.outcome.verdict).toBe("pass");
    const { mean } = spansOf(stopped);
    const [asked, drawn] = [mean[Series.asked]!, mean[Series.drawn]!];
    const rows = [...asked.keys()].filter((row) => !Number.isNaN(drawn[row]!));
    const standing = rows.filter((row) => asked[row] === 0);
    expect(standing.length).toBeGreaterThan(0);
    expect(standing.filter((row) => drawn[row] !== 0)).toEqual([]);
    // Every other row gives what was asked for: a stop in the middle of a gap is no part of it.
    const first = drawn.findIndex((rate) => rate > 0);
    expect(rows.filter((row) => row >= first && asked[row]! > 0 && Math.abs(drawn[row]! - asked[row]!) > asked[row]! / 50)).toEqual([]);
    const highest = (series: Series): number => Math.max(...[...mean[series]!].filter((rate) => !Number.isNaN(rate)));
    expect(highest(Series.drawn)).toBeLessThan(highest(Series.asked) * 1.01);
  });
});

describe("what a pump does not tell of", () => {
  it("another rate is asked for from its minute on, also of a pump that records nothing", () => {
    const silent = record(folder.file("silent.yaml", `scenario: Nothing is recorded
requirements: [DOSE-5a]
unit: {wall: 2026-01-05 00:00}
steps:
  - refill: {volume: 18mL, concentration: 2000ug/mL}
  - prescribe: {schedule: {daily: {"00:00": 500ug/day, "12:00": 400ug/day}}}
  - start
  - wait: 14h 7min
`), runaway);
    expect(silent.outcome.verdict).toBe("violation");
    const { from_ms, mean } = spansOf(silent);
    const asked = mean[Series.asked]!;
    const change = [...asked.keys()].find((row) => asked[row] === 400_000)!;
    expect(asked[change - 1]).toBe(500_000);
    // The clock was set half a second after pump time began.
    expect(from_ms[change]! - 12 * 3_600_000).toBeGreaterThan(0);
    expect(from_ms[change]! - 12 * 3_600_000).toBeLessThan(1000);
  });
});

describe("rows in bytes", () => {
  const whole = fc.integer({ min: 0, max: 2 ** 45 });
  const rows = fc.array(fc.array(whole, { minLength: Column.count, maxLength: Column.count }), { maxLength: 40 });

  it("come back as they were, whatever they are", () => {
    fc.assert(fc.property(rows, (given) => {
      const made = emptyRows(given.length);
      made.length = given.length;
      given.forEach((row, at) => { row.forEach((value, column) => { made.columns[column]![at] = value; }); });
      const { before, rows: back } = decodeRows(encodeRows(made, { ...BEGINNING, drawn_fg: 7 }));
      expect(before).toEqual({ ...BEGINNING, drawn_fg: 7 });
      expect(back).toEqual(made);
    }), { seed: 9 });
  });

  it("that were cut or are none are refused", () => {
    const bytes = encodeRows({ ...emptyRows(3), length: 3 }, BEGINNING);
    expect(() => decodeRows(bytes.slice(0, -1))).toThrow(/ends in the middle|other rows/);
    expect(() => decodeRows(Uint8Array.from([...bytes, 0]))).toThrow("goes on after its rows");
    expect(() => decodeRows(Uint8Array.from([255, 255, 255, 255, 1]))).toThrow("says that it has");
  });
});

describe("the picture of a stretch", () => {
  const spans = fc.array(fc.tuple(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 0, max: 1000 })), { minLength: 1, maxLength: 300 }).map((steps): Spans => {
    let at = 0;
    const from_ms = Float64Array.from(steps, ([length]) => (at += length) - length);
    const values = [Float64Array.from(steps, ([, value]) => value)];
    return { from_ms, end_ms: at, length: steps.length, low: values, high: values, mean: values };
  });

  it("drops no extreme and makes none, however few columns it has", () => {
    fc.assert(fc.property(spans, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 60 }), (given, a, b, columns) => {
      const [begin, finish] = [Math.min(a, b) * given.end_ms, Math.max(a, b) * given.end_ms];
      fc.pre(finish - begin > 1);
      const seen = [...given.from_ms.keys()].filter((at) => given.from_ms[at]! < finish && (given.from_ms[at + 1] ?? given.end_ms) > begin).map((at) => given.mean[0]![at]!);
      const { low, high, mean, x } = envelope(given, begin, finish, columns);
      expect(x.length).toBeLessThanOrEqual(columns + 2);
      expect(Math.max(...high[0]!)).toBeGreaterThanOrEqual(Math.max(...seen));
      expect(Math.min(...low[0]!)).toBeLessThanOrEqual(Math.min(...seen));
      const near = [...given.from_ms.keys()].filter((at) => given.from_ms[at]! <= finish && (given.from_ms[at + 1] ?? given.end_ms) >= begin).map((at) => given.mean[0]![at]!);
      expect(Math.max(...high[0]!)).toBeLessThanOrEqual(Math.max(...near));
      mean[0]!.forEach((value, at) => { expect(value).toBeGreaterThanOrEqual(low[0]![at]! - 1e-9); expect(value).toBeLessThanOrEqual(high[0]![at]! + 1e-9); });
    }), { seed: 9, numRuns: 300 });
  });

  it("keeps a step of a ms among seven years of others", () => {
    const length = 100_000;
    const values = [new Float64Array(length).fill(500)];
    values[0]![77_777] = 90_000;
    const from_ms = Float64Array.from({ length }, (_none, at) => at * 1000);
    const found = envelope({ from_ms, end_ms: length * 1000, length, low: values, high: values, mean: values }, 0, length * 1000, 800);
    expect(Math.max(...found.high[0]!)).toBe(90_000);
    expect(found.high[0]!.filter((value) => value > 500)).toHaveLength(1);
  });
});
