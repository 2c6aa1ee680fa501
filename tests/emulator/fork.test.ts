// A bench copied at a cut of power goes on as one that ran there itself.

import { expect, test } from "vitest";
import { Bench, setUpOf } from "../../emulator/bench";
import { CUT_FAULTS } from "../../emulator/devices/flash";
import { Fork, type Operation } from "../../emulator/explore/cuts/fork";
import { TRACE_NAMES, TraceKind } from "../../emulator/trace";
import { createController } from "../../firmware/controller";
import { Op, Status } from "../../protocol/operations";
import { RecordKind } from "../../protocol/records";
import { constantRate } from "../../protocol/wand/procedures/prescription";
import { filling } from "../firmware/prescribe";
import { HOUR_US } from "./running";

const options = { controller: createController, cuts: true };
const THERAPY = new Set([TraceKind.pulse, TraceKind.tone, TraceKind.record, TraceKind.tally, TraceKind.reset]);

/** All that therapy is, from now on. */
function therapyOf(bench: Bench): string[] {
  const events: string[] = [];
  bench.trace.on((kind, at_ms, a, b, c, d) => { if (THERAPY.has(kind)) events.push(`${at_ms} ${TRACE_NAMES[kind]} ${a} ${b} ${c} ${d}`); });
  return events;
}

const stateOf = (bench: Bench): readonly unknown[] => {
  const status = bench.status();
  return [status[Status.state], status[Status.rate], status[Status.version], status[Status.alarms]];
};

/** A record of a login. */
const LOGIN = ` record ${RecordKind.login} `;
/** Steps in which the wand is not at work. */
const WAITS = new Set([5, 7, 8]);

/** A life of some hours, up to the step before the one that is cut into. */
const STEPS: readonly ((bench: Bench) => void)[] = [
  (bench) => { bench.powerOn(); },
  (bench) => { bench.request(Op.set_up, setUpOf(bench.unit)); },
  (bench) => { bench.request(Op.refill, filling(18_000_000, 2000)); },
  (bench) => { bench.prescribe(constantRate(500_000)); },
  (bench) => { bench.request(Op.start, [0]); },
  (bench) => { bench.advance_us(HOUR_US); },
  (bench) => { bench.request(Op.bolus, [50_000, 20, 0]); },
  (bench) => { bench.advance_us(HOUR_US / 10); },
  (bench) => { bench.inject({ kind: "motor.stalled" }); bench.advance_us(HOUR_US); },
  (bench) => { bench.heal("motor.stalled"); bench.request(Op.refill, filling(15_000_000, 500, 17_000_000)); },
  (bench) => { bench.request(Op.stop, [1]); },
];

/** The operations of the flash from step `first` on, and in which step each is. */
function operations(first: number): readonly { readonly number: number; readonly step: number }[] {
  const bench = new Bench(options);
  const found: { number: number; step: number }[] = [];
  STEPS.forEach((act, step) => {
    bench.storage.flash.listener = (number) => { if (step >= first) found.push({ number, step }); };
    act(bench);
  });
  return found;
}

test("the copy does what the cut run does, pulse for pulse and record for record, and what it is copied from goes on unharmed", () => {
  const fork = new Fork(options);
  const all = operations(4);
  expect(all.length).toBeGreaterThan(100);
  let compared = 0;
  all.forEach(({ number, step }, i) => {
    if (i % 13 !== 0) return;
    const how = CUT_FAULTS[i % CUT_FAULTS.length]!;
    const alone = new Bench(options);
    STEPS.slice(0, step).forEach((act) => { act(alone); });
    alone.cutPower({ operation: number - alone.storage.flash.operations, how });
    const wanted = therapyOf(alone);
    // Unless the program was cut in a wait, the wand asks again.
    STEPS[step]!(alone);
    if (alone.active_faults.size === 0) alone.advance_us(3 * HOUR_US);

    const source = new Bench(options);
    let events: string[] = [];
    let state: unknown;
    source.storage.flash.listener = (at, action, address, count, from, first) => {
      if (at !== number) return;
      const operation: Operation = { number, action, address, count, from, first };
      const copy = fork.cut(source, operation, how);
      events = therapyOf(copy);
      copy.again();
      copy.advance_us(WAITS.has(step) ? alone.now_us - copy.now_us : 3 * HOUR_US);
      state = stateOf(copy);
      expect(copy.oracle.violations).toEqual([]);
    };
    STEPS.forEach((act) => { act(source); });
    source.finish();
    expect(source.oracle.violations).toEqual([]);
    const from = wanted.findIndex((line) => line.includes(" reset "));
    // A wand that asks again does so at a time of its own: then what comes before is the same, and what the pump came to.
    const common = WAITS.has(step) ? Math.min(events.length, wanted.length - from) : events.findIndex((line) => line.includes(LOGIN));
    expect(common, `${number} ${how}`).toBeGreaterThan(2);
    expect(events.slice(0, common), `${number} ${how} in step ${step}`).toEqual(wanted.slice(from, from + common));
    expect(state, `${number} ${how} in step ${step}`).toEqual(stateOf(alone));
    compared++;
  });
  expect(compared).toBeGreaterThan(12);
});
