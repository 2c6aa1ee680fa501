// One therapy on both targets, prompt and late: the same trace, the same books.

import { beforeAll, describe, expect, test } from "vitest";
import { Bench } from "../../emulator/bench";
import { openTarget } from "../../emulator/cli/targets";
import type { FaultOrder } from "../../emulator/faults";
import type { ControllerFactory } from "../../hal/controller";
import { Retained } from "../../hal/retained";
import { createController } from "../../firmware/controller";
import { begin, twoDays } from "../bench/load";

/** What a run leaves: all that two targets must agree on. */
interface Outcome {
  readonly therapy: string;
  readonly full: string;
  readonly status: readonly number[];
  readonly delivered: number;
  readonly violations: readonly string[];
}

function run(controller: ControllerFactory, lag_us: number, seed: number, act: (bench: Bench) => void): Outcome {
  const bench = new Bench({ controller, lag_us, seed });
  begin(bench);
  act(bench);
  const status = bench.status();
  bench.finish();
  return {
    therapy: bench.trace.therapyDigest(), full: bench.trace.fullDigest(), status, delivered: bench.plant.motions,
    violations: bench.oracle.violations.map(({ text }) => text),
  };
}

const hours = (bench: Bench, count: number): void => bench.advance_us(count * 3_600_000_000);

/** Faults of every device that can put a pulse, a book or a program in doubt; each ends well. */
function mishaps(bench: Bench): void {
  const lasting: readonly FaultOrder[] = [
    { kind: "motor.weak", value: 200 }, { kind: "rotor.late", value: 600 }, { kind: "rotor.late", value: 400 }, { kind: "rotor.intermittent", value: 300 },
    { kind: "battery.sag", value: 400 }, { kind: "crystal.drift", value: 50_000 }, { kind: "storage.write_fails" },
  ];
  for (const order of lasting) {
    bench.inject(order);
    hours(bench, 3);
    bench.heal(order.kind);
    hours(bench, 1);
  }
  for (let slot = 0; slot < Retained.slots; slot += 7) {
    // Found and corrected at the next entry; a reset before it would leave the damaged copy alone.
    bench.inject({ kind: "memory.flip", value: slot });
    bench.advance_us(601_234_567);
    bench.inject({ kind: "processor.reset" });
    hours(bench, 1);
  }
  bench.inject({ kind: "power.off", value: 5000 });
  hours(bench, 12);
}

const RUNS: readonly (readonly [string, (bench: Bench) => void])[] = [["two busy days", twoDays], ["faults and resets", mishaps]];

describe.each(RUNS)("%s", (_, act) => {
  let lua: ControllerFactory;
  let expected: Outcome;

  beforeAll(async () => {
    lua = await openTarget("lua");
    expected = run(createController, 0, 7, act);
  });

  test("are judged well in Node", () => {
    expect(expected.violations).toEqual([]);
    expect(expected.delivered).toBeGreaterThan(1000);
  });

  test("are the same in Lua, to the byte", () => {
    expect(run(lua, 0, 7, act)).toEqual(expected);
  });

  test.each([["Node", 3000], ["Lua", 1], ["Lua", 3000]])("are the same in %s when each wake comes %i us late", (target, lag_us) => {
    const late = run(target === "Lua" ? lua : createController, lag_us, 7, act);
    expect(late).toEqual({ ...expected, full: late.full });
  });

  test("have another digest an hour later", () => {
    const other = run(createController, 0, 7, (bench) => {
      act(bench);
      hours(bench, 1);
    });
    expect(other.therapy).not.toBe(expected.therapy);
  });
});
