// A part: what one machine explored, as a JSON line, and parts put together.

import type { Range, Shard } from "./range";
import { countOf, partOf } from "./range";
import { add, NOTHING } from "./totals";
import type { Totals } from "./totals";

/** Everything of a part that others must agree with, and its totals: the last JSON line of `itb-pump explore --json`. */
export interface Part extends Shard {
  /** Of the whole, not of the part. */
  readonly range: Range;
  /** Version of the jobs' meaning. */
  readonly jobs_version: number;
  readonly target: string;
  /** 16 hex digits that tell firmware, emulator and generator from others: how a fixed run ended. */
  readonly build: string;
  /** How many runs it took to find the planted faults; 0 if none was planted. */
  readonly canary_runs: number;
  readonly totals: Totals;
}

/** Parts that cannot be put together. The message is for the user. */
export class BadParts extends Error {
  override readonly name = "BadParts";
}

const AGREED = ["jobs_version", "target", "build", "shards"] as const;

function rangeText({ kind, from, to, asked }: Range): string {
  return `${kind} ${String(from)}..${String(to)}${asked === undefined ? "" : ` ${JSON.stringify(asked)}`}`;
}

/** Whether two parts are of one whole, and what speaks against it. */
function disagreement(a: Part, b: Part): string | undefined {
  if (rangeText(a.range) !== rangeText(b.range)) return `${rangeText(b.range)} and not ${rangeText(a.range)}`;
  const other = AGREED.find((each) => a[each] !== b[each]);
  return other === undefined ? undefined : `${other.replace("_", " ")} ${String(b[other])} and not ${String(a[other])}`;
}

/** The whole. Throws `BadParts` unless each part is there once, all of the same whole, and each has run all that is its own. */
export function merge(parts: readonly (Part & { readonly file: string })[]): Part {
  const [first] = parts;
  if (first === undefined) throw new BadParts("there is nothing to merge");
  const seen = new Map<number, string>();
  for (const part of parts) {
    const why = disagreement(first, part);
    if (why !== undefined) throw new BadParts(`${part.file}: is of another exploration than ${first.file}: ${why}`);
    const name = `shard ${String(part.shard)}/${String(part.shards)}`;
    const before = seen.get(part.shard);
    if (before !== undefined) throw new BadParts(`${part.file}: ${name} is there twice: also ${before}`);
    seen.set(part.shard, part.file);
    const due = Math.max(0, countOf(partOf(part.range, part)));
    if (part.totals.jobs !== due) throw new BadParts(`${part.file}: ${name} has ${String(part.totals.jobs)} runs of ${String(due)}`);
  }
  const missing = Array.from({ length: first.shards }, (_, index) => index + 1).filter((shard) => !seen.has(shard));
  if (missing.length > 0) throw new BadParts(`of ${String(first.shards)} shards ${missing.length === 1 ? "one is" : `${String(missing.length)} are`} missing: ${missing.slice(0, 10).join(", ")}${missing.length > 10 ? ", ..." : ""}`);
  return {
    ...first, shard: 1, shards: 1, canary_runs: Math.max(...parts.map(({ canary_runs }) => canary_runs)),
    totals: parts.reduce((sum, { totals }) => add(sum, totals), NOTHING),
  };
}
