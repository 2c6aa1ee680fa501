// What is on the way to the tip: plugs of drug, and which one leaves next.

import { RecordKind } from "../protocol/records";
import { idiv } from "../protocol/integers";
import { Unit } from "../hal/units";
import { uncertain } from "./books";
import { mark, record } from "./log";
import { Tubing } from "./parameters";
import { put, slot } from "./region";
import { C, Dirty } from "./state";
import type { Pump } from "./state";

/**
 * Tubing and catheter hold the drugs that the reservoir held before: a list of boundaries, the oldest first, each with the drug behind it. One was made
 * at the pump, at a count of confirmed and uncertain pulses; it reaches the tip when tubing and catheter have been pushed out since. Pulses that are
 * uncertain may have moved it or not, so its place is a band from confirmed to confirmed plus uncertain, and inside it the stronger drug is assumed
 * (FILL-7). Volume ends a bridge and not time: nothing here knows how long a stop or a reset took.
 */
const enum At { sure = 0, unsure = 1, drug = 2 }

function value(p: Pump, plug: number, at: At): number {
  return slot(p, C.plug + plug * Tubing.plug + at);
}

/** Least volume that has passed the pump since boundary `plug` was made. */
function passed_pL(p: Pump, plug: number): number {
  return (p.c[C.confirmed] - value(p, plug, At.sure)) * p.c[C.pulse_pL];
}

/** Takes the first boundary off the list: its drug is at the tip. */
function drop(p: Pump): void {
  put(p, C.tip_before, value(p, 0, At.drug));
  put(p, C.plug_count, p.c[C.plug_count] - 1);
  for (let i: number = C.plug; i + Tubing.plug <= C.plug_last; i++) put(p, i, slot(p, i + Tubing.plug));
  record(p, RecordKind.bridge_end, p.c[C.tip_before], p.c[C.plug_count], 0);
  mark(p, Dirty.saved);
}

/** Works out what the next pulse pushes out at the tip. To be called at a pulse boundary, whenever books or plugs have changed. */
export function lookAtTip(p: Pump): void {
  const c = p.c;
  if (c[C.plug_count] === 0) {
    if (c[C.tip] !== c[C.concentration]) put(p, C.tip, c[C.concentration]);
    return;
  }
  while (c[C.plug_count] > 0 && passed_pL(p, 0) >= c[C.catheter_pL]) drop(p);
  let strongest: number = c[C.plug_count] === 0 ? c[C.concentration] : c[C.tip_before];
  for (let i = 0; i < c[C.plug_count]; i++) {
    const most_pL = passed_pL(p, i) + (uncertain(p) - value(p, i, At.unsure) + 1) * c[C.pulse_pL];
    if (most_pL > c[C.catheter_pL]) strongest = Math.max(strongest, value(p, i, At.drug));
  }
  put(p, C.tip, strongest);
}

/** The reservoir's drug is another one from here on, and what is in tubing and catheter stays there. There must be room for a boundary (`hasRoom`). */
export function addPlug(p: Pump, before: number, after: number): void {
  const c = p.c;
  const plug = c[C.plug_count];
  if (plug === 0) put(p, C.tip_before, before);
  put(p, C.plug + plug * Tubing.plug + At.sure, c[C.confirmed]);
  put(p, C.plug + plug * Tubing.plug + At.unsure, uncertain(p));
  put(p, C.plug + plug * Tubing.plug + At.drug, after);
  put(p, C.plug_count, plug + 1);
  record(p, RecordKind.bridge_begin, plug === 0 ? before : c[C.tip_before], after, idiv(c[C.catheter_pL], Unit.pL_per_nL));
}

/** Tubing and catheter were emptied: they hold the reservoir's drug. */
export function clearPlugs(p: Pump): void {
  put(p, C.plug_count, 0);
}

export function hasRoom(p: Pump): boolean {
  return p.c[C.plug_count] < Tubing.plugs_max;
}

/** The volume until the reservoir's own drug reaches the tip by confirmed pulses, in pL: what is left of the bridge. */
export function bridgeLeft_pL(p: Pump): number {
  const count = p.c[C.plug_count];
  return count === 0 ? 0 : Math.max(0, p.c[C.catheter_pL] - passed_pL(p, count - 1));
}

/** The weakest or the strongest of the drugs on the way to the tip and `drug`, that of the reservoir. */
export function extremeDrug(p: Pump, drug: number, strongest: boolean): number {
  const c = p.c;
  let found = drug;
  if (c[C.plug_count] === 0) return found;
  found = strongest ? Math.max(found, c[C.tip_before]) : Math.min(found, c[C.tip_before]);
  for (let i = 0; i < c[C.plug_count]; i++) {
    found = strongest ? Math.max(found, value(p, i, At.drug)) : Math.min(found, value(p, i, At.drug));
  }
  return found;
}

/** The dose that the first `volume_pL` from now on bring to the tip, in pL x ng/uL, where the reservoir holds `drug`. By confirmed pulses. */
export function doseOf(p: Pump, volume_pL: number, drug: number): number {
  const c = p.c;
  let at_pL = 0;
  let now: number = c[C.plug_count] === 0 ? drug : c[C.tip_before];
  let dose = 0;
  for (let i = 0; i < c[C.plug_count]; i++) {
    const until_pL = Math.min(volume_pL, Math.max(at_pL, c[C.catheter_pL] - passed_pL(p, i)));
    dose += (until_pL - at_pL) * now;
    at_pL = until_pL;
    now = value(p, i, At.drug);
  }
  return dose + (volume_pL - at_pL) * now;
}
