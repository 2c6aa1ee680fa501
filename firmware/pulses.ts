// Pulses: commanded when due, confirmed or not, at most one in flight.

import { Motion, MotorResult } from "../hal/motor";
import { Panic } from "../hal/panic";
import { Book } from "../hal/storage";
import { BolusEnd, RecordKind, StallEnd } from "../protocol/records";
import { Fraction, dueFraction, nextPulse_ms, spendPulse } from "./accrual";
import { settleShare, shareInPulse } from "./bolus";
import { uncertain } from "./books";
import { countPulse } from "./caps";
import { interrupt } from "./interrupt";
import { record } from "./log";
import { Battery } from "./parameters";
import { lookAtTip } from "./plugs";
import { countPrimePulse } from "./prime";
import { put } from "./region";
import { checkReservoir } from "./reservoir";
import { countMiss, endStall } from "./stall";
import { C, W } from "./state";
import { fed } from "./tolerance";
import type { Pump } from "./state";

/**
 * Commands a pulse if one is due now. It is written into the books before the motor moves, so that a reset in
 * between can lose a pulse and never hide one. Once an hour the supply is sampled under its load.
 */
export function firePulse(p: Pump): void {
  const c = p.c;
  const now_ms = p.w[W.now_ms];
  const due_ms = nextPulse_ms(p);
  if (due_ms === 0 || due_ms > now_ms) return;
  if (now_ms < c[C.last_command_ms] + Motion.interval_ms_min) p.board.panic(Panic.command_too_soon);
  const which = dueFraction(p);
  if (which === Fraction.dose) shareInPulse(p);
  spendPulse(p, which);
  put(p, C.commanded, c[C.commanded] + 1);
  put(p, C.in_flight, 1);
  put(p, C.last_command_ms, now_ms);
  p.board.storage.tally(Book.commanded);
  p.board.motor.pulse();
  if (which === Fraction.prime) countPrimePulse(p);
  else countPulse(p);
  if (now_ms - c[C.sampled_ms] >= Battery.sample_ms) {
    put(p, C.sampled_ms, now_ms);
    p.board.supply.sample();
  }
}

/** Ends the pulse in flight: its result is known, or will never be. This instant is a pulse boundary. */
function endPulse(p: Pump, confirmed: boolean): void {
  const c = p.c;
  const uncertain_before = uncertain(p);
  put(p, C.in_flight, 0);
  settleShare(p, confirmed);
  if (confirmed) {
    put(p, C.confirmed, c[C.confirmed] + 1);
    put(p, C.last_confirmed_ms, p.w[W.now_ms]);
    p.board.storage.tally(Book.confirmed);
    if (c[C.misses_in_row] > 0 || c[C.stalled] === 1) endStall(p, StallEnd.confirmed);
    fed(p);
  } else {
    countMiss(p);
  }
  if (uncertain(p) !== uncertain_before + (confirmed ? 0 : 1)) p.board.panic(Panic.books);
  if (c[C.stalled] === 1) interrupt(p, BolusEnd.stalled);
  if (c[C.plug_count] > 0) lookAtTip(p);
  checkReservoir(p);
}

/** The motor's result. One of a pulse that was given up already changes nothing. */
export function motorResult(p: Pump, result: number, latency_ms: number): void {
  if (result !== MotorResult.confirmed && result !== MotorResult.missed) p.board.panic(Panic.contract);
  if (p.c[C.in_flight] === 0 || p.w[W.now_ms] - latency_ms !== p.c[C.last_command_ms]) return;
  endPulse(p, result === MotorResult.confirmed && latency_ms <= Motion.confirm_ms_max);
}

/** Gives a pulse up whose result has not come by the time the next one might be due: the board is silent. */
export function giveUpPulse(p: Pump): void {
  const c = p.c;
  if (c[C.in_flight] === 0 || p.w[W.now_ms] < c[C.last_command_ms] + Motion.interval_ms_min) return;
  record(p, RecordKind.pulse_lost, 1, 0, 0);
  endPulse(p, false);
}

/** When the pulse in flight will be given up, 0 if there is none. */
export function giveUp_ms(p: Pump): number {
  return p.c[C.in_flight] === 1 ? p.c[C.last_command_ms] + Motion.interval_ms_min : 0;
}
