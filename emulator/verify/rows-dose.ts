// Rows: dose, by the pump's own books and by its pulse output.

import { Fault } from "../../hal/faults";
import { Op } from "../../protocol/operations";
import { BolusEnd, RecordKind } from "../../protocol/records";
import { BolusKind, Drug, State } from "../../protocol/states";
import { Role } from "../../protocol/service";
import { STATE_NAMES, nameOf } from "../../protocol/names";
import { readDelivery } from "../../protocol/wand/procedures/delivery";
import { readLog } from "../../protocol/wand/procedures/log";
import type { LogRecord } from "../../protocol/wand/procedures/log";
import { constantRate } from "../../protocol/wand/procedures/prescription";
import { program } from "../../protocol/wand/procedures/program";
import { readPrescription } from "../../protocol/wand/procedures/read-prescription";
import { must, Skipped } from "./row";
import type { Bench, Row } from "./row";
import { counted, counterOf, elapsed, look, needs, pass, planOf, seconds, therapyOf, windowOf } from "./watch";

/**
 * A shelf pump is set up so that pulses come as often as limits allow: the weakest drug at the greatest daily dose, 16 000 pulses a day or one every
 * 5.4 s. The first prescription may be as high as the dose of the pump that this one replaces (LIMIT-1e).
 */
export const BENCH_THERAPY = { daily_ng: 2_000_000, concentration: 500, fill_nL: 9_000_000, pulse_pL: 250_000, capacity_nL: 20_000_000, catheter_cm: 80, patient_ng: 1500, lockout_min: 15 } as const;

async function done(bench: Bench, op: Op, args: readonly number[], what: string): Promise<readonly number[]> {
  const { fault, values } = await bench.login().operate(op, args);
  must(fault === Fault.ok, `${what} gives fault ${fault}`);
  return values;
}

/** Before the rows that program: they then have a prescription to work with. */
export const SETUP_ROWS: readonly Row[] = [
  {
    id: "therapy", requirement: "DOSE-3", text: "A pump on the shelf is set up, filled, programmed and started, and says that it delivers what was prescribed.",
    run: async (bench) => {
      planOf(bench);
      needs(bench, "start", "therapy begins, with drug in the pump's books");
      const { status } = await look(bench);
      if (status.state !== State.shelf) throw new Skipped(`needs a pump on the shelf: it is in the state ${nameOf(STATE_NAMES, status.state)}, and its therapy is left`);
      const { daily_ng, concentration, fill_nL, pulse_pL, capacity_nL, catheter_cm, patient_ng, lockout_min } = BENCH_THERAPY;
      await done(bench, Op.set_up, [pulse_pL, capacity_nL, catheter_cm, daily_ng, daily_ng], "the set-up");
      await done(bench, Op.refill, [Drug.baclofen, fill_nL, concentration, 0, 0, 0], "the refill");
      const wanted = { ...constantRate(daily_ng), patient: { dose_ng: patient_ng, minutes: 1, lockout_min, most: 4 } };
      await bench.login().run(program(wanted));
      await done(bench, Op.start, [0], "the start");
      const after = (await look(bench)).status;
      must(after.state === State.therapy, `after the start it is in the state ${nameOf(STATE_NAMES, after.state)}`);
      must(after.rate === daily_ng, `it says that it delivers ${after.rate} ng/day in place of ${daily_ng}`);
      bench.marks.add("began");
      bench.saw(`${after.rate} ng/day of ${after.concentration} ug/mL`);
    },
  },
];

const books: readonly Row[] = [
  {
    id: "clock", requirement: "DOSE-1", text: "Pump time, by which doses are reckoned, goes at the wall's pace to one in a thousand.",
    run: async (bench) => {
      if (planOf(bench).speed > 1) throw new Skipped("needs a pump in real time: the plan has it emulated faster");
      const { before, after, least_ms, most_ms } = await windowOf(bench);
      const pump_ms = after.look.status.pump_ms - before.look.status.pump_ms;
      bench.saw(`${seconds(pump_ms)} of the pump in ${seconds((least_ms + most_ms) / 2)} of the wall`);
      must(pump_ms >= least_ms * 0.999 - 2 && pump_ms <= most_ms * 1.001 + 2, `its time went on by ${seconds(pump_ms)} in ${seconds(least_ms)} to ${seconds(most_ms)}`);
    },
  },
  {
    id: "dose-books", requirement: "DOSE-1", text: "The books rise at the prescribed rate, within one pulse.",
    run: async (bench) => {
      const { therapy, before, after, least_ms, most_ms } = await windowOf(bench);
      const rise = after.look.status.commanded - before.look.status.commanded;
      const [least, most] = [least_ms / therapy.interval_ms, most_ms / therapy.interval_ms];
      bench.saw(`${rise} pulses in ${seconds(most_ms)}; ${most.toFixed(2)} are prescribed`);
      // Less than one of them was paid for before the first look, and less than one after the last.
      must(rise > least - 1 && rise < most + 1, `${rise} pulses in ${seconds(most_ms)}, where ${therapy.rate_ng_per_day} ng/day are ${most.toFixed(2)}`);
    },
  },
  {
    id: "dose-confirmed", requirement: "MOTOR-1", text: "Every pulse is in the books once: confirmed, uncertain or in flight, and the reservoir falls by those confirmed.",
    run: async (bench) => {
      const { therapy, before, after } = await windowOf(bench);
      const [a, b] = [before.look.status, after.look.status];
      for (const each of [a, b]) must(each.confirmed + each.uncertain + each.in_flight >= each.commanded, `of ${each.commanded} pulses ${each.confirmed} are confirmed, ${each.uncertain} uncertain and ${each.in_flight} in flight`);
      const fell_pL = a.remaining_pL - b.remaining_pL;
      const confirmed = b.confirmed - a.confirmed;
      bench.saw(`${confirmed} pulses confirmed, ${b.uncertain - a.uncertain} uncertain; ${fell_pL / 1000} nL less`);
      must(fell_pL === confirmed * therapy.pulse_pL, `the reservoir fell by ${fell_pL} pL, and ${confirmed} pulses are ${confirmed * therapy.pulse_pL}`);
      must(confirmed > 0, "no pulse was confirmed: is the rotor's sensor connected?");
    },
  },
  {
    id: "dose-pulses", requirement: "MOTOR-1", text: "The pulse output shows exactly the pulses that the books have.",
    run: async (bench) => {
      counterOf(bench);
      const { before, after } = await windowOf(bench);
      const [rise, edges] = [after.look.status.commanded - before.look.status.commanded, after.edges - before.edges];
      bench.saw(`${edges} edges, ${rise} pulses in the books`);
      must(edges === rise, `the books rise by ${rise} pulses, and the counter saw ${edges}`);
    },
  },
  {
    id: "pulse-spacing", requirement: "DOSE-1", text: "At one rate each pulse comes when the one before it was paid for: none early, none late by more than 20 ms.",
    run: async (bench) => {
      const counter = counterOf(bench);
      const { therapy, before, after } = await windowOf(bench);
      const edges = counter.edges_us.slice(before.edges, after.edges);
      const gaps_ms = edges.slice(1).map((us, i) => (us - (edges[i] ?? 0)) / 1000);
      must(gaps_ms.length > 0, `the counter saw ${edges.length} edges where ${therapy.interval_ms.toFixed(0)} ms lie between two`);
      const [least, most] = [Math.min(...gaps_ms), Math.max(...gaps_ms)];
      bench.saw(`${least.toFixed(1)} to ${most.toFixed(1)} ms from pulse to pulse; ${therapy.interval_ms.toFixed(1)} are right`);
      // The counter's clock and the pump's may each be off by 100 millionths.
      const slack_ms = 20 + therapy.interval_ms / 5000;
      must(Math.abs(least - therapy.interval_ms) <= slack_ms && Math.abs(most - therapy.interval_ms) <= slack_ms,
        `from pulse to pulse it is ${least.toFixed(1)} to ${most.toFixed(1)} ms in place of ${therapy.interval_ms.toFixed(1)}`);
    },
  },
];

/** Records of the log from one number on. */
export async function recordsSince(bench: Bench, number: number): Promise<readonly LogRecord[]> {
  return (await bench.login().run(readLog(number))).records;
}

export async function newestRecord(bench: Bench): Promise<number> {
  return (await bench.login().run(readLog(undefined, 1))).newest;
}

/** Pulses of the bolus: enough that one too many shows, few enough for a minute. */
const BOLUS_PULSES = 12;

async function giveBolus(bench: Bench): Promise<void> {
  needs(bench, "bolus", "a bolus of twelve pulses is given");
  const therapy = await therapyOf(bench);
  const dose_ng = Math.ceil(BOLUS_PULSES * therapy.pulse_ng);
  const newest = await newestRecord(bench);
  const before = await counted(bench);
  const { fault, values } = await bench.login().operate(Op.bolus, [dose_ng, 1, 0]);
  if (fault === Fault.above_cap_1h || fault === Fault.above_cap_24h || fault === Fault.history_unknown) throw new Skipped(`needs room under the caps: the pump refuses ${dose_ng} ng by fault ${fault}`);
  must(fault === Fault.ok, `a bolus of ${dose_ng} ng gives fault ${fault}`);
  const lasts_ms = values[0] ?? 0;
  must(lasts_ms >= 60_000 && lasts_ms < 600_000, `it says that a bolus over a minute will last ${lasts_ms} ms`);
  await pass(bench, lasts_ms + 5000);
  must((await bench.login().run(readDelivery())).bolus === BolusKind.none, `${seconds(lasts_ms + 5000)} after its begin the bolus still lasts`);
  const after = await counted(bench);
  const records = await recordsSince(bench, newest + 1);
  const find = (kind: RecordKind): LogRecord => {
    const [found, ...more] = records.filter((record) => record.kind === kind);
    must(found !== undefined && more.length === 0, `the log has ${found === undefined ? "no" : `${1 + more.length}`} record ${kind} of the bolus`);
    return found;
  };
  const [began, ended, sum] = [find(RecordKind.bolus_begin), find(RecordKind.bolus_end), find(RecordKind.bolus_sum)];
  must(began.b === dose_ng, `the log says that ${began.b} ng were asked for in place of ${dose_ng}`);
  must(ended.b === BolusEnd.complete, `the log says that it ended by ${ended.b} in place of complete`);
  must(sum.a + sum.b + sum.c === dose_ng, `confirmed ${sum.a}, uncertain ${sum.b} and not delivered ${sum.c} ng do not add up to ${dose_ng}`);
  must(sum.c < therapy.pulse_ng, `the log has ${sum.c} ng not delivered of a complete bolus, more than a pulse`);
  const [least_ms, most_ms] = elapsed(bench, before.look, after.look);
  const rise = after.look.status.commanded - before.look.status.commanded;
  const owed = ((least_ms + most_ms) / 2) / therapy.interval_ms + dose_ng / therapy.pulse_ng;
  bench.saw(`${dose_ng} ng asked for; ${sum.a} confirmed, ${sum.b} uncertain, ${sum.c} with the next pulse; ${rise} pulses with basal, ${owed.toFixed(2)} owed`);
  must(Math.abs(rise - owed) <= 1 + (most_ms - least_ms) / 2 / therapy.interval_ms, `basal and bolus owe ${owed.toFixed(2)} pulses, and the books rise by ${rise}`);
  if (bench.instruments.pulses !== undefined) {
    const edges = after.edges - before.edges;
    must(edges === rise, `the books rise by ${rise} pulses over the bolus, and the counter saw ${edges}`);
  }
}

async function tryLockout(bench: Bench): Promise<void> {
  needs(bench, "bolus", "the patient's bolus is given");
  const login = bench.login();
  await therapyOf(bench);
  const { patient } = await login.run(readPrescription());
  if (patient === undefined) throw new Skipped("needs a prescription with a patient's bolus");
  const session = await login.fresh(Role.patient);
  const first = await login.message(session, Op.patient_bolus);
  const second = await login.message(session, Op.patient_bolus);
  login.open = undefined;
  must(first !== undefined && second !== undefined, "the patient's request is not answered");
  if (first.fault === Fault.lockout || first.fault === Fault.patient_bolus_count) {
    bench.saw("the lockout of an earlier one");
    return;
  }
  must(first.fault === Fault.ok, `the patient's bolus gives fault ${first.fault}`);
  must(second.fault !== Fault.ok, "a second one is given at once");
  // The first has to end, or that is the reason for the refusal.
  await pass(bench, patient.minutes * 60_000 + 10_000);
  const later = await login.message(await login.fresh(Role.patient), Op.patient_bolus);
  login.open = undefined;
  must(later?.fault === Fault.lockout, later === undefined ? "the patient's request is not answered" : later.fault === Fault.ok
    ? `a second one is given ${patient.minutes} min after the first, in a lockout of ${patient.lockout_min} min` : `within the lockout it gives fault ${later.fault} in place of ${Fault.lockout}`);
  const { lockout_ms } = await login.run(readDelivery());
  bench.saw(`refused, ${Math.round(lockout_ms / 1000)} s before its end`);
  must(lockout_ms > 0 && lockout_ms <= patient.lockout_min * 60_000, `it says that the lockout lasts ${lockout_ms} ms more`);
}

const boluses: readonly Row[] = [
  { id: "bolus", requirement: "DOSE-6", text: "A bolus is given in its time, complete, and is accounted for to the last nanogram.", run: giveBolus },
  { id: "lockout", requirement: "LIMIT-4", text: "The patient's bolus is given, and no second one within the lockout.", run: tryLockout },
];

export const DOSE_ROWS: readonly Row[] = [...books, ...boluses];
