// The figures as text: how a percentage, a window and a volume are written.

import { Unit } from "../../hal/units";
import { decimalText } from "../../protocol/wand/text/wall";

/** Decimals that tables and messages show; JSON and CSV have four, which is all there are. */
const percent_decimals = 3;

/** "+5.600", without a sign where it is 0: millionths as percent, rounded to three decimals, a half away from 0. */
export function percentText(ppm: number): string {
  const thousandths = Math.sign(ppm) * Math.floor((Math.abs(ppm) + 5) / 10);
  const padded = String(Math.abs(thousandths)).padStart(percent_decimals + 1, "0");
  const sign = thousandths > 0 ? "+" : thousandths < 0 ? "-" : "";
  return `${sign}${padded.slice(0, -percent_decimals)}.${padded.slice(-percent_decimals)}`;
}

/** Millionths as a number of percent, exact to its four decimals. */
export function percentOf(ppm: number): number {
  return ppm / 10_000;
}

/** "15 min", "24 h", "7 d": minutes up to a day, and then the largest unit that is whole. */
export function windowText(window_us: number): string {
  const minutes = window_us / (Unit.ms_per_minute * 1000);
  if (minutes >= 2880 && minutes % 1440 === 0) return `${minutes / 1440} d`;
  if (minutes >= 1440 && minutes % 60 === 0) return `${minutes / 60} h`;
  return `${decimalText(Math.round(minutes * 1000), 3)} min`;
}

/** "2.604 uL" or "7.5 mL": three decimals at most below 1 mL, six above. */
export function volumeText(volume_pL: number): string {
  const nL = Math.round(volume_pL / 1000);
  return Math.abs(nL) < 1_000_000 ? `${decimalText(nL, 3)} uL` : `${decimalText(nL, 6)} mL`;
}
