// A board: the record of all capabilities a controller is given.

import type { Cipher } from "./cipher";
import type { Cutoff } from "./cutoff";
import type { Entropy } from "./entropy";
import type { Link } from "./link";
import type { Motor } from "./motor";
import type { Panic } from "./panic";
import type { Sounder } from "./sounder";
import type { Storage } from "./storage";
import type { Supply } from "./supply";

/**
 * What a controller may ask of hardware. No call waits: it acts and returns, or posts, and the result
 * comes back later as an event (controller.ts).
 */
export interface Board {
  readonly motor: Motor;
  readonly cutoff: Cutoff;
  readonly supply: Supply;
  readonly sounder: Sounder;
  readonly storage: Storage;
  readonly link: Link;
  readonly cipher: Cipher;
  readonly entropy: Entropy;
  /** `Retained.slots` integers that survive a warm reset (retained.ts). */
  readonly retained: number[];
  /** Stops the motor and cuts its drive, keeps the number, resets. Does not return. */
  readonly panic: (this: void, reason: Panic) => never;
}
