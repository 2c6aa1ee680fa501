// What the host is made with, who watches it, and the figures of its loop.

import type { Board } from "../board";
import type { ControllerFactory, ResetCause, Source } from "../controller";
import type { Panic } from "../panic";
import type { BoardEvent } from "./board-event";

/** What of a board is not across the line. */
export type LocalBoard = Pick<Board, "storage" | "link" | "cipher" | "entropy" | "retained">;

/** Who watches: a command line that shows it, or a bench that judges. Called as things happen; must not call back. */
export interface Watcher {
  readonly booting?: (at_ms: number, cause: ResetCause, detail: number) => void;
  /** The program is told what the self-test found: at a boot, and by an event. */
  readonly selfTested?: (at_ms: number, failed: number) => void;
  /** The program stopped: a reset follows. */
  readonly down?: (at_ms: number, cause: ResetCause, detail: number) => void;
  readonly commanded?: (at_ms: number) => void;
  readonly cut?: (at_ms: number, on: boolean) => void;
  readonly sounded?: (at_ms: number, tone: number, duration_ms: number) => void;
  readonly sampled?: (at_ms: number) => void;
  /** The program is given an event. */
  readonly told?: (at_ms: number, source: Source, a: number, b: number) => void;
  readonly badDeadline?: (at_ms: number, deadline_ms: number) => void;
  /** A session came up, or was lost; and what a pulse came to, with how late its drive was energised by the measured clock. */
  readonly line?: (event: BoardEvent, now_us: number) => void;
  readonly late?: (late_us: number) => void;
}

/** Figures of this loop, in us of the host's time unless their name says otherwise. */
export const enum Wait {
  /** From a warm reset to the boot. */
  boot_ms = 20,
  /** So much longer at the most, until the board has told what it finds wrong with itself: a line that is dead turns nothing. */
  self_test_us = 300_000,
  /** Into the step the supply's load has settled. */
  sampled_ms = 1,
  /** Missed pulses that are remembered: more than a board keeps edges. */
  owed_max = 16,
  /** A latency counts in whole ms: an edge within the 500th confirms. */
  judged_us = 500_999,
  /** Nothing was heard of an order for so long: it ends as missed. Later than its expiry and 500 ms, and before the controller gives it up at 750. */
  silent_us = 700_000,
  /** What is due while a pulse is in flight waits for the board to say that no edge came before it, and no longer than this. */
  grace_us = 60_000,
  /** A supply sample that has not come by then does not come. */
  sample_us = 160_000,
  /** Two times of the board are compared by the measured clock where its own cannot be: they may be off by this. */
  aligned_us = 1000,
  /** A controller that was late by more than this keeps its lag until this long before the next command could be (`lag`). */
  lag_us = 20_000,
  /** When the line was lost the controller is held for so long: a line that is back by then costs no pulse. */
  hold_us = 300_000,
}

/** What `board.panic` throws through the controller, for its host alone to catch. */
export class HostPanic extends Error {
  override readonly name = "HostPanic";
  constructor(readonly reason: Panic) {
    super(`panic ${reason}`);
  }
}

/** An edge as it is known here. */
export interface SeenEdge { readonly at_board_us: number; readonly at_us: number; readonly backward: boolean }

/** A pulse that was commanded. */
export interface Pulse {
  readonly command_ms: number;
  readonly ordered_us: number;
  sequence: number;
  begun_board_us: number | undefined;
  begun_us: number;
  in_flight: boolean;
  refused: boolean;
  /** When the next one was ordered: an edge from there on is not this one's. */
  until_us: number;
}

export interface HostOptions {
  readonly factory: ControllerFactory;
  readonly local: LocalBoard;
  readonly random: () => number;
  readonly watcher?: Watcher;
}
