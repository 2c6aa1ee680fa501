// From a screening dose to the first prescription, as the drug's label has it.

import { doseText } from "./amounts";

/**
 * The label of baclofen for intrathecal use (Lioresal Intrathecal, prescribing information, "Dosage and administration": "Screening phase" and "Post-implant dose
 * titration period"; set 6f3bdcc0-ffc8-4911-8c35-958c8103a2c5 at DailyMed). Test doses of 50, 75 and 100 ug, 24 h apart, each looked at for 4 to 8 h; who
 * does not respond to 100 ug is no candidate for a pump. The first daily dose is twice the screening dose that had an effect, or that dose itself if its effect lasted longer
 * than 8 h; it is not increased in the first 24 h.
 */
const DOSES_NG: readonly number[] = [50_000, 75_000, 100_000];
const LONG_EFFECT_H = 8;
/** Longer than a test dose is ever looked at: a slip of the pen. */
const EFFECT_H_MAX = 24;

/** What was seen after a test dose. */
export interface Screening {
  readonly dose_ng: number;
  /** How long the effect lasted; undefined if there was none. */
  readonly effect_h: number | undefined;
}

/** The first daily dose, and why it is so much. */
export interface Proposal {
  readonly daily_ng: number;
  readonly why: string;
}

const doses = DOSES_NG.map(doseText).join(", ");

function withoutEffect(dose_ng: number): string {
  const next = DOSES_NG[DOSES_NG.indexOf(dose_ng) + 1];
  if (next === undefined) return `no effect of ${doseText(dose_ng)}: by the label this is not a candidate for a pump`;
  return `no effect of ${doseText(dose_ng)}: by the label the next test dose is ${doseText(next)}, 24 h after this one; there is nothing to propose yet`;
}

/** What the label proposes, or why it does not. */
export function propose({ dose_ng, effect_h }: Screening): Proposal | { readonly wrong: string } {
  if (!DOSES_NG.includes(dose_ng)) return { wrong: `${doseText(dose_ng)} is no screening dose: the label has ${doses}` };
  if (effect_h === undefined) return { wrong: withoutEffect(dose_ng) };
  if (!(effect_h > 0 && effect_h <= EFFECT_H_MAX)) return { wrong: `an effect lasts more than 0 and at most ${EFFECT_H_MAX} hours; without one say --no-effect` };
  if (effect_h > LONG_EFFECT_H) return { daily_ng: dose_ng, why: `the effect lasted ${effect_h} h, longer than ${LONG_EFFECT_H} h: the screening dose itself` };
  return { daily_ng: 2 * dose_ng, why: `the effect lasted ${effect_h} h, not longer than ${LONG_EFFECT_H} h: twice the screening dose` };
}

/** The prescription file of a proposal. */
export function proposalFile({ dose_ng }: Screening, { daily_ng, why }: Proposal): string {
  return [
    "# A first prescription, proposed from a screening dose by the label of intrathecal baclofen.",
    `# Screening dose ${doseText(dose_ng)}; ${why}.`,
    "# No increase in the first 24 h. For bench pumps: whoever uses it answers for it.",
    `rate: ${doseText(daily_ng).replace(" ", "")}/day`, "",
  ].join("\n");
}
