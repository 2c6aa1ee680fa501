// The operations: one table of what a programmer can ask of the pump.

import { Fault } from "../hal/faults";
import { Unit } from "../hal/units";
import { idiv } from "../protocol/integers";
import { Layout } from "../protocol/operations";
import { RecordKind } from "../protocol/records";
import { State } from "../protocol/states";
import { acknowledge, checkAcknowledge } from "./alarms";
import { remaining_pL, uncertain } from "./books";
import { mustStayCut } from "./drive";
import { at } from "./list";
import { mark, record } from "./log";
import { Event, legal, transition } from "./machine";
import { Fill, Label, Pulse, Sound, Wall } from "./parameters";
import { acceptPrescription, checkPrescription } from "./prescription";
import { answerLog, fillCounts, fillPrescription, fillReservoir, fillReview, fillStatus } from "./readings";
import { put } from "./region";
import { checkReservoir } from "./reservoir";
import { logMissed, takeStep } from "./schedule";
import { checkStage, checkSteps, hashStaged, isWhole, stage, stageSteps } from "./staging";
import { C, Dirty, W } from "./state";
import type { Pump } from "./state";

/** When an operation is done. */
export const enum When {
  /** Changes nothing that lasts: done at once, not recorded, not remembered. */
  reading = 0,
  at_once = 1,
  /** Changes therapy: waits for the pulse in flight, so at most one pulse passes before it is done. */
  at_boundary = 2,
}

/**
 * A row: the layouts of request and answer, when it is done, whether a patient may ask for it, the check, and what it does;
 * that returns how many values of the answer are then in `reply`. A check changes nothing; what a check has let pass cannot fail.
 */
export interface Operation {
  readonly request: Layout;
  readonly answer: Layout;
  readonly when: When;
  readonly patient: number;
  readonly check: (this: void, p: Pump) => Fault;
  readonly apply: (this: void, p: Pump) => number;
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

const always = (): Fault => Fault.ok;

/** On the shelf, or again after the settings were lost. */
const setUp: Operation = {
  request: Layout.set_up, answer: Layout.set_up_answer, when: When.at_boundary, patient: 0,
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
    return 0;
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
  request: Layout.refill, answer: Layout.refill_answer, when: When.at_boundary, patient: 0,
  check: checkRefill,
  apply(p) {
    const c = p.c;
    record(p, RecordKind.refill, arg(p, 0), arg(p, 1), idiv(remaining_pL(p), Unit.pL_per_nL));
    put(p, C.fill_pL, arg(p, 0) * Unit.pL_per_nL);
    put(p, C.concentration, arg(p, 1));
    put(p, C.fill_confirmed, c[C.confirmed]);
    put(p, C.fill_uncertain, uncertain(p));
    put(p, C.filled_ms, p.w[W.now_ms]);
    transition(p, Event.refill);
    checkReservoir(p);
    return 0;
  },
};

/** True if what keeps the pump in safe-off, an empty reservoir, is still so. */
function stillEmpty(p: Pump): boolean {
  return remaining_pL(p) <= Fill.empty_pL;
}

const stageRow: Operation = {
  request: Layout.stage, answer: Layout.stage_answer, when: When.reading, patient: 0, check: checkStage, apply: stage,
};

const stageStepsRow: Operation = {
  request: Layout.stage_steps, answer: Layout.stage_steps_answer, when: When.reading, patient: 0, check: checkSteps, apply: stageSteps,
};

/** What is staged, whole, against the state, the drug and the reservoir as they are now. */
function checkStaged(p: Pump): Fault {
  if (!isWhole(p)) return Fault.nothing_staged;
  if (!legal(p, Event.commit)) return Fault.not_in_this_state;
  if (p.c[C.state] === State.safe_off && mustStayCut(p)) return Fault.drive_not_quiet;
  if (p.c[C.state] === State.safe_off && stillEmpty(p)) return Fault.reservoir_empty;
  return checkPrescription(p);
}

const review: Operation = {
  request: Layout.review, answer: Layout.review_answer, when: When.reading, patient: 0, check: checkStaged, apply: fillReview,
};

const commit: Operation = {
  request: Layout.commit, answer: Layout.commit_answer, when: When.at_boundary, patient: 0,
  check(p) {
    const fault = checkStaged(p);
    if (fault !== Fault.ok) return fault;
    if (arg(p, 0) !== p.c[C.version]) return Fault.base_version_stale;
    const hash = arg(p, 1);
    return hash === p.w[W.reviewed] && hash === hashStaged(p) ? Fault.ok : Fault.not_as_reviewed;
  },
  apply(p) {
    acceptPrescription(p);
    p.w[W.staged_session] = 0;
    transition(p, Event.commit);
    checkReservoir(p);
    p.reply[0] = p.c[C.version];
    return 1;
  },
};

const start: Operation = {
  request: Layout.start, answer: Layout.start_answer, when: When.at_boundary, patient: 0,
  check(p) {
    if (!legal(p, Event.start)) return Fault.not_in_this_state;
    if (mustStayCut(p)) return Fault.drive_not_quiet;
    if (p.c[C.concentration] === 0) return Fault.no_drug;
    if (p.c[C.mode] === 0) return Fault.no_prescription;
    return stillEmpty(p) ? Fault.reservoir_empty : Fault.ok;
  },
  apply(p) {
    transition(p, Event.start);
    checkReservoir(p);
    return 0;
  },
};

const stop: Operation = {
  request: Layout.stop, answer: Layout.stop_answer, when: When.at_boundary, patient: 0,
  check(p) {
    return arg(p, 0) >= 1 ? allow(p, Event.stop) : Fault.malformed;
  },
  apply(p) {
    transition(p, Event.stop);
    checkReservoir(p);
    return 0;
  },
};

const setClock: Operation = {
  request: Layout.set_clock, answer: Layout.set_clock_answer, when: When.at_once, patient: 0,
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
    return 1;
  },
};

const acknowledgeAlarm: Operation = {
  request: Layout.acknowledge, answer: Layout.acknowledge_answer, when: When.at_once, patient: 1,
  check(p) {
    return checkAcknowledge(p, arg(p, 0), arg(p, 1));
  },
  apply(p) {
    acknowledge(p, arg(p, 0), arg(p, 1));
    return 0;
  },
};

const setAlarms: Operation = {
  request: Layout.set_alarms, answer: Layout.set_alarms_answer, when: When.at_boundary, patient: 0,
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
    return 0;
  },
};

/** A row that only reads; what it tells is in `reply`. */
function reader(request: Layout, answer: Layout, patient: number, apply: (this: void, p: Pump) => number): Operation {
  return { request, answer, when: When.reading, patient, check: always, apply };
}

/** The table, by `Op` - `Ops.first`. */
export const operations: readonly Operation[] = [
  reader(Layout.status, Layout.status_answer, 1, fillStatus),
  setUp, refill, stageRow, stageStepsRow, review, commit, start, stop, setClock, acknowledgeAlarm, setAlarms,
  reader(Layout.prescription, Layout.prescription_answer, 0, fillPrescription),
  reader(Layout.reservoir, Layout.reservoir_answer, 0, fillReservoir),
  reader(Layout.log, Layout.log_answer, 0, answerLog),
  reader(Layout.close, Layout.close_answer, 1, () => 0),
  reader(Layout.link_counts, Layout.link_counts_answer, 1, fillCounts),
];
