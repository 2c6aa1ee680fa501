// wand program: a prescription from a file, reviewed, confirmed, read back.

import { readFileSync } from "node:fs";
import { nameOf, REFILL_BY_NAMES } from "../../../names";
import { Mode } from "../../../states";
import type { OpenWand } from "../../library/wand";
import { Problem, WandError } from "../../problems";
import type { PumpStatus } from "../../procedures/interrogate";
import { dailyDose, samePrescription } from "../../procedures/prescription";
import type { HeldPrescription, StagedPrescription } from "../../procedures/prescription";
import { confirmAll, NotConfirmed } from "../../procedures/program";
import type { PrescriptionReview } from "../../procedures/program";
import { basalText, changeText, doseText, volumeOf, volumeText } from "../../text/amounts";
import { prescriptionText, scheduleRows } from "../../text/prescribed";
import { readPrescriptionText } from "../../text/prescription";
import { columns } from "../../text/table";
import { wallText } from "../../text/wall";
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

const minuteOf = (wall_ms: number): string => (wall_ms === 0 ? "no date" : wallText(Math.floor(wall_ms / 60_000) * 60_000));

/** Lines of both schedules, one beside the other. */
function schedules(old: HeldPrescription, staged: StagedPrescription): string[][] {
  const [before, after] = [old, staged].map((each) => columns(scheduleRows(each)));
  return Array.from({ length: Math.max(before?.length ?? 0, after?.length ?? 0) }, (_, i) => [i === 0 ? "Schedule" : "", before?.[i] ?? "", after?.[i] ?? ""]);
}

/** Old and new side by side. The new column is what the pump says it would do. */
export function reviewRows(old: HeldPrescription, status: PumpStatus, staged: StagedPrescription, review: PrescriptionReview): string[][] {
  const dose_before = old.mode === Mode.schedule ? dailyDose(old) : undefined;
  const by_dose = staged.mode === Mode.schedule;
  const dose_old = dose_before === undefined ? "" : doseText(dose_before);
  const change = dose_before === undefined || !by_dose ? "" : changeText(dose_before, review.daily_dose_ng);
  const flow_old = dose_before === undefined || status.concentration === 0 ? "" : volumeText(volumeOf(dose_before, status.concentration));
  return [
    ["", old.mode === Mode.none ? "in force: none" : `in force: version ${old.version}`, "new", "change"],
    ["Mode", old.mode === Mode.none ? "" : prescriptionText(old).split(",")[0] ?? "", prescriptionText(staged).split(",")[0] ?? ""],
    ["Daily dose", dose_old, by_dose ? doseText(review.daily_dose_ng) : "", change],
    ["Daily volume", flow_old, volumeText(review.daily_volume_nL)],
    ["Rate now", status.rate === 0 ? "nothing" : basalText(status.mode, status.rate), basalText(staged.mode, review.rate_now)],
    ["First 24 h", "", by_dose ? doseText(review.first_day_ng) : ""],
    ["Refill by", "", review.refill_by_ms === 0 ? "no date" : `${minuteOf(review.refill_by_ms)}, by ${nameOf(REFILL_BY_NAMES, review.refill_decided)}`],
    ...schedules(old, staged),
  ];
}

async function agreed(context: Context, yes: boolean): Promise<boolean> {
  if (yes) return true;
  const answer = await context.terminal.ask("Put the new prescription in force? Type yes: ");
  if (answer === undefined) throw new UsageError("nobody is at a terminal to confirm the review; nothing was changed. Give --yes to program without being asked");
  return answer.trim().toLowerCase() === "yes";
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
  if (held.version === version && samePrescription(held, staged)) return held;
  throw new WandError(Problem.read_back_differs, `the pump holds version ${held.version}, ${prescriptionText(held)}, and not what was sent to it as version ${version}; do not rely on it, program it again`);
}

export async function program(context: Context, file: string, yes: boolean): Promise<void> {
  const staged = readPrescriptionFile(file);
  let before: HeldPrescription | undefined;
  let committing = false;
  try {
    await context.with(async (wand) => {
      before = await wand.prescription();
      const status = await wand.status();
      const review = await wand.review(staged);
      const rows = reviewRows(before, status, staged, review);
      context.json("review", { base_version: before.version, in_force: before, staged, review });
      for (const [i, line] of columns(rows).entries()) context.print(i === 0 ? context.terminal.paint("bold", line) : line);
      if (samePrescription(before, staged)) context.chat("it says the same as the prescription in force");
      if (!await agreed(context, yes)) throw new NotConfirmed(review);
      committing = true;
      const version = await wand.commit(staged, review, confirmAll(staged, review));
      const held = await readBack(wand, staged, version);
      context.json("programmed", { version: held.version, prescription: held });
      context.print(`Version ${version} is in force, read back and the same.`);
    });
  } catch (error) {
    if (committing) await sayWhatIsInForce(context, staged, before);
    throw error;
  }
}
