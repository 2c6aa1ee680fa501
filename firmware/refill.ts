// A refill: what was taken out, what is put in, and what drug that makes.

import { Fault } from "../hal/faults";
import { Unit } from "../hal/units";
import { Alarm } from "../protocol/alarms";
import { RecordKind } from "../protocol/records";
import { idiv } from "../protocol/integers";
import { Bridge, Drug, Mode, State } from "../protocol/states";
import { clear, raise } from "./alarms";
import { remainingLow_pL, remaining_pL, uncertain } from "./books";
import { at } from "./list";
import { record } from "./log";
import { Event, legal, transition } from "./machine";
import { Fill, Label, Tubing } from "./parameters";
import { addPlug, bridgeLeft_pL, clearPlugs, extremeDrug, hasRoom, lookAtTip } from "./plugs";
import { put } from "./region";
import { C, Filled, Parts, Staged, W } from "./state";
import type { Pump } from "./state";

/** The arguments of `Op.refill`, and the first of `Op.stage_refill`; its last two stand after them. */
export const enum Refill { drug = 0, volume_nL = 1, concentration = 2, aspirated_nL = 3, rinsed = 4, lot = 5, bridge = 5, staged_lot = 6, size = 7 }

/**
 * A refill as it is carried out. Where the reservoir held another concentration, what is left in its dead volume mixes with the new drug unless it was rinsed:
 * the mix, rounded down, is what everybody reckons with from then on (LIMIT-1). With the same drug the mix is the drug.
 */
export function mixOf(p: Pump, volume_nL: number, concentration: number, rinsed: number): number {
  const before = p.c[C.concentration];
  if (before === 0 || rinsed === 1) return concentration;
  return idiv(volume_nL * concentration + Fill.dead_nL * before, volume_nL + Fill.dead_nL);
}

/** What any refill must be: `list` from `first` on holds the arguments. */
export function checkFill(p: Pump, list: readonly number[], first: number): Fault {
  const c = p.c;
  const volume_nL = at(p.board, list, first + Refill.volume_nL);
  const concentration = at(p.board, list, first + Refill.concentration);
  if (!legal(p, Event.refill) || c[C.prime_left] > 0) return Fault.not_in_this_state;
  if (list[first + Refill.drug] !== Drug.baclofen) return Fault.drug_unknown;
  if (at(p.board, list, first + Refill.rinsed) > 1) return Fault.malformed;
  if (volume_nL + Fill.dead_nL > c[C.capacity_nL]) return Fault.overfill;
  if (volume_nL * Unit.pL_per_nL <= Fill.empty_pL) return Fault.reservoir_empty;
  if (at(p.board, list, first + Refill.aspirated_nL) > c[C.capacity_nL]) return Fault.aspirated_too_much;
  return concentration === Label.low || concentration === Label.middle || concentration === Label.high ? Fault.ok : Fault.concentration_unknown;
}

/** True if nothing depends on the concentration yet: no drug was filled in, or the pump is new, has no prescription, and has pushed nothing into its catheter. */
function isFree(p: Pump): boolean {
  return p.c[C.concentration] === 0 || (p.c[C.state] === State.shelf && p.c[C.mode] === Mode.none && p.c[C.commanded] === 0);
}

/** A refill by itself leaves the concentration as it is (FILL-4). Arguments: `Refill`. */
export function checkRefill(p: Pump): Fault {
  const fault = checkFill(p, p.args, 0);
  if (fault !== Fault.ok || isFree(p)) return fault;
  const mix = mixOf(p, at(p.board, p.args, Refill.volume_nL), at(p.board, p.args, Refill.concentration), at(p.board, p.args, Refill.rinsed));
  return mix === p.c[C.concentration] ? Fault.ok : Fault.concentration_needs_bridge;
}

/** What was taken out against what the books expect: flagged above 2 mL or 14.5 % of what was delivered since the last fill (FILL-4). */
function compare(p: Pump, aspirated_nL: number): void {
  const c = p.c;
  const expected_nL = idiv(remaining_pL(p), Unit.pL_per_nL);
  const delivered_nL = idiv(c[C.fill_pL], Unit.pL_per_nL) - expected_nL;
  const discrepancy_nL = Math.max(aspirated_nL, expected_nL) - Math.min(aspirated_nL, expected_nL);
  clear(p, Alarm.refill_discrepancy);
  if (c[C.fill_pL] === 0) return;
  const flagged = discrepancy_nL > Tubing.discrepancy_nL_max || discrepancy_nL * 1000 > delivered_nL * Tubing.discrepancy_permille;
  if (flagged) raise(p, Alarm.refill_discrepancy, discrepancy_nL);
}

/** Fills: books, drug, records, alarms. `concentration` is the mix. Plugs are the caller's. */
function fill(p: Pump, volume_nL: number, concentration: number, aspirated_nL: number, lot: number): void {
  const c = p.c;
  const expected_nL = idiv(remaining_pL(p), Unit.pL_per_nL);
  record(p, RecordKind.refill, volume_nL, concentration, expected_nL);
  record(p, RecordKind.refill_detail, aspirated_nL, Math.max(aspirated_nL, expected_nL) - Math.min(aspirated_nL, expected_nL), lot);
  compare(p, aspirated_nL);
  put(p, C.fill_pL, volume_nL * Unit.pL_per_nL);
  put(p, C.concentration, concentration);
  put(p, C.bolus_drug, Math.max(c[C.bolus_drug], concentration));
  put(p, C.fill_confirmed, c[C.confirmed]);
  put(p, C.fill_uncertain, uncertain(p));
  put(p, C.filled_ms, p.w[W.now_ms]);
  lookAtTip(p);
  transition(p, Event.refill);
}

/** Op.refill. */
export function applyRefill(p: Pump): void {
  const volume_nL = at(p.board, p.args, Refill.volume_nL);
  const concentration = at(p.board, p.args, Refill.concentration);
  const mix = mixOf(p, volume_nL, concentration, at(p.board, p.args, Refill.rinsed));
  fill(p, volume_nL, mix, at(p.board, p.args, Refill.aspirated_nL), at(p.board, p.args, Refill.lot));
}

/** True if a refill comes with what is staged. */
export function hasStagedRefill(p: Pump): boolean {
  return (at(p.board, p.staged, Staged.parts) & Parts.refill) !== 0;
}

function staged(p: Pump, what: Refill): number {
  return at(p.board, p.w, W.refill + what);
}

/** The drug of the reservoir once what is staged is in force. */
export function drugAfter(p: Pump): number {
  if (!hasStagedRefill(p)) return p.c[C.concentration];
  return mixOf(p, staged(p, Refill.volume_nL), staged(p, Refill.concentration), staged(p, Refill.rinsed));
}

/** The weakest and the strongest drug that will pass the tip once what is staged is in force: `drug` is that of the reservoir then. */
export function weakestAfter(p: Pump, drug: number): number {
  return bridges(p) ? Math.min(drug, extremeDrug(p, p.c[C.concentration], false)) : isCleared(p) ? drug : extremeDrug(p, drug, false);
}

export function strongestAfter(p: Pump, drug: number): number {
  return bridges(p) ? Math.max(drug, extremeDrug(p, p.c[C.concentration], true)) : isCleared(p) ? drug : extremeDrug(p, drug, true);
}

/** True if the staged refill says that tubing and catheter were emptied. */
function isCleared(p: Pump): boolean {
  return hasStagedRefill(p) && staged(p, Refill.bridge) === Bridge.cleared;
}

/** True if the staged refill leaves another drug on the way to the tip. */
function bridges(p: Pump): boolean {
  return hasStagedRefill(p) && p.c[C.concentration] !== 0 && drugAfter(p) !== p.c[C.concentration] && staged(p, Refill.bridge) === Bridge.bridge;
}

/** A refill that comes with a prescription: a change of the drug takes a decision about what is in tubing and catheter (FILL-7). */
export function checkStagedRefill(p: Pump): Fault {
  if (!hasStagedRefill(p)) return Fault.ok;
  const fault = checkFill(p, p.w, W.refill);
  if (fault !== Fault.ok) return fault;
  if (staged(p, Refill.bridge) > Bridge.cleared) return Fault.malformed;
  const change = p.c[C.concentration] !== 0 && drugAfter(p) !== p.c[C.concentration];
  if (change && staged(p, Refill.bridge) !== Bridge.bridge && staged(p, Refill.bridge) !== Bridge.cleared) return Fault.concentration_needs_bridge;
  return bridges(p) && !hasRoom(p) ? Fault.too_many_plugs : Fault.ok;
}

/** The refill of a commit. */
export function applyStagedRefill(p: Pump): void {
  if (!hasStagedRefill(p)) return;
  const before = p.c[C.concentration];
  const after = drugAfter(p);
  if (bridges(p)) addPlug(p, before, after);
  else if (isCleared(p)) clearPlugs(p);
  fill(p, staged(p, Refill.volume_nL), after, staged(p, Refill.aspirated_nL), staged(p, Refill.staged_lot));
}

function setFilled(p: Pump, left_pL: number, drug: number, filled_ms: number, bridge_pL: number): void {
  p.w[W.filled + Filled.left_pL] = left_pL;
  p.w[W.filled + Filled.drug] = drug;
  p.w[W.filled + Filled.filled_ms] = filled_ms;
  p.w[W.filled + Filled.bridge_pL] = bridge_pL;
}

/** For a forecast: the reservoir as it is. */
export function fillNow(p: Pump): void {
  setFilled(p, p.c[C.fill_pL] === 0 ? 0 : Math.max(1, remainingLow_pL(p)), p.c[C.concentration], p.c[C.filled_ms], 0);
}

/** For a forecast: the reservoir as it will be once what is staged is in force. */
export function fillThen(p: Pump): void {
  if (!hasStagedRefill(p)) fillNow(p);
  else setFilled(p, staged(p, Refill.volume_nL) * Unit.pL_per_nL, drugAfter(p), p.w[W.now_ms], bridges(p) ? p.c[C.catheter_pL] : 0);
}

/** What is then left of other drugs on the way to the tip, in nL. */
export function bridgeThen_nL(p: Pump): number {
  return idiv(bridges(p) ? p.c[C.catheter_pL] : bridgeLeft_pL(p), Unit.pL_per_nL);
}
