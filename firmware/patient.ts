// Boluses on request: a clinician's, and the patient's with its lockout.

import { Fault } from "../hal/faults";
import { Unit } from "../hal/units";
import { BolusKind } from "../protocol/states";
import { beginBolus, bolusLasts_ms, hasBolus } from "./bolus";
import { checkCaps } from "./caps";
import { at } from "./list";
import { Limit } from "./parameters";
import { put, slot } from "./region";
import { C, W } from "./state";
import { canDeliver } from "./timed";
import type { Pump } from "./state";

/** What any bolus on request needs: therapy to run on top of, no other one, and room under the caps. */
function checkBolus(p: Pump, dose_ng: number, minutes: number): Fault {
  if (!canDeliver(p)) return Fault.bolus_not_possible;
  if (hasBolus(p) || p.c[C.bolus_waits] !== 0) return Fault.bolus_active;
  return checkCaps(p, dose_ng, minutes, 0);
}

/** Op.bolus: arguments are dose, minutes, and the dose again above the soft limit. */
export function checkSingle(p: Pump): Fault {
  const dose_ng = at(p.board, p.args, 0);
  const minutes = at(p.board, p.args, 1);
  if (dose_ng === 0 || minutes === 0 || minutes > Limit.bolus_min_max) return Fault.bolus_out_of_range;
  if (dose_ng > Limit.bolus_ng_max) return Fault.bolus_above_maximum;
  if (dose_ng > Limit.bolus_ng_soft && at(p.board, p.args, 2) !== dose_ng) return Fault.confirmation_needed;
  return checkBolus(p, dose_ng, minutes);
}

export function applySingle(p: Pump): number {
  beginBolus(p, BolusKind.clinician, at(p.board, p.args, 0), at(p.board, p.args, 1));
  p.reply[0] = bolusLasts_ms(p);
  return 1;
}

/** How long the patient must wait for the next one, 0 for not at all: the lockout runs from the start of the last one. */
export function lockout_ms(p: Pump): number {
  const last_ms = slot(p, C.patient_ms);
  if (last_ms === 0) return 0;
  return Math.max(0, last_ms + p.c[C.lockout_min] * Unit.ms_per_minute - p.w[W.now_ms]);
}

/** How many of the patient's boluses began in the last 24 h. */
export function patientCount(p: Pump): number {
  let count = 0;
  for (let i: number = C.patient_ms; i <= C.patient_ms_last; i++) {
    if (slot(p, i) !== 0 && p.w[W.now_ms] - slot(p, i) < Unit.ms_per_day) count++;
  }
  return count;
}

/** Op.patient_bolus. A refusal changes nothing: the lockout goes on as it was. */
export function checkPatient(p: Pump): Fault {
  const c = p.c;
  if (c[C.patient_ng] === 0) return Fault.patient_bolus_off;
  if (lockout_ms(p) > 0) return Fault.lockout;
  if (patientCount(p) >= c[C.patient_max]) return Fault.patient_bolus_count;
  return checkBolus(p, c[C.patient_ng], c[C.patient_min]);
}

export function applyPatient(p: Pump): number {
  for (let i: number = C.patient_ms_last; i > C.patient_ms; i--) put(p, i, slot(p, i - 1));
  put(p, C.patient_ms, Math.max(1, p.w[W.now_ms]));
  beginBolus(p, BolusKind.patient, p.c[C.patient_ng], p.c[C.patient_min]);
  p.reply[0] = bolusLasts_ms(p);
  return 1;
}
