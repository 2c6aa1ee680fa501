// A prescription as a flat list of integers, staged, reviewed and committed.

import type { Answer, Bench } from "../../emulator/bench";
import { Fault } from "../../hal/faults";
import { Prescribe } from "../../protocol/limits";
import { Op, Review } from "../../protocol/operations";
import { Mode } from "../../protocol/states";

/** How many numbers stand before the steps: mode and week. */
const HEAD = 8;

/** Arguments of a day schedule that is the same every day: mode, week, then pairs of minute and ng/day. */
export function daily(...steps: number[]): number[] {
  return [Mode.schedule, 0, 0, 0, 0, 0, 0, 0, ...steps];
}

/** The requests that stage it: mode, seven schedules, pairs of key and rate; the minimum rate is one number. */
export function stagingOf(prescription: readonly number[]): [Op, number[]][] {
  const [mode = 0, ...rest] = prescription;
  const week = [...rest, 0, 0, 0, 0, 0, 0, 0].slice(0, HEAD - 1);
  const steps = prescription.slice(HEAD);
  const requests: [Op, number[]][] = [[Op.stage, [mode, ...week, Math.ceil(steps.length / 2)]]];
  for (let first = 0; first < steps.length; first += 2 * Prescribe.steps_staged) {
    requests.push([Op.stage_steps, [first / 2, ...steps.slice(first, first + 2 * Prescribe.steps_staged)]]);
  }
  return requests;
}

/** Stages, reviews, commits by `ask`; gives the first refusal, or the answer to the commit. */
export function prescribeBy(ask: (op: Op, args: readonly number[]) => Answer, prescription: readonly number[]): Answer {
  for (const [op, args] of stagingOf(prescription)) {
    const answer = ask(op, args);
    if (answer.fault !== Fault.ok) return answer;
  }
  const review = ask(Op.review, []);
  if (review.fault !== Fault.ok) return review;
  return ask(Op.commit, [review.values[Review.base_version]!, review.values[Review.hash]!]);
}

/** The same on a bench. */
export function prescribe(bench: Bench, prescription: readonly number[]): Answer {
  return prescribeBy((op, args) => bench.request(op, args), prescription);
}
