// Watching a pump over time: its books, its counter, and what they should be.

import { Op, Reservoir } from "../../protocol/operations";
import { BolusKind, Mode, State } from "../../protocol/states";
import { STATE_NAMES, nameOf } from "../../protocol/names";
import { readDelivery } from "../../protocol/wand/procedures/delivery";
import { readStatus } from "../../protocol/wand/procedures/interrogate";
import type { PumpStatus } from "../../protocol/wand/procedures/interrogate";
import { readPrescription } from "../../protocol/wand/procedures/read-prescription";
import { Failure } from "./probe";
import type { PulseCounter } from "./instruments";
import { must, Skipped } from "./row";
import type { Allowed, Bench } from "./row";
import type { VerifyPlan } from "./plan";

/** A status, and between which instants of the wall the pump was so. */
export interface Look {
  readonly status: PumpStatus;
  readonly from_us: number;
  readonly to_us: number;
}

export function planOf(bench: Bench): VerifyPlan {
  if (bench.plan === undefined) throw new Skipped("needs a plan: --plan FILE");
  return bench.plan;
}

/** The row needs that the plan allows it. */
export function needs(bench: Bench, what: keyof Allowed, why: string): void {
  if (bench.allowed[what] !== true) throw new Skipped(`needs "${what}" among what the plan allows: ${why}`);
}

/** The plan's pulse counter, in order. */
export function counterOf(bench: Bench): PulseCounter {
  const { pulses } = bench.instruments;
  if (pulses === undefined) throw new Skipped("needs a pulse counter");
  if (pulses.trouble !== undefined) throw new Skipped(`needs a pulse counter that works: ${pulses.name}: ${pulses.trouble}`);
  return pulses;
}

export async function look(bench: Bench): Promise<Look> {
  const login = bench.login();
  await login.session();
  const { wall } = bench.probe;
  const from_us = wall.now_us();
  const status = await login.run(readStatus());
  return { status, from_us, to_us: wall.now_us() };
}

/** Lets so much of the pump's time pass, its link asleep. */
export async function pass(bench: Bench, ms: number): Promise<void> {
  await bench.close();
  await bench.probe.sleep();
  await bench.probe.wait(Math.ceil(ms / planOf(bench).speed));
}

/** How long it was from one look to another, at least and at most: by the wall, or where the pump's time is not the wall's by the pump's own. */
export function elapsed(bench: Bench, a: Look, b: Look): readonly [least_ms: number, most_ms: number] {
  if (planOf(bench).speed > 1) return [b.status.pump_ms - a.status.pump_ms - 1, b.status.pump_ms - a.status.pump_ms + 1];
  return [(b.from_us - a.to_us) / 1000, (b.to_us - a.from_us) / 1000];
}

/** What the pump is prescribed now, and what a pulse brings. */
export interface Therapy {
  readonly rate_ng_per_day: number;
  readonly pulse_ng: number;
  readonly pulse_pL: number;
  /** From pulse to pulse. */
  readonly interval_ms: number;
}

/** Throws `Skipped` where there is no therapy that can be watched. */
export async function therapyOf(bench: Bench): Promise<Therapy> {
  const login = bench.login();
  const { status } = await look(bench);
  if (status.state !== State.therapy) throw new Skipped(`needs a pump in therapy: it is in the state ${nameOf(STATE_NAMES, status.state)}`);
  const held = await login.run(readPrescription());
  const delivery = await login.run(readDelivery());
  if (held.mode !== Mode.schedule) throw new Skipped("needs a schedule: the pump is at its minimum rate, at which a pulse comes once an hour");
  if (delivery.bolus !== BolusKind.none || delivery.plugs > 0) throw new Skipped("needs basal alone: a bolus or a bridge is under way");
  const pulse_pL = (await login.operate(Op.reservoir)).values[Reservoir.pulse_pL] ?? 0;
  const pulse_ng = (pulse_pL * delivery.tip_concentration) / 1_000_000;
  // Of a schedule of one step what is prescribed needs not be asked for.
  const rate_ng_per_day = held.steps.length === 1 && held.titration === undefined ? held.steps[0]?.rate_ng_per_day ?? 0 : status.rate;
  must(status.rate === rate_ng_per_day, `it says that it delivers ${status.rate} ng/day, and ${rate_ng_per_day} are prescribed`);
  if (rate_ng_per_day === 0) throw new Skipped("needs a step that delivers: the present one is a pause");
  return { rate_ng_per_day, pulse_ng, pulse_pL, interval_ms: (pulse_ng * 86_400_000) / rate_ng_per_day };
}

/** Pulses in the books and edges at the counter at one instant: none comes in between. */
export interface Count {
  readonly look: Look;
  readonly edges: number;
}

/** A serial counter and a file are behind the pump by less than this. */
const COUNTER_LAG_MS = 400;

/** The first count of the verification, for what is to hold over all of it. */
export function firstCount(bench: Bench): Promise<Count> {
  return bench.once("first count", () => Promise.reject(new Failure("nothing was counted before")));
}

/** Both at a quiet instant. Throws `Failure` if there is none. */
export async function counted(bench: Bench): Promise<Count> {
  const counter = bench.instruments.pulses;
  const keep = (count: Count): Promise<Count> => bench.once("first count", () => Promise.resolve(count)).then(() => count);
  for (let attempt = 0; attempt < 60; attempt++) {
    const first = await look(bench);
    if (first.status.in_flight === 1) {
      await bench.probe.wait(200);
      continue;
    }
    if (counter === undefined) return keep({ look: first, edges: 0 });
    await bench.probe.wait(COUNTER_LAG_MS);
    const edges = counter.edges_us.length;
    const second = await look(bench);
    if (second.status.commanded === first.status.commanded && second.status.in_flight === 0) return keep({ look: second, edges });
  }
  throw new Failure("pulses come so fast that no instant lies between two of them");
}

/** Books and counter over the plan's time of basal therapy. */
export interface Window {
  readonly therapy: Therapy;
  readonly before: Count;
  readonly after: Count;
  readonly least_ms: number;
  readonly most_ms: number;
}

/** Measured once, for all rows that look at it. */
export function windowOf(bench: Bench): Promise<Window> {
  return bench.once("window", async () => {
    const { dose_ms } = planOf(bench);
    const therapy = await therapyOf(bench);
    if (dose_ms < 3 * therapy.interval_ms) {
      throw new Skipped(`needs a longer time: a pulse comes every ${(therapy.interval_ms / 1000).toFixed(1)} s, and the plan's dose is ${dose_ms / 1000} s`);
    }
    const before = await counted(bench);
    await pass(bench, dose_ms);
    const after = await counted(bench);
    if (after.look.status.rate !== before.look.status.rate) throw new Skipped("needs one rate: the schedule went on to another meanwhile");
    const [least_ms, most_ms] = elapsed(bench, before.look, after.look);
    return { therapy, before, after, least_ms, most_ms };
  });
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
