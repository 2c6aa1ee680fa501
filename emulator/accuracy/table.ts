// The figures of a rate as a table for the terminal.

import type { Paint } from "../report/paint";
import type { OverLimit, RateAccuracy, WindowAccuracy } from "./accuracy";
import type { BolusAccuracy } from "./bolus";
import { percentText, volumeText, windowText } from "./text";

const headings = [
  ["window", "requested", "max", "min", "floor max", "floor min", "one pulse"],
  ["", "", "%", "%", "%", "%", "+/- %"],
];

/** A mark at each deviation that is over the limit, where there is one. */
function cells(of: WindowAccuracy, over: readonly OverLimit[]): readonly string[] {
  const marked = (which: "max" | "min"): string =>
    percentText(of[which].deviation_ppm) + (over.length === 0 ? "" : over.some((each) => each.window_us === of.window_us && each.which === which) ? " !" : "  ");
  return [
    windowText(of.window_us), volumeText(of.requested_pL), marked("max"), marked("min"),
    percentText(of.floor_max.deviation_ppm), percentText(of.floor_min.deviation_ppm), percentText(of.one_pulse_ppm).replace("+", ""),
  ];
}

/** Each column as wide as its widest cell, which is on the right. */
function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, at) => cell.padStart(widths[at] ?? 0)).join("  ")}`);
}

/** One rate: what it came to on the whole, then the trumpet curve window by window, with what is `over` the limit marked. */
export function accuracyTable({ rate, pulses, requested_pL, mean, windows }: RateAccuracy, over: readonly OverLimit[], paint: Paint): string {
  const [first = "", second = "", ...rows] = aligned([...headings, ...windows.map((window) => cells(window, over))]);
  const whole = `  mean flow error ${percentText(mean.deviation_ppm)} %: ${volumeText(mean.delivered_pL)} delivered of ${volumeText(requested_pL)}, by ${pulses} pulses`;
  return `${[paint("bold", rate.text), whole, ...(windows.length === 0 ? [] : [paint("dim", first), paint("dim", second), ...rows])].join("\n")}\n`;
}

/** The test of 25 boluses, in two lines. */
export function bolusText({ count, requested_pL, mean, max, min }: BolusAccuracy): string {
  return `  ${count} boluses of ${volumeText(requested_pL)}: mean ${percentText(mean.deviation_ppm)} %, max ${percentText(max.deviation_ppm)} %, min ${percentText(min.deviation_ppm)} %\n`;
}

/** What is over the limit, in a line; a limit that a perfect pump of this pulse could not keep either is said to be one. */
export function overText(over: readonly OverLimit[], limit_ppm: number): string {
  const mean = over.find(({ which }) => which === "mean");
  const points = over.filter(({ which }) => which !== "mean");
  const hopeless = points.filter(({ floor_ppm }) => Math.abs(floor_ppm) > limit_ppm).map(({ window_us }) => windowText(window_us));
  const parts = [
    ...(mean === undefined ? [] : [`mean flow error ${percentText(mean.deviation_ppm)} %`]),
    ...(points.length === 0 ? [] : [`${points.length} ${points.length === 1 ? "deviation" : "deviations"} marked !`]),
    ...(hopeless.length === 0 ? [] : [`at ${[...new Set(hopeless)].join(", ")} the floor is over it too`]),
  ];
  return `  over the limit of ${percentText(limit_ppm).replace("+", "")} %: ${parts.join("; ")}`;
}

/** What the columns mean: once, below all tables. */
export const TABLE_NOTES = `window: observation window; max and min: the most and the least delivered in any window of that length, against the set rate
floor: what a perfect pump of this pulse shows, its pulses at exactly equal intervals; one pulse: a pulse as a share of the window
`;
