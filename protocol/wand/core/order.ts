// Orders and results: what a wand can be told to do, and how that ends.

import type { Fault } from "../../../hal/faults";
import type { Op } from "../../operations";
import type { Role } from "../../service";
import type { Problem } from "../problems";

/** One thing to do, with all the repetition it takes. */
export type Order =
  /** Wakes the pump and reads what a stranger may see. */
  | { readonly kind: "look" }
  /** Gives an unprovisioned pump its key, 32 bytes. */
  | { readonly kind: "provision"; readonly key: Uint8Array }
  /**
   * Asks for an operation in the session, which is opened if there is none. `op_id` is drawn unless given: give that of an order whose end is not known
   * to try the same again. `raw` are the fields' bytes as they are, in place of `args`.
   */
  | { readonly kind: "operate"; readonly op: Op; readonly args: readonly number[]; readonly op_id?: bigint; readonly raw?: Uint8Array }
  /** Ends the session; with `wait` false the message is sent and its answer not awaited. */
  | { readonly kind: "close"; readonly wait: boolean }
  /** Sends a pump without a session to sleep; nothing answers that. */
  | { readonly kind: "goodbye" };

/** What a stranger may see. A register that the pump does not have is empty or 0. */
export interface PumpInfo {
  /** Device id of this wake, 16 hexadecimal digits. */
  readonly device: string;
  readonly protocol_version: number;
  readonly provisioned: boolean;
  readonly description: string;
  readonly product: number;
  readonly firmware: string;
}

export type Result =
  /** The pump's answer to an operation, a refusal included. */
  | { readonly kind: "answer"; readonly fault: Fault; readonly values: readonly number[]; readonly op_id: bigint }
  | ({ readonly kind: "pump" } & PumpInfo)
  | { readonly kind: "done" }
  | Failed;

/** No answer, and why. */
export interface Failed {
  readonly kind: "failed";
  readonly problem: Problem;
  readonly text: string;
  /** How long to leave the pump alone, where it said so. */
  readonly wait_ms?: number;
  /** Of the operation that was sent and whose end is not known. */
  readonly op_id?: bigint;
}

/** What a wand is given. */
export interface WandOptions {
  /** Fresh bytes that nobody can guess, for nonces and operation ids. */
  readonly random: (count: number) => Uint8Array;
  readonly role: Role;
  /** The role's key, 32 bytes: the pump's own for a clinician, `patientKey` of it for a patient. Without: only `look` and `provision`. */
  readonly key?: Uint8Array;
  /** A frame leaves at a whole multiple of this after the frame before it left; 0, the default: as soon as it can. */
  readonly turnaround_us?: number;
  /** When another wand's last frame left this line: turnarounds count from there. */
  readonly left_us?: number;
  /** A frame without an answer is sent again after so long; 150 ms unless told. */
  readonly retry_us?: number;
  /** An order is given up after so long; 3 s unless told. */
  readonly give_up_us?: number;
  /** Goes on although the pump's proof is wrong, as a wand with the wrong key would that did not look: tests only. */
  readonly lenient?: boolean;
}
