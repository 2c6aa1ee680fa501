// Prescriptions as the wand holds them: made, compared, dosed.

import { Prescribe } from "../../limits";
import { Mode } from "../../states";
import type { Bridge, Drug } from "../../states";

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

/** A prescription as the pump has it; its caps are those in force. */
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

/** The steps of a weekday (0 is Monday): minute of the day and rate. */
export function stepsOfDay({ week, steps }: StagedPrescription, day: number): readonly { readonly minute: number; readonly rate_ng_per_day: number }[] {
  const first = (week[day] ?? 0) * Prescribe.minutes_per_day;
  return steps.filter(({ key }) => key >= first && key < first + Prescribe.minutes_per_day)
    .map(({ key, rate_ng_per_day }) => ({ minute: key - first, rate_ng_per_day }));
}

/** What a weekday's steps add up to, exactly: ng/day x minutes. */
function sumOfDay(prescription: StagedPrescription, day: number): bigint {
  const steps = stepsOfDay(prescription, day);
  return steps.reduce((total, { minute, rate_ng_per_day }, i) => total + BigInt(rate_ng_per_day) * BigInt((steps[i + 1]?.minute ?? Prescribe.minutes_per_day) - minute), 0n);
}

/** What a weekday's steps add up to, in ng, rounded up as the pump's review does; undefined at the minimum rate, which is a volume. */
export function doseOfDay(prescription: StagedPrescription, day: number): number | undefined {
  if (prescription.mode !== Mode.schedule) return undefined;
  const minutes = BigInt(Prescribe.minutes_per_day);
  return Number((sumOfDay(prescription, day) + minutes - 1n) / minutes);
}

/** What timed and periodic boluses give in a day, at most. */
export function dayOfBoluses_ng({ timed = [], periodic }: StagedPrescription): number {
  const of_periodic_ng = periodic === undefined ? 0 : Math.ceil(Prescribe.minutes_per_day / periodic.interval_min) * periodic.dose_ng;
  return timed.reduce((sum, { dose_ng }) => sum + dose_ng, of_periodic_ng);
}

/** Thousandths of the schedule that the plan has, in turn; one of a thousand without a plan. */
const scalesOf = ({ titration = [] }: StagedPrescription): readonly number[] => (titration.length === 0 ? [1000] : titration.map(({ permille }) => permille));

/** The daily dose at so many thousandths of the schedule: the largest day of basal, boluses on top, rounded up as the pump does. */
function dailyAt_ng(prescription: StagedPrescription, permille: number): number {
  const parts = 1000n * BigInt(Prescribe.minutes_per_day);
  const largest = everyday.reduce((most, _, day) => {
    const sum = sumOfDay(prescription, day);
    return sum > most ? sum : most;
  }, 0n);
  return Number((largest * BigInt(permille) + parts - 1n) / parts) + dayOfBoluses_ng(prescription);
}

/** The daily dose in ng, boluses in it, at the first step of a plan: what the pump's review calls so. Undefined at the minimum rate, which is a volume. */
export function dailyDose(prescription: StagedPrescription): number | undefined {
  return prescription.mode === Mode.schedule ? dailyAt_ng(prescription, scalesOf(prescription)[0] ?? 1000) : undefined;
}

/** The default rolling cap of 1 h, and that of 24 h in thousandths of the daily dose (LIMIT-2). */
const CAP_1H_NG = 150_000;
const CAP_24H_PERMILLE = 1500;

/** The caps that a prescription may have in force: what it says, else the defaults, that of 24 h by the daily dose of a step of its plan. */
function capsOf(prescription: StagedPrescription): { readonly hour_ng: number; readonly day_ng: readonly number[] } {
  const { hour_ng = 0, day_ng = 0 } = prescription.caps ?? {};
  const defaults = scalesOf(prescription).map((permille) => Math.floor((dailyAt_ng(prescription, permille) * CAP_24H_PERMILLE) / 1000));
  return { hour_ng: hour_ng === 0 ? CAP_1H_NG : hour_ng, day_ng: day_ng === 0 ? defaults : [day_ng] };
}

/** A part of a prescription in which two differ. */
export type Part = "mode" | "schedule" | "boluses" | "periodic" | "patient" | "caps" | "titration";

const said = (part: object | undefined, ...names: readonly string[]): string => JSON.stringify(names.map((name) => (part as Readonly<Record<string, unknown>> | undefined)?.[name] ?? 0));

/** Whether two have the same rolling caps in force. At the minimum rate there is no daily dose that the default of 24 h could go by. */
function sameCaps(a: StagedPrescription, b: StagedPrescription): boolean {
  const [one, other] = [capsOf(a), capsOf(b)];
  const unsaid = (a.caps?.day_ng ?? 0) === 0 || (b.caps?.day_ng ?? 0) === 0;
  return one.hour_ng === other.hour_ng && ((a.mode !== Mode.schedule && unsaid) || one.day_ng.some((each) => other.day_ng.includes(each)));
}

/** The parts in which two differ: what they say of every minute of the week, and of everything beside it. A refill is done once and is no part of it. */
export function differences(a: StagedPrescription, b: StagedPrescription): readonly Part[] {
  const rows = (list: readonly object[] = [], ...names: readonly string[]): string => list.map((row) => said(row, ...names)).join();
  const differ: Record<Part, boolean> = {
    mode: a.mode !== b.mode,
    schedule: a.mode === Mode.schedule && b.mode === Mode.schedule && everyday.some((_, day) => JSON.stringify(stepsOfDay(a, day)) !== JSON.stringify(stepsOfDay(b, day))),
    boluses: rows(a.timed, "minute", "dose_ng", "minutes") !== rows(b.timed, "minute", "dose_ng", "minutes"),
    periodic: said(a.periodic, "interval_min", "dose_ng", "minutes") !== said(b.periodic, "interval_min", "dose_ng", "minutes"),
    patient: said(a.patient, "dose_ng", "minutes", "lockout_min", "most") !== said(b.patient, "dose_ng", "minutes", "lockout_min", "most"),
    caps: a.mode === b.mode && !sameCaps(a, b),
    titration: rows(a.titration, "permille", "days") !== rows(b.titration, "permille", "days"),
  };
  return (Object.keys(differ) as Part[]).filter((part) => differ[part]);
}

/** Whether two say the same. */
export function samePrescription(a: StagedPrescription, b: StagedPrescription): boolean {
  return differences(a, b).length === 0;
}

/** What is in force, to be staged again: caps that are the defaults are left to the pump. */
export function againOf(held: HeldPrescription): StagedPrescription {
  const { mode, week, steps, timed, periodic, patient, caps, titration } = held;
  const rest = { mode, week, steps, ...(timed === undefined ? {} : { timed }), ...(periodic === undefined ? {} : { periodic }), ...(patient === undefined ? {} : { patient }), ...(titration === undefined ? {} : { titration }) };
  return caps === undefined || sameCaps(held, rest) ? rest : { ...rest, caps };
}
