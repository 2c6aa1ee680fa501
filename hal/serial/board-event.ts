// What a board tells, and what a line has cost and shown.

import type { Reason } from "../../protocol/peripherals";

/** What the board measured or did; times are the board's own, between which latencies are exact (`Tether.alignment` turns them into the host's). */
export type BoardEvent =
  | { readonly kind: "stepped"; readonly sequence: number; readonly begun_board_us: number }
  | { readonly kind: "refused"; readonly sequence: number; readonly reason: Reason }
  | { readonly kind: "edge"; readonly at_board_us: number; readonly backward: boolean }
  | { readonly kind: "edges_lost"; readonly count: number }
  | { readonly kind: "sampled"; readonly sequence: number; readonly millivolts: number }
  | { readonly kind: "up"; readonly anew: boolean }
  | { readonly kind: "lost"; readonly cause: "silence" | "dead_man" | "board_reset" | "stopped" | "problem" };

/** What one session has cost and shown. */
export interface LineFigures {
  /** Sessions opened, and lost. */
  opened: number;
  lost: number;
  /** Round trips without the bytes' own time: the shortest, and the longest that counted. */
  round_trip_us_min: number;
  round_trip_us_max: number;
  /** Edges that came by a repetition because the first telling was lost; that were never told. */
  edges_recovered: number;
  edges_lost: number;
  orders: number;
  orders_repeated: number;
}
