// Prescriptions as the wand holds them: read whole, compared, dosed.

import { Prescribe } from "../../limits";
import { Op, Prescription } from "../../operations";
import { Mode } from "../../states";
import type { Bridge, Drug } from "../../states";
import { Problem, WandError } from "../problems";
import { ask } from "./procedure";
import type { Procedure } from "./procedure";

/** A step of a day's schedule. */
export interface PrescribedStep {
  /** Schedule x 1440 + minute of the day. */
  readonly key: number;
  readonly rate_ng_per_day: number;
}

/** A bolus at a time of day, every day. */
export interface TimedBolus {
  readonly minute: number;
  readonly dose_ng: number;
  readonly minutes: number;
}

/** A bolus every so many minutes of pump time. */
export interface PeriodicBolus {
  readonly interval_min: number;
  readonly dose_ng: number;
  readonly minutes: number;
}

/** What the patient may give himself: from start to start at least the lockout, in any 24 h so many at most. */
export interface PatientBolus {
  readonly dose_ng: number;
  readonly minutes: number;
  readonly lockout_min: number;
  readonly most: number;
}

/** Rolling caps; 0 for the pump's default. */
export interface Caps {
  readonly hour_ng: number;
  readonly day_ng: number;
}

/** A step of a titration plan: so many thousandths of the schedule for so many days of therapy delivered. */
export interface TitrationStep {
  readonly permille: number;
  readonly days: number;
}

/** A refill: with a prescription it may bring another concentration. */
export interface Refill {
  readonly drug: Drug;
  readonly volume_nL: number;
  readonly concentration: number;
  readonly aspirated_nL: number;
  readonly rinsed: boolean;
  /** To the base of 36, as a number (lotNumber). */
  readonly lot: number;
}

/** A prescription as it is staged. At the minimum rate there are no steps and the week is seven zeros. */
export interface StagedPrescription {
  readonly mode: Mode;
  /** Which schedule Monday to Sunday follow. */
  readonly week: readonly number[];
  readonly steps: readonly PrescribedStep[];
  readonly timed?: readonly TimedBolus[];
  readonly periodic?: PeriodicBolus;
  readonly patient?: PatientBolus;
  readonly caps?: Caps;
  readonly titration?: readonly TitrationStep[];
  /** Done with the commit, in one. `bridge` says what is in tubing and catheter where the drug changes. */
  readonly refill?: Refill & { readonly bridge: Bridge };
}

/** A prescription as the pump has it. */
export interface HeldPrescription extends StagedPrescription {
  /** Rises with each that is committed; 0 before the first. */
  readonly version: number;
}

const everyday = [0, 0, 0, 0, 0, 0, 0];

/** One rate on every day. */
export function constantRate(rate_ng_per_day: number): StagedPrescription {
  return { mode: Mode.schedule, week: everyday, steps: [{ key: 0, rate_ng_per_day }] };
}

/** 0.006 mL/day whatever the drug. */
export const MINIMUM_RATE: StagedPrescription = { mode: Mode.minimum_rate, week: everyday, steps: [] };

/** From a week's schedule as it is written: pairs of key and rate. */
export function scheduled(week: readonly number[], pairs: readonly number[]): StagedPrescription {
  const steps: PrescribedStep[] = [];
  for (let i = 0; i + 1 < pairs.length; i += 2) steps.push({ key: pairs[i] ?? 0, rate_ng_per_day: pairs[i + 1] ?? 0 });
  return { mode: Mode.schedule, week, steps };
}

/** Whether two say the same of every minute of the week. */
export function samePrescription(a: StagedPrescription, b: StagedPrescription): boolean {
  if (a.mode !== b.mode) return false;
  return a.mode !== Mode.schedule || everyday.every((_, day) => JSON.stringify(stepsOfDay(a, day)) === JSON.stringify(stepsOfDay(b, day)));
}

/** The steps of a weekday (0 is Monday): minute of the day and rate. */
export function stepsOfDay({ week, steps }: StagedPrescription, day: number): readonly { readonly minute: number; readonly rate_ng_per_day: number }[] {
  const first = (week[day] ?? 0) * Prescribe.minutes_per_day;
  return steps.filter(({ key }) => key >= first && key < first + Prescribe.minutes_per_day)
    .map(({ key, rate_ng_per_day }) => ({ minute: key - first, rate_ng_per_day }));
}

/** What a weekday's steps add up to, in ng, rounded up as the pump's review does; undefined at the minimum rate, which is a volume. */
export function doseOfDay(prescription: StagedPrescription, day: number): number | undefined {
  if (prescription.mode !== Mode.schedule) return undefined;
  const steps = stepsOfDay(prescription, day);
  const sum = steps.reduce((total, { minute, rate_ng_per_day }, i) => total + BigInt(rate_ng_per_day) * BigInt((steps[i + 1]?.minute ?? Prescribe.minutes_per_day) - minute), 0n);
  const minutes = BigInt(Prescribe.minutes_per_day);
  return Number((sum + minutes - 1n) / minutes);
}

/** The largest dose of one day, in ng; undefined at the minimum rate. */
export function dailyDose(prescription: StagedPrescription): number | undefined {
  const doses = everyday.map((_, day) => doseOfDay(prescription, day));
  return doses.reduce<number | undefined>((most, dose) => (dose === undefined || (most ?? 0) > dose ? most : dose), undefined);
}

const attempts_max = 3;

/** Reads the prescription in force, whole: one that changes between two messages is read again. */
export function* readPrescription(): Procedure<HeldPrescription> {
  for (let attempt = 0; attempt < attempts_max; attempt += 1) {
    const held = yield* readOnce();
    if (held !== undefined) return held;
  }
  throw new WandError(Problem.changed_meanwhile, "the prescription changed again and again while it was read; is another wand at work?");
}

function* readOnce(): Procedure<HeldPrescription | undefined> {
  const head = yield* ask(Op.prescription, [0]);
  const step_count = head[Prescription.step_count] ?? 0;
  const isSame = (page: readonly number[]): boolean =>
    page.length >= Prescription.key && [Prescription.version, Prescription.mode, Prescription.step_count].every((at) => page[at] === head[at]);
  const steps: PrescribedStep[] = [];
  let page = head;
  for (;;) {
    if (!isSame(page) || page[Prescription.first] !== steps.length) return undefined;
    for (let i: number = Prescription.key; i + 1 < page.length; i += 2) steps.push({ key: page[i] ?? 0, rate_ng_per_day: page[i + 1] ?? 0 });
    if (steps.length >= step_count) break;
    if (page.length === Prescription.key) throw new WandError(Problem.answer_malformed, `the pump says it has ${step_count} steps and gives ${steps.length}`);
    page = yield* ask(Op.prescription, [steps.length]);
  }
  return { version: head[Prescription.version] ?? 0, mode: head[Prescription.mode] ?? Mode.none, week: head.slice(Prescription.monday, Prescription.sunday + 1), steps };
}
