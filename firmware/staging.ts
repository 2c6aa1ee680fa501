// Staging: a prescription beside the one in force, until it is committed.

import { Fault } from "../hal/faults";
import { idiv, imod } from "../protocol/integers";
import { Prescribe } from "../protocol/limits";
import { Mode } from "../protocol/states";
import { D, get } from "../protocol/device/state";
import { at } from "./list";
import { Packed } from "./parameters";
import { C, Staged, W } from "./state";
import type { Pump } from "./state";

/**
 * What is staged belongs to the session that staged it and goes with it (LINK-3). Its steps may come in any order and more than
 * once; until each has come it is not whole. Nothing here is therapy-critical: a commit carries the hash of what was reviewed.
 */

/** True if this session has staged something and all of its steps have come. */
export function isWhole(p: Pump): boolean {
  if (p.w[W.staged_session] === 0 || p.w[W.staged_session] !== get(p.d, D.session)) return false;
  const end = Staged.step + at(p.board, p.staged, Staged.step_count);
  for (let i: number = Staged.step; i < end; i++) {
    if (at(p.board, p.staged, i) === Packed.missing) return false;
  }
  return true;
}

/** Op.stage: arguments are mode, seven schedules and how many steps will come. */
export function checkStage(p: Pump): Fault {
  const mode = at(p.board, p.args, Staged.mode);
  const count = at(p.board, p.args, Staged.step_count);
  if (mode === Mode.minimum_rate) return count === 0 ? Fault.ok : Fault.malformed;
  if (mode !== Mode.schedule || count === 0 || count > Prescribe.steps_max) return Fault.malformed;
  for (let day = 0; day < 7; day++) {
    if (at(p.board, p.args, Staged.week + day) >= Prescribe.schedules_max) return Fault.malformed;
  }
  return Fault.ok;
}

export function stage(p: Pump): number {
  for (let i = 0; i < Staged.step; i++) p.staged[i] = at(p.board, p.args, i);
  for (let i: number = Staged.step; i < Staged.size; i++) p.staged[i] = Packed.missing;
  p.w[W.staged_session] = get(p.d, D.session);
  p.w[W.reviewed] = 0;
  return 0;
}

/** Op.stage_steps: arguments are the first step's number, then pairs of key and rate. */
export function checkSteps(p: Pump): Fault {
  if (p.w[W.staged_session] === 0 || p.w[W.staged_session] !== get(p.d, D.session)) return Fault.nothing_staged;
  const pairs = idiv(p.w[W.held_count] - 1, 2);
  if (pairs === 0 || at(p.board, p.args, 0) + pairs > at(p.board, p.staged, Staged.step_count)) return Fault.malformed;
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

/** A prime, and a factor that keeps products of it below 2^53. */
const enum Hash { prime = 2_147_483_647, factor = 1_000_003 }

function mix(hash: number, v: number): number {
  return imod(hash * Hash.factor + imod(v, Hash.prime) + 1, Hash.prime);
}

/** Of what is staged and what it was reviewed against: drug, pulse, the version in force. Not 0. Tells mix-ups, not forgeries: the session does that. */
export function hashStaged(p: Pump): number {
  let hash = mix(mix(mix(1, p.c[C.version]), p.c[C.concentration]), p.c[C.pulse_pL]);
  const end = Staged.step + at(p.board, p.staged, Staged.step_count);
  for (let i = 0; i < end; i++) hash = mix(hash, at(p.board, p.staged, i));
  return hash === 0 ? 1 : hash;
}
