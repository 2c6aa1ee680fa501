// wand bolus, cancel: a single bolus, the patient's, and an end to either.

import { Fault } from "../../../../hal/faults";
import { ACTIVITY_NAMES } from "../../../names";
import type { OpenWand } from "../../library/wand";
import { Refused } from "../../procedures/procedure";
import { doseText } from "../../text/amounts";
import { MEASURES } from "../../text/quantity";
import { durationText } from "../../text/wall";
import { sayAgain } from "../confirm";
import type { Context } from "../context";
import { UsageError } from "../context";

export interface BolusOptions {
  /** In minutes. */
  readonly over?: number;
  /** The dose again. */
  readonly confirm?: number;
}

const minute_ms = 60_000;
const plain = (dose_ng: number): string => doseText(dose_ng).replace(" ", "");

/** Gives the bolus; where the pump asks for the dose again, so does the wand. */
async function give(context: Context, wand: OpenWand, dose_ng: number, minutes: number, confirm: number | undefined): Promise<number> {
  const again = { what: "the dose", text: plain(dose_ng), value: dose_ng, of: MEASURES.dose, option: "--confirm" };
  if (confirm !== undefined) await sayAgain(context, { ...again, given: confirm });
  try {
    return await wand.bolus(dose_ng, minutes, confirm ?? 0);
  } catch (error) {
    if (!(error instanceof Refused) || error.fault !== Fault.confirmation_needed || confirm !== undefined) throw error;
    context.chat(`the pump asks for the dose again: ${doseText(dose_ng)} is above the soft limit of a single bolus`);
  }
  return wand.bolus(dose_ng, minutes, await sayAgain(context, { ...again, given: undefined }));
}

/** A clinician's bolus. */
export async function bolus(context: Context, dose_ng: number | undefined, { over, confirm }: BolusOptions): Promise<void> {
  if (dose_ng === undefined || over === undefined) throw new UsageError("a bolus needs a dose and a duration: wand bolus 50ug --over 30min; or --patient for the patient's own");
  await context.with(async (wand) => {
    const duration_ms = await give(context, wand, dose_ng, over, confirm);
    const lengthened = duration_ms > over * minute_ms;
    context.json("bolus", { by: "clinician", dose_ng, duration_ms, lengthened });
    const note = lengthened ? `, longer than the ${durationText(over * minute_ms)} asked for, to stay below the greatest flow` : "";
    context.print(`A bolus of ${doseText(dose_ng)} begins, over ${durationText(duration_ms)}${note}.`);
  });
}

/** Why a patient must wait, and how long. */
async function sayLockout(context: Context, wand: OpenWand): Promise<void> {
  const { lockout_ms, patient_count } = await wand.delivery();
  const wait = lockout_ms === 0 ? "" : `; the lockout ends in ${durationText(Math.ceil(lockout_ms / 1000) * 1000)}`;
  context.chat(`${patient_count} given in the last 24 h${wait}`);
}

/** The patient's own bolus. */
export async function patientBolus(context: Context, dose_ng: number | undefined, { over, confirm }: BolusOptions): Promise<void> {
  if (dose_ng !== undefined || over !== undefined || confirm !== undefined) throw new UsageError("the patient's bolus is as prescribed: --patient takes no dose, no --over and no --confirm");
  await context.with(async (wand) => {
    try {
      const duration_ms = await wand.patientBolus();
      const { requested_ng, lockout_ms, patient_count } = await wand.delivery();
      context.json("bolus", { by: "patient", dose_ng: requested_ng, duration_ms, lockout_ms, patient_count });
      context.print(`The patient's bolus of ${doseText(requested_ng)} begins, over ${durationText(duration_ms)}.`);
    } catch (error) {
      if (error instanceof Refused && (error.fault === Fault.lockout || error.fault === Fault.patient_bolus_count)) await sayLockout(context, wand);
      throw error;
    }
  });
}

/** Ends a bolus or a prime; `name` is one of the activities'. */
export async function cancel(context: Context, name: string): Promise<void> {
  const activity = Number(Object.entries(ACTIVITY_NAMES).find(([, each]) => each === name)?.[0]);
  await context.with((wand) => wand.cancel(activity));
  context.json("cancelled", { activity, activity_name: name });
  context.print(`The ${name} ends at the pulse boundary; what was not delivered is not.`);
}
