// What is given on top of basal ends: delivery stops, stalls or falls back.

import { Skipped } from "../protocol/records";
import type { BolusEnd } from "../protocol/records";
import { endBolus } from "./bolus";
import { endPrime } from "./prime";
import { dropWaiting } from "./timed";
import type { Pump } from "./state";

/** Ends bolus and prime at a pulse boundary, and skips what waits: none of it is resumed (DOSE-6, MEM-1). */
export function interrupt(p: Pump, how: BolusEnd): void {
  endBolus(p, how);
  endPrime(p, how);
  dropWaiting(p, Skipped.not_delivering);
}
