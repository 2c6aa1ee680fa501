// Doses, rates and volumes as people read them.

import { Mode } from "../../states";
import { decimalText } from "./wall";

/** "275 ug" of nanograms, exact. */
export function doseText(dose_ng: number): string {
  return `${decimalText(dose_ng, 3)} ug`;
}

/** "17.75 mL" of nanolitres, exact. */
export function volumeText(volume_nL: number): string {
  return `${decimalText(volume_nL, 6)} mL`;
}

/** "17.75 mL" of picolitres, to the nanolitre below. */
export function exactVolumeText(volume_pL: number): string {
  return volumeText(Math.floor(volume_pL / 1000));
}

/** A basal rate: ng/day as "350 ug/day", or at the minimum rate nL/day as "0.006 mL/day". */
export function basalText(mode: Mode, rate: number): string {
  return mode === Mode.minimum_rate ? `${volumeText(rate)}/day` : `${doseText(rate)}/day`;
}

/** The volume that holds a dose, in nL, rounded up as the pump's review does: ng over ng/uL are uL. */
export function volumeOf(dose_ng: number, concentration: number): number {
  return Math.ceil((dose_ng * 1000) / concentration);
}

/** What a dose rate flows at a concentration: "0.175 mL/day", to the nanolitre. */
export function flowText(rate_ng_per_day: number, concentration: number): string {
  return `${volumeText(volumeOf(rate_ng_per_day, concentration))}/day`;
}

/** How far `now` is from `before`, in tenths of a percent: "+12.5 %". Rounded away from zero, so that no change looks smaller than it is. */
export function changeText(before: number, now: number): string {
  if (before === now) return "no change";
  if (before === 0) return "new";
  const tenths = Math.ceil((Math.abs(now - before) * 1000) / before);
  return `${now > before ? "+" : "-"}${decimalText(tenths, 1)} %`;
}

/** "1.5 mAh" of nanocoulombs; 1 mAh is 3.6 C. */
export function chargeText(charge_nC: number): string {
  return `${decimalText(Math.round(charge_nC / 3_600_000), 3)} mAh`;
}

/** "3.1 V" of millivolts. */
export function voltageText(voltage_mV: number): string {
  return `${decimalText(voltage_mV, 3)} V`;
}
