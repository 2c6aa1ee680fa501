// Runs a program on the real controller and on the naive model, side by side.

import type { ControllerFactory } from "../../hal/controller";
import { addPromise, broken, type Promise24h } from "./given";
import { BOLUS_HARD, CATHETER_PER_CM, TUBING } from "./figures";
import { WINDOWS, capOf, mostWith } from "./forecast";
import { Naive } from "./operations";
import type { Act, Heard, Program } from "./program";
import { Pump, type Books } from "./pump";

/** Why the two are not the same. */
export interface Difference {
  readonly what: string;
  readonly at_ms: number;
  readonly expected: string;
  readonly seen: string;
}

export interface Compared {
  readonly difference: Difference | undefined;
  /** The acts with each aim made a wait and each dose a number: what a scenario says. */
  readonly acts: readonly Act[];
  /** The answer to each act, 0 for accepted. */
  readonly answers: readonly number[];
  readonly pulses: number;
  readonly days: number;
  /** The bench's own digest of the therapy. */
  readonly digest: string;
}

/** How much later a request is done that needs a second call, or a third. */
const CALLS_MS = [150, 300];

export type MakeModel = (program: Program, pump: Pump) => Naive;

/** The model of a program's unit, told of the motor by the pump's bench. */
export const plainModel: MakeModel = ({ pulse_pL, catheter_cm, previous_ng }, pump) => prepared(new Naive(pulse_pL, TUBING + CATHETER_PER_CM * catheter_cm, { result: (n) => pump.results.get(n) }), previous_ng);

export function prepared(model: Naive, previous_ng: number): Naive {
  return Object.assign(model, { previous_ng });
}

const difference = (what: string, at_ms: number, expected: unknown, seen: unknown): Difference => ({ what, at_ms, expected: String(expected), seen: String(seen) });
const textOf = (heard: Heard | undefined): string => (heard === undefined ? "nothing" : `${heard.at} ms ${heard.what}`);

/** What the model and the pump told since they were last compared. Records of one instant may come in any order. */
function events(model: Naive, pump: Pump): Difference | undefined {
  const text = (a: Heard, b: Heard): number => (a.what < b.what ? -1 : Number(a.what > b.what));
  const order = (a: Heard, b: Heard): number => (a.at === b.at ? text(a, b) : a.at - b.at);
  const expected = model.heard.splice(0).sort(order);
  const seen = pump.heard.splice(0).sort(order);
  for (let i = 0; i < Math.max(expected.length, seen.length); i++) {
    const [a, b] = [expected[i], seen[i]];
    if (a?.at !== b?.at || a?.what !== b?.what) return difference("event", Math.min(a?.at ?? Infinity, b?.at ?? Infinity), textOf(a), textOf(b));
  }
  return undefined;
}

/** When what is aimed at comes, by the model. */
function aimed(model: Naive, act: Act & { readonly do: "aim" }): number {
  let at = Infinity;
  if (act.at === "pulse") at = model.pulseAt();
  else if (act.at === "step") at = model.stepAt();
  else if (act.at === "bolus end") at = model.bolusEndAt();
  else if (model.flight !== undefined) at = model.flight.at + 8;
  const wait = at - model.now + act.plus_ms;
  return Number.isFinite(wait) && wait > 0 && wait < 86_400_000 ? wait : Math.abs(act.plus_ms);
}

/** What the caps leave for a bolus now. */
function filling(model: Naive, { minutes, plus_ng }: Act & { readonly do: "fill cap" }): number {
  const { plan } = model;
  if (plan === undefined || plan.schedules.length === 0) return BOLUS_HARD;
  const room = WINDOWS.map((window) => capOf(plan, window.minutes, model.daily) - mostWith(model, { dose_ng: 0, minutes }, window));
  return Math.min(BOLUS_HARD, Math.max(1, Math.floor(Math.min(...room)) + plus_ng));
}

/** An act with the instant or the dose that it aims at. */
function settled(model: Naive, act: Act): Act {
  if (act.do === "aim") return { do: "wait", ms: aimed(model, act) };
  if (act.do === "fill cap") return { do: "bolus", dose_ng: filling(model, act), minutes: act.minutes, confirm: true };
  return act;
}

/** One act on both. */
function both(model: Naive, pump: Pump, act: Act): { readonly fault: number; readonly difference: Difference | undefined } {
  const began = pump.now;
  const fault = pump.act(act);
  if (act.do === "reset" || act.do === "power") model.goDown(act.do === "power", act.do === "power" ? act.off_ms : 0);
  if (act.do === "wait" || act.do === "fault" || act.do === "heal" || act.do === "reset" || act.do === "power") {
    model.advance(pump.now);
    return { fault, difference: events(model, pump) };
  }
  if (model.down_until >= 0) model.advance(model.down_until);
  const boundary = Naive.waits(act) && model.flight !== undefined ? model.resultAt() : model.now;
  const instant = model.now;
  // The link may fall asleep in that very millisecond: then the wand calls again.
  const called_again = CALLS_MS.includes(pump.now - instant);
  // What is refused may be so at once, or at the boundary like what is accepted.
  if (pump.now !== boundary && !called_again && (fault === 0 || pump.now !== instant)) return { fault, difference: difference(`instant of ${act.do}`, began, boundary, pump.now) };
  model.advance(pump.now);
  const { must, may } = model.judge(act);
  const right = must.size > 0 ? must.has(fault) || may.has(fault) : fault === 0 || may.has(fault);
  const reasons = must.size > 0 ? `refused for ${[...must].join(" or ")}` : `accepted${may.size > 0 ? `, or refused for ${[...may].join(" or ")}` : ""}`;
  if (!right) return { fault, difference: difference(`answer to ${act.do}`, began, reasons, fault) };
  if (fault === 0) model.perform(act);
  return { fault, difference: events(model, pump) };
}

function books(model: Naive, seen: Books): Difference | undefined {
  const { books: { commanded, confirmed, uncertain }, state } = model;
  const remaining_pL = model.fill_nL * 1000 - model.since.confirmed * model.pulse_pL;
  const expected: Books = { state, commanded, confirmed, uncertain, remaining_pL };
  const [a, b] = [JSON.stringify(expected), JSON.stringify(seen)];
  return a === b ? undefined : difference("books", model.now, a, b);
}

/** Runs it to the end or to the first difference. */
export function compare(program: Program, controller: ControllerFactory, make: MakeModel = plainModel): Compared {
  const pump = new Pump(controller, program);
  const model = make(program, pump);
  model.wall_offset = program.wall_ms;
  model.did = (what, at) => pump.heard.some((heard) => heard.at === at && heard.what === what);
  const acts: Act[] = [];
  const answers: number[] = [];
  let found: Difference | undefined;
  const promises: Promise24h[] = [];
  for (const each of program.acts) {
    const act = settled(model, each);
    acts.push(act);
    const done = both(model, pump, act);
    answers.push(done.fault);
    if (done.fault === 0 && (act.do === "bolus" || act.do === "patient")) addPromise(model, promises);
    if (done.fault === 0 && (act.do === "prescribe" || act.do === "clock")) for (const promise of promises) promise.until = Math.min(promise.until, model.now);
    found = done.difference;
    if (found !== undefined) break;
  }
  if (found === undefined) {
    const violation = pump.finish()[0];
    if (violation !== undefined) found = difference("the oracle", violation.pump_ms, `${violation.text}: ${violation.expected}`, violation.seen);
    else found = books(model, pump.books());
    for (const promise of promises) {
      const over = broken(model, promise);
      if (over !== undefined) found ??= difference("a rolling cap", promise.at, "within the cap", over);
    }
  }
  return { difference: found, acts, answers, pulses: pump.bench.trace.pulses, days: Math.floor(pump.now / 86_400_000), digest: pump.bench.trace.therapyDigest() };
}
