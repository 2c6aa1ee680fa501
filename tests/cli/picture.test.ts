// The picture's time axis and bins: nothing is lost, whatever a run's length.

import { describe, expect, it } from "vitest";
import { Bench } from "../../emulator/bench";
import { Collector } from "../../emulator/report/collector";
import { CHART_COLUMNS, columnOf, columnStart_ms, scaleFor } from "../../emulator/report/scale";
import { TraceKind } from "../../emulator/trace";
import { createController } from "../../firmware/controller";
import { Book } from "../../hal/storage";
import { RecordKind } from "../../protocol/records";
import { run, Folder } from "./harness";

const hour_ms = 3_600_000;
const lengths_h = [0, 1, 5, 24, 68, 69, 100, 192, 340, 342, 720, 1023, 1025, 1728, 2400, 4000, 4100, 20_000, 24_600, 61_368, 87_672];

describe("the time axis", () => {
  it.each(lengths_h)("of %d h has at most 72 columns, and a column holds its own beginning", (hours) => {
    const scale = scaleFor(hours * hour_ms);
    expect(scale.columns).toBeLessThanOrEqual(CHART_COLUMNS);
    expect(scale.columns).toBe(scale.cells * scale.cell_columns);
    for (let column = 0; column < scale.columns; column += 1) expect(columnOf(scale, columnStart_ms(scale, column))).toBe(column);
  });

  it.each(lengths_h)("of %d h puts every pulse into one cell", (hours) => {
    const bench = new Bench({ controller: createController });
    const collector = new Collector();
    collector.listen(bench);
    const { trace } = bench;
    trace.emit(TraceKind.reset, 0, 1, 0, 0, 0);
    trace.record(0, { sequence: 1, kind: RecordKind.refill, pump_ms: 0, wall_ms: 0, a: 18_000_000, b: 3, c: 0 });
    for (let hour = 0; hour <= hours; hour += 1) trace.emit(TraceKind.tally, hour * hour_ms, Book.confirmed, hour + 1, 0, 0);
    const scale = scaleFor(hours * hour_ms + 1);
    let sum = 0;
    for (let cell = 0; cell < scale.cells; cell += 1) {
      const pulses = collector.dose.sum(cell * scale.cell_ms, cell === scale.cells - 1 ? scale.total_ms : (cell + 1) * scale.cell_ms) / 3;
      // Cells that are not whole bins would swing between too few and too many.
      if (cell < scale.cells - 1 && scale.cell_ms >= hour_ms) expect(pulses).toBe(scale.cell_ms / hour_ms);
      sum += pulses;
    }
    expect(sum).toBe(hours + 1);
    expect(collector.remaining_pL).toBe(18_000_000_000 - (hours + 1) * 250_000);
  });
});

describe("the picture", () => {
  it("of a run in which everything happens stays inside 40 lines of 100 columns", async () => {
    const folder = new Folder();
    const faults = ["motor.stalled", "rotor.dead", "sounder.dead", "catheter.occluded", "reservoir.pocket_fill", "storage.write_fails"];
    const file = folder.file("all.yaml", [
      `scenario: "${"A very long title ".repeat(10)}"`, "steps:", "  - refill: {volume: 1.5mL, concentration: 500ug/mL}", "  - prescribe: {rate: 200ug/day}", "  - start",
      ...faults.map((kind) => `  - fault: {kind: ${kind}, for: 3d}`), "  - wait: 4d", "  - clock: {by: 1h}", "  - stop: 1", "  - wait: 3d", "  - start",
      "  - start: {expect_refusal: not in this state}", "  - wait: 2500d", "",
    ].join("\n"));
    const { out } = await run(["run", file]);
    folder.remove();
    const lines = out.slice(0, out.indexOf("\ntime  ")).split("\n");
    expect(lines.length).toBeLessThan(40);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(out).toContain("2 others");
  });
});
