// What a bench is made with, and who is at its wand.

import type { Role } from "../protocol/service";
import type { Program } from "./brain";
import type { Unit } from "./unit";

/** What the pump answered: fault is 0 or the reason of a refusal. */
export interface Answer {
  readonly fault: number;
  readonly values: readonly number[];
}

export interface BenchOptions {
  readonly controller: Program;
  /** Of all random streams; default 1. */
  readonly seed?: number;
  /** How late each wake reaches the processor; default 0. */
  readonly lag_us?: number;
  /** What differs from DEFAULT_UNIT. */
  readonly unit?: Partial<Unit>;
  /**
   * Whether the bench has a wand of its own at the line's end, which gives the pump its key at power-on. Default true. Without, the pump comes as it was
   * made, `line` is whose it is, and `request` throws.
   */
  readonly wand?: boolean;
  /** Rate of the line, 115 200 unless told; 0 for one on which bytes take no time. */
  readonly baud?: number;
  /** Whether power may be cut inside storage (`cutPower`): that costs the oracle some time. Default false. */
  readonly cuts?: boolean;
  /** The line, the wand and storage take no time at all: for tests in which an instant must be exact. Default false. */
  readonly instant?: boolean;
}

/** Who is at the wand. */
export interface WandUser {
  readonly role: Role;
  /** Instead of the pump's key, or of the patient's made from it: 32 bytes. */
  readonly key?: Uint8Array;
  /** Does not end its session while time passes: its link stays awake until the pump ends it. */
  readonly stays?: boolean;
  /** Logs in although the pump could not prove that it has that key. */
  readonly lenient?: boolean;
}

/** Throws at a value that is no integer, and at a lag below 0. */
export function checkIntegers(values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (!Number.isSafeInteger(value)) throw new Error(`${name} must be an integer: ${value}`);
  }
  if (values["lag_us"]! < 0) throw new Error(`a lag cannot be negative: ${values["lag_us"]}`);
}
