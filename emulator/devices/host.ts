// What devices see of the processor, and who watches them.

import type { Source } from "../../hal/controller";
import type { MotorResult } from "../../hal/motor";
import type { RecordKind } from "../../protocol/records";

/** The processor as its devices see it. */
export interface Host {
  /** Logical time of the entry that is running, or of the last one. */
  readonly now_ms: number;
  /** One more with every reset: an event posted before a reset is lost to the program after it. */
  readonly epoch: number;
  /** Gives an event to the controller. False if there is no longer anybody to hear it. */
  deliver(epoch: number, at_ms: number, source: Source, a: number, b: number): boolean;
  /** A machine is given an event some ms after it happened. Calls `told` when its program is given the motor's next result; never, if a reset comes first. */
  readonly onResult?: (told: () => void) => void;
}

/** Whoever judges the run from outside: the oracle. It is told and never asked. */
export interface Witness {
  /** A motor command, and whether the drive accepted it. */
  commanded(at_ms: number, accepted: boolean): void;
  /** A result reached the controller, or was lost on the way to it. */
  resulted(at_ms: number, result: MotorResult, heard: boolean): void;
  /** The program that heard it gave up over it. */
  doubted(result: MotorResult): void;
  /** A record was appended. */
  recorded(at_ms: number, kind: RecordKind, a: number, b: number, c: number): void;
  /** The contract between controller and board was broken. */
  breach(at_ms: number, text: string, expected: number, seen: number): void;
}

/** A device to which faults can happen. */
export interface FaultSite {
  /** The fault begins, or begins again with another value. */
  faultBegins(kind: string, value: number): void;
  /** It ends. Never called for one that happens once. */
  faultEnds(kind: string): void;
}
