// LIMIT-2 by brute force: what was given in each window with a bolus in it.

import { CAP_DAY_PERMILLE, CAP_HOUR, DAY, HOUR, UNITS_PER_NG } from "./figures";
import type { Naive } from "./operations";
import { DAILY_SCALE } from "./week";

/** A bolus that was accepted, and the caps then. */
export interface Promise24h {
  readonly at: number;
  readonly caps: readonly (readonly [number, bigint])[];
  /** What was committed then holds until here. */
  until: number;
}

/** What the pump promises with a bolus that it accepts now. */
export function promised(model: Naive): Promise24h {
  const { caps } = model.plan!;
  const daily = (model.accepted.at(-1)!.dose * BigInt(CAP_DAY_PERMILLE)) / (DAILY_SCALE * 1000n);
  const hour = BigInt(caps !== undefined && caps.hour_ng > 0 ? caps.hour_ng : CAP_HOUR);
  const day = caps !== undefined && caps.day_ng > 0 ? BigInt(caps.day_ng) : daily + 1n;
  return { at: model.now, until: Infinity, caps: [[HOUR, hour], [DAY, day]] };
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
