// Reading the prescription in force, whole: schedule, boluses, limits, plan.

import { Op, Prescription, PrescriptionBoluses as Boluses, PrescriptionPlan as Plan } from "../../operations";
import { Mode } from "../../states";
import { Problem, WandError } from "../problems";
import type { HeldPrescription, PrescribedStep } from "./prescription";
import { ask } from "./procedure";
import type { Procedure } from "./procedure";

const attempts_max = 3;

/** Reads the prescription in force, whole: one that changes between two messages is read again. */
export function* readPrescription(): Procedure<HeldPrescription> {
  for (let attempt = 0; attempt < attempts_max; attempt += 1) {
    const held = yield* readOnce();
    if (held !== undefined) return held;
  }
  throw new WandError(Problem.changed_meanwhile, "the prescription changed again and again while it was read; is another wand at work?");
}

/** The rows that stand in an answer from `first` on, `size` numbers each. */
function rowsOf(values: readonly number[], first: number, size: number): readonly (readonly number[])[] {
  const rows: number[][] = [];
  for (let i = first; i + size <= values.length; i += size) rows.push(values.slice(i, i + size));
  return rows;
}

/** Boluses, the periodic one and the patient's; what the prescription does not have is left out. */
function bolusesOf(values: readonly number[]): Pick<HeldPrescription, "timed" | "periodic" | "patient"> {
  const at = (index: Boluses): number => values[index] ?? 0;
  const timed = rowsOf(values, Boluses.minute, 3).map(([minute = 0, dose_ng = 0, minutes = 0]) => ({ minute, dose_ng, minutes }));
  const periodic = { interval_min: at(Boluses.interval_min), dose_ng: at(Boluses.periodic_ng), minutes: at(Boluses.periodic_min) };
  const patient = { dose_ng: at(Boluses.patient_ng), minutes: at(Boluses.patient_min), lockout_min: at(Boluses.lockout_min), most: at(Boluses.patient_max) };
  return { ...(timed.length === 0 ? {} : { timed }), ...(periodic.interval_min === 0 ? {} : { periodic }), ...(patient.dose_ng === 0 ? {} : { patient }) };
}

/** Caps in force and titration plan. */
function planOf(values: readonly number[]): Pick<HeldPrescription, "caps" | "titration"> {
  const titration = rowsOf(values, Plan.permille, 2).map(([permille = 0, days = 0]) => ({ permille, days }));
  return { caps: { hour_ng: values[Plan.cap_1h_ng] ?? 0, day_ng: values[Plan.cap_24h_ng] ?? 0 }, ...(titration.length === 0 ? {} : { titration }) };
}

/** Undefined if another came into force meanwhile: every answer says of which version it is. */
function* readOnce(): Procedure<HeldPrescription | undefined> {
  const schedule = yield* readSchedule();
  if (schedule === undefined || schedule.mode === Mode.none) return schedule;
  const boluses = yield* ask(Op.prescription_boluses);
  const plan = yield* ask(Op.prescription_plan);
  if (boluses[Boluses.version] !== schedule.version || plan[Plan.version] !== schedule.version) return undefined;
  return { ...schedule, ...bolusesOf(boluses), ...planOf(plan) };
}

function* readSchedule(): Procedure<HeldPrescription | undefined> {
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
