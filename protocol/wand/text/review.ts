// The review of a prescription as a table: old and new, and what is asked for.

import { nameOf, REFILL_BY_NAMES } from "../../names";
import { Needs } from "../../service";
import { Bridge, Mode } from "../../states";
import type { PumpDelivery } from "../procedures/delivery";
import type { PumpStatus } from "../procedures/interrogate";
import { dailyDose, dayOfBoluses_ng } from "../procedures/prescription";
import type { HeldPrescription, StagedPrescription } from "../procedures/prescription";
import { largestBolus_ng, needed } from "../procedures/program";
import type { PrescriptionReview } from "../procedures/program";
import { basalText, changeText, doseText, volumeOf, volumeText } from "./amounts";
import { partTexts, prescriptionText, scheduleRows } from "./prescribed";
import { columns } from "./table";
import { durationText, wallText } from "./wall";

/** What the table is made of. */
export interface Reviewed {
  readonly old: HeldPrescription;
  readonly status: PumpStatus;
  readonly delivery: PumpDelivery;
  readonly staged: StagedPrescription;
  readonly review: PrescriptionReview;
}

const minuteOf = (wall_ms: number): string => (wall_ms === 0 ? "no date" : wallText(Math.floor(wall_ms / 60_000) * 60_000));
const modeText = (prescription: StagedPrescription): string => prescriptionText(prescription).split(",")[0] ?? "";

/** Lines of both, one beside the other, named in the first. */
function beside(name: string, before: readonly string[], after: readonly string[]): string[][] {
  return Array.from({ length: Math.max(before.length, after.length) }, (_, i) => [i === 0 ? name : "", before[i] ?? "", after[i] ?? ""]);
}

/** How long the drug on the way lasts at this daily dose: its volume at the dose over its own concentration (FILL-7). */
export function bridge_ms(bridge_nL: number, daily_ng: number, concentration: number): number {
  return daily_ng === 0 || concentration === 0 ? 0 : Number((BigInt(bridge_nL) * 86_400_000n * BigInt(concentration)) / (BigInt(daily_ng) * 1000n));
}

function bridgeText({ delivery, review }: Reviewed): string {
  if (review.bridge_nL === 0) return "none";
  const drug = delivery.tip_concentration;
  const lasts_ms = bridge_ms(review.bridge_nL, review.daily_dose_ng, drug);
  // Where several drugs are on the way each has its own pace.
  const lasts = lasts_ms === 0 || delivery.plugs > 1 ? "" : `, lasts ${durationText(Math.round(lasts_ms / 60_000) * 60_000)} at the daily dose`;
  return `${volumeText(review.bridge_nL)} of ${drug} ug/mL${lasts}`;
}

/** What the commit must carry, in words. */
export function needsText(staged: StagedPrescription, { needs, daily_dose_ng }: PrescriptionReview): readonly string[] {
  return [
    ...(needed(needs, Needs.daily) ? [`the daily dose, ${doseText(daily_dose_ng)}: a large change, or a return to what was in force`] : []),
    ...(needed(needs, Needs.bolus) ? [`the largest bolus, ${doseText(largestBolus_ng(staged))}: above the soft limit`] : []),
    ...(needed(needs, Needs.reason) ? ["a reason: the daily dose falls by more than 50 %"] : []),
  ];
}

/** Doses of the day, where there are any: not at the minimum rate. */
function doseRows({ old, status, staged, review }: Reviewed): string[][] {
  const before = old.mode === Mode.schedule ? dailyDose(old) : undefined;
  const by_dose = staged.mode === Mode.schedule;
  const boluses = [old, staged].map((each) => dayOfBoluses_ng(each));
  const of_boluses = (dose_ng = 0): string => (dose_ng === 0 ? "" : doseText(dose_ng));
  return [
    ["Daily dose", before === undefined ? "" : doseText(before), by_dose ? doseText(review.daily_dose_ng) : "", before === undefined || !by_dose ? "" : changeText(before, review.daily_dose_ng)],
    ...(boluses.some((dose_ng) => dose_ng > 0) ? [["  of it boluses", of_boluses(boluses[0]), of_boluses(boluses[1])]] : []),
    ["Daily volume", before === undefined || status.concentration === 0 ? "" : volumeText(volumeOf(before, status.concentration)), volumeText(review.daily_volume_nL)],
    ["Rate now", status.rate === 0 ? "nothing" : basalText(status.mode, status.rate), basalText(staged.mode, review.rate_now)],
    ["First 24 h", "", by_dose ? doseText(review.first_day_ng) : ""],
    ["Largest 1 h", "", by_dose ? doseText(review.hour_max_ng) : ""],
    ["Largest 24 h", "", by_dose ? doseText(review.day_max_ng) : ""],
  ];
}

function drugRows(reviewed: Reviewed): string[][] {
  const { status, staged, review } = reviewed;
  const changes = staged.refill !== undefined || review.bridge_nL > 0 || status.concentration !== review.concentration;
  if (!changes) return [];
  const cleared = staged.refill?.bridge === Bridge.cleared ? ", tubing and catheter cleared" : "";
  return [
    ["Drug", status.concentration === 0 ? "none" : `${status.concentration} ug/mL`, `${review.concentration} ug/mL${cleared}`],
    ["Bridge", "", bridgeText(reviewed)],
  ];
}

/** Old and new side by side. The new column is what the pump says it would do. */
export function reviewRows(reviewed: Reviewed): string[][] {
  const { old, staged, review } = reviewed;
  const [before, after] = [partTexts(old), partTexts(staged)];
  const dates = `${minuteOf(review.refill_by_ms)}, by ${nameOf(REFILL_BY_NAMES, review.refill_decided)}`;
  return [
    ["", old.mode === Mode.none ? "in force: none" : `in force: version ${old.version}`, "new", "change"],
    ["Mode", old.mode === Mode.none ? "" : modeText(old), modeText(staged)],
    ...doseRows(reviewed),
    ...drugRows(reviewed),
    ["Refill by", "", review.refill_by_ms === 0 ? "no date" : dates],
    ...(review.refill_by_ms === 0 ? [] : [["  at nominal flow", "", minuteOf(review.refill_nominal_ms)]]),
    ...beside("Schedule", columns(scheduleRows(old)), columns(scheduleRows(staged))),
    ...after.flatMap(({ name, lines }, i) => beside(name, before[i]?.lines ?? [], name === "Caps" && lines.length === 0 && staged.mode === Mode.schedule ? ["1 h 150 ug, 24 h 1.5 times the daily dose"] : lines)),
    ...needsText(staged, review).map((text, i) => [i === 0 ? "To confirm" : "", "", text]),
  ];
}
