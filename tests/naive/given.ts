// LIMIT-2 by brute force: what was given in each window with a bolus in it.

import { MINUTE, UNITS_PER_NG } from "./figures";
import { WINDOWS, capOf } from "./forecast";
import type { Naive } from "./operations";

/** A bolus that was accepted, and the caps then. */
export interface Promise24h {
  readonly at: number;
  readonly caps: readonly (readonly [number, bigint])[];
  /** What was committed then holds until here. */
  until: number;
}

/** What the pump promises with a bolus that it accepts now. Of those before it, it ends what had a smaller cap: a titration has moved the default on. */
export function addPromise(model: Naive, before: Promise24h[]): void {
  const caps = WINDOWS.map(({ minutes }) => [minutes * MINUTE, BigInt(capOf(model.plan!, minutes, model.daily) + 1)] as const);
  for (const each of before) if (each.caps.some(([, cap], i) => cap < caps[i]![1])) each.until = Math.min(each.until, model.now);
  before.push({ at: model.now, until: Infinity, caps });
}

/** The first window that holds the bolus's begin and more than its cap, with one pulse for the fraction that had accrued before. */
export function broken({ given, now, need }: Naive, { at, until, caps }: Promise24h): string | undefined {
  const end = Math.min(until, now);
  for (const [length, cap] of caps) {
    const near = given.filter((each) => each.at > at - length && each.at < Math.min(at + length, end));
    for (let from = 0, to = 0, sum = 0n; from < near.length && near[from]!.at <= at; sum -= near[from]!.dose, from++) {
      for (; to < near.length && near[to]!.at < near[from]!.at + length; to++) sum += near[to]!.dose;
      if (sum > cap * UNITS_PER_NG + need) return `${sum / UNITS_PER_NG} ng in ${length} ms from ${near[from]!.at} ms, cap ${cap} ng, bolus at ${at} ms`;
    }
  }
  return undefined;
}
