// A prescription in words: its schedule, day by day.

import { MODE_NAMES, nameOf } from "../../names";
import { Mode } from "../../states";
import { dailyDose, stepsOfDay } from "../procedures/prescription";
import type { StagedPrescription } from "../procedures/prescription";
import { doseText } from "./amounts";
import { daysText, minuteText } from "./week";

const week = [0, 1, 2, 3, 4, 5, 6];

/** Rows of days, time of day and rate; days that are alike stand together, and the days are named in the first of their rows. */
export function scheduleRows(prescription: StagedPrescription): readonly (readonly [days: string, time: string, rate: string])[] {
  if (prescription.mode !== Mode.schedule) return [];
  const groups = new Map<string, number[]>();
  for (const day of week) {
    const text = JSON.stringify(stepsOfDay(prescription, day));
    groups.set(text, [...(groups.get(text) ?? []), day]);
  }
  return [...groups.values()].flatMap((days) => stepsOfDay(prescription, days[0] ?? 0).map(({ minute, rate_ng_per_day }, i) =>
    [i === 0 ? daysText(days) : "", minuteText(minute), `${doseText(rate_ng_per_day)}/day`] as const));
}

/** One line: "schedule, 275 ug a day at the most", "minimum rate". */
export function prescriptionText(prescription: StagedPrescription): string {
  const dose_ng = dailyDose(prescription);
  return dose_ng === undefined ? nameOf(MODE_NAMES, prescription.mode) : `${nameOf(MODE_NAMES, prescription.mode)}, ${doseText(dose_ng)} a day at the most`;
}
