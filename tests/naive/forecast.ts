// LIMIT-2 once more: what is committed, in every window, minute by minute.

import { CAP_DAY_PERMILLE, CAP_HOUR, DAY, MINUTE, MINUTES_OF_DAY, UNITS_PER_NG, WHY } from "./figures";
import type { Model } from "./model";
import type { Plan, Shot } from "./program";
import { DAILY_SCALE, MINUTES_OF_WEEK, dayOf, rateAt } from "./week";

const HOUR_MINUTES = 60;

/** The windows that have a cap, in minutes, each with the bucket that may count for longer by its length. */
export const WINDOWS = [{ why: WHY.hour, minutes: HOUR_MINUTES, bucket: 1 }, { why: WHY.day, minutes: MINUTES_OF_DAY, bucket: 5 }] as const;
type Window = (typeof WINDOWS)[number];

const sums = new WeakMap<Plan, readonly number[]>();

/** What basal gave from Monday 00:00 to each minute of a week and the day after it, in ng/day x min. */
function basalTo(plan: Plan): readonly number[] {
  const known = sums.get(plan);
  if (known !== undefined) return known;
  const monday = [...Array(7).keys()].find((day) => dayOf(day * DAY) === 0)! * DAY;
  const made = [0];
  for (let minute = 0; minute < MINUTES_OF_WEEK; minute++) made.push(made[minute]! + rateAt(plan, monday + minute * MINUTE));
  for (let minute = 1; minute <= MINUTES_OF_DAY; minute++) made.push(made[MINUTES_OF_WEEK]! + made[minute]!);
  sums.set(plan, made);
  return made;
}

/** Basal of so many minutes from a minute of the week on, in ng, at so many thousandths. */
function basal(plan: Plan, from: number, minutes: number, permille: number): number {
  const to = basalTo(plan);
  const week = to[MINUTES_OF_WEEK]!;
  const upTo = (minute: number): number => Math.floor(minute / MINUTES_OF_WEEK) * week + to[minute % MINUTES_OF_WEEK]!;
  return ((upTo(from + minutes) - upTo(from)) * permille) / (MINUTES_OF_DAY * 1000);
}

/** What of a bolus can be in an hour. */
const hourOf = ({ dose_ng, minutes }: Shot): number => (minutes <= HOUR_MINUTES ? dose_ng : Math.ceil((dose_ng * HOUR_MINUTES) / minutes));

/** The most that timed and periodic boluses can give in any such window, each with the whole of what the window touches. */
function shotsIn({ timed, periodic }: Plan, minutes: number): number {
  const times = periodic === undefined ? 0 : Math.ceil(minutes / periodic.every_min);
  if (minutes === MINUTES_OF_DAY) return timed.reduce((sum, { dose_ng }) => sum + dose_ng, 0) + times * (periodic?.dose_ng ?? 0);
  const from = timed.map((first) => {
    const reach = first.minutes + minutes;
    return timed.filter(({ minute }) => (minute - first.minute + MINUTES_OF_DAY) % MINUTES_OF_DAY < reach).reduce((sum, each) => sum + hourOf(each), 0);
  });
  return Math.max(0, times * (periodic === undefined ? 0 : hourOf(periodic)), ...from);
}

/** The most that a prescription gives in any window of the week, in ng, at the highest step of its plan. */
export function mostOfWeek(plan: Plan, minutes: number): number {
  const permille = plan.titration.length === 0 ? 1000 : Math.max(...plan.titration.map((step) => step.permille));
  const to = basalTo(plan);
  let most = 0;
  for (let from = 0; from < MINUTES_OF_WEEK; from++) {
    const sum = to[from + minutes]! - to[from]!;
    if (sum > most) most = sum;
  }
  return (most * permille) / (MINUTES_OF_DAY * 1000) + shotsIn(plan, minutes);
}

/** The cap of a window by a prescription and the daily dose in force, which a titration moves on. */
export function capOf(plan: Plan, minutes: number, daily: bigint): number {
  const given = minutes === HOUR_MINUTES ? plan.caps?.hour_ng : plan.caps?.day_ng;
  if (given !== undefined && given > 0) return given;
  if (minutes === HOUR_MINUTES) return CAP_HOUR;
  return Number((daily * BigInt(CAP_DAY_PERMILLE)) / (DAILY_SCALE * 1000n));
}

/** Whole doses of boluses that are due in a stretch of pump time. */
function due({ plan, wall_offset, periodic_at }: Model, from: number, to: number): number {
  let sum = 0;
  for (const { minute, dose_ng } of plan!.timed) {
    const first = Math.ceil((from + wall_offset - minute * MINUTE) / DAY);
    const end = Math.ceil((to + wall_offset - minute * MINUTE) / DAY);
    sum += Math.max(0, end - first) * dose_ng;
  }
  if (plan!.periodic === undefined) return sum;
  const { every_min, dose_ng } = plan!.periodic;
  const first = Math.max(0, Math.ceil((from - periodic_at) / (every_min * MINUTE)));
  return sum + Math.max(0, Math.ceil((to - periodic_at) / (every_min * MINUTE)) - first) * dose_ng;
}

const doseOf = (units: bigint): number => Number(units / UNITS_PER_NG) + 1;

/** The pump may look at a minute more at either end: it counts in whole ones. */
const MORE = 1;

/**
 * The most that any window with a bolus would hold that is given from now on, in ng: what was given in it and all that is committed, the bolus and what waits in
 * full. It is more than the truth by what buckets and whole minutes bring in, and by no more.
 */
export function mostWith(model: Model, shot: Shot, { minutes, bucket }: Window): number {
  const plan = model.plan!;
  const ahead = plan.titration.slice(model.step, model.step + 3).map(({ permille }) => permille);
  const permille = Math.max(model.permille, ...ahead);
  const start = Math.floor(model.now / MINUTE) - MORE;
  const minute = ((dayOf(model.wall) * MINUTES_OF_DAY) + Math.floor((model.wall % DAY) / MINUTE) - MORE + MINUTES_OF_WEEK) % MINUTES_OF_WEEK;
  const bolus = shot.dose_ng + model.waiting.reduce((sum, each) => sum + each.shot.dose_ng, 0) + doseOf(model.need);
  let most = 0;
  // Windows that have begun already: each that begins with a pulse, and the one that begins now.
  let past = 0n;
  for (const { at, dose } of [{ at: model.now, dose: 0n }, ...[...model.given].reverse()]) {
    const end = Math.floor(at / MINUTE) + minutes + bucket + MORE;
    if (end < start) break;
    past += dose;
    most = Math.max(most, doseOf(past) + basal(plan, minute, end - start, permille) + due(model, start * MINUTE, (end + MORE) * MINUTE));
  }
  // Windows that begin while it is given: what it delays may come closer to the next of the same.
  const delayed = due(model, start * MINUTE, model.now + (shot.minutes + 2 * MORE) * MINUTE);
  for (let n = 0; n <= shot.minutes + 2 * MORE; n++) most = Math.max(most, basal(plan, minute + n, minutes, permille) + shotsIn(plan, minutes) + delayed);
  return most + bolus;
}
