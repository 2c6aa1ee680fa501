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
  /** Whether there is power. */
  readonly powered: boolean;
  /** Whether a program runs that can be told anything. */
  readonly up: boolean;
  /** Gives an event to the controller. False if there is no longer anybody to hear it. */
  deliver(epoch: number, at_ms: number, source: Source, a: number, b: number): boolean;
  /** A machine is given an event some ms after it happened. Calls `told` when its program is given the motor's next result; never, if a reset comes first. */
  readonly onResult?: (told: () => void) => void;
  /** The same for an edge that is neither a result nor late; those that wait are in order. */
  readonly onEdge?: (told: () => void) => void;
}

/** Whoever judges the run from outside: the oracle. It is told and never asked. */
export interface Witness {
  /** A motor command, and whether the drive accepted it. */
  commanded(at_ms: number, accepted: boolean): void;
  /** A result reached the controller, or was lost on the way to it. */
  resulted(at_ms: number, result: MotorResult, heard: boolean): void;
  /** The program that heard it gave up over it. */
  doubted(result: MotorResult): void;
  /** The program is told of an edge of a motion that nobody commanded, or of a backward one. */
  edged(at_ms: number, reverse: boolean): void;
  /** The drive got its supply or lost it; by a reset, or because the program said so. */
  supplied(at_ms: number, on: boolean, by_reset: boolean): void;
  /** The program gave the drive its supply back, and a switch that is stuck did not. */
  notSupplied(): void;
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
