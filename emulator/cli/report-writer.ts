// What writes a file of a run's report: what it is told, and when.

import type { RunListener } from "../scenario/run";
import type { Scenario } from "../scenario/scenario";
import type { GoldenWanted } from "./golden";
import type { Judged } from "./judged";
import type { ReportFolder } from "./report-file";

/** What a run is, before it is made: what its files say of it. */
export interface RunHead {
  readonly scenario: Scenario;
  readonly target: string;
  readonly seed: number;
  /** How late each wake reaches the processor. */
  readonly lag_ms: number;
  /** The line to paste back. */
  readonly again: string;
}

/** Where a run's report goes, as plain data: it travels to other processes. */
export interface ReportOrder {
  /** The folder of this run's files; the folder it is in must be there. */
  readonly folder: string;
  /** What the run is compared with, for the verdict in its files. */
  readonly golden?: GoldenWanted;
}

/**
 * What writes a file of a run, or several that share what they hear. `begin` comes before anything has happened: the instant to listen to the bench. Neither it nor
 * `step` may call back into the bench. What goes wrong with a file is the folder's, and a writer need not look.
 */
export interface ReportWriter extends RunListener {
  /** The run is over and judged: ends the files that were begun, and writes those that come last. */
  readonly end: (judged: Judged) => void;
}

export type OpenWriter = (head: RunHead, folder: ReportFolder) => ReportWriter;
