// What a tether has measured, in words.

import type { Tether } from "../../hal/serial/tether";
import type { TetherMeasures } from "./brain";

const ms = (us: number): string => (Math.round(us / 10) / 100).toFixed(2);

/** One line: the clocks' error as it is stated and as it truly was, and how late the motor was. */
export function figuresText({ alignment, figures }: Pick<Tether, "alignment" | "figures">, measures?: TetherMeasures): string {
  const late_us = measures === undefined ? [] : [...measures.late_us].sort((a, b) => a - b);
  const late = late_us.length === 0 ? "" : `; steps ${ms(late_us[late_us.length >> 1]!)} ms after their instant at the median, ${ms(late_us.at(-1)!)} ms at most`;
  const truth = measures === undefined || late_us.length === 0 ? "" : ` (in truth ${ms(measures.align_us_max)} ms)`;
  const again = figures.lost === 0 ? "" : `; the line was lost ${figures.lost} times, ${figures.edges_recovered} edges came by repetition, ${figures.edges_lost} never`;
  return `tether: clocks aligned to +/- ${ms(alignment.error_us_max)} ms${truth}, round trips ${ms(figures.round_trip_us_min)} to ${ms(figures.round_trip_us_max)} ms besides the bytes' own time${late}${again}`;
}
