// wand program: a prescription from a file, reviewed, confirmed, read back.

import { readFileSync } from "node:fs";
import { Needs } from "../../../service";
import type { OpenWand } from "../../library/wand";
import { Problem, WandError } from "../../problems";
import { differences, samePrescription } from "../../procedures/prescription";
import type { HeldPrescription, StagedPrescription } from "../../procedures/prescription";
import { largestBolus_ng, needed, NotConfirmed } from "../../procedures/program";
import type { Confirmed, PrescriptionReview } from "../../procedures/program";
import { doseText } from "../../text/amounts";
import { prescriptionText } from "../../text/prescribed";
import { readPrescriptionText } from "../../text/prescription";
import { MEASURES } from "../../text/quantity";
import { parseReason, REASONS_EXPECTED } from "../../text/reasons";
import { needsText, reviewRows } from "../../text/review";
import { columns } from "../../text/table";
import { saysYes, sayAgain } from "../confirm";
import type { Context } from "../context";
import { failureOf, UsageError } from "../context";

/** The file's prescription. */
export function readPrescriptionFile(path: string): StagedPrescription {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new WandError(Problem.prescription_bad, `${path}: cannot be read: ${(error as Error).message}`);
  }
  return readPrescriptionText(path, text);
}

export interface ProgramOptions {
  readonly yes?: true;
  /** The daily dose, said again. */
  readonly confirmDose?: number;
  /** The largest bolus, said again. */
  readonly confirmBolus?: number;
  /** For a large step down. */
  readonly reason?: number;
}

async function reasonFor(context: Context, given: number | undefined): Promise<number> {
  if (given !== undefined) return given;
  const answer = await context.terminal.ask("Why is the dose lowered so far? Type the number of a reason or its name: ");
  if (answer === undefined) throw new UsageError(`the daily dose falls by more than 50 %, which needs a reason, and nobody is at a terminal; give --reason, ${REASONS_EXPECTED}; nothing was changed`);
  const parsed = parseReason(answer);
  if ("wrong" in parsed) throw new UsageError(`${parsed.wrong}; nothing was changed`);
  return parsed.value;
}

/** Has said again what the review asks for. A yes to the whole is no confirmation of a soft limit: its value is. */
async function confirmed(context: Context, staged: StagedPrescription, review: PrescriptionReview, options: ProgramOptions): Promise<Confirmed> {
  const { needs, daily_dose_ng } = review;
  const bolus_ng = largestBolus_ng(staged);
  const plain = (dose_ng: number): string => doseText(dose_ng).replace(" ", "");
  const dose = { what: "the daily dose", text: `${plain(daily_dose_ng)}/day`, value: daily_dose_ng, of: MEASURES.rate, given: options.confirmDose, option: "--confirm-dose" };
  const bolus = { what: "the largest bolus", text: plain(bolus_ng), value: bolus_ng, of: MEASURES.dose, given: options.confirmBolus, option: "--confirm-bolus" };
  // What an option says must be so even where nobody asks for it.
  return {
    daily_ng: needed(needs, Needs.daily) || options.confirmDose !== undefined ? await sayAgain(context, dose) : 0,
    bolus_ng: needed(needs, Needs.bolus) || options.confirmBolus !== undefined ? await sayAgain(context, bolus) : 0,
    reason: needed(needs, Needs.reason) ? await reasonFor(context, options.reason) : 0,
  };
}

/** After a failure: asks the pump anew which prescription is in force, and says so. */
async function sayWhatIsInForce(context: Context, staged: StagedPrescription, before: HeldPrescription | undefined): Promise<void> {
  try {
    const held = await context.with((wand) => wand.prescription());
    const is_new = samePrescription(held, staged) && held.version !== before?.version;
    const which = is_new ? "the new one" : before !== undefined && held.version === before.version ? "the one from before, unchanged" : "neither the new one nor the one from before";
    context.json("in_force", { version: held.version, prescription: held, is_new });
    context.chat(`in force is version ${held.version}, ${which}: ${prescriptionText(held)}`);
  } catch (error) {
    context.chat(`which prescription is in force could not be asked (${failureOf(error)?.text ?? String(error)}); it is the old or the new one, whole: interrogate the pump before anything else`);
  }
}

/** Compares what is in force with what was meant. */
async function readBack(wand: OpenWand, staged: StagedPrescription, version: number): Promise<HeldPrescription> {
  const held = await wand.prescription();
  const differing = differences(held, staged);
  if (held.version === version && differing.length === 0) return held;
  const where = differing.length === 0 ? "" : `, another ${differing.join(", ")}`;
  throw new WandError(Problem.read_back_differs, `the pump holds version ${held.version}, ${prescriptionText(held)}${where}, and not what was sent to it as version ${version}; do not rely on it, program it again`);
}

export async function program(context: Context, file: string, options: ProgramOptions): Promise<void> {
  const staged = readPrescriptionFile(file);
  let before: HeldPrescription | undefined;
  let committing = false;
  try {
    await context.with(async (wand) => {
      before = await wand.prescription();
      const [status, delivery] = [await wand.status(), await wand.delivery()];
      const review = await wand.review(staged);
      const rows = reviewRows({ old: before, status, delivery, staged, review });
      context.json("review", { base_version: before.version, in_force: before, staged, review, needs: needsText(staged, review) });
      for (const [i, line] of columns(rows).entries()) context.print(i === 0 ? context.terminal.paint("bold", line) : line);
      if (samePrescription(before, staged)) context.chat("it says the same as the prescription in force");
      const said = await confirmed(context, staged, review, options);
      if (options.yes !== true && !await saysYes(context, "Put the new prescription in force?", "nothing was changed. Give --yes to program without being asked")) throw new NotConfirmed(review);
      committing = true;
      const version = await wand.commit(staged, review, said);
      const held = await readBack(wand, staged, version);
      context.json("programmed", { version: held.version, prescription: held, confirmed: said });
      context.print(`Version ${version} is in force, read back and the same.`);
    });
  } catch (error) {
    if (committing) await sayWhatIsInForce(context, staged, before);
    throw error;
  }
}
