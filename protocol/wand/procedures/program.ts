// Programming as a transaction: stage, the pump's own review, commit.

import { Fault } from "../../../hal/faults";
import { Prescribe } from "../../limits";
import { Op, Review } from "../../operations";
import { Needs } from "../../service";
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
  /** Of the reservoir, once this is in force. */
  readonly concentration: number;
  /** Of other drugs on the way to the tip, then. */
  readonly bridge_nL: number;
  /** The largest doses of any 1 h and any 24 h. */
  readonly hour_max_ng: number;
  readonly day_max_ng: number;
  /** What the commit must carry: a sum of `Needs`. */
  readonly needs: number;
}

function reviewOf(values: readonly number[]): PrescriptionReview {
  const at = (index: Review): number => values[index] ?? 0;
  return {
    hash: at(Review.hash), base_version: at(Review.base_version), rate_now: at(Review.rate_now), daily_dose_ng: at(Review.daily_dose_ng),
    first_day_ng: at(Review.first_day_ng), daily_volume_nL: at(Review.daily_volume_nL), pulse_ng: at(Review.pulse_ng),
    refill_by_ms: at(Review.refill_by_ms), refill_nominal_ms: at(Review.refill_nominal_ms), refill_decided: at(Review.refill_decided),
    concentration: at(Review.concentration), bridge_nL: at(Review.bridge_nL), hour_max_ng: at(Review.hour_max_ng), day_max_ng: at(Review.day_max_ng), needs: at(Review.needs),
  };
}

/** A session that ended takes with it what was staged; then it is staged again, so often at most. */
const attempts_max = 3;

/** Nothing is staged any more: the session is another one than the one it was staged in. */
const wasDropped = (error: unknown): boolean => error instanceof Refused && error.fault === Fault.nothing_staged;

/** Bits of `Op.stage`'s `parts`. */
const PARTS = { extra: 1, refill: 2 };

/** Everything but the schedule. */
function* stageParts({ timed = [], periodic, patient, caps, titration = [], refill }: StagedPrescription, extra: boolean): Procedure<void> {
  if (timed.length > 0) yield* ask(Op.stage_timed, [0, ...timed.flatMap(({ minute, dose_ng, minutes }) => [minute, dose_ng, minutes])]);
  if (titration.length > 0) yield* ask(Op.stage_titration, [0, ...titration.flatMap(({ permille, days }) => [permille, days])]);
  if (extra) {
    yield* ask(Op.stage_extra, [
      periodic?.interval_min ?? 0, periodic?.dose_ng ?? 0, periodic?.minutes ?? 0,
      patient?.dose_ng ?? 0, patient?.minutes ?? 0, patient?.lockout_min ?? 0, patient?.most ?? 0, caps?.hour_ng ?? 0, caps?.day_ng ?? 0,
    ]);
  }
  if (refill !== undefined) {
    yield* ask(Op.stage_refill, [refill.drug, refill.volume_nL, refill.concentration, refill.aspirated_nL, refill.rinsed ? 1 : 0, refill.bridge, refill.lot]);
  }
}

/** The requests that stage it, with the first `step_count` of its steps: a prescription that lacks any is not whole. */
export function* stage(staged: StagedPrescription, step_count = staged.steps.length): Procedure<void> {
  const { mode, week, steps, timed = [], titration = [], periodic, patient, caps, refill } = staged;
  const extra = periodic !== undefined || patient !== undefined || caps !== undefined;
  yield* ask(Op.stage, [mode, ...week, steps.length, timed.length, titration.length, (extra ? PARTS.extra : 0) + (refill === undefined ? 0 : PARTS.refill)]);
  yield* stageParts(staged, extra);
  for (let first = 0; first < step_count; first += Prescribe.steps_staged) {
    const some = steps.slice(first, Math.min(step_count, first + Prescribe.steps_staged));
    yield* ask(Op.stage_steps, [first, ...some.flatMap(({ key, rate_ng_per_day }) => [key, rate_ng_per_day])]);
  }
}

function* stageOnce(staged: StagedPrescription): Procedure<PrescriptionReview> {
  yield* stage(staged);
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
export function* commitReviewed(staged: StagedPrescription, { hash, base_version }: PrescriptionReview, confirmed: Confirmed = NOTHING): Procedure<number> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const [version = 0] = yield* ask(Op.commit, [base_version, hash, confirmed.daily_ng, confirmed.bolus_ng, confirmed.reason]);
      return version;
    } catch (error) {
      if (!wasDropped(error) || attempt === attempts_max) throw error;
    }
    const again = yield* stageAndReview(staged);
    if (again.hash !== hash || again.base_version !== base_version) throw new WandError(Problem.changed_meanwhile);
  }
}

/** What a person has confirmed by saying it again, and why: 0 for what was not asked for. */
export interface Confirmed {
  readonly daily_ng: number;
  readonly bolus_ng: number;
  readonly reason: number;
}

const NOTHING: Confirmed = { daily_ng: 0, bolus_ng: 0, reason: 0 };

/** The largest bolus that a prescription can give, in ng. */
export function largestBolus_ng({ timed = [], periodic, patient }: StagedPrescription): number {
  return Math.max(0, periodic?.dose_ng ?? 0, patient?.dose_ng ?? 0, ...timed.map(({ dose_ng }) => dose_ng));
}

/** Whether a sum of `Needs` has this one. */
export function needed(needs: number, one: Needs): boolean {
  return Math.floor(needs / one) % 2 === 1;
}

/** What the review says must be confirmed, confirmed: for somebody who has looked at it. `reason` is for a large step down. */
export function confirmAll(staged: StagedPrescription, { needs, daily_dose_ng }: PrescriptionReview, reason = 1): Confirmed {
  return {
    daily_ng: needed(needs, Needs.daily) ? daily_dose_ng : 0, bolus_ng: needed(needs, Needs.bolus) ? largestBolus_ng(staged) : 0, reason: needed(needs, Needs.reason) ? reason : 0,
  };
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

/**
 * Stages, reviews and commits in one go. `confirm` may say no to the review: then it throws `NotConfirmed`, and nothing was changed. Or it says what was confirmed;
 * by yes, everything that the review asks for.
 */
export function* program(staged: StagedPrescription, confirm: (review: PrescriptionReview) => boolean | Confirmed = () => true): Procedure<Programmed> {
  const review = yield* stageAndReview(staged);
  const answer = confirm(review);
  if (answer === false) throw new NotConfirmed(review);
  return { version: yield* commitReviewed(staged, review, answer === true ? confirmAll(staged, review) : answer), review };
}
