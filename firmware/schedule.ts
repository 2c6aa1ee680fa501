// Which step of the prescription is current, and when the next one begins.

import { Unit } from "../hal/units";
import { idiv, imod } from "../protocol/integers";
import { Prescribe } from "../protocol/limits";
import { RecordKind } from "../protocol/records";
import { Mode } from "../protocol/states";
import { record } from "./log";
import { Dose, Packed, Wall } from "./parameters";
import { put, slot } from "./region";
import { C, Pacing, W } from "./state";
import { scale } from "./titration";
import type { Pump } from "./state";

/**
 * A step is packed as key x 2^26 + rate, with key = schedule x 1440 + minute of day. Steps ascend, and each
 * schedule has one at minute 0; so the current step is the last one with a key up to now's, and a day never
 * looks back into the day before. Simple continuous is a schedule of one step.
 */

/**
 * Logs what was not delivered while the motor was off, and begins to count anew: when it comes on again, and
 * when the pacing changes meanwhile, since ng and nL do not add up.
 */
export function logMissed(p: Pump): void {
  const c = p.c;
  const now_ms = p.w[W.now_ms];
  if (c[C.missed] > 0) record(p, RecordKind.not_delivered, c[C.missed], now_ms - c[C.missed_from_ms], c[C.pacing]);
  put(p, C.missed, 0);
  put(p, C.missed_rest, 0);
  put(p, C.missed_from_ms, now_ms);
}

/** The rate changes at `at_ms`: a stretch of zero that the motor would have delivered was no loss of delivery (tolerance.ts), from the last pulse of a bolus in it on. Before the new one is set. */
function leaveRate(p: Pump, at_ms: number): void {
  const c = p.c;
  if (c[C.pacing] === Pacing.dose && c[C.rate] === 0 && c[C.motor_on] === 1 && c[C.fed_ms] !== 0) put(p, C.fed_ms, c[C.fed_ms] + Math.max(0, at_ms - Math.max(c[C.zero_from_ms], c[C.fed_ms])));
  put(p, C.zero_from_ms, at_ms);
}

function pace(p: Pump, pacing: Pacing, rate: number, at_ms: number): void {
  const c = p.c;
  if (c[C.pacing] === pacing && c[C.rate] === rate) return;
  leaveRate(p, at_ms);
  if (c[C.pacing] !== pacing) logMissed(p);
  put(p, C.pacing, pacing);
  put(p, C.rate, rate);
  p.w[W.repaced] = 1;
  record(p, RecordKind.segment, pacing === Pacing.volume ? Mode.minimum_rate : Mode.schedule, rate, c[C.version]);
}

/** Paces at the minimum rate, by volume: it needs neither a prescription nor a concentration. */
export function paceMinimum(p: Pump): void {
  put(p, C.next_step_ms, 0);
  pace(p, Pacing.volume, Dose.minimum_nL_per_day, p.c[C.accrued_ms]);
}

/** Takes up the step of the prescription that is current at pump time `at_ms`, and finds the next one. */
export function takeStep(p: Pump, at_ms: number): void {
  const c = p.c;
  if (c[C.mode] !== Mode.schedule) {
    paceMinimum(p);
    return;
  }
  const wall_ms = at_ms + c[C.wall_offset_ms];
  const day = idiv(wall_ms, Unit.ms_per_day);
  const midnight_ms = day * Unit.ms_per_day;
  const schedule = slot(p, C.week + imod(day + Wall.epoch_weekday, 7));
  const first_key = schedule * Prescribe.minutes_per_day;
  const key = first_key + idiv(wall_ms - midnight_ms, Unit.ms_per_minute);
  const end = C.step + c[C.step_count];
  let rate = 0;
  let next_minute: number = Prescribe.minutes_per_day;
  for (let i: number = C.step; i < end; i++) {
    const packed = slot(p, i);
    const step_key = idiv(packed, Packed.rate_span);
    if (step_key > key) {
      next_minute = Math.min(next_minute, step_key - first_key);
      break;
    }
    rate = imod(packed, Packed.rate_span);
  }
  rate = idiv(rate * scale(p), 1000);
  put(p, C.next_step_ms, midnight_ms + next_minute * Unit.ms_per_minute - c[C.wall_offset_ms]);
  pace(p, Pacing.dose, rate, at_ms);
}
