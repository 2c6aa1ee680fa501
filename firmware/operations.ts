// The operations: one table of what a programmer can ask of the pump.

import { Fault } from "../hal/faults";
import { Unit } from "../hal/units";
import { Alarm } from "../protocol/alarms";
import { Layout } from "../protocol/operations";
import { BolusEnd, RecordKind } from "../protocol/records";
import { Role } from "../protocol/service";
import { Activity, Mode, State } from "../protocol/states";
import { acknowledge, checkAcknowledge, clear, isActive, testTone } from "./alarms";
import { arm, checkArm, checkPrime, prime } from "./arm";
import { endBolus, hasBolus } from "./bolus";
import { remaining_pL } from "./books";
import { checkCaps } from "./caps";
import { checkConfirmed } from "./limits";
import { mustStayCut } from "./drive";
import { at } from "./list";
import { mark, record } from "./log";
import { Event, legal, transition } from "./machine";
import { Fill, Limit, Pulse, Sound, Tubing, Wall } from "./parameters";
import { applyPatient, applySingle, checkPatient, checkSingle } from "./patient";
import { acceptPrescription, checkAgain, checkPrescription } from "./prescription";
import { endPrime } from "./prime";
import { answerLog, fillBoluses, fillCounts, fillDelivery, fillPlan, fillPrescription, fillReservoir, fillReview, fillStatus } from "./readings";
import { applyRefill, applyStagedRefill, checkRefill, hasStagedRefill } from "./refill";
import { put } from "./region";
import { checkReservoir } from "./reservoir";
import { logMissed, takeStep } from "./schedule";
import { checkPart, checkStage, checkSteps, checkTimed, checkTitration, hashStaged, isWhole, stage, stagePart, stageSteps, stageTimed, stageTitration } from "./staging";
import { checkSelfTest } from "./self-test";
import { C, Dirty, Parts, W } from "./state";
import { jumpBoluses, planBoluses } from "./timed";
import { comeBack } from "./tolerance";
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
    const lost = p.c[C.state] === State.safe_minimum && p.c[C.mode] === Mode.none;
    if ((p.c[C.state] !== State.shelf && !lost) || p.c[C.prime_left] > 0) return Fault.not_in_this_state;
    const size_nL = arg(p, 1);
    if ((size_nL - Fill.dead_nL) * Unit.pL_per_nL < p.c[C.fill_pL]) return Fault.overfill;
    const fits = size_nL === Fill.small_nL || size_nL === Fill.large_nL;
    if (!fits || !within(arg(p, 0), Pulse.pL_min, Pulse.pL_max)) return Fault.calibration_out_of_range;
    if (!within(arg(p, 2), Tubing.catheter_cm_min, Tubing.catheter_cm_max)) return Fault.catheter_out_of_range;
    if (arg(p, 3) !== arg(p, 4)) return Fault.previous_dose_differs;
    return arg(p, 3) > Limit.daily_ng_max ? Fault.daily_dose_above_maximum : Fault.ok;
  },
  apply(p) {
    put(p, C.pulse_pL, arg(p, 0));
    put(p, C.capacity_nL, arg(p, 1));
    put(p, C.catheter_pL, (Tubing.pump_nL + Tubing.nL_per_cm * arg(p, 2)) * Unit.pL_per_nL);
    put(p, C.previous_ng, arg(p, 3));
    mark(p, Dirty.saved);
    return 0;
  },
};

const refill: Operation = {
  request: Layout.refill, answer: Layout.refill_answer, when: When.at_boundary, patient: 0,
  check: checkRefill,
  apply(p) {
    applyRefill(p);
    checkReservoir(p);
    return 0;
  },
};

/** True if what keeps the pump in safe-off, an empty reservoir, is still so. */
function stillEmpty(p: Pump): boolean {
  return remaining_pL(p) <= Fill.empty_pL;
}

/** A row that stages: nothing lasts of it. */
function stager(request: Layout, check: (this: void, p: Pump) => Fault, apply: (this: void, p: Pump) => number): Operation {
  return { request, answer: Layout.stage_answer, when: When.reading, patient: 0, check, apply };
}

/** Whether what is staged is whole, and the pump in a state to take it. */
function checkReady(p: Pump): Fault {
  if (!isWhole(p)) return Fault.nothing_staged;
  if (!legal(p, Event.commit) || p.c[C.prime_left] > 0) return Fault.not_in_this_state;
  const fault = checkSelfTest(p);
  if (fault !== Fault.ok) return fault;
  if (p.c[C.state] === State.safe_off && stillEmpty(p) && !hasStagedRefill(p)) return Fault.reservoir_empty;
  return p.c[C.state] === State.safe_off && mustStayCut(p) ? Fault.drive_not_quiet : Fault.ok;
}

/** What is staged, whole, against the state, the drug and the reservoir as they are now. */
function checkStaged(p: Pump): Fault {
  const fault = checkReady(p);
  return fault === Fault.ok ? checkPrescription(p) : fault;
}

const review: Operation = {
  request: Layout.review, answer: Layout.review_answer, when: When.reading, patient: 0, check: checkStaged, apply: fillReview,
};

/** True if the full rate is yet to be confirmed (DOSE-9). */
function isHeld(p: Pump): boolean {
  return p.c[C.state] === State.safe_minimum && isActive(p, Alarm.not_delivering);
}

const commit: Operation = {
  request: Layout.commit, answer: Layout.commit_answer, when: When.at_boundary, patient: 0,
  check(p) {
    let fault = checkReady(p);
    if (fault !== Fault.ok) return fault;
    if (arg(p, 0) !== p.c[C.version]) return Fault.base_version_stale;
    const hash = arg(p, 1);
    if (hash !== p.w[W.reviewed] || hash !== hashStaged(p)) return Fault.not_as_reviewed;
    // The review of this hash has checked what is written; what time may have changed since is looked at again.
    fault = checkAgain(p);
    if (fault !== Fault.ok) return fault;
    return checkConfirmed(p, arg(p, 2), arg(p, 3), arg(p, 4));
  },
  apply(p) {
    if (arg(p, 2) + arg(p, 3) + arg(p, 4) > 0) record(p, RecordKind.dose_confirmed, arg(p, 2), arg(p, 3), arg(p, 4));
    applyStagedRefill(p);
    acceptPrescription(p);
    clear(p, Alarm.titration_ended);
    p.w[W.staged_session] = 0;
    if (p.c[C.state] === State.safe_off) comeBack(p, Event.commit);
    else transition(p, isHeld(p) ? Event.commit_held : Event.commit);
    planBoluses(p);
    checkReservoir(p);
    p.reply[0] = p.c[C.version];
    return 1;
  },
};

const start: Operation = {
  request: Layout.start, answer: Layout.start_answer, when: When.at_boundary, patient: 0,
  check(p) {
    if (!legal(p, Event.start)) return Fault.not_in_this_state;
    if (p.c[C.prime_left] > 0) return Fault.bolus_active;
    const fault = checkSelfTest(p);
    if (fault !== Fault.ok) return fault;
    if (mustStayCut(p)) return Fault.drive_not_quiet;
    if (p.c[C.concentration] === 0) return Fault.no_drug;
    if (p.c[C.mode] === Mode.none) return Fault.no_prescription;
    if (isHeld(p) && arg(p, 0) !== p.c[C.lost_hours]) return Fault.full_rate_not_confirmed;
    return stillEmpty(p) ? Fault.reservoir_empty : Fault.ok;
  },
  apply(p) {
    // From here on delivery can be missing.
    if (p.c[C.state] === State.shelf) put(p, C.fed_ms, Math.max(1, p.w[W.now_ms]));
    if (isHeld(p)) transition(p, Event.start);
    else comeBack(p, Event.start);
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
    if (!within(arg(p, 0), Wall.ms_min, Wall.ms_max)) return Fault.clock_out_of_range;
    if (p.c[C.motor_on] === 0 || p.c[C.next_step_ms] === 0 || arg(p, 1) === arg(p, 0)) return Fault.ok;
    const shift_ms = arg(p, 0) - p.w[W.now_ms] - p.c[C.wall_offset_ms];
    const breaks = checkCaps(p, 0, 0, shift_ms) !== Fault.ok && checkCaps(p, 0, 0, 0) === Fault.ok;
    return breaks ? Fault.confirmation_needed : Fault.ok;
  },
  apply(p) {
    const now_ms = p.w[W.now_ms];
    const old_ms = now_ms + p.c[C.wall_offset_ms];
    record(p, RecordKind.clock_set, old_ms, arg(p, 0), 0);
    put(p, C.wall_offset_ms, arg(p, 0) - now_ms);
    mark(p, Dirty.saved);
    if (p.c[C.motor_on] === 0) logMissed(p);
    if (p.c[C.next_step_ms] !== 0) takeStep(p, now_ms);
    jumpBoluses(p, old_ms, arg(p, 0));
    clear(p, Alarm.clock_doubtful);
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
    acknowledge(p, arg(p, 0), arg(p, 1), p.w[W.held_role] === Role.clinician);
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

const bolus: Operation = {
  request: Layout.bolus, answer: Layout.bolus_answer, when: When.at_boundary, patient: 0,
  check(p) {
    return legal(p, Event.bolus) ? checkSingle(p) : Fault.not_in_this_state;
  },
  apply: applySingle,
};

const patientBolus: Operation = {
  request: Layout.patient_bolus, answer: Layout.patient_bolus_answer, when: When.at_boundary, patient: 1,
  check(p) {
    return legal(p, Event.bolus) ? checkPatient(p) : Fault.not_in_this_state;
  },
  apply: applyPatient,
};

const cancel: Operation = {
  request: Layout.cancel, answer: Layout.cancel_answer, when: When.at_boundary, patient: 0,
  check(p) {
    if (!legal(p, Event.cancel)) return Fault.not_in_this_state;
    if (arg(p, 0) === Activity.bolus) return hasBolus(p) ? Fault.ok : Fault.not_active;
    if (arg(p, 0) === Activity.prime) return p.c[C.prime_left] > 0 ? Fault.ok : Fault.not_active;
    return Fault.malformed;
  },
  apply(p) {
    if (arg(p, 0) === Activity.bolus) endBolus(p, BolusEnd.cancelled);
    else endPrime(p, BolusEnd.cancelled);
    return 0;
  },
};

const primeArm: Operation = {
  request: Layout.prime_arm, answer: Layout.prime_arm_answer, when: When.reading, patient: 0, check: checkArm, apply: arm,
};

const primeRow: Operation = {
  request: Layout.prime, answer: Layout.prime_answer, when: When.at_boundary, patient: 0, check: checkPrime, apply: prime,
};

const tone: Operation = {
  request: Layout.test_tone, answer: Layout.test_tone_answer, when: When.at_once, patient: 1,
  check(p) {
    return arg(p, 0) <= 1 ? Fault.ok : Fault.malformed;
  },
  apply(p) {
    testTone(p, arg(p, 0) === 1);
    return 0;
  },
};

/** The table, by `Op` - `Ops.first`. */
export const operations: readonly Operation[] = [
  reader(Layout.status, Layout.status_answer, 1, fillStatus),
  setUp, refill, stager(Layout.stage, checkStage, stage), stager(Layout.stage_steps, checkSteps, stageSteps), review, commit, start, stop, setClock, acknowledgeAlarm, setAlarms,
  reader(Layout.prescription, Layout.prescription_answer, 0, fillPrescription),
  reader(Layout.reservoir, Layout.reservoir_answer, 0, fillReservoir),
  reader(Layout.log, Layout.log_answer, 0, answerLog),
  reader(Layout.close, Layout.close_answer, 1, () => 0),
  reader(Layout.link_counts, Layout.link_counts_answer, 1, fillCounts),
  stager(Layout.stage_timed, checkTimed, stageTimed),
  stager(Layout.stage_extra, (p) => checkPart(p, Parts.extra), (p) => stagePart(p, Parts.extra)),
  stager(Layout.stage_titration, checkTitration, stageTitration),
  stager(Layout.stage_refill, (p) => checkPart(p, Parts.refill), (p) => stagePart(p, Parts.refill)),
  bolus, patientBolus, cancel, primeArm, primeRow,
  reader(Layout.delivery, Layout.delivery_answer, 1, fillDelivery),
  reader(Layout.prescription_boluses, Layout.prescription_boluses_answer, 1, fillBoluses),
  reader(Layout.prescription_plan, Layout.prescription_plan_answer, 0, fillPlan),
  tone,
];
