// Arming a prime: a token that is good for one, in one session.

import { Fault } from "../hal/faults";
import { Unit } from "../hal/units";
import { getU32, idiv } from "../protocol/integers";
import { D, get } from "../protocol/device/state";
import { remaining_pL } from "./books";
import { isCut } from "./drive";
import { at } from "./list";
import { Event, legal } from "./machine";
import { Dose, Fill } from "./parameters";
import { beginPrime, primePulses } from "./prime";
import { C, W } from "./state";
import type { Pump } from "./state";

/** A prime is armed first, which gives a token, and the token is spent by the prime: no repeat by accident, in any session (FILL-6). */
function checkPossible(p: Pump): Fault {
  if (!legal(p, Event.prime)) return Fault.not_in_this_state;
  if (isCut(p)) return Fault.drive_not_quiet;
  if (p.c[C.concentration] === 0) return Fault.no_drug;
  return p.c[C.prime_left] > 0 ? Fault.bolus_active : Fault.ok;
}

/** Op.prime_arm: the argument is the volume. */
export function checkArm(p: Pump): Fault {
  const fault = checkPossible(p);
  if (fault !== Fault.ok) return fault;
  const volume_pL = at(p.board, p.args, 0) * Unit.pL_per_nL;
  if (volume_pL < p.c[C.pulse_pL] || volume_pL > p.c[C.catheter_pL]) return Fault.prime_volume_out_of_range;
  return remaining_pL(p) - volume_pL <= Fill.empty_pL ? Fault.reservoir_empty : Fault.ok;
}

export function arm(p: Pump): number {
  const volume_nL = at(p.board, p.args, 0);
  // As hard to hit by accident as any number that was not told.
  p.board.entropy.fill(p.reply, 0, 4);
  p.w[W.prime_token] = Math.max(1, getU32(p.reply, 0));
  p.w[W.prime_session] = get(p.d, D.session);
  p.w[W.prime_nL] = volume_nL;
  p.reply[0] = p.w[W.prime_token];
  p.reply[1] = idiv(primePulses(p, volume_nL) * p.c[C.pulse_pL] * Dose.due_per_pL_volume, Dose.flow_nL_per_day_max);
  return 2;
}

/** Op.prime: the argument is the token. */
export function checkPrime(p: Pump): Fault {
  const fault = checkPossible(p);
  if (fault !== Fault.ok) return fault;
  const token = at(p.board, p.args, 0);
  return token !== 0 && token === p.w[W.prime_token] && p.w[W.prime_session] === get(p.d, D.session) ? Fault.ok : Fault.token_wrong;
}

/** Op.prime: the token is spent. */
export function prime(p: Pump): number {
  beginPrime(p, p.w[W.prime_nL]);
  p.w[W.prime_token] = 0;
  return 0;
}
