// What a prescription may be: every reason to refuse it, by the requirements.

import { BOLUS_HARD, BOLUS_SOFT, DAILY_MOST, DAY, DEAD, DOWN_HARD, DOWN_SOFT, DRUGS_BEHIND_MOST, FIRST_MOST, FLOW_LEAST_NL, FLOW_MOST_NL, LABELS, PATIENT_SHARE, RESERVOIR, UP_HARD, UP_SOFT, WHY } from "./figures";
import { WINDOWS, capOf, mostOfWeek } from "./forecast";
import type { Fill, Plan, Shot } from "./program";
import { DAILY_SCALE, dailyDose } from "./week";

/** A daily dose that was accepted, in 1 / DAILY_SCALE ng, and until when it was in force. */
export interface Accepted {
  readonly dose: bigint;
  readonly plan: Plan;
  until: number;
}

export interface Facts {
  readonly now: number;
  /** The last is in force. */
  readonly accepted: readonly Accepted[];
  readonly previous_ng: number;
  /** The drug of the reservoir, and all on the way to the tip, once it is in force. */
  readonly drugs: readonly number[];
}

/** What is certain, and what is so near to a bound that a rounding to whole ng may decide. */
export interface Reasons {
  readonly must: Set<number>;
  readonly may: Set<number>;
}

const NEAR_NG = 3;

/** Whether a > b in dose, and whether that is not for roundings to decide. */
function above({ must, may }: Reasons, why: number, a: bigint, b: bigint): void {
  const near = 2n * DAILY_SCALE * 1000n;
  if (a > b + near) must.add(why);
  else if (a > b - near) may.add(why);
}

function shotReasons(reasons: Reasons, shot: Shot): void {
  if (shot.dose_ng === 0 || shot.minutes < 1 || shot.minutes > 1440) reasons.must.add(WHY.bolus_range);
  if (shot.dose_ng > BOLUS_HARD) reasons.must.add(WHY.bolus_hard);
}

/** Whether a timed bolus is due before the one before it is over (DOSE-6c: one at a time), round the day. */
function overlap(timed: Plan["timed"]): boolean {
  return timed.some(({ minute, minutes }, i) => minute + minutes > (timed[i + 1]?.minute ?? 1440 + timed[0]!.minute));
}

function flowReasons(reasons: Reasons, plan: Plan, drugs: readonly number[]): void {
  const permilles = plan.titration.length > 0 ? plan.titration.map(({ permille }) => permille) : [1000];
  for (const drug of drugs) {
    for (const permille of permilles) {
      for (const [, rate] of plan.schedules.flat()) {
        // nL/day x 1000 x drug; a titrated rate may be rounded down to whole ng.
        const flow = BigInt(rate) * BigInt(permille) * 1000n;
        const least = BigInt(FLOW_LEAST_NL) * BigInt(drug) * 1000n;
        const most = BigInt(FLOW_MOST_NL) * BigInt(drug) * 1000n;
        if (flow > 0n && flow < least) reasons.must.add(WHY.flow_low);
        else if (flow > 0n && flow < least + 1_000_000n && permille !== 1000) reasons.may.add(WHY.flow_low);
        if (flow > most) reasons.must.add(WHY.flow_high);
      }
    }
  }
}

/** LIMIT-1, 4 and DOSE-2: of the prescription alone. */
function ownReasons(reasons: Reasons, plan: Plan, { drugs }: Facts): void {
  const { timed, periodic, patient, caps, titration } = plan;
  if (plan.schedules.length === 0) return;
  flowReasons(reasons, plan, drugs);
  if (plan.schedules.flat().every(([, rate]) => rate === 0)) reasons.must.add(WHY.all_zero);
  for (const shot of [...timed, ...(periodic === undefined ? [] : [periodic]), ...(patient === undefined ? [] : [patient])]) shotReasons(reasons, shot);
  if (timed.length > 0 && periodic !== undefined) reasons.must.add(WHY.bolus_range);
  if (overlap(timed)) reasons.must.add(WHY.bolus_range);
  if (periodic !== undefined && (periodic.every_min < 60 || periodic.every_min > 10_080)) reasons.must.add(WHY.bolus_range);
  const daily = dailyDose(plan, titration[0]?.permille ?? 1000);
  if (patient !== undefined) {
    if (patient.lockout_min < 15 || patient.lockout_min > 1440 || patient.most < 1 || patient.most > 12) reasons.must.add(WHY.patient_range);
    above(reasons, WHY.patient_range, BigInt(patient.dose_ng * PATIENT_SHARE) * DAILY_SCALE * 1000n, daily * 1000n);
  }
  if (caps !== undefined && (caps.hour_ng > 300_000 || caps.day_ng > 3_000_000)) reasons.must.add(WHY.cap);
  for (const { why, minutes } of WINDOWS) {
    const over = mostOfWeek(plan, minutes) - capOf(plan, minutes, daily);
    // Roundings to whole ng decide what is nearer.
    if (over > NEAR_NG) reasons.must.add(why);
    else if (over > -NEAR_NG) reasons.may.add(why);
  }
  for (const { permille } of titration.length > 0 ? titration : [{ permille: 1000 }]) above(reasons, WHY.daily, dailyDose(plan, permille) * 1000n, BigInt(DAILY_MOST) * DAILY_SCALE * 1000n);
}

/** LIMIT-3: against what was accepted in the last day. */
function changeReasons(reasons: Reasons, plan: Plan, { now, accepted, previous_ng }: Facts): void {
  const daily = dailyDose(plan, plan.titration[0]?.permille ?? 1000);
  // Each step of the plan against the one before it.
  const doses = plan.titration.map(({ permille }) => dailyDose(plan, permille));
  doses.slice(1).forEach((dose, i) => {
    above(reasons, WHY.step, dose * 1000n, doses[i]! * BigInt(UP_HARD));
    if (!plan.confirm) above(reasons, WHY.confirm, dose * 1000n, doses[i]! * BigInt(UP_SOFT));
    if (!plan.confirm) above(reasons, WHY.confirm, doses[i]! * BigInt(DOWN_SOFT), dose * 1000n);
  });
  const before = accepted.filter(({ until }) => until >= now - DAY);
  if (accepted.length === 0) {
    above(reasons, WHY.first, daily * 1000n, BigInt(previous_ng > 0 ? previous_ng : FIRST_MOST) * DAILY_SCALE * 1000n);
    return;
  }
  const lowest = before.reduce((least, { dose }) => (dose < least ? dose : least), before[0]?.dose ?? daily);
  const highest = before.reduce((most, { dose }) => (dose > most ? dose : most), before[0]?.dose ?? daily);
  const back = before.some((each) => JSON.stringify(rest(each.plan)) === JSON.stringify(rest(plan)));
  if (!back) above(reasons, WHY.step, daily * 1000n, lowest * BigInt(UP_HARD));
  if (plan.confirm) return;
  above(reasons, WHY.confirm, daily * 1000n, lowest * BigInt(UP_SOFT));
  above(reasons, WHY.confirm, highest * BigInt(DOWN_SOFT), daily * 1000n);
  if (!back) above(reasons, WHY.reason, highest * BigInt(DOWN_HARD), daily * 1000n);
}

/** What makes two prescriptions the same. */
function rest({ schedules, week, timed, periodic, patient, caps, titration }: Plan): unknown {
  return [schedules, week, timed, periodic, patient, caps, titration];
}

/** Every reason against a prescription. */
export function planReasons(plan: Plan, facts: Facts): Reasons {
  const reasons: Reasons = { must: new Set(), may: new Set() };
  ownReasons(reasons, plan, facts);
  if (plan.schedules.length === 0) return reasons;
  changeReasons(reasons, plan, facts);
  const shots = [...plan.timed, plan.periodic, plan.patient];
  if (!plan.confirm && shots.some((shot) => (shot?.dose_ng ?? 0) > BOLUS_SOFT)) reasons.must.add(WHY.confirm);
  return reasons;
}

/** The drug in the reservoir after a fill (LIMIT-1b). */
export function mixed(fill: Fill, before: number): number {
  if (before === 0 || fill.rinsed) return fill.concentration;
  return Math.floor((fill.volume_nL * fill.concentration + DEAD * before) / (fill.volume_nL + DEAD));
}

/** Every reason against a fill. `change` is what is said of tubing and catheter. */
export function fillReasons(fill: Fill, drugs: readonly number[], change: "no" | "yes" | "cleared"): Set<number> {
  const reasons = new Set<number>();
  const last = drugs.at(-1) ?? 0;
  if (fill.volume_nL > RESERVOIR - DEAD) reasons.add(WHY.overfill);
  if (!LABELS.includes(fill.concentration)) reasons.add(WHY.label);
  if (last !== 0 && mixed(fill, last) !== last) {
    if (change === "no") reasons.add(WHY.bridge);
    if (change === "yes" && drugs.length > DRUGS_BEHIND_MOST) reasons.add(WHY.plugs);
  }
  return reasons;
}
