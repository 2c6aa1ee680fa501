// The entry points of a controller: what a host calls, and when.

import type { Board } from "./board";

/** Why the controller is starting. Numbers are stable. */
export const enum ResetCause {
  /** Power came (back): retained memory holds nothing of use. */
  power = 1,
  /** The watchdog bit, or a person pressed reset. */
  watchdog = 2,
  /** A panic; its number is the detail. */
  panic = 3,
}

/** The detail of a start by power: what became of pump time. Numbers are stable. */
export const enum PowerLoss {
  /** The board's clock went on: pump time is right. */
  clock_kept = 0,
  /** It stood still: pump time goes on from the latest instant that storage has a stamp of. */
  clock_stood = 1,
}

/** Where a hardware event comes from, with what its two numbers mean. */
export const enum Source {
  /** MotorResult, latency in ms. */
  motor = 1,
  /** RotorEdge, ms since the last command (rotor.ts). */
  rotor = 2,
  /** Millivolts, 0. */
  supply = 3,
  /** Fault (0 ok), 0. */
  storage = 4,
  /** What failed, a sum of `SelfTest` (self-test.ts), 0. */
  self_test = 5,
}

/**
 * A controller as its host sees it. Each call runs to completion without waiting and returns the next
 * deadline: the pump time at which `wake` must be called, later than `now_ms` by at most
 * `Clock.deadline_ahead_ms_max`. A deadline replaces the one before. Times are logical (clock.ts).
 */
export interface Controller {
  /** First call after a reset; `detail` is the panic's number, or `PowerLoss`, otherwise 0; `failed` is what the self-test found (self-test.ts). */
  readonly boot: (this: void, now_ms: number, cause: ResetCause, detail: number, failed: number) => number;
  /** The deadline has come. */
  readonly wake: (this: void, now_ms: number) => number;
  /** A hardware event. */
  readonly event: (this: void, now_ms: number, source: Source, a: number, b: number) => number;
  /**
   * The first `count` of `bytes` (0 to 255, at most `LinkSize.chunk_max`) came over the link. The list is the host's: it may be used
   * again as soon as the call returns.
   */
  readonly received: (this: void, now_ms: number, bytes: readonly number[], count: number) => number;
}

/** Makes a controller that owns `board`. Nothing is called on the board before `boot`. */
export type ControllerFactory = (this: void, board: Board) => Controller;
