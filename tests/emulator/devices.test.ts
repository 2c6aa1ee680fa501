// Tests of reservoir, catheter, battery, storage, sounder, trace and faults.

import { describe, expect, test } from "vitest";
import type { Board } from "../../hal/board";
import { Source, type Controller } from "../../hal/controller";
import { Fault } from "../../hal/faults";
import { Book } from "../../hal/storage";
import { Tone } from "../../hal/sounder";
import { Op } from "../../protocol/operations";
import { Bench, DEFAULT_UNIT } from "../../emulator/bench";
import { Catheter, catheterVolume_pL } from "../../emulator/devices/catheter";
import { Reservoir } from "../../emulator/devices/reservoir";
import { RECORDS_MIN } from "../../emulator/devices/storage";
import { FAULT_KINDS } from "../../emulator/faults";
import { RECENT_MAX, TraceKind } from "../../emulator/trace";
import { filling } from "../firmware/prescribe";
import { DAY_US, found, HOUR_US, INTERVAL_US, listen, running } from "./running";

/** A controller that does `act` once, 1 s after boot, and keeps the events it gets. */
function once(act: (board: Board, now_ms: number) => void): { readonly bench: Bench; readonly events: number[][] } {
  const events: number[][] = [];
  let done = false;
  const bench = new Bench({ wand: false, controller: (board): Controller => ({
    boot: (now_ms) => {
      board.cutoff.cut(0);
      return now_ms + 1000;
    },
    wake: (now_ms) => {
      if (!done) act(board, now_ms);
      done = true;
      return now_ms + 1000;
    },
    event: (now_ms, source, a, b) => {
      events.push([now_ms, source, a, b]);
      return now_ms + 1000;
    },
    received: (now_ms) => now_ms + 1000,
  }) });
  bench.powerOn();
  return { bench, events };
}

describe("the drug", () => {
  test("leaves the tip after the tubing and the catheter: 1264 pulses at 80 cm (FILL-6a)", () => {
    expect(catheterVolume_pL(80)).toBe(316_000_000);
    const bench = running();
    bench.advance_us(1264 * INTERVAL_US + 1);
    expect(bench.plant.tipDose_fg.reduce((sum, dose) => sum + dose, 0)).toBe(0);
    bench.advance_us(INTERVAL_US);
    expect(bench.plant.tipDose_ng(1)).toBe(500);
    bench.advance_us(2 * DAY_US);
    expect(bench.plant.tipDose_ng(2)).toBe(500_000);
  });

  test("comes in plugs, each at its own concentration", () => {
    const left: number[] = [];
    const catheter = new Catheter(0, (dose_fg) => left.push(dose_fg));
    catheter.push(100_000_000, 2000);
    catheter.push(50_000_000, 500);
    catheter.push(60_000_000, 500);
    expect(catheter.content).toEqual([{ volume_pL: 30_000_000, concentration: 2000 }, { volume_pL: 110_000_000, concentration: 500 }]);
    expect(left).toEqual([0, 10_000_000 * 2000, 60_000_000 * 2000]);
  });

  test.each(["catheter.disconnected", "catheter.occluded"])("does not reach the tip: %s", (kind) => {
    const bench = running();
    bench.advance_us(2 * DAY_US);
    const before = [...bench.plant.tipDose_fg];
    bench.inject({ kind });
    bench.advance_us(2 * DAY_US);
    bench.finish();
    expect(before.at(-1)).toBeGreaterThan(0);
    expect(bench.plant.tipDose_fg).toEqual(before);
    expect(bench.plant.catheter.lost_pL).toBe(2000 * 250_000);
    expect(found(bench)).toEqual([]);
  });

  test("mixes with the dead volume, rounded down", () => {
    const reservoir = new Reservoir(DEFAULT_UNIT);
    reservoir.refill(18_600_000, 2000);
    reservoir.refill(18_600_000, 500);
    expect(reservoir.concentration).toBe(605);
    expect(() => { reservoir.refill(20_000_001, 500); }).toThrow("do not fit");
  });

  test("goes beside the pump: the books are right and the plant is dry", () => {
    const bench = running();
    bench.inject({ kind: "reservoir.pocket_fill" });
    bench.request(Op.refill, filling(10_000_000, 2000));
    bench.advance_us(DAY_US);
    bench.finish();
    expect(found(bench)).toEqual([]);
    expect([bench.plant.delivered_pL, bench.plant.dry_pL, bench.plant.reservoir.pocket_nL]).toEqual([0, 250_000_000, 10_000_000]);
  });
});

/** The link is awake for 100 ms after the good-bye, at 100 uA. */
const LINK_NC = 10_000;

describe("the battery", () => {
  test("counts sleep, pulses and tones", () => {
    const bench = running();
    bench.advance_us(DAY_US);
    expect(bench.battery.drawn_nC).toBe(4 * 86_400_000 + 1000 * 800_000 + LINK_NC);
    bench.inject({ kind: "battery.leak", value: 100 });
    bench.advance_us(HOUR_US);
    expect(bench.battery.drawn_nC).toBe(4 * 86_400_000 + 104 * 3_600_000 + 1041 * 800_000 + LINK_NC);
  });

  test.each([[0, 3100], [6_300_000_000_000, 2590], [5_040_000_000_000, 2900]])("gives under load, %i nC used: %i mV", (used_nC, expected_mV) => {
    const { bench } = once(() => undefined);
    bench.battery.draw(used_nC);
    expect(bench.battery.loaded_mV).toBe(expected_mV);
  });

  test("answers 1 ms later, a sag taken off", () => {
    const { bench, events } = once((board) => {
      board.motor.pulse();
      board.supply.sample();
    });
    bench.inject({ kind: "battery.sag", value: 600 });
    bench.advance_us(1_500_000);
    expect(events[0]).toEqual([1001, Source.supply, 2500, 0]);
    expect(found(bench).filter((text) => text.startsWith("contract"))).toEqual([]);
  });

  test("is sampled under load only, and is not modelled when flat", () => {
    const { bench } = once((board) => { board.supply.sample(); });
    bench.advance_us(1_500_000);
    expect(found(bench)).toEqual(["contract: the supply was sampled with no pulse in flight"]);
    bench.battery.draw(7_300_000_000_000);
    expect(() => bench.battery.loaded_mV).toThrow("flat");
  });
});

describe("storage", () => {
  const write = (board: Board): void => {
    board.storage.put(3, [9, 1, 2, 3], 1, 2);
    board.storage.append(1, 1, 1000, 5000, 7, 8, 9);
    board.storage.commit();
    board.storage.tally(Book.confirmed);
  };

  /** Records 1 to `count`, 20 a transaction. */
  const append = (board: Board, count: number): void => {
    for (let n = 1; n <= count; n++) {
      board.storage.append(n, 1, n, 0, 0, 0, 0);
      if (n % 20 === 0) board.storage.commit();
    }
  };

  test("is durable 5 ms after the commit, and tallies at once", () => {
    let storage: Board["storage"] | undefined;
    const { bench, events } = once((board) => {
      storage = board.storage;
      write(board);
      expect(board.storage.read(3, [])).toBe(0);
      expect([board.storage.tallied(Book.confirmed), board.storage.last_sequence()]).toEqual([1, 1]);
    });
    bench.advance_us(1_004_999);
    expect(events).toEqual([]);
    bench.advance_us(1);
    expect(events).toEqual([[1005, Source.storage, Fault.ok, 0]]);
    const into = [0, 0];
    expect([storage!.read(3, into), storage!.last_sequence()]).toEqual([2, 1]);
    expect(into).toEqual([1, 2]);
    expect(bench.storage.records()).toEqual([{ sequence: 1, kind: 1, pump_ms: 1000, wall_ms: 5000, a: 7, b: 8, c: 9 }]);
    bench.inject({ kind: "storage.damaged", value: 3 });
    expect(storage!.read(3, into)).toBe(-1);
    bench.heal("storage.damaged");
    expect(storage!.read(3, into)).toBe(2);
  });

  test("gives its log back by number: what is durable, the oldest to the newest, and nothing of a hole", () => {
    let storage: Board["storage"] | undefined;
    const { bench } = once((board) => {
      storage = board.storage;
      expect([board.storage.first_sequence(), board.storage.record(1, [])]).toEqual([0, 0]);
      for (const n of [5, 6, 9]) board.storage.append(n, 1, 10 * n, 20 * n, n, -n, 7);
      board.storage.commit();
      expect(board.storage.record(5, [])).toBe(0);
    });
    bench.advance_us(1_100_000);
    const rows = [4, 5, 6, 7, 8, 9, 10].map((n) => {
      const row: number[] = [];
      return [storage!.record(n, row), ...row];
    });
    expect(rows).toEqual([[0], [1, 1, 50, 100, 5, -5, 7], [1, 1, 60, 120, 6, -6, 7], [0], [0], [1, 1, 90, 180, 9, -9, 7], [0]]);
    expect(storage!.first_sequence()).toBe(5);
  });

  test("forgets the oldest record first (LOG-1b)", () => {
    let storage: Board["storage"] | undefined;
    const { bench } = once((board) => {
      storage = board.storage;
      append(board, 2 * RECORDS_MIN);
    });
    bench.advance_us(5_000_000);
    const row: number[] = [];
    const first = storage!.first_sequence();
    expect(first).toBeGreaterThan(1);
    expect([storage!.record(first - 1, row), storage!.record(first, row), row[1]]).toEqual([0, 1, first]);
    expect([storage!.record(2 * RECORDS_MIN, row), row[1]]).toEqual([1, 2 * RECORDS_MIN]);
  });

  test("tells when a write failed", () => {
    const { bench, events } = once(write);
    bench.inject({ kind: "storage.write_fails" });
    bench.advance_us(1_500_000);
    expect(events).toEqual([[1005, Source.storage, Fault.storage_write_failed, 0]]);
    expect(bench.storage.records()).toEqual([]);
  });

  test("an open transaction does not survive a reset; power lasts for a posted one", () => {
    const { bench } = once((board) => { board.storage.append(1, 1, 0, 0, 0, 0, 0); });
    bench.advance_us(1_000_000);
    expect(bench.storage.busy).toBe(true);
    bench.inject({ kind: "processor.reset" });
    expect(bench.storage.busy).toBe(false);
    const posted = once(write).bench;
    posted.advance_us(1_000_000);
    posted.inject({ kind: "power.off", value: 10 });
    expect([posted.now_us, posted.storage.records().length]).toEqual([1_005_000, 1]);
  });

  test("keeps the last 4000 records (LOG-1b)", () => {
    const { bench } = once((board) => { append(board, 2 * RECORDS_MIN); });
    bench.advance_us(5_000_000);
    const sequences = bench.storage.records().map((record) => record.sequence);
    expect(sequences.slice(-RECORDS_MIN)).toEqual(Array.from({ length: RECORDS_MIN }, (_, n) => RECORDS_MIN + n + 1));
  });

  test("refuses what is no integer", () => {
    const { bench } = once((board) => { board.storage.put(1, [0.5], 0, 1); });
    expect(() => { bench.advance_us(1_500_000); }).toThrow("0.5");
  });
});

test("a dead sounder is asked and not heard", () => {
  const { bench } = once((board) => {
    board.sounder.sound(Tone.two_tone, 3000);
    board.sounder.sound(Tone.single, 60_001);
  });
  bench.inject({ kind: "sounder.dead" });
  bench.advance_us(1_500_000);
  expect([bench.trace.tones, bench.sounder.heard]).toEqual([[0, 1, 0], 0]);
  expect(found(bench)).toEqual(["contract: a tone of a duration outside 1 to 60 000 ms"]);
});

describe("faults", () => {
  test.each(FAULT_KINDS.map((kind) => [kind.kind, kind] as const))("%s begins, and ends if it lasts", (name, kind) => {
    expect(kind.what.endsWith(".") && kind.unknown_to_pump.endsWith(".")).toBe(true);
    const bench = running();
    const heard = listen(bench, TraceKind.fault);
    const order = kind.value === undefined ? { kind: name } : { kind: name, value: kind.value.max };
    bench.inject(order);
    const index = FAULT_KINDS.indexOf(kind);
    expect(heard.map(([, ...rest]) => rest)).toEqual([[index, 1, kind.value?.max ?? 0]]);
    if (kind.instant === true) {
      expect(() => { bench.heal(name); }).toThrow("nothing to heal");
    } else {
      expect([...bench.active_faults]).toEqual([name]);
      bench.heal(name);
      expect(heard[1]!.slice(1)).toEqual([index, 0, 0]);
      expect(() => { bench.heal(name); }).toThrow("is not active");
    }
  });

  test("names are unique, and wrong orders are refused whole", () => {
    expect(new Set(FAULT_KINDS.map((kind) => kind.kind)).size).toBe(FAULT_KINDS.length);
    const bench = running();
    expect(() => { bench.inject({ kind: "motor.stuck" }); }).toThrow('no fault "motor.stuck"; known are motor.stalled');
    expect(() => { bench.inject({ kind: "motor.stalled", value: 1 }); }).toThrow("takes no value");
    expect(() => { bench.inject({ kind: "motor.weak" }); }).toThrow("permille from 1 to 1000, and got undefined");
    expect(() => { bench.inject({ kind: "rotor.late", value: 750 }); }).toThrow("from 0 to 749, and got 750");
    expect(() => { bench.heal("motor.stalled"); }).toThrow("is not active");
    expect([...bench.active_faults]).toEqual([]);
  });
});

describe("the trace", () => {
  test("digests are the same from run to run, move with what happened, and may be asked for at any time", () => {
    const story = (ask: boolean): string[] => {
      const bench = running();
      for (let n = 0; n < 10; n++) {
        bench.advance_us(HOUR_US);
        if (ask) bench.trace.therapyDigest();
      }
      return [bench.trace.therapyDigest(), bench.trace.fullDigest()];
    };
    const digests = story(false);
    for (const digest of digests) expect(digest).toMatch(/^[0-9a-f]{16}$/);
    expect(story(true)).toEqual(digests);
    expect(digests).toEqual(["b8834477f3fe73d2", "bee62d3fc986d745"]); // on every machine, of any endianness
  });

  test("a status answer moves the full digest only", () => {
    const bench = running();
    const before = [bench.trace.therapyDigest(), bench.trace.fullDigest()];
    bench.status();
    expect(bench.trace.therapyDigest()).toBe(before[0]);
    expect(bench.trace.fullDigest()).not.toBe(before[1]);
  });

  test("keeps the last events for a message", () => {
    const bench = running();
    bench.advance_us(100 * INTERVAL_US);
    const lines = bench.trace.recent();
    expect(lines).toHaveLength(RECENT_MAX);
    expect(lines.at(-1)).toBe("8640000 ms pulse 100 0 0 0");
  });
});

test("a bench refuses what it cannot be", () => {
  const controller = (): Controller => { throw new Error("not called"); };
  expect(() => new Bench({ controller, lag_us: -1 })).toThrow("negative");
  expect(() => new Bench({ controller, unit: { latency_us: 0.5 } })).toThrow("latency_us must be an integer");
  expect(() => new Bench({ controller, seed: NaN })).toThrow("seed");
  const bench = running();
  expect(() => { bench.powerOn(); }).toThrow("power already");
  expect(() => { bench.advance_us(-1); }).toThrow("cannot pass");
  expect(() => bench.request(Op.stop, [0.5])).toThrow("do not fit its fields");
});
