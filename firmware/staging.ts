// Staging: a prescription beside the one in force, until it is committed.

import { Fault } from "../hal/faults";
import { idiv, imod } from "../protocol/integers";
import { Prescribe } from "../protocol/limits";
import { Mode } from "../protocol/states";
import { D, get } from "../protocol/device/state";
import { packTimed } from "./boluses";
import { at } from "./list";
import { Limit, Packed, Timed } from "./parameters";
import { C, Parts, Staged, W } from "./state";
import type { Pump } from "./state";

/**
 * What is staged belongs to the session that staged it and goes with it (LINK-3). Its steps may come in any order and more than
 * once; until each has come it is not whole. Nothing here is therapy-critical: a commit carries the hash of what was reviewed.
 */

/** True if something is staged in this session. */
function isOpen(p: Pump): boolean {
  return p.w[W.staged_session] !== 0 && p.w[W.staged_session] === get(p.d, D.session);
}

/** True if all of `count` places from `first` on have come. */
function haveCome(p: Pump, first: number, count: number): boolean {
  for (let i = first; i < first + count; i++) {
    if (at(p.board, p.staged, i) === Packed.missing) return false;
  }
  return true;
}

function staged(p: Pump, place: Staged): number {
  return at(p.board, p.staged, place);
}

/** True if this session has staged something and all that belongs to it has come. */
export function isWhole(p: Pump): boolean {
  return isOpen(p) && p.w[W.staged_parts] === staged(p, Staged.parts) && haveCome(p, Staged.timed, staged(p, Staged.timed_count))
    && haveCome(p, Staged.titration, staged(p, Staged.titration_count)) && haveCome(p, Staged.step, staged(p, Staged.step_count));
}

/** Op.stage: arguments are mode, seven schedules, how many steps, timed boluses and steps of a plan will come, and which other parts. */
export function checkStage(p: Pump): Fault {
  const mode = at(p.board, p.args, Staged.mode);
  const count = at(p.board, p.args, Staged.step_count);
  const timed = at(p.board, p.args, Staged.timed_count);
  const titration = at(p.board, p.args, Staged.titration_count);
  const parts = at(p.board, p.args, Staged.parts);
  if (timed > Prescribe.timed_max || titration > Prescribe.titration_max || parts > Parts.extra + Parts.refill) return Fault.malformed;
  if (mode === Mode.minimum_rate) return count + timed + titration + (parts & Parts.extra) === 0 ? Fault.ok : Fault.malformed;
  if (mode !== Mode.schedule || count === 0 || count > Prescribe.steps_max) return Fault.malformed;
  for (let day = 0; day < 7; day++) {
    if (at(p.board, p.args, Staged.week + day) >= Prescribe.schedules_max) return Fault.malformed;
  }
  return Fault.ok;
}

export function stage(p: Pump): number {
  for (let i = 0; i < Staged.extra; i++) p.staged[i] = at(p.board, p.args, i);
  for (let i: number = Staged.extra; i < Staged.timed; i++) p.staged[i] = 0;
  for (let i: number = Staged.timed; i < Staged.size; i++) p.staged[i] = Packed.missing;
  p.w[W.staged_parts] = 0;
  p.w[W.staged_session] = get(p.d, D.session);
  p.w[W.reviewed] = 0;
  return 0;
}

/** The rows that a message brings, each of so many values after the first row's number: none, or more than were announced, is malformed. */
function checkRows(p: Pump, values: number, announced: Staged): Fault {
  if (!isOpen(p)) return Fault.nothing_staged;
  const rows = idiv(p.w[W.held_count] - 1, values);
  return rows === 0 || at(p.board, p.args, 0) + rows > staged(p, announced) ? Fault.malformed : Fault.ok;
}

/** Op.stage_steps: arguments are the first step's number, then pairs of key and rate. */
export function checkSteps(p: Pump): Fault {
  const fault = checkRows(p, 2, Staged.step_count);
  if (fault !== Fault.ok) return fault;
  const pairs = idiv(p.w[W.held_count] - 1, 2);
  for (let i = 0; i < pairs; i++) {
    if (at(p.board, p.args, 2 + 2 * i) >= Packed.rate_span) return Fault.flow_above_maximum;
  }
  return Fault.ok;
}

export function stageSteps(p: Pump): number {
  const first = Staged.step + at(p.board, p.args, 0);
  const pairs = idiv(p.w[W.held_count] - 1, 2);
  for (let i = 0; i < pairs; i++) p.staged[first + i] = at(p.board, p.args, 1 + 2 * i) * Packed.rate_span + at(p.board, p.args, 2 + 2 * i);
  p.w[W.reviewed] = 0;
  return 0;
}

/** Op.stage_timed: arguments are the first one's number, then minute, dose and duration of each. */
export function checkTimed(p: Pump): Fault {
  const fault = checkRows(p, 3, Staged.timed_count);
  if (fault !== Fault.ok) return fault;
  const rows = idiv(p.w[W.held_count] - 1, 3);
  for (let i = 0; i < rows; i++) {
    if (at(p.board, p.args, 1 + 3 * i) >= Prescribe.minutes_per_day || at(p.board, p.args, 3 + 3 * i) >= Timed.minutes_span) return Fault.bolus_out_of_range;
    if (at(p.board, p.args, 2 + 3 * i) > Limit.bolus_ng_max) return Fault.bolus_above_maximum;
  }
  return Fault.ok;
}

export function stageTimed(p: Pump): number {
  const first = Staged.timed + at(p.board, p.args, 0);
  const rows = idiv(p.w[W.held_count] - 1, 3);
  for (let i = 0; i < rows; i++) {
    p.staged[first + i] = packTimed(at(p.board, p.args, 1 + 3 * i), at(p.board, p.args, 2 + 3 * i), at(p.board, p.args, 3 + 3 * i));
  }
  p.w[W.reviewed] = 0;
  return 0;
}

/** Op.stage_titration: arguments are the first step's number, then permille and days of each. */
export function checkTitration(p: Pump): Fault {
  const fault = checkRows(p, 2, Staged.titration_count);
  if (fault !== Fault.ok) return fault;
  const rows = idiv(p.w[W.held_count] - 1, 2);
  for (let i = 0; i < rows; i++) {
    if (at(p.board, p.args, 2 + 2 * i) >= Timed.days_span) return Fault.titration_out_of_range;
  }
  return Fault.ok;
}

export function stageTitration(p: Pump): number {
  const first = Staged.titration + at(p.board, p.args, 0);
  const rows = idiv(p.w[W.held_count] - 1, 2);
  for (let i = 0; i < rows; i++) p.staged[first + i] = at(p.board, p.args, 1 + 2 * i) * Timed.days_span + at(p.board, p.args, 2 + 2 * i);
  p.w[W.reviewed] = 0;
  return 0;
}

/** Op.stage_extra and Op.stage_refill: a part that was announced. */
export function checkPart(p: Pump, part: Parts): Fault {
  if (!isOpen(p)) return Fault.nothing_staged;
  return (staged(p, Staged.parts) & part) !== 0 ? Fault.ok : Fault.malformed;
}

/** Puts a part's arguments where they belong. */
export function stagePart(p: Pump, part: Parts): number {
  if (part === Parts.extra) {
    for (let i = 0; i < Staged.timed - Staged.extra; i++) p.staged[Staged.extra + i] = at(p.board, p.args, i);
  } else {
    for (let i = 0; i <= W.refill_last - W.refill; i++) p.w[W.refill + i] = at(p.board, p.args, i);
  }
  p.w[W.staged_parts] = p.w[W.staged_parts] | part;
  p.w[W.reviewed] = 0;
  return 0;
}

/** A prime, and a factor that keeps products of it below 2^53. */
const enum Hash { prime = 2_147_483_647, factor = 1_000_003 }

function mix(hash: number, v: number): number {
  return imod(hash * Hash.factor + imod(v, Hash.prime) + 1, Hash.prime);
}

/** Of a prescription's content: two with the same hash are the same for the pump. */
export function contentHash(p: Pump): number {
  let hash: number = 1;
  const end = Staged.step + staged(p, Staged.step_count);
  for (let i = 0; i < end; i++) {
    // Places of boluses and plan that nothing was put into, and the parts, which say how it came.
    const unused = i === Staged.parts || (i >= Staged.timed && i < Staged.step && at(p.board, p.staged, i) === Packed.missing);
    if (!unused) hash = mix(hash, at(p.board, p.staged, i));
  }
  return hash;
}

/** Of what is staged and what it was reviewed against: drug, pulse, the version in force, the refill that comes with it. Not 0. Tells mix-ups, not forgeries: the session does that. */
export function hashStaged(p: Pump): number {
  let hash = mix(mix(mix(contentHash(p), p.c[C.version]), p.c[C.concentration]), p.c[C.pulse_pL]);
  if ((staged(p, Staged.parts) & Parts.refill) !== 0) {
    for (let i: number = W.refill; i <= W.refill_last; i++) hash = mix(hash, at(p.board, p.w, i));
  }
  return hash === 0 ? 1 : hash;
}
