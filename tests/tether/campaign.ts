// A busy pump over a line that is cut, stalled, flooded, or stands still.

import { Bench, setUpOf } from "../../emulator/bench";
import { Stream } from "../../emulator/engine/random";
import type { TetherBrain } from "../../emulator/tether/brain";
import { tetherMachine } from "../../emulator/tether/machine";
import type { Way } from "../../emulator/tether/serial";
import { TraceKind } from "../../emulator/trace";
import { createController } from "../../firmware/controller";
import { MotorResult } from "../../hal/motor";
import { Pace, Phase } from "../../hal/serial/tether";
import { Limit } from "../../protocol/peripherals";
import { Op, Status } from "../../protocol/operations";
import { Mode } from "../../protocol/states";
import { filling, prescribe } from "../firmware/prescribe";
import { FrameLog, type LineFrame } from "./frames";

const US = 1_000_000;
/** From the first pulses to the end of the part in which mishaps happen: of the ten minutes of this flow that the limit of a day leaves. */
export const BUSY_S = 60;
export const BUSY_S_MAX = 570;
/** By then after its end therapy is back. */
const BACK_US = 15 * US;
/** The longest time by which the cut may come after its dead-man: what the board's loop takes. */
const CUT_LATE_US = 2000;
/** An order is carried out by then, or never. */
const EXPIRY_US = Pace.expiry_us + 1000;
/** Outages up to here cost nothing: what is lost is repeated in time. */
const SHORT_US = 40_000;

/** The controller is stopped, at that time from the first pulses on. */
export interface Stop { readonly at_us: number; readonly for_us: number }

/** What befalls it: at that byte of the line, or at that time. */
export type Mishap =
  | { readonly kind: "cut"; readonly way: Way; readonly byte: number; readonly outage_us: number; readonly frame: string; readonly where: string; readonly after?: Stop }
  | { readonly kind: "stopped" | "stalled"; readonly way?: undefined; readonly at_us: number; readonly for_us: number }
  | { readonly kind: "flood"; readonly way: Way; readonly at_us: number; readonly for_us: number };

/** The command line's words for it, by which it is repeated. */
export function mishapText(mishap: Mishap): string {
  return mishap.kind === "cut" ? `cut ${mishap.way} ${mishap.byte} ${mishap.outage_us} ${mishap.where} ${mishap.frame.replaceAll(" ", "-")}${mishap.after === undefined ? "" : ` ${mishap.after.at_us} ${mishap.after.for_us}`}`
    : `${mishap.kind} ${mishap.way ?? "-"} ${mishap.at_us} ${mishap.for_us}`;
}

/** The mishap of its words; undefined if they are none. */
export function mishapOf([kind, way, first, second, where, frame, stop, stop_for]: readonly string[]): Mishap | undefined {
  const [at, for_us] = [Number(first), Number(second)];
  if (!Number.isSafeInteger(at) || !Number.isSafeInteger(for_us)) return undefined;
  if (kind === "stopped" || kind === "stalled") return { kind, at_us: at, for_us };
  if (way !== "out" && way !== "back") return undefined;
  if (kind === "flood") return { kind, way, at_us: at, for_us };
  return kind === "cut" ? { kind, way, byte: at, outage_us: for_us, where: where ?? "", frame: frame ?? "", ...(stop === undefined ? {} : { after: { at_us: Number(stop), for_us: Number(stop_for) } }) } : undefined;
}

/** A pump that gives a pulse each 900 ms, 24 mL a day, over a tether. */
export class Busy {
  readonly bench: Bench;
  readonly brain: TetherBrain;
  readonly out: FrameLog;
  readonly back: FrameLog;
  /** The controller's pulses by logical time, and what they came to. */
  readonly pulses_ms: number[] = [];
  readonly results: number[] = [];
  /** From the last feed that reached the board whole to the instant at which the drive lost its supply. */
  readonly cut_after_us: number[] = [];
  begun_us = 0;
  private last_feed_us = 0;

  constructor(image: Uint8Array, seed = 1, alter: (brain: TetherBrain) => void = () => undefined, readonly busy_us = BUSY_S * US) {
    this.bench = new Bench({ controller: tetherMachine(image, createController), seed });
    this.brain = this.bench.processor as TetherBrain;
    alter(this.brain);
    const now_us = (): number => this.bench.engine.now_us;
    this.out = new FrameLog("out");
    this.back = new FrameLog("back");
    this.brain.serial.tap = (way, byte) => { (way === "out" ? this.out : this.back).take(byte, now_us()); };
    const reached = new FrameLog("out", ({ kind }) => { if (kind === "feed") this.last_feed_us = now_us(); });
    this.brain.serial.reached = (byte) => { reached.take(byte, now_us()); };
    this.bench.trace.on((kind, at_ms, a) => {
      if (kind === TraceKind.pulse) this.pulses_ms.push(at_ms);
      else if (kind === TraceKind.result) this.results.push(a);
      else if (kind === TraceKind.drive && a === 0) this.cut_after_us.push(now_us() - this.last_feed_us);
    });
    this.begin();
  }

  private begin(): void {
    const { bench } = this;
    bench.powerOn();
    const demand = (op: Op, args: readonly number[]): void => {
      const { fault } = bench.request(op, args);
      if (fault !== 0) throw new Error(`the busy pump was refused operation ${op}: ${fault}`);
    };
    demand(Op.set_up, setUpOf(bench.unit));
    demand(Op.set_clock, [bench.unit.wall_ms, 0]);
    demand(Op.refill, filling(18_000_000, 500, 0));
    const { fault } = prescribe(bench, [Mode.schedule, 0, 0, 0, 0, 0, 0, 0, 0, 100_000, 480, 12_000_000, 490, 100_000]);
    if (fault !== 0) throw new Error(`the busy pump was refused its prescription: ${fault}`);
    demand(Op.start, [0]);
    this.begun_us = bench.now_us;
  }

  /** The whole run; `mishap` happens in it. */
  run(mishap?: Mishap): this {
    const { bench, busy_us, brain: { serial } } = this;
    if (mishap?.kind === "cut") serial.break = mishap;
    const after = mishap?.kind === "cut" ? mishap.after : undefined;
    if (after !== undefined) {
      bench.advance_us(after.at_us);
      this.brain.freeze(after.for_us);
      bench.advance_us(busy_us - after.at_us);
    } else if (mishap === undefined || mishap.kind === "cut") bench.advance_us(busy_us);
    else {
      bench.advance_us(mishap.at_us);
      const noise = new Stream(bench.trace.pulses, "tether noise");
      if (mishap.kind === "stopped") this.brain.freeze(mishap.for_us);
      else if (mishap.kind === "stalled") serial.stall(bench.engine.now_us, mishap.for_us);
      else serial.flood(bench.engine.now_us, mishap.way ?? "out", mishap.for_us, () => noise.below(256));
      bench.advance_us(busy_us - mishap.at_us);
    }
    bench.advance_us(BACK_US);
    return this;
  }
}

/** A stop after which a session is opened anew: the frames of that are seen at no other time. */
const STOP: Stop = { at_us: 10_300_000, for_us: 2_000_000 };

/** Points in the busy part of an undisturbed run, and one of ten in what follows a stop. */
export function allPoints(image: Uint8Array, whole: Busy, count: number, seed: number): readonly (Mishap & { readonly kind: "cut" })[] {
  const stopped = new Busy(image).run({ kind: "stopped", ...STOP });
  const between = ({ out, back, begun_us }: Busy, from_us: number, to_us: number): readonly LineFrame[] =>
    [...out.frames, ...back.frames].filter(({ at_us }) => at_us > begun_us + from_us && at_us < begun_us + to_us);
  const anew = Math.floor(count / 10);
  const opening = between(stopped, STOP.at_us + STOP.for_us, STOP.at_us + STOP.for_us + 300_000);
  return [...cutPoints(between(whole, 0, whole.busy_us - 15 * US), count - anew, seed), ...cutPoints(opening, anew, seed + 1, STOP)];
}

/** How long the controller is without its board, at the least. */
export function outageOf(mishap: Mishap): number {
  return mishap.kind === "cut" ? Math.max(mishap.outage_us, mishap.after?.for_us ?? 0) : mishap.for_us;
}

/** What is wrong with a run, as sentences; an undisturbed run is what it is compared with. */
export function judge(busy: Busy, whole: readonly number[], outage_us: number): readonly string[] {
  const { bench, brain, pulses_ms, results, cut_after_us } = busy;
  const wrong: string[] = [];
  const must = (good: boolean, text: string): void => { if (!good) wrong.push(text); };
  const status = bench.status();
  bench.finish();
  const confirmed = status[Status.confirmed]!;
  const uncertain = status[Status.uncertain]!;
  for (const { text, expected, seen, kind } of bench.oracle.violations) wrong.push(`oracle (${kind}): ${text}: ${expected}, seen ${seen}`);
  must(bench.plant.uncommanded === 0, `${bench.plant.uncommanded} pulses that nobody commanded`);
  must(bench.plant.motions >= confirmed && bench.plant.motions <= confirmed + uncertain, `${bench.plant.motions} motions, ${confirmed} confirmed and ${uncertain} uncertain`);
  must(brain.measures.steps <= pulses_ms.length, `${brain.measures.steps} steps of ${pulses_ms.length} commands`);
  must(pulses_ms.length <= whole.length && pulses_ms.every((at_ms, i) => at_ms >= whole[i]!), "a pulse that is not scheduled, or early");
  must(brain.measures.step_gap_us_min >= Limit.interval_ms * 1000 - 100, `two steps ${brain.measures.step_gap_us_min} us apart`);
  must(brain.measures.order_age_us_max <= EXPIRY_US, `a step ${brain.measures.order_age_us_max} us after it was ordered`);
  if (outage_us <= SHORT_US) must(results.every((result) => result === (MotorResult.confirmed as number)), "doubt after an outage that repetition bridges");
  must(brain.measures.align_us_max <= brain.host.tether.alignment.error_us_max, `the clocks were ${brain.measures.align_us_max} us apart, with ${brain.host.tether.alignment.error_us_max} us stated`);
  if (outage_us >= 1.5 * US) must(cut_after_us.length > 0, "the drive was not cut");
  for (const after_us of cut_after_us) must(after_us <= Limit.dead_man_ms * 1000 + CUT_LATE_US, `the drive was cut ${after_us} us after the last feed`);
  must(brain.host.tether.phase === Phase.up, "the line is not back");
  must(bench.cutoff.supplied, "the drive has no supply");
  must(results.slice(-3).every((result) => result === (MotorResult.confirmed as number)), "therapy is not back");
  return wrong;
}

/** Cuts at frames of each kind, before, inside and behind, for short and long: `count` of all, spread by `seed`. `after` is a stop that the frames were seen with. */
export function cutPoints(frames: readonly LineFrame[], count: number, seed: number, after?: Stop): readonly (Mishap & { readonly kind: "cut" })[] {
  const random = new Stream(seed, "tether cuts");
  const kinds = [...new Set(frames.map(({ way, kind }) => `${way} ${kind}`))].sort();
  const wheres = ["before", "inside", "behind"];
  const outages_us = [SHORT_US, 350_000, 900_000, 3 * US, 12 * US];
  return Array.from({ length: count }, (_, i) => {
    // Each kind in turn; once all had theirs the next place, and once all those the next outage.
    const of = frames.filter(({ way, kind }) => `${way} ${kind}` === kinds[i % kinds.length]);
    const frame = of[random.below(of.length)]!;
    const turn = Math.floor(i / kinds.length);
    const where = wheres[turn % wheres.length]!;
    const inside = frame.first + 1 + random.below(frame.end - frame.first - 1);
    const byte = where === "before" ? frame.first : where === "inside" ? inside : frame.end;
    return { kind: "cut", way: frame.way, byte, outage_us: outages_us[(Math.floor(turn / wheres.length) + i) % outages_us.length]!, frame: frame.kind, where, ...(after === undefined ? {} : { after }) };
  });
}
