// The trend of stalls: three in 30 days are an early warning.

import { Unit } from "../hal/units";
import { Alarm } from "../protocol/alarms";
import { idiv, imod } from "../protocol/integers";
import { clear, isActive, raise } from "./alarms";
import { Trend } from "./parameters";
import { put } from "./region";
import { C, W } from "./state";
import type { Pump } from "./state";

/**
 * MOTOR-5. The pump times at which the last three stalls began, however each ended, in whole minutes that
 * count from 1: enough for a trend, and two of them in one slot. The warning is active while the oldest is less than 30 days old: its cause is that there were three, so it goes when that
 * is no longer so (ALARM-3), and a further stall keeps it. To acknowledge it silences it until its next interval, as with any other.
 */

/** When the oldest of the last three stalls is 30 days old; 0 if there were not three. */
function over_ms(p: Pump): number {
  const oldest = idiv(p.c[C.stalls_before], Trend.span);
  return oldest === 0 ? 0 : (oldest - 1 + Trend.window_minutes) * Unit.ms_per_minute;
}

/** Ends the warning when its time has come. */
export function runTrend(p: Pump): void {
  if (isActive(p, Alarm.stall_trend) && p.w[W.now_ms] >= over_ms(p)) clear(p, Alarm.stall_trend);
}

/** A stall has begun. */
export function noteStall(p: Pump): void {
  const c = p.c;
  put(p, C.stalls_before, imod(c[C.stalls_before], Trend.span) * Trend.span + c[C.stall_last]);
  put(p, C.stall_last, idiv(p.w[W.now_ms], Unit.ms_per_minute) + 1);
  if (p.w[W.now_ms] < over_ms(p)) raise(p, Alarm.stall_trend, Trend.stalls);
}

/** When the warning ends, 0 while it is not active. */
export function trend_ms(p: Pump): number {
  return isActive(p, Alarm.stall_trend) ? over_ms(p) : 0;
}
