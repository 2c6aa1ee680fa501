// The operations: one table of what a programmer can ask of the pump.

import { Fault } from "../hal/faults";
import { Unit } from "../hal/units";
import { idiv } from "../protocol/integers";
import { Prescribe, Status } from "../protocol/operations";
import { RecordKind } from "../protocol/records";
import { State } from "../protocol/states";
import { acknowledge, checkAcknowledge } from "./alarms";
import { chargeUsed_nC, filtered_mV } from "./battery";
import { remainingLow_pL, remaining_pL, uncertain } from "./books";
import { at } from "./list";
import { mark, record } from "./log";
import { Event, legal, transition } from "./machine";
import { Fill, Label, Pulse, Sound, Wall } from "./parameters";
import { acceptPrescription, checkPrescription } from "./prescription";
import { put } from "./region";
import { checkReservoir } from "./reservoir";
import { logMissed, takeStep } from "./schedule";
import { C, Dirty, W } from "./state";
import type { Pump } from "./state";

/** When an operation is done. */
const enum When {
  /** Only reads: done at once also while another request waits, and not recorded. */
  reading = 0,
  at_once = 1,
  /** Changes therapy: waits for the pulse in flight, so at most one pulse passes before it is done. */
  at_boundary = 2,
}

/**
 * A row: how many arguments, when it is done, the check, what it does, and how many values
 * the answer then holds in `reply`. A check changes nothing; what a check has let pass cannot fail.
 */
interface Operation {
  readonly args_min: number;
  readonly args_max: number;
  readonly when: When;
  readonly replies: number;
  readonly check: (this: void, p: Pump) => Fault;
  readonly apply: (this: void, p: Pump) => void;
}

function arg(p: Pump, i: number): number {
  return at(p.board, p.args, i);
}

function within(v: number, least: number, greatest: number): boolean {
  return v >= least && v <= greatest;
}

function allow(p: Pump, event: Event): Fault {
  return legal(p, event) ? Fault.ok : Fault.not_in_this_state;
}

/** On the shelf, or again after the settings were lost. */
const setUp: Operation = {
  args_min: 2, args_max: 2, when: When.at_boundary, replies: 0,
  check(p) {
    const lost = p.c[C.state] === State.safe_minimum && p.c[C.mode] === 0;
    if (p.c[C.state] !== State.shelf && !lost) return Fault.not_in_this_state;
    const size_nL = arg(p, 1);
    if ((size_nL - Fill.dead_nL) * Unit.pL_per_nL < p.c[C.fill_pL]) return Fault.overfill;
    const fits = size_nL === Fill.small_nL || size_nL === Fill.large_nL;
    return fits && within(arg(p, 0), Pulse.pL_min, Pulse.pL_max) ? Fault.ok : Fault.calibration_out_of_range;
  },
  apply(p) {
    put(p, C.pulse_pL, arg(p, 0));
    put(p, C.capacity_nL, arg(p, 1));
    mark(p, Dirty.saved);
  },
};

/** A concentration may change only where nothing of it is in force yet: what comes after needs a bridge (FILL-7). */
function checkRefill(p: Pump): Fault {
  const c = p.c;
  const volume_nL = arg(p, 0);
  const concentration = arg(p, 1);
  if (!legal(p, Event.refill)) return Fault.not_in_this_state;
  if (volume_nL + Fill.dead_nL > c[C.capacity_nL]) return Fault.overfill;
  if (volume_nL * Unit.pL_per_nL <= Fill.empty_pL) return Fault.reservoir_empty;
  if (concentration !== Label.low && concentration !== Label.middle && concentration !== Label.high) {
    return Fault.concentration_unknown;
  }
  const fixed = c[C.state] !== State.shelf || c[C.mode] !== 0;
  if (fixed && concentration !== c[C.concentration] && c[C.concentration] !== 0) return Fault.concentration_needs_bridge;
  return Fault.ok;
}

const refill: Operation = {
  args_min: 2, args_max: 2, when: When.at_boundary, replies: 0,
  check: checkRefill,
  apply(p) {
    const c = p.c;
    record(p, RecordKind.refill, arg(p, 0), arg(p, 1), idiv(remaining_pL(p), Unit.pL_per_nL));
    put(p, C.fill_pL, arg(p, 0) * Unit.pL_per_nL);
    put(p, C.concentration, arg(p, 1));
    put(p, C.fill_confirmed, c[C.confirmed]);
    put(p, C.fill_uncertain, uncertain(p));
    transition(p, Event.refill);
    checkReservoir(p);
  },
};

/** True if what keeps the pump in safe-off, an empty reservoir, is still so. */
function stillEmpty(p: Pump): boolean {
  return remaining_pL(p) <= Fill.empty_pL;
}

const prescribe: Operation = {
  args_min: 1, args_max: Prescribe.steps + 2 * Prescribe.steps_max, when: When.at_boundary, replies: 1,
  check(p) {
    if (!legal(p, Event.commit)) return Fault.not_in_this_state;
    if (p.c[C.state] === State.safe_off && stillEmpty(p)) return Fault.reservoir_empty;
    return checkPrescription(p);
  },
  apply(p) {
    acceptPrescription(p);
    p.reply[0] = p.c[C.version];
    transition(p, Event.commit);
    checkReservoir(p);
  },
};

const start: Operation = {
  args_min: 0, args_max: 0, when: When.at_boundary, replies: 0,
  check(p) {
    if (!legal(p, Event.start)) return Fault.not_in_this_state;
    if (p.c[C.concentration] === 0) return Fault.no_drug;
    if (p.c[C.mode] === 0) return Fault.no_prescription;
    return stillEmpty(p) ? Fault.reservoir_empty : Fault.ok;
  },
  apply(p) {
    transition(p, Event.start);
    checkReservoir(p);
  },
};

const stop: Operation = {
  args_min: 1, args_max: 1, when: When.at_boundary, replies: 0,
  check(p) {
    return within(arg(p, 0), 1, 255) ? allow(p, Event.stop) : Fault.malformed;
  },
  apply(p) {
    transition(p, Event.stop);
    checkReservoir(p);
  },
};

const setClock: Operation = {
  args_min: 1, args_max: 1, when: When.at_once, replies: 1,
  check(p) {
    return within(arg(p, 0), Wall.ms_min, Wall.ms_max) ? Fault.ok : Fault.clock_out_of_range;
  },
  apply(p) {
    const now_ms = p.w[W.now_ms];
    const old_ms = now_ms + p.c[C.wall_offset_ms];
    record(p, RecordKind.clock_set, old_ms, arg(p, 0), 0);
    put(p, C.wall_offset_ms, arg(p, 0) - now_ms);
    mark(p, Dirty.saved);
    if (p.c[C.motor_on] === 0) logMissed(p);
    if (p.c[C.next_step_ms] !== 0) takeStep(p, now_ms);
    p.reply[0] = old_ms;
  },
};

const acknowledgeAlarm: Operation = {
  args_min: 2, args_max: 2, when: When.at_once, replies: 0,
  check(p) {
    return checkAcknowledge(p, arg(p, 0), arg(p, 1));
  },
  apply(p) {
    acknowledge(p, arg(p, 0), arg(p, 1));
  },
};

const setAlarms: Operation = {
  args_min: 3, args_max: 3, when: When.at_boundary, replies: 0,
  check(p) {
    if (!within(arg(p, 0), Fill.low_nL_min, Fill.low_nL_max)) return Fault.low_volume_out_of_range;
    const critical = within(arg(p, 1), Sound.critical_minutes_min, Sound.critical_minutes_max);
    const other = within(arg(p, 2), Sound.other_minutes_min, Sound.other_minutes_max);
    return critical && other ? Fault.ok : Fault.tone_interval_out_of_range;
  },
  apply(p) {
    put(p, C.low_volume_pL, arg(p, 0) * Unit.pL_per_nL);
    put(p, C.critical_interval_ms, arg(p, 1) * Unit.ms_per_minute);
    put(p, C.other_interval_ms, arg(p, 2) * Unit.ms_per_minute);
    mark(p, Dirty.saved);
    checkReservoir(p);
  },
};

function fillStatus(p: Pump): void {
  const c = p.c;
  const reply = p.reply;
  reply[Status.state] = c[C.state];
  reply[Status.commanded] = c[C.commanded];
  reply[Status.confirmed] = c[C.confirmed];
  reply[Status.uncertain] = uncertain(p);
  reply[Status.in_flight] = c[C.in_flight];
  reply[Status.remaining_pL] = remaining_pL(p);
  reply[Status.remaining_low_pL] = remainingLow_pL(p);
  reply[Status.alarms] = c[C.alarms];
  reply[Status.pump_ms] = p.w[W.now_ms];
  reply[Status.wall_ms] = p.w[W.now_ms] + c[C.wall_offset_ms];
  reply[Status.rate] = c[C.motor_on] === 1 ? c[C.rate] : 0;
  reply[Status.version] = c[C.version];
  reply[Status.charge_used_nC] = chargeUsed_nC(p);
  reply[Status.filtered_mV] = filtered_mV(p);
}

const status: Operation = {
  args_min: 0, args_max: 0, when: When.reading, replies: Status.count,
  check: () => Fault.ok,
  apply: fillStatus,
};

/** The table, by `Op` - 1. */
const operations: readonly Operation[] = [
  setUp, refill, prescribe, start, stop, setClock, acknowledgeAlarm, setAlarms, status,
];

/** Answers the request, and records it. */
function answer(p: Pump, op: number, fault: Fault, replies: number): void {
  record(p, RecordKind.operation, op, fault, p.w[W.held_count] > 0 ? arg(p, 0) : 0);
  p.board.link.answer(fault, p.reply, replies);
}

/** Does the request in `args`, or refuses it: one answer, one record. */
function perform(p: Pump, op: number, row: Operation): void {
  p.w[W.held] = 0;
  const fault = row.check(p);
  if (fault === Fault.ok) row.apply(p);
  answer(p, op, fault, fault === Fault.ok ? row.replies : 0);
}

/** True if the first `count` of `args` are integers that the pump can hold; they are copied into `p.args`. */
function takeArgs(p: Pump, args: readonly number[], count: number): boolean {
  for (let i = 0; i < count; i++) {
    const v = args[i];
    if (v === undefined || v < 0 || v !== Math.floor(v)) return false;
    p.args[i] = v;
  }
  p.w[W.held_count] = count;
  return true;
}

/** A request: performed now, or held until the pulse in flight has its result. */
export function request(p: Pump, op: number, args: readonly number[], count: number): void {
  const row = operations[op - 1];
  if (row !== undefined && row.when === When.reading && count === row.args_max) {
    row.apply(p);
    p.board.link.answer(Fault.ok, p.reply, row.replies);
    return;
  }
  if (p.w[W.held] !== 0) {
    record(p, RecordKind.operation, op, Fault.busy, 0);
    p.board.link.answer(Fault.busy, p.reply, 0);
    return;
  }
  p.w[W.held_count] = 0;
  if (row === undefined) answer(p, op, Fault.unknown_operation, 0);
  else if (count < row.args_min || count > row.args_max || !takeArgs(p, args, count)) answer(p, op, Fault.malformed, 0);
  else if (row.when === When.at_boundary && p.c[C.in_flight] === 1) p.w[W.held] = op;
  else perform(p, op, row);
}

/** Performs the held request, if there is one and this is a pulse boundary. */
export function runHeld(p: Pump): void {
  if (p.c[C.in_flight] === 1) return;
  const row = operations[p.w[W.held] - 1];
  if (row !== undefined) perform(p, p.w[W.held], row);
}
