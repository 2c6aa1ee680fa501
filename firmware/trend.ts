// The trend of stalls: three in 30 days are an early warning.

import { Alarm } from "../protocol/alarms";
import { clear, isActive, raise } from "./alarms";
import { Trend } from "./parameters";
import { put } from "./region";
import { C, W } from "./state";
import type { Pump } from "./state";

/**
 * MOTOR-5. The pump times at which the last three stalls began, however each ended. The warning is active while the
 * oldest of them is less than 30 days old: its cause is that there were three, so it goes when that is no longer so
 * (ALARM-3), and a further stall keeps it. To acknowledge it silences it until its next interval, as with any other.
 */

/** When the oldest of the last three stalls is 30 days old; 0 if there were not three. */
function over_ms(p: Pump): number {
  const oldest_ms = p.c[C.stall_oldest_ms];
  return oldest_ms === 0 ? 0 : oldest_ms + Trend.window_ms;
}

/** Ends the warning when its time has come. */
export function runTrend(p: Pump): void {
  if (isActive(p, Alarm.stall_trend) && p.w[W.now_ms] >= over_ms(p)) clear(p, Alarm.stall_trend);
}

/** A stall has begun. */
export function noteStall(p: Pump): void {
  const c = p.c;
  put(p, C.stall_oldest_ms, c[C.stall_middle_ms]);
  put(p, C.stall_middle_ms, c[C.stall_newest_ms]);
  put(p, C.stall_newest_ms, p.w[W.now_ms]);
  if (p.w[W.now_ms] < over_ms(p)) raise(p, Alarm.stall_trend, Trend.stalls);
}

/** When the warning ends, 0 while it is not active. */
export function trend_ms(p: Pump): number {
  return isActive(p, Alarm.stall_trend) ? over_ms(p) : 0;
}
