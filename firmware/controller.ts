// The dosing controller: its entry points, and the order of what they do.

import { ResetCause, Source } from "../hal/controller";
import { Fault } from "../hal/faults";
import { MotorResult } from "../hal/motor";
import { Panic } from "../hal/panic";
import { Alarm } from "../protocol/alarms";
import { BolusEnd, RecordKind } from "../protocol/records";
import { advance, assertNotOverdue, bolusEnd_ms, nextPulse_ms } from "./accrual";
import { clear, isActive, raise, runAlarms, runStopAlarms, stopAlarm_ms } from "./alarms";
import { battery_ms, checkBattery, supplySample } from "./battery";
import { bootPump } from "./boot";
import { interrupt } from "./interrupt";
import { flush, mark, record } from "./log";
import { scaleDaily } from "./limits";
import { drive_ms, rotorEdge, runDrive } from "./motion";
import { Upkeep } from "./parameters";
import { firePulse, giveUpPulse, giveUp_ms, motorResult } from "./pulses";
import { checkRegion } from "./recovery";
import { put } from "./region";
import { releaseReply } from "./reply";
import { link_ms, received, releaseKey, runHeld, runLink } from "./requests";
import { takeStep } from "./schedule";
import { runSelfTest, selfTested } from "./self-test";
import { weighMisses } from "./stall";
import { C, Dirty, Region, W, createPump } from "./state";
import { runTimed, turnBoluses } from "./timed";
import { countTitration, scale, titration_ms, turnTitration } from "./titration";
import { runTrend, trend_ms } from "./trend";
import type { Board } from "../hal/board";
import type { Controller } from "../hal/controller";
import type { Pump } from "./state";

/**
 * One entry, from the host's call to the next deadline. At one instant t the order is: check the region, accrue
 * over [t0, t), fire a pulse that is due, take a schedule step of t, then whatever the call brought, and at a
 * pulse boundary the held request, age and alarms.
 */
function begin(p: Pump, now_ms: number): void {
  p.w[W.now_ms] = now_ms;
  checkRegion(p, 0, Region.hot_end);
  if (now_ms - p.w[W.checked_ms] >= Upkeep.check_ms) {
    p.w[W.checked_ms] = now_ms;
    checkRegion(p, Region.hot_end, C.size);
  }
  if (now_ms < p.c[C.accrued_ms]) p.board.panic(Panic.time_backwards);
  countTitration(p);
  advance(p, now_ms);
  giveUpPulse(p);
  runHeld(p);
  assertNotOverdue(p);
  stepNow(p);
  turnBoluses(p);
}

/** Fires what is due and takes a step of this instant: in this order, a pulse belongs to the step that ends. */
function stepNow(p: Pump): void {
  firePulse(p);
  if (p.c[C.next_step_ms] !== 0 && p.c[C.next_step_ms] <= p.w[W.now_ms]) {
    checkRegion(p, Region.hot_end, C.size);
    // Unless the check has led elsewhere: then there is no step.
    if (p.c[C.next_step_ms] !== 0) takeStep(p, p.w[W.now_ms]);
  }
  turnPlan(p);
  runTimed(p);
}

/** The next step of a titration plan, if the present one was delivered. */
function turnPlan(p: Pump): void {
  // Not among what each pulse checks: but a step that turned too early is a dose that nobody prescribed.
  checkRegion(p, C.titration, C.titration_last + 1);
  const before = scale(p);
  if (!turnTitration(p)) return;
  scaleDaily(p, before, scale(p));
  takeStep(p, p.w[W.now_ms]);
}

/** Settles what the entry has changed, saves it, and names the next deadline. */
function end(p: Pump): number {
  runHeld(p);
  retryStorage(p);
  if (p.c[C.in_flight] === 0) checkBattery(p);
  runStopAlarms(p);
  runDrive(p);
  runSelfTest(p);
  runTrend(p);
  stepNow(p);
  turnBoluses(p);
  if (p.c[C.motor_on] === 1 && p.w[W.now_ms] - p.c[C.kept_ms] >= Upkeep.save_ms) mark(p, Dirty.saved);
  if (p.w[W.repaced] === 1) weighMisses(p);
  // A stall that a lower basal makes ends a bolus like any other (MOTOR-3c); with a pulse in flight its result does that.
  if (p.w[W.repaced] === 1 && p.c[C.stalled] === 1 && p.c[C.in_flight] === 0) interrupt(p, BolusEnd.stalled);
  p.w[W.repaced] = 0;
  runAlarms(p);
  runLink(p);
  flush(p);
  const deadline_ms = nextDeadline_ms(p);
  put(p, C.deadline_ms, deadline_ms);
  return deadline_ms;
}

/** The earlier of two deadlines, of which 0 is none. */
function earlier(deadline_ms: number, other_ms: number): number {
  return other_ms !== 0 && other_ms < deadline_ms ? other_ms : deadline_ms;
}

/** The earliest instant at which something must be done; an idle pump wakes after 6 h, checks its region, and saves what it counts. */
function nextDeadline_ms(p: Pump): number {
  let deadline_ms: number = p.w[W.now_ms] + Upkeep.save_ms;
  deadline_ms = earlier(deadline_ms, giveUp_ms(p));
  deadline_ms = earlier(deadline_ms, nextPulse_ms(p));
  deadline_ms = earlier(deadline_ms, p.c[C.next_step_ms]);
  deadline_ms = earlier(deadline_ms, p.c[C.next_bolus_ms]);
  deadline_ms = earlier(deadline_ms, bolusEnd_ms(p));
  deadline_ms = earlier(deadline_ms, titration_ms(p));
  deadline_ms = earlier(deadline_ms, p.w[W.alarm_next_ms]);
  deadline_ms = earlier(deadline_ms, stopAlarm_ms(p));
  deadline_ms = earlier(deadline_ms, link_ms(p));
  deadline_ms = earlier(deadline_ms, drive_ms(p));
  deadline_ms = earlier(deadline_ms, trend_ms(p));
  if (p.w[W.unsaved] !== 0) deadline_ms = earlier(deadline_ms, p.w[W.retry_ms]);
  if (p.c[C.in_flight] === 0) deadline_ms = earlier(deadline_ms, battery_ms(p));
  return deadline_ms;
}

function boot(p: Pump, now_ms: number, cause: ResetCause, detail: number, failed: number): number {
  p.w[W.now_ms] = now_ms;
  if (cause < ResetCause.power || cause > ResetCause.panic) p.board.panic(Panic.contract);
  bootPump(p, cause, detail, failed);
  return end(p);
}

function wake(p: Pump, now_ms: number): number {
  begin(p, now_ms);
  return end(p);
}

/**
 * A transaction has ended: answers that waited for it leave, also after a failure, since what they tell is in force. After a failure everything is put into the next one: the alarm's own, or what comes
 * next, at the latest an hour later, so that broken storage does not keep the pump awake.
 */
function stored(p: Pump, fault: number): void {
  p.w[W.ended] = p.w[W.ended] + 1;
  releaseReply(p);
  releaseKey(p, fault);
  if (fault === Fault.ok) {
    p.w[W.unsaved] = 0;
    clear(p, Alarm.log_fault);
    return;
  }
  p.w[W.unsaved] = Dirty.saved + Dirty.prescription + Dirty.answers;
  p.w[W.retry_ms] = p.w[W.now_ms] + Upkeep.retry_ms;
  if (isActive(p, Alarm.log_fault)) return;
  record(p, RecordKind.storage_failed, fault, 0, 0);
  raise(p, Alarm.log_fault, fault);
}

/** Writes again what storage did not take an hour ago. */
function retryStorage(p: Pump): void {
  if (p.w[W.unsaved] === 0 || p.w[W.now_ms] < p.w[W.retry_ms]) return;
  p.w[W.retry_ms] = p.w[W.now_ms] + Upkeep.retry_ms;
  mark(p, p.w[W.unsaved]);
}

function event(p: Pump, now_ms: number, source: Source, a: number, b: number): number {
  begin(p, now_ms);
  switch (source) {
    case Source.motor:
      if (a === MotorResult.missed) checkRegion(p, Region.hot_end, C.size); // its buckets are about to be used
      motorResult(p, a, b);
      break;
    case Source.rotor:
      rotorEdge(p, a, b);
      break;
    case Source.supply:
      supplySample(p, a);
      break;
    case Source.storage:
      stored(p, a);
      break;
    case Source.self_test:
      selfTested(p, a);
      break;
    default:
      p.board.panic(Panic.contract);
  }
  return end(p);
}

/** Makes a controller that owns `board`. It must be booted before anything else. */
export function createController(board: Board): Controller {
  const p = createPump(board);
  return {
    boot: (now_ms, cause, detail, failed) => boot(p, now_ms, cause, detail, failed),
    wake: (now_ms) => wake(p, now_ms),
    event: (now_ms, source, a, b) => event(p, now_ms, source, a, b),
    received: (now_ms, bytes, count) => {
      begin(p, now_ms);
      received(p, bytes, count);
      return end(p);
    },
  };
}
