// A prescription as a flat list of integers, staged, reviewed and committed.

import type { Answer, Bench } from "../../emulator/bench";
import { Fault } from "../../hal/faults";
import { Prescribe } from "../../protocol/limits";
import { Op, Review } from "../../protocol/operations";
import { Needs } from "../../protocol/service";
import { Drug, Mode } from "../../protocol/states";
import { scheduled } from "../../protocol/wand/procedures/prescription";

/** A midnight to set the clock to. */
export const MIDNIGHT_MS = 1_767_571_200_000; // Monday 2026-01-05T00:00
/** 20 mg/day for the first twelve minutes of a day, a pulse each 2.16 s at 2000 ug/mL: as much as the limit of a day leaves of such a rate. */
export const TWELVE_MINUTES = { ...scheduled([0, 0, 0, 0, 0, 0, 0], [0, 20_000_000, 12, 100_000]), caps: { hour_ng: 300_000, day_ng: 0 } };

/** How many numbers stand before the steps: mode and week. */
const HEAD = 8;

/** Arguments of a day schedule that is the same every day: mode, week, then pairs of minute and ng/day. */
export function daily(...steps: number[]): number[] {
  return [Mode.schedule, 0, 0, 0, 0, 0, 0, 0, ...steps];
}

/** The arguments of `Op.refill`, with a reservoir that was not rinsed and a lot without a name. */
export function filling(volume_nL: number, concentration: number, aspirated_nL = 0): number[] {
  return [Drug.baclofen, volume_nL, concentration, aspirated_nL, 0, 0];
}

/** The requests that stage it: mode, seven schedules, pairs of key and rate; the minimum rate is one number. */
export function stagingOf(prescription: readonly number[]): [Op, number[]][] {
  const [mode = 0, ...rest] = prescription;
  const week = [...rest, 0, 0, 0, 0, 0, 0, 0].slice(0, HEAD - 1);
  const steps = prescription.slice(HEAD);
  const requests: [Op, number[]][] = [[Op.stage, [mode, ...week, Math.ceil(steps.length / 2), 0, 0, 0]]];
  for (let first = 0; first < steps.length; first += 2 * Prescribe.steps_staged) {
    requests.push([Op.stage_steps, [first / 2, ...steps.slice(first, first + 2 * Prescribe.steps_staged)]]);
  }
  return requests;
}

/** The arguments of `Op.commit` for what was reviewed, by somebody who confirms the daily dose, and has a reason, where the review asks for it. */
export function committing(review: readonly number[]): number[] {
  const needs = review[Review.needs]!;
  return [review[Review.base_version]!, review[Review.hash]!, (needs & Needs.daily) === 0 ? 0 : review[Review.daily_dose_ng]!, 0, (needs & Needs.reason) === 0 ? 0 : 1];
}

/** Stages, reviews, confirms and commits by `ask`; gives the first refusal, or the answer to the commit. */
export function prescribeBy(ask: (op: Op, args: readonly number[]) => Answer, prescription: readonly number[]): Answer {
  for (const [op, args] of stagingOf(prescription)) {
    const answer = ask(op, args);
    if (answer.fault !== Fault.ok) return answer;
  }
  const review = ask(Op.review, []);
  if (review.fault !== Fault.ok) return review;
  return ask(Op.commit, committing(review.values));
}

/** The same on a bench. */
export function prescribe(bench: Bench, prescription: readonly number[]): Answer {
  return prescribeBy((op, args) => bench.request(op, args), prescription);
}
