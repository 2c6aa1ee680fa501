// Programming as a transaction: stage, the pump's own review, commit.

import { Fault } from "../../../hal/faults";
import { Prescribe } from "../../limits";
import { Op, Review } from "../../operations";
import type { RefillBy } from "../../service";
import { Problem, WandError } from "../problems";
import type { StagedPrescription } from "./prescription";
import { ask, Refused } from "./procedure";
import type { Procedure } from "./procedure";

export type { StagedPrescription } from "./prescription";
export type { Procedure } from "./procedure";

/** What the pump says a staged prescription would do (protocol/SERVICE.md, `review`). */
export interface PrescriptionReview {
  readonly hash: number;
  readonly base_version: number;
  /** ng/day, or nL/day at the minimum rate. */
  readonly rate_now: number;
  readonly daily_dose_ng: number;
  readonly first_day_ng: number;
  readonly daily_volume_nL: number;
  readonly pulse_ng: number;
  readonly refill_by_ms: number;
  readonly refill_nominal_ms: number;
  readonly refill_decided: RefillBy;
}

function reviewOf(values: readonly number[]): PrescriptionReview {
  const at = (index: Review): number => values[index] ?? 0;
  return {
    hash: at(Review.hash), base_version: at(Review.base_version), rate_now: at(Review.rate_now), daily_dose_ng: at(Review.daily_dose_ng),
    first_day_ng: at(Review.first_day_ng), daily_volume_nL: at(Review.daily_volume_nL), pulse_ng: at(Review.pulse_ng),
    refill_by_ms: at(Review.refill_by_ms), refill_nominal_ms: at(Review.refill_nominal_ms), refill_decided: at(Review.refill_decided),
  };
}

/** A session that ended takes with it what was staged; then it is staged again, so often at most. */
const attempts_max = 3;

/** Nothing is staged any more: the session is another one than the one it was staged in. */
const wasDropped = (error: unknown): boolean => error instanceof Refused && error.fault === Fault.nothing_staged;

function* stageOnce({ mode, week, steps }: StagedPrescription): Procedure<PrescriptionReview> {
  yield* ask(Op.stage, [mode, ...week, steps.length]);
  for (let first = 0; first < steps.length; first += Prescribe.steps_staged) {
    const some = steps.slice(first, first + Prescribe.steps_staged);
    yield* ask(Op.stage_steps, [first, ...some.flatMap(({ key, rate_ng_per_day }) => [key, rate_ng_per_day])]);
  }
  return reviewOf(yield* ask(Op.review));
}

/** Stages a prescription and has it reviewed. Changes nothing of the therapy. */
export function* stageAndReview(staged: StagedPrescription): Procedure<PrescriptionReview> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return yield* stageOnce(staged);
    } catch (error) {
      if (!wasDropped(error) || attempt === attempts_max) throw error;
    }
  }
}

/**
 * Puts what was reviewed in force and returns its version. If it was dropped in the meantime it is staged again, and committed only if the pump's review
 * still has the same hash and replaces the same version; else throws `WandError` with `changed_meanwhile`.
 */
export function* commitReviewed(staged: StagedPrescription, { hash, base_version }: PrescriptionReview): Procedure<number> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const [version = 0] = yield* ask(Op.commit, [base_version, hash]);
      return version;
    } catch (error) {
      if (!wasDropped(error) || attempt === attempts_max) throw error;
    }
    const again = yield* stageAndReview(staged);
    if (again.hash !== hash || again.base_version !== base_version) throw new WandError(Problem.changed_meanwhile);
  }
}

/** Nobody agreed to what the pump said it would do. */
export class NotConfirmed extends Error {
  override readonly name = "NotConfirmed";

  constructor(readonly review: PrescriptionReview) {
    super("the review was not confirmed; nothing was changed");
  }
}

/** What `program` did. */
export interface Programmed {
  readonly version: number;
  readonly review: PrescriptionReview;
}

/** Stages, reviews and commits in one go. `confirm` may say no to the review: then it throws `NotConfirmed`, and nothing was changed. */
export function* program(staged: StagedPrescription, confirm: (review: PrescriptionReview) => boolean = () => true): Procedure<Programmed> {
  const review = yield* stageAndReview(staged);
  if (!confirm(review)) throw new NotConfirmed(review);
  return { version: yield* commitReviewed(staged, review), review };
}
