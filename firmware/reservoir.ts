// The reservoir: low at the crossing, empty at half a millilitre.

import { Unit } from "../hal/units";
import { Alarm } from "../protocol/alarms";
import { idiv } from "../protocol/integers";
import { State } from "../protocol/states";
import { follow } from "./alarms";
import { remainingLow_pL, remaining_pL } from "./books";
import { isHeld } from "./drive";
import { Event, legal, transition } from "./machine";
import { Fill } from "./parameters";
import { C } from "./state";
import type { Pump } from "./state";

/**
 * Looks at the books after a pulse's result, a refill or a new setting, at a pulse boundary. Low when the lower
 * bound has reached the set volume (FILL-2); motor off when empty by confirmed pulses; where the lower bound
 * alone is empty there is an alarm and attempts go on (FILL-3). In safe-off the alarm stays until therapy is back, unless it was the drive that led there.
 */
export function checkReservoir(p: Pump): void {
  const c = p.c;
  if (c[C.fill_pL] === 0) return;
  const low_pL = remainingLow_pL(p);
  const low_nL = idiv(low_pL, Unit.pL_per_nL);
  follow(p, Alarm.low_reservoir, low_pL <= c[C.low_volume_pL], low_nL);
  if (remaining_pL(p) <= Fill.empty_pL) {
    if (legal(p, Event.empty)) transition(p, Event.empty);
  } else if (c[C.state] !== State.safe_off || isHeld(p)) {
    follow(p, Alarm.reservoir_empty, low_pL <= Fill.empty_pL, low_nL);
  }
}
