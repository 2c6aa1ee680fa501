// What the page of a timeline is given beside the recording: facts of the run.

import type { Lane } from "../recording/marks";

/** Raised whenever the page's fields change their meaning. */
export const TIMELINE_SCHEMA = 1;

/** Something that was not as it must be. */
export interface FindingFacts {
  /** Pump time. */
  readonly at_ms: number;
  /** "expectation", "refusal", "violation (over)", "error". */
  readonly kind: string;
  readonly text: string;
  /** "file.yaml:12", where it has a place. */
  readonly place?: string;
}

/** JSON in the page. */
export interface RunFacts {
  readonly schema: number;
  readonly title: string;
  readonly about?: string;
  /** "pass", or how it ended. */
  readonly verdict: string;
  /** Names and values, in the order in which they are shown. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly findings: readonly FindingFacts[];
  /** The line to paste back. */
  readonly again: string;
  /** Pump time of the end. */
  readonly end_ms: number;
  /** Where each block of rows begins, and how many it has. */
  readonly blocks: readonly (readonly [from_ms: number, rows: number])[];
  readonly lanes: readonly Lane[];
  readonly texts: readonly string[];
}
