// Ranges and shards: which jobs are asked for, and which of them are ours.

import type { Job } from "./job";

/** Jobs of one kind, from the first to the last number, both included. */
export interface Range {
  readonly kind: string;
  readonly from: number;
  readonly to: number;
  /** What the jobs' kind must know besides, as plain data. */
  readonly asked?: unknown;
}

/** One of its jobs. */
export function jobAt({ kind, asked }: Range, number: number): Job {
  return { kind, number, ...(asked === undefined ? {} : { asked }) };
}

/** Part `shard` of `shards`, from 1. */
export interface Shard {
  readonly shard: number;
  readonly shards: number;
}

export const WHOLE: Shard = { shard: 1, shards: 1 };

export function countOf({ from, to }: Range): number {
  return to - from + 1;
}

/** The part's own range: the parts are as large as one another but for one, and together they are the whole. It may be empty: `to` is then below `from`. */
export function partOf(range: Range, { shard, shards }: Shard): Range {
  const count = countOf(range);
  return { ...range, from: range.from + Math.floor((count * (shard - 1)) / shards), to: range.from + Math.floor((count * shard) / shards) - 1 };
}
