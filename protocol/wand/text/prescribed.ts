// A prescription in words: its schedule, day by day, and all beside it.

import { BRIDGE_NAMES, DRUG_NAMES, MODE_NAMES, nameOf } from "../../names";
import { Mode } from "../../states";
import { dailyDose, stepsOfDay } from "../procedures/prescription";
import type { Refill, StagedPrescription } from "../procedures/prescription";
import { doseText, volumeText } from "./amounts";
import { decimalText, durationText } from "./wall";
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

const minutesText = (minutes: number): string => durationText(minutes * 60_000);
const bolusText = ({ dose_ng, minutes }: { readonly dose_ng: number; readonly minutes: number }): string => `${doseText(dose_ng)} over ${minutesText(minutes)}`;

/** "18 mL of baclofen 500 ug/mL, 1.2 mL taken out before, rinsed, bridge". */
export function refillWords({ drug, volume_nL, concentration, aspirated_nL, rinsed, bridge }: Refill & Pick<NonNullable<StagedPrescription["refill"]>, "bridge">): string {
  return `${volumeText(volume_nL)} of ${nameOf(DRUG_NAMES, drug)} ${concentration} ug/mL, ${volumeText(aspirated_nL)} taken out before${rinsed ? ", rinsed" : ""}, ${nameOf(BRIDGE_NAMES, bridge)}`;
}

/** A part of a prescription beside its schedule: what it is called, and its lines. */
export interface PartText {
  readonly name: string;
  readonly lines: readonly string[];
}

/** Everything beside the schedule, always the same parts in the same order; a part that is not there has no lines. */
export function partTexts({ timed = [], periodic, patient, caps, titration = [], refill }: StagedPrescription): readonly PartText[] {
  const or_default = (dose_ng: number): string => (dose_ng === 0 ? "default" : doseText(dose_ng));
  return [
    { name: "Boluses", lines: timed.map((bolus) => `${minuteText(bolus.minute)}  ${bolusText(bolus)}`) },
    { name: "Periodic bolus", lines: periodic === undefined ? [] : [`${bolusText(periodic)}, every ${minutesText(periodic.interval_min)}`] },
    { name: "Patient's bolus", lines: patient === undefined ? [] : [`${bolusText(patient)}, lockout ${minutesText(patient.lockout_min)}, ${patient.most} in 24 h`] },
    { name: "Caps", lines: caps === undefined ? [] : [`1 h ${or_default(caps.hour_ng)}, 24 h ${or_default(caps.day_ng)}`] },
    { name: "Titration", lines: titration.map(({ permille, days }) => `${decimalText(permille, 1)} % for ${days} ${days === 1 ? "day" : "days"}`) },
    { name: "Refill", lines: refill === undefined ? [] : [refillWords(refill)] },
  ];
}
