// A titration plan: the schedule scaled, step by step, by therapy delivered.

import { Alarm } from "../protocol/alarms";
import { RecordKind } from "../protocol/records";
import { idiv, imod } from "../protocol/integers";
import { State } from "../protocol/states";
import { Unit } from "../hal/units";
import { raise } from "./alarms";
import { at } from "./list";
import { mark, record } from "./log";
import { Timed } from "./parameters";
import { put, slot } from "./region";
import { C, Dirty, Staged, W } from "./state";
import type { Pump } from "./state";

/**
 * Each step scales the rates of the schedule by so many thousandths, for so many days of therapy that were actually delivered: the motor on, not stalled, in
 * therapy. At the end of the last one it holds there, with an alarm that asks for a check-up, until a new prescription (DOSE-3).
 */

export function permilleOf(packed: number): number {
  return idiv(packed, Timed.days_span);
}

export function daysOf(packed: number): number {
  return imod(packed, Timed.days_span);
}

/** In thousandths: what the rates of the schedule in force are scaled by now. */
export function scale(p: Pump): number {
  const step = p.c[C.titration_step];
  return step === 0 ? 1000 : permilleOf(slot(p, C.titration + step - 1));
}

/** The largest scale of the next 48 h: a step lasts a day at least. */
export function scaleAhead(p: Pump): number {
  let largest = scale(p);
  const step = p.c[C.titration_step];
  for (let i = step; i < Math.min(step + 2, p.c[C.titration_count]); i++) largest = Math.max(largest, permilleOf(slot(p, C.titration + i)));
  return largest;
}

/** The largest or the least scale of a prescription, in either place; the first one's where `which` is 0. */
export function scaleOf(p: Pump, list: readonly number[], first: number, which: number): number {
  const count = at(p.board, list, first + Staged.titration_count);
  if (count === 0) return 1000;
  let found = permilleOf(at(p.board, list, first + Staged.titration));
  for (let i = 1; i < count; i++) {
    const permille = permilleOf(at(p.board, list, first + Staged.titration + i));
    if (which > 0) found = Math.max(found, permille);
    if (which < 0) found = Math.min(found, permille);
  }
  return found;
}

/** A new prescription: its plan, if it has one, begins. */
export function beginTitration(p: Pump): void {
  put(p, C.titration_step, p.c[C.titration_count] > 0 ? 1 : 0);
  put(p, C.titration_ms, 0);
  put(p, C.titration_counted_ms, p.w[W.now_ms]);
}

function delivers(p: Pump): boolean {
  return p.c[C.state] === State.therapy && p.c[C.motor_on] === 1 && p.c[C.stalled] === 0;
}

/** How much of the present step is still to be delivered. */
function left_ms(p: Pump): number {
  const step = p.c[C.titration_step];
  return Math.max(0, daysOf(slot(p, C.titration + step - 1)) * Unit.ms_per_day - p.c[C.titration_ms]);
}

/** Counts the time since the last entry, if it was therapy delivered. Before anything of this entry is done. */
export function countTitration(p: Pump): void {
  if (p.c[C.titration_step] === 0) return;
  const now_ms = p.w[W.now_ms];
  if (delivers(p)) put(p, C.titration_ms, p.c[C.titration_ms] + now_ms - p.c[C.titration_counted_ms]);
  put(p, C.titration_counted_ms, now_ms);
}

/** True if the present step is over and another follows, which has been taken up: the schedule must be looked at again. */
export function turnTitration(p: Pump): boolean {
  const c = p.c;
  const step = c[C.titration_step];
  if (step === 0 || left_ms(p) > 0) return false;
  if (step >= c[C.titration_count]) {
    raise(p, Alarm.titration_ended, step);
    return false;
  }
  put(p, C.titration_step, step + 1);
  put(p, C.titration_ms, 0);
  record(p, RecordKind.titration, step + 1, scale(p), 0);
  mark(p, Dirty.saved);
  return true;
}

/** When the present step is over, if delivery goes on; 0 if it does not, or if there is nothing after it. */
export function titration_ms(p: Pump): number {
  if (p.c[C.titration_step] === 0 || !delivers(p)) return 0;
  const left = left_ms(p);
  return left === 0 ? 0 : p.w[W.now_ms] + left;
}
