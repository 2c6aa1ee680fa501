// What is delivered on top of basal, in words.

import { BOLUS_KIND_NAMES, nameOf } from "../../names";
import { BolusKind } from "../../states";
import type { PumpDelivery } from "../procedures/delivery";
import type { Caps } from "../procedures/prescription";
import { doseText, exactVolumeText } from "./amounts";
import { durationText } from "./wall";

/** Seconds are enough for a person. */
const roughly = (ms: number): string => durationText(Math.ceil(ms / 1000) * 1000);

function bolusText({ bolus, requested_ng, delivered_ng, uncertain_ng, left_ng }: PumpDelivery): string {
  if (bolus === BolusKind.none) return "none";
  const uncertain = uncertain_ng === 0 ? "" : `, ${doseText(uncertain_ng)} uncertain`;
  return `${nameOf(BOLUS_KIND_NAMES, bolus)}, ${doseText(delivered_ng)} of ${doseText(requested_ng)} confirmed${uncertain}, ${doseText(left_ng)} left`;
}

/** Rows of a name and a value; `caps` are those in force, where the role may know them. */
export function deliveryRows(found: PumpDelivery, caps?: Caps): readonly (readonly [name: string, value: string])[] {
  const { lockout_ms, patient_count, tip_concentration, plugs, bridge_left_pL, prime_left_pL, missed_hours, titration_step, titration_ms, given_1h_ng, given_24h_ng } = found;
  const of_cap = (cap_ng: number | undefined): string => (cap_ng === undefined ? "" : ` of ${doseText(cap_ng)}`);
  const bridge = bridge_left_pL === 0 ? "none" : `${exactVolumeText(bridge_left_pL)} left, ${plugs} ${plugs === 1 ? "drug" : "drugs"} on the way`;
  return [
    ["Bolus", bolusText(found)],
    ["Patient", `${patient_count} in 24 h, ${lockout_ms === 0 ? "no lockout" : `locked out for ${roughly(lockout_ms)}`}`],
    ["Drug at the tip", tip_concentration === 0 ? "none" : `${tip_concentration} ug/mL`],
    ["Bridge", bridge],
    ["Prime", prime_left_pL === 0 ? "none" : `${exactVolumeText(prime_left_pL)} left`],
    ["Titration", titration_step === 0 ? "none" : `step ${titration_step}, ${roughly(titration_ms)} of it delivered`],
    ["Counts in 1 h", `${doseText(given_1h_ng)}${of_cap(caps?.hour_ng)}`],
    ["Counts in 24 h", `${doseText(given_24h_ng)}${of_cap(caps?.day_ng)}`],
    ...(missed_hours === 0 ? [] : [["Without delivery", `${missed_hours} h`] as const]),
  ];
}
