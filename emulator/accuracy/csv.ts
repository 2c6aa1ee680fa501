// The figures as CSV: a row for each rate and observation window.

import { Unit } from "../../hal/units";
import type { RateAccuracy, WindowAccuracy } from "./accuracy";
import { percentOf } from "./text";

type Cell = string | number;

/** What a row holds, in order. Volumes are whole pL, percentages exact to four decimals, against the set rate. */
const COLUMNS: readonly { readonly name: string; readonly of: (rate: RateAccuracy, window: WindowAccuracy) => Cell }[] = [
  { name: "rate", of: ({ rate }) => rate.text },
  { name: "flow_nL_per_day", of: ({ rate: { flow } }) => Math.round(flow.pL / flow.days) / 1000 },
  { name: "analysis_min", of: ({ analysis_us }) => minutesOf(analysis_us) },
  { name: "pulses", of: ({ pulses }) => pulses },
  { name: "requested_pL", of: (of) => of.requested_pL },
  { name: "delivered_pL", of: ({ mean }) => mean.delivered_pL },
  { name: "mean_error_percent", of: ({ mean }) => percentOf(mean.deviation_ppm) },
  { name: "window_min", of: (_, { window_us }) => minutesOf(window_us) },
  { name: "window_requested_pL", of: (_, window) => window.requested_pL },
  { name: "window_max_pL", of: (_, { max }) => max.delivered_pL },
  { name: "window_min_pL", of: (_, { min }) => min.delivered_pL },
  { name: "max_percent", of: (_, { max }) => percentOf(max.deviation_ppm) },
  { name: "min_percent", of: (_, { min }) => percentOf(min.deviation_ppm) },
  { name: "floor_max_percent", of: (_, { floor_max }) => percentOf(floor_max.deviation_ppm) },
  { name: "floor_min_percent", of: (_, { floor_min }) => percentOf(floor_min.deviation_ppm) },
  { name: "one_pulse_percent", of: (_, { one_pulse_ppm }) => percentOf(one_pulse_ppm) },
];

function minutesOf(us: number): number {
  return us / (Unit.ms_per_minute * 1000);
}

/** Quoted where a comma would part it (RFC 4180). */
function cellText(cell: Cell): string {
  const text = String(cell);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The whole file, with its line of names. */
export function accuracyCsv(rates: readonly RateAccuracy[]): string {
  const rows = rates.flatMap((rate) => rate.windows.map((window) => COLUMNS.map(({ of }) => cellText(of(rate, window)))));
  return [COLUMNS.map(({ name }) => name), ...rows].map((row) => `${row.join(",")}\n`).join("");
}
