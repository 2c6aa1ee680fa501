// Totals: what the runs of a part, or of all parts, come to together.

import type { Verdict } from "../scenario/run";
import { addTo } from "./coverage";
import type { Counts } from "./coverage";
import { jobName, markOf } from "./job";
import type { JobResult } from "./job";

/** Runs that went wrong in one way. */
export interface FindingGroup {
  readonly verdict: Verdict;
  readonly kind: string;
  /** The first of them, by name, and how many there are. */
  readonly first: string;
  readonly first_number: number;
  readonly text: string;
  readonly count: number;
  /** Where the first one's smallest plan was written. */
  readonly file?: string;
}

/** Sums that can be added to one another in any order. Plain data, as JSON lines have it. */
export interface Totals {
  readonly jobs: number;
  readonly verdicts: Counts;
  readonly virtual_ms: number;
  readonly pulses: number;
  readonly accepted: number;
  readonly refused: number;
  readonly cells: Counts;
  readonly faults: Counts;
  readonly findings: readonly FindingGroup[];
  /** 16 hex digits over all runs: their marks added. */
  readonly digest: string;
}

export const NOTHING: Totals = { jobs: 0, verdicts: {}, virtual_ms: 0, pulses: 0, accepted: 0, refused: 0, cells: {}, faults: {}, findings: [], digest: "0000000000000000" };

function addCounts(a: Counts, b: Counts): Counts {
  const sum = { ...a };
  for (const [name, count] of Object.entries(b)) addTo(sum, name, count);
  return Object.fromEntries(Object.entries(sum).sort(([x], [y]) => (x < y ? -1 : 1)));
}

function addDigests(a: string, b: string): string {
  return BigInt.asUintN(64, BigInt(`0x${a}`) + BigInt(`0x${b}`)).toString(16).padStart(16, "0");
}

/** Each way of going wrong once, with the lowest number that does. */
function addFindings(a: readonly FindingGroup[], b: readonly FindingGroup[]): FindingGroup[] {
  const groups = new Map<string, FindingGroup>();
  for (const each of [...a, ...b]) {
    const key = `${each.verdict} ${each.kind}`;
    const other = groups.get(key);
    const first = other === undefined || each.first_number < other.first_number ? each : other;
    groups.set(key, { ...first, count: each.count + (other?.count ?? 0) });
  }
  return [...groups.values()].sort((x, y) => (x.first_number === y.first_number ? (x.kind < y.kind ? -1 : 1) : x.first_number - y.first_number));
}

export function add(a: Totals, b: Totals): Totals {
  return {
    jobs: a.jobs + b.jobs, verdicts: addCounts(a.verdicts, b.verdicts), virtual_ms: a.virtual_ms + b.virtual_ms, pulses: a.pulses + b.pulses,
    accepted: a.accepted + b.accepted, refused: a.refused + b.refused, cells: addCounts(a.cells, b.cells), faults: addCounts(a.faults, b.faults),
    findings: addFindings(a.findings, b.findings), digest: addDigests(a.digest, b.digest),
  };
}

/** One run as totals. */
export function totalsOf(result: JobResult): Totals {
  const { job, verdict, virtual_ms, pulses, reached, finding } = result;
  const group = finding === undefined ? [] : [{ verdict, kind: finding.kind, first: jobName(job), first_number: job.number, text: finding.text, count: 1 }];
  return {
    jobs: 1, verdicts: { [verdict]: 1 }, virtual_ms, pulses, accepted: reached.requests.accepted, refused: reached.requests.refused,
    cells: reached.cells, faults: reached.faults, findings: group, digest: markOf(result).toString(16).padStart(16, "0"),
  };
}
