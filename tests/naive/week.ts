// The week of a prescription: what its schedule says at an instant.

import { DAY, MINUTE, MINUTES_OF_DAY } from "./figures";
import type { Plan } from "./program";

/** Monday is 0; 1970 began on a Thursday. */
const EPOCH_DAY = 3;

export const MINUTES_OF_WEEK = 7 * MINUTES_OF_DAY;

export const dayOf = (wall: number): number => (Math.floor(wall / DAY) + EPOCH_DAY) % 7;
const inDay = (wall: number): number => wall % DAY;

const stepsAt = (plan: Plan, wall: number): Plan["schedules"][number] => plan.schedules[plan.week[dayOf(wall)]!]!;

/** ng/day by the schedule, before any titration. */
export function rateAt(plan: Plan, wall: number): number {
  let rate = 0;
  for (const [minute, step_rate] of stepsAt(plan, wall)) if (minute * MINUTE <= inDay(wall)) rate = step_rate;
  return rate;
}

/** The next instant after this one at which the schedule has a step; a midnight is always one. */
export function nextStep(plan: Plan, wall: number): number {
  const midnight = wall - inDay(wall);
  for (const [minute] of stepsAt(plan, wall)) if (minute * MINUTE > inDay(wall)) return midnight + minute * MINUTE;
  return midnight + DAY;
}

/** The next instant after this one at which a timed bolus is due. */
export function nextTimed(plan: Plan, wall: number): number {
  const midnight = wall - inDay(wall);
  const all = plan.timed.flatMap(({ minute }) => [midnight + minute * MINUTE, midnight + DAY + minute * MINUTE]).filter((each) => each > wall);
  return Math.min(Infinity, ...all);
}

/** The largest dose of one wall-clock day at so many thousandths, in ng times 1 440 000: basal, timed and periodic boluses. */
export function dailyDose(plan: Plan, permille: number): bigint {
  let most = 0n;
  for (const steps of plan.week.map((schedule) => plan.schedules[schedule] ?? [])) {
    let sum = 0n;
    steps.forEach(([minute, rate], i) => { sum += BigInt(rate) * BigInt((steps[i + 1]?.[0] ?? MINUTES_OF_DAY) - minute); });
    if (sum > most) most = sum;
  }
  let shots = plan.timed.reduce((sum, { dose_ng }) => sum + dose_ng, 0);
  if (plan.periodic !== undefined) shots += Math.ceil(MINUTES_OF_DAY / plan.periodic.every_min) * plan.periodic.dose_ng;
  return most * BigInt(permille) + BigInt(shots) * DAILY_SCALE;
}

/** Of `dailyDose`. */
export const DAILY_SCALE = 1_440_000n;
