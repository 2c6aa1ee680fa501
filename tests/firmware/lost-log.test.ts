// A log or a book that storage has lost does not cost the therapy.

import { describe, expect, test } from "vitest";
import { Bench, setUpOf } from "../../emulator/bench";
import { TraceKind } from "../../emulator/trace";
import { createController } from "../../firmware/controller";
import type { Board } from "../../hal/board";
import { Book, type Storage } from "../../hal/storage";
import { Op, Status } from "../../protocol/operations";
import { RecordKind } from "../../protocol/records";
import { State } from "../../protocol/states";
import { constantRate } from "../../protocol/wand/procedures/prescription";
import { listen } from "../emulator/running";
import { filling } from "./prescribe";

/** 2 mg/day at 2000 ug/mL: a pulse each 21.6 s. */
const INTERVAL_MS = 21_600;

/** Delivers for a minute, loses power with what storage then tells changed by `spoil`, and gives the pulses and records of the three minutes after it. */
function afterLoss(spoil: (storage: Storage) => Partial<Storage>): { readonly bench: Bench; readonly pulses: readonly number[]; readonly records: readonly (readonly number[])[] } {
  let spoilt = false;
  const bench = new Bench({ controller: (board: Board) => createController(spoilt ? { ...board, storage: { ...board.storage, ...spoil(board.storage) } } : board) });
  bench.powerOn();
  bench.request(Op.set_up, setUpOf(bench.unit));
  bench.request(Op.refill, filling(18_000_000, 2000));
  bench.prescribe(constantRate(2_000_000));
  bench.request(Op.start, [0]);
  bench.advance_us(70_000_000);
  const pulses = listen(bench, TraceKind.pulse);
  const records = listen(bench, TraceKind.record);
  spoilt = true;
  bench.inject({ kind: "power.off", value: 1000 });
  bench.advance_us(180_000_000);
  return { bench, pulses: pulses.map(([at_ms]) => at_ms!), records };
}

describe("storage that lost something, after a power loss (MEM-3b)", () => {
  test("a pump with a state and no log is no new pump: therapy goes on, and the log's loss is told", () => {
    const { bench, pulses, records } = afterLoss(() => ({ last_sequence: () => 0, first_sequence: () => 0 }));
    expect(pulses.length).toBe(8);
    expect(pulses.slice(1).map((at_ms, i) => at_ms - pulses[i]!)).toEqual(pulses.slice(1).map(() => INTERVAL_MS));
    expect(records.filter(([, kind]) => kind === RecordKind.storage_failed || kind === RecordKind.alarm_on).map(([, kind]) => kind)).toEqual([RecordKind.storage_failed, RecordKind.alarm_on]);
    expect(bench.status()[Status.state]).toBe(State.therapy);
  });

  test.each([
    ["commands", Book.commanded, -2],
    ["confirmations", Book.confirmed, 2],
  ])("a book of %s that is off by pulses is no reason to panic at each boot", (_name, of, off) => {
    const { bench, pulses } = afterLoss(({ tallied }) => ({ tallied: (book) => tallied(book) + (book === of ? off : 0) }));
    expect(pulses.length).toBe(8);
    expect(bench.trace.records[RecordKind.boot]).toBe(2);
    expect(bench.status()[Status.state]).toBe(State.therapy);
  });
});
