// A job: what one run of an exploration is to do, and what came of it.

import { createHash } from "node:crypto";
import type { Program } from "../brain";
import type { Verdict } from "../scenario/run";
import type { Canary } from "./canary";
import type { Reached } from "./coverage";
import type { Finding } from "./finding";
import type { Plan } from "./plan";

/** One run, as plain data: it travels to other processes and stands in JSON lines. Its kind says who makes it. */
export interface Job {
  readonly kind: string;
  /** What tells it from the others of its kind, in order. */
  readonly number: number;
  /** What its kind must know besides, as plain data. */
  readonly asked?: unknown;
}

/** What came of a job; adds up with those of others, in `totals.ts`. */
export interface JobResult {
  readonly job: Job;
  readonly verdict: Verdict;
  /** Therapy digest of the run. */
  readonly digest: string;
  readonly virtual_ms: number;
  readonly pulses: number;
  readonly reached: Reached;
  readonly finding?: Finding;
}

/** A kind of job: the seam for whatever else may be explored. Workers, shards, merging, shrinking and failure files know no more of it than this. */
export interface JobKind {
  readonly kind: string;
  /** Raised whenever a job of the same number means something else. */
  readonly version: number;
  readonly run: (job: Job, controller: Program) => JobResult;
  /** The job's run as a plan that shrinking can cut and a file can hold. It must find the same. */
  readonly planOf: (job: Job) => Plan;
  /** A job whose end tells one build from another. */
  readonly telling: Job;
  /** Jobs that are over soon, in which the planted faults must be found. */
  readonly quick: (n: number) => Job;
  /** The faults that it must find. */
  readonly canaries: readonly Canary[];
  /** The options of `itb-pump explore` that repeat this job alone. */
  readonly optionsOf: (job: Job) => string;
}

/** "seed 17": the name of a job in texts and files. */
export function jobName({ kind, number }: Job): string {
  return `${kind} ${String(number)}`;
}

/** 64 bits of job, verdict and digest; those of several runs are added, so that no order and no division into shards shows. */
export function markOf({ job, verdict, digest }: JobResult): bigint {
  return BigInt(`0x${createHash("sha256").update(`${jobName(job)} ${verdict} ${digest}`).digest("hex").slice(0, 16)}`);
}
