// The alarm queue: which conditions are active, which one sounds, when.

import { Fault } from "../hal/faults";
import { Tone } from "../hal/sounder";
import { Alarm, Alarms } from "../protocol/alarms";
import { idiv } from "../protocol/integers";
import { RecordKind } from "../protocol/records";
import { State } from "../protocol/states";
import { at } from "./list";
import { mark, record } from "./log";
import { Sound } from "./parameters";
import { put } from "./region";
import { C, Dirty, Tones, W } from "./state";
import type { Pump } from "./state";

/**
 * An alarm's number is its priority. Of the active ones that are not silenced the smallest sounds; the others
 * wait, and come back when it ends or is silenced. Each keeps its own next tone: intervals run from start to
 * start, and one whose tone came due while it waited sounds as soon as it is its turn (ALARM-3).
 */

/** 2^alarm: its bit in `C.alarms`. Alarm numbers stay below 31. */
function bit(alarm: number): number {
  return 1 << alarm;
}

/** Something about the alarms has changed: the next tone, and what the programmer knows. */
function moved(p: Pump): void {
  put(p, C.alarm_changes, p.c[C.alarm_changes] + 1);
  p.w[W.alarms_moved] = 1;
  p.w[W.hint] = 1;
}

export function isActive(p: Pump, alarm: Alarm): boolean {
  return (p.c[C.alarms] & bit(alarm)) !== 0;
}

function isCritical(alarm: number): boolean {
  return alarm <= Alarms.last_critical;
}

function interval_ms(p: Pump, alarm: number): number {
  return isCritical(alarm) ? p.c[C.critical_interval_ms] : p.c[C.other_interval_ms];
}

/** Makes an alarm active; `value` is what raised it, for the log. One that is active already is left alone. */
export function raise(p: Pump, alarm: Alarm, value: number): void {
  if (isActive(p, alarm)) return;
  put(p, C.alarms, p.c[C.alarms] + bit(alarm));
  p.tones[Tones.due_ms + alarm] = p.w[W.now_ms];
  p.tones[Tones.silent_ms + alarm] = p.w[W.now_ms];
  p.tones[Tones.silenced_ms + alarm] = 0;
  moved(p);
  record(p, RecordKind.alarm_on, alarm, value, 0);
  mark(p, Dirty.saved);
}

/** Ends an alarm, because its cause has gone. */
export function clear(p: Pump, alarm: Alarm): void {
  if (!isActive(p, alarm)) return;
  put(p, C.alarms, p.c[C.alarms] - bit(alarm));
  moved(p);
  record(p, RecordKind.alarm_off, alarm, 0, 0);
  mark(p, Dirty.saved);
}

/** Raises or ends an alarm as its condition says. */
export function follow(p: Pump, alarm: Alarm, active: boolean, value: number): void {
  if (active) raise(p, alarm, value);
  else clear(p, alarm);
}

/** After a reset: every active alarm is due at once. */
export function reviveAlarms(p: Pump): void {
  for (let alarm = 1; alarm <= Alarms.last; alarm++) p.tones[Tones.due_ms + alarm] = p.w[W.now_ms];
  p.w[W.alarms_moved] = 1;
}

function sound(p: Pump, alarm: number): void {
  const duration_ms = isCritical(alarm) ? Sound.critical_ms : Sound.other_ms;
  p.board.sounder.sound(isCritical(alarm) ? Tone.two_tone : Tone.single, duration_ms);
  put(p, C.tone_ms, p.c[C.tone_ms] + duration_ms);
}

/**
 * Sounds what is due and finds the next instant, if that has come or the alarms have changed; on the shelf nothing
 * sounds.
 */
export function runAlarms(p: Pump): void {
  const now_ms = p.w[W.now_ms];
  const come = p.w[W.alarm_next_ms] !== 0 && p.w[W.alarm_next_ms] <= now_ms;
  if (p.w[W.alarms_moved] === 0 && !come) return;
  p.w[W.alarms_moved] = 0;
  p.w[W.alarm_next_ms] = 0;
  if (p.c[C.state] === State.shelf) return;
  let next_ms = 0;
  for (let alarm = 1; alarm <= Alarms.last; alarm++) {
    if ((p.c[C.alarms] & bit(alarm)) === 0) continue;
    const silent_ms = at(p.board, p.tones, Tones.silent_ms + alarm);
    if (silent_ms > now_ms) {
      if (next_ms === 0 || silent_ms < next_ms) next_ms = silent_ms;
      continue;
    }
    let due_ms = at(p.board, p.tones, Tones.due_ms + alarm);
    if (due_ms <= now_ms) {
      sound(p, alarm);
      due_ms = now_ms + interval_ms(p, alarm);
      p.tones[Tones.due_ms + alarm] = due_ms;
    }
    if (next_ms === 0 || due_ms < next_ms) next_ms = due_ms;
    break;
  }
  p.w[W.alarm_next_ms] = next_ms;
}

/**
 * Acknowledges one alarm: silent until its next interval, or for `silence_ms` on request, which only a critical
 * one may have, and at most 2 h in all. It stays active.
 */
export function checkAcknowledge(p: Pump, alarm: number, silence_ms: number): Fault {
  if (alarm < 1 || alarm > Alarms.last) return Fault.malformed;
  if (!isActive(p, alarm)) return Fault.alarm_not_active;
  if (silence_ms === 0) return Fault.ok;
  if (!isCritical(alarm)) return Fault.silence_too_long;
  if (at(p.board, p.tones, Tones.silenced_ms + alarm) + silence_ms > Sound.silence_ms_max) return Fault.silence_too_long;
  return Fault.ok;
}

/** Does what `checkAcknowledge` has allowed. An alarm of something that is over already ends with it; one that a clinician must look into, with his. */
export function acknowledge(p: Pump, alarm: number, silence_ms: number, by_clinician: boolean): void {
  const now_ms = p.w[W.now_ms];
  const due_ms = at(p.board, p.tones, Tones.due_ms + alarm);
  const next_ms = due_ms > now_ms ? due_ms : now_ms + interval_ms(p, alarm);
  const until_ms = Math.max(next_ms, now_ms + silence_ms);
  p.tones[Tones.silenced_ms + alarm] = at(p.board, p.tones, Tones.silenced_ms + alarm) + silence_ms;
  p.tones[Tones.silent_ms + alarm] = until_ms;
  p.tones[Tones.due_ms + alarm] = until_ms;
  moved(p);
  record(p, RecordKind.acknowledged, alarm, until_ms - now_ms, 0);
  mark(p, Dirty.saved);
  if (alarm === Alarm.memory_corrected) clear(p, alarm);
  if (alarm === Alarm.refill_discrepancy && by_clinician) clear(p, alarm);
}

/** Sounds a tone once, so that it can be heard: no alarm is touched. */
export function testTone(p: Pump, critical: boolean): void {
  sound(p, critical ? Alarms.last_critical : Alarms.last);
  record(p, RecordKind.tone_tested, critical ? 1 : 0, 0, 0);
}

/** Deadline of the alarms of a stop: the next of 1 h and 48 h that has not come, 0 if none. */
export function stopAlarm_ms(p: Pump): number {
  if (p.c[C.state] !== State.stopped) return 0;
  if (!isActive(p, Alarm.stopped_1h)) return p.c[C.stopped_ms] + Sound.stopped_ms;
  if (!isActive(p, Alarm.stopped_48h)) return p.c[C.stopped_ms] + Sound.stopped_critical_ms;
  return 0;
}

/** Raises the alarms of a stop that have come due: both, if the pump was away meanwhile. */
export function runStopAlarms(p: Pump): void {
  const now_ms = p.w[W.now_ms];
  while (stopAlarm_ms(p) !== 0 && stopAlarm_ms(p) <= now_ms) {
    const alarm = isActive(p, Alarm.stopped_1h) ? Alarm.stopped_48h : Alarm.stopped_1h;
    raise(p, alarm, idiv(now_ms - p.c[C.stopped_ms], Sound.stopped_ms));
  }
}
