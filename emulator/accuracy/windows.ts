// Observation windows: the most and the least delivered in any of one length.

import { Unit } from "../../hal/units";

/** What was delivered in the analysis period, pulse by pulse in the order of time. */
export interface Train {
  /** True time from the beginning of the analysis period, in us: integers from 0, below `length_us`. */
  readonly at_us: readonly number[];
  readonly volume_pL: readonly number[];
  /** Length of the analysis period. */
  readonly length_us: number;
}

/** What the windows of one length hold at most and at least. */
export interface Extremes {
  readonly max_pL: number;
  readonly min_pL: number;
}

const US_PER_MINUTE = Unit.ms_per_minute * 1000;

/** In minutes: those of IEC 60601-2-24 for pumps that are worn, and for an implant a day and a week. */
export const WINDOWS_US: readonly number[] = [15, 60, 150, 330, 570, 930, 24 * 60, 7 * 24 * 60].map((minutes) => minutes * US_PER_MINUTE);

/**
 * Over all windows of one length that lie within the analysis period, exactly. A window holds its first instant and not its last, so that windows side by
 * side count each pulse once. As the window slides, what it holds changes only just after a pulse has left and when one enters, and between two
 * changes it is the same: so it is weighed once after each change. All times being whole us, a start between two of them holds what the next one does.
 */
export function extremes({ at_us, volume_pL, length_us }: Train, window_us: number): Extremes {
  if (!Number.isSafeInteger(window_us) || window_us <= 0 || window_us > length_us) throw new Error(`no window of ${window_us} us lies in ${length_us} us`);
  const count = at_us.length;
  /** The first pulse that has not left, and the first that has not entered. */
  let first = 0;
  let next = 0;
  let held = 0;
  let max_pL = 0;
  let min_pL = Infinity;
  for (let start_us = 0; start_us <= length_us - window_us;) {
    while (next < count && at_us[next]! < start_us + window_us) held += volume_pL[next++]!;
    while (first < count && at_us[first]! < start_us) held -= volume_pL[first++]!;
    if (held > max_pL) max_pL = held;
    if (held < min_pL) min_pL = held;
    const leaves_us = first < count ? at_us[first]! + 1 : Infinity;
    const enters_us = next < count ? at_us[next]! - window_us + 1 : Infinity;
    start_us = Math.min(leaves_us, enters_us);
  }
  return { max_pL, min_pL };
}
