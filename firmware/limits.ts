// Limits on a prescription: per drug, per day, against the day before.

import { Fault } from "../hal/faults";
import { RecordKind } from "../protocol/records";
import { ceilDiv } from "../protocol/integers";
import { Prescribe } from "../protocol/limits";
import { Needs } from "../protocol/service";
import { Mode } from "../protocol/states";
import { dayOfBoluses_ng, hourOfBoluses_ng, largestBolus_ng } from "./boluses";
import { defaultCap24h_ng } from "./caps";
import { worstOfWeek } from "./cursor";
import { largestDay } from "./forecast";
import { at } from "./list";
import { record } from "./log";
import { Limit } from "./parameters";
import { put, slot } from "./region";
import { contentHash } from "./staging";
import { C, Staged, W } from "./state";
import { permilleOf, scaleOf } from "./titration";
import type { Pump } from "./state";

/**
 * The daily dose is the largest sum of one wall-clock day, basal and boluses, at the first step of a titration plan. It is held against the hard maximum
 * at every step of the plan, and against the daily doses of the last 24 h: up against the lowest, down against the highest (LIMIT-3). The minimum rate is no daily
 * dose: what was accepted before it stays what a change is measured by. Nothing here is ever confirmed away but soft limits.
 */

/** Daily dose in ng, rounded up, at so many thousandths of the schedule; `checkLimits` has weighed the days. */
function dailyAt_ng(p: Pump, permille: number): number {
  return ceilDiv(p.w[W.staged_day] * permille, 1000 * Prescribe.minutes_per_day) + dayOfBoluses_ng(p, p.staged, 0);
}

/** The daily dose of what is staged. */
export function dailyStaged_ng(p: Pump): number {
  return p.staged[Staged.mode] === Mode.schedule ? dailyAt_ng(p, scaleOf(p, p.staged, 0, 0)) : 0;
}

const MINUTES_PER_HOUR = 60;

/** An entry of the daily doses that were in force before. */
const enum Before { dose = 0, hash = 1, until_ms = 2, size = 3, count = 4 }

function before(p: Pump, i: number, what: Before): number {
  return slot(p, C.dose_before + i * Before.size + what);
}

/** True if entry `i` was in force within the last 24 h. */
function isRecent(p: Pump, i: number): boolean {
  return before(p, i, Before.dose) !== 0 && p.w[W.now_ms] - before(p, i, Before.until_ms) <= Limit.history_ms;
}

/** The lowest or the highest daily dose of the last 24 h, the one in force among them; 0 if there never was one. */
export function extremeOfDay_ng(p: Pump, highest: boolean): number {
  let found = p.c[C.daily_ng];
  for (let i = 0; i < Before.count; i++) {
    if (!isRecent(p, i)) continue;
    found = highest ? Math.max(found, before(p, i, Before.dose)) : Math.min(found, before(p, i, Before.dose));
  }
  return found;
}

/** True if what is staged was in force within the last 24 h. */
function isReturn(p: Pump): boolean {
  const hash = contentHash(p);
  if (p.c[C.daily_hash] === hash) return true;
  for (let i = 0; i < Before.count; i++) {
    if (isRecent(p, i) && before(p, i, Before.hash) === hash) return true;
  }
  return false;
}

/** What a step from one daily dose to another needs; -1 if it is refused. */
function needsOf(dose: number, lowest: number, highest: number): number {
  if (dose * 1000 > lowest * Limit.up_max) return 0 - 1;
  if (dose * 1000 < highest * Limit.down_reason) return Needs.daily + Needs.reason;
  return dose * 1000 > lowest * Limit.up_soft || dose * 1000 < highest * Limit.down_soft ? Needs.daily : Needs.nothing;
}

/** The steps of a titration plan, each against the one before it. */
function needsOfPlan(p: Pump): number {
  const count = at(p.board, p.staged, Staged.titration_count);
  let needed = 0;
  for (let i = 1; i < count; i++) {
    const from = dailyAt_ng(p, permilleOf(at(p.board, p.staged, Staged.titration + i - 1)));
    const step = needsOf(dailyAt_ng(p, permilleOf(at(p.board, p.staged, Staged.titration + i))), from, from);
    if (step < 0) return step;
    needed = needed | step;
  }
  return needed;
}

/** What the commit of what is staged must carry: a sum of `Needs`; -1 if the change is refused. */
export function needs(p: Pump): number {
  if (p.staged[Staged.mode] !== Mode.schedule) return Needs.nothing;
  const bolus = largestBolus_ng(p, p.staged, 0) > Limit.bolus_ng_soft ? Needs.bolus : Needs.nothing;
  const plan = needsOfPlan(p);
  if (plan < 0) return plan;
  const lowest = extremeOfDay_ng(p, false);
  if (lowest === 0) return bolus | plan;
  const change = needsOf(dailyStaged_ng(p), lowest, extremeOfDay_ng(p, true));
  if (change === Needs.nothing) return bolus | plan;
  if (isReturn(p)) return bolus | plan | Needs.daily;
  return change < 0 ? change : bolus | plan | change;
}

/** ng/day x min of what is staged as ng, at the highest step of its plan. */
function highest_ng(p: Pump, dose: number): number {
  return ceilDiv(dose * scaleOf(p, p.staged, 0, 1), 1000 * Prescribe.minutes_per_day);
}

/** True if every weekday follows the same schedule: then any 24 h hold what a day does. */
function isDaily(p: Pump): boolean {
  for (let day = 1; day < 7; day++) {
    if (at(p.board, p.staged, Staged.week + day) !== at(p.board, p.staged, Staged.week)) return false;
  }
  return true;
}

/** An hour at the greatest rate, which is what most prescriptions have; gone through in full, which costs the chip some 30 ms, only where that is above the cap. */
function hourMax_ng(p: Pump, cap_ng: number): number {
  const boluses_ng = hourOfBoluses_ng(p, p.staged, 0);
  const most_ng = highest_ng(p, p.w[W.staged_rate] * MINUTES_PER_HOUR) + boluses_ng;
  return most_ng <= cap_ng ? most_ng : highest_ng(p, worstOfWeek(p, p.staged, 0, MINUTES_PER_HOUR)) + boluses_ng;
}

/** The same of a day. */
function dayMax_ng(p: Pump, cap_ng: number): number {
  const boluses_ng = dayOfBoluses_ng(p, p.staged, 0);
  const most = isDaily(p) ? p.w[W.staged_day] : p.w[W.staged_rate] * Prescribe.minutes_per_day;
  const most_ng = highest_ng(p, most) + boluses_ng;
  return most_ng <= cap_ng || isDaily(p) ? most_ng : highest_ng(p, worstOfWeek(p, p.staged, 0, Prescribe.minutes_per_day)) + boluses_ng;
}

/** The rolling caps: within their range, and not passed by basal and its boluses alone (LIMIT-2). */
function checkOwnCaps(p: Pump, daily_ng: number): Fault {
  const hour = at(p.board, p.staged, Staged.cap_1h_ng);
  const day = at(p.board, p.staged, Staged.cap_24h_ng);
  if (hour > Limit.cap_1h_ng_max || day > Limit.cap_24h_ng_max) return Fault.cap_out_of_range;
  const cap_1h_ng = hour === 0 ? Limit.cap_1h_ng : hour;
  p.w[W.staged_hour_ng] = hourMax_ng(p, cap_1h_ng);
  if (p.w[W.staged_hour_ng] > cap_1h_ng) return Fault.above_cap_1h;
  const cap_24h_ng = day === 0 ? defaultCap24h_ng(daily_ng) : day;
  p.w[W.staged_day_ng] = dayMax_ng(p, cap_24h_ng);
  return p.w[W.staged_day_ng] > cap_24h_ng ? Fault.above_cap_24h : Fault.ok;
}

/** Checks what is staged, a schedule whose form is good, against all limits. */
export function checkLimits(p: Pump): Fault {
  p.w[W.staged_day] = largestDay(p, p.staged, 0);
  const daily_ng = dailyStaged_ng(p);
  const most_ng = dailyAt_ng(p, scaleOf(p, p.staged, 0, 1));
  if (most_ng > Limit.daily_ng_max) return Fault.daily_dose_above_maximum;
  if (largestBolus_ng(p, p.staged, 0) > Limit.bolus_ng_max) return Fault.bolus_above_maximum;
  if (at(p.board, p.staged, Staged.patient_ng) * Limit.patient_share > daily_ng) return Fault.patient_bolus_out_of_range;
  if (p.c[C.daily_ng] === 0 && daily_ng > (p.c[C.previous_ng] === 0 ? Limit.first_ng_max : p.c[C.previous_ng])) return Fault.first_dose_above_maximum;
  p.w[W.staged_needs] = needs(p);
  if (p.w[W.staged_needs] < 0) return Fault.dose_step_too_large;
  return checkOwnCaps(p, daily_ng);
}

/** Whether a commit carries what is needed. Arguments: base version, hash, confirmed daily dose, confirmed bolus, reason. */
export function checkConfirmed(p: Pump, confirmed_ng: number, confirmed_bolus_ng: number, reason: number): Fault {
  if (p.staged[Staged.mode] !== Mode.schedule) return Fault.ok;
  const needed = needs(p);
  if ((needed & Needs.daily) !== 0 && confirmed_ng !== dailyStaged_ng(p)) return Fault.confirmation_needed;
  if ((needed & Needs.bolus) !== 0 && confirmed_bolus_ng !== largestBolus_ng(p, p.staged, 0)) return Fault.confirmation_needed;
  return (needed & Needs.reason) !== 0 && reason === 0 ? Fault.reason_needed : Fault.ok;
}

/** Which of the earlier ones gives its place to a new one: one that is over, or one that is neither the lowest nor the highest. */
function leastNeeded(p: Pump): number {
  let lowest = 0;
  let highest = 0;
  for (let i = 0; i < Before.count; i++) {
    if (!isRecent(p, i)) return i;
    if (before(p, i, Before.dose) < before(p, lowest, Before.dose)) lowest = i;
    if (before(p, i, Before.dose) >= before(p, highest, Before.dose)) highest = i;
  }
  for (let i = 0; i < Before.count; i++) {
    if (i === lowest || i === highest) continue;
    // What is forgotten lies between these two: they stand for it as long as it would have.
    put(p, C.dose_before + lowest * Before.size + Before.until_ms, Math.max(before(p, lowest, Before.until_ms), before(p, i, Before.until_ms)));
    put(p, C.dose_before + highest * Before.size + Before.until_ms, Math.max(before(p, highest, Before.until_ms), before(p, i, Before.until_ms)));
    return i;
  }
  return lowest;
}

/** Another daily dose is in force from now on. */
export function acceptDaily(p: Pump, daily_ng: number, hash: number): void {
  const c = p.c;
  if (daily_ng === c[C.daily_ng] && hash === c[C.daily_hash]) return;
  record(p, RecordKind.daily_dose, daily_ng, extremeOfDay_ng(p, true), extremeOfDay_ng(p, false));
  if (c[C.daily_ng] !== 0) {
    const place = C.dose_before + leastNeeded(p) * Before.size;
    put(p, place + Before.dose, c[C.daily_ng]);
    put(p, place + Before.hash, c[C.daily_hash]);
    put(p, place + Before.until_ms, p.w[W.now_ms]);
  }
  put(p, C.daily_ng, daily_ng);
  put(p, C.daily_hash, hash);
}

/** The plan has gone on to another step: its daily dose is in force. `earlier` and `present` are the scales, in thousandths; boluses are not scaled. */
export function scaleDaily(p: Pump, earlier: number, present: number): void {
  const boluses_ng = dayOfBoluses_ng(p, p.primary, C.mode);
  acceptDaily(p, ceilDiv((p.c[C.daily_ng] - boluses_ng) * present, earlier) + boluses_ng, p.c[C.daily_hash]);
}
