// Tolerance: after 48 h without delivery the full rate must be confirmed.

import { Unit } from "../hal/units";
import { Alarm } from "../protocol/alarms";
import { idiv } from "../protocol/integers";
import { RecordKind } from "../protocol/records";
import { State } from "../protocol/states";
import { isActive, raise } from "./alarms";
import { record } from "./log";
import { Event, legal, transition } from "./machine";
import { Tolerance } from "./parameters";
import { put } from "./region";
import { C, W } from "./state";
import type { Pump } from "./state";

/**
 * Who has gone without baclofen for two days may have lost the tolerance for the dose of before: delivery comes back at the minimum rate, with a critical alarm,
 * until a clinician confirms the full rate by the hours that were missed (DOSE-9). `C.fed_ms` is the instant up to which delivery was not missing: the last
 * confirmed pulse, moved on by steps of zero, which are prescribed.
 */

/** True if delivery has been missing for so long, and was ever there. */
export function isLost(p: Pump): boolean {
  return p.c[C.fed_ms] !== 0 && p.w[W.now_ms] - p.c[C.fed_ms] >= Tolerance.lost_ms;
}

/** Whole hours since delivery was there last. */
export function missedHours(p: Pump): number {
  if (isActive(p, Alarm.not_delivering)) return p.c[C.lost_hours];
  return p.c[C.fed_ms] === 0 ? 0 : idiv(p.w[W.now_ms] - p.c[C.fed_ms], Unit.ms_per_hour);
}

/** Falls back to the minimum rate, at a pulse boundary. */
export function loseTolerance(p: Pump): void {
  put(p, C.lost_hours, idiv(p.w[W.now_ms] - p.c[C.fed_ms], Unit.ms_per_hour));
  put(p, C.fed_ms, p.w[W.now_ms]);
  record(p, RecordKind.tolerance_lost, p.c[C.lost_hours], 0, 0);
  raise(p, Alarm.not_delivering, p.c[C.lost_hours]);
  transition(p, Event.tolerance_lost);
}

/** The motor goes on again, by `event`: at the minimum rate after too long, and as long as nobody confirmed the full rate since, whatever came in between. */
export function comeBack(p: Pump, event: Event): void {
  if (isLost(p)) loseTolerance(p);
  else transition(p, isActive(p, Alarm.not_delivering) ? Event.tolerance_lost : event);
}

/** A pulse was confirmed: delivery is there, or comes back after too long. */
export function fed(p: Pump): void {
  const therapy = p.c[C.state] === State.therapy || p.c[C.state] === State.safe_minimum;
  if (therapy && isLost(p) && legal(p, Event.tolerance_lost)) loseTolerance(p);
  else if (therapy) put(p, C.fed_ms, p.w[W.now_ms]);
}
