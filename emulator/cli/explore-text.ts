// What explore prints: progress, a finding, the summary in words or JSON.

import type { Counts } from "../explore/coverage";
import type { Part } from "../explore/part";
import type { FindingGroup, Totals } from "../explore/totals";
import { FAULT_KINDS } from "../faults";
import type { Paint } from "../report/paint";
import { tableCells } from "./cells";
import { EXIT, worstExitCode } from "./exit-codes";
import type { Result } from "./exit-codes";

/** Raised whenever a line's fields change their meaning. */
export const EXPLORE_SCHEMA = 1;

const year_ms = 31_557_600_000;
const shown_max = 12;

export function yearsText(virtual_ms: number): string {
  const years = virtual_ms / year_ms;
  return `${years < 10 ? years.toFixed(1) : years.toFixed(0)} virtual years`;
}

/** The most frequent first: "motor.stalled 12, power.off 9, 17 more". */
function most(counts: Counts, shown: number): string {
  const sorted = Object.entries(counts).sort(([a, x], [b, y]) => (x === y ? (a < b ? -1 : 1) : y - x));
  const more = sorted.length - shown;
  return [...sorted.slice(0, shown).map(([name, count]) => `${name} ${String(count)}`), ...(more > 0 ? [`${String(more)} more`] : [])].join(", ");
}

const sum = (counts: Counts): number => Object.values(counts).reduce((all, each) => all + each, 0);

/** One line for a terminal. */
export function progressText(totals: Totals, jobs: number, real_ms: number): string {
  const rate = real_ms < 1 ? "" : `${((totals.jobs * 1000) / real_ms).toFixed(1)}/s`;
  const found = totals.findings.reduce((all, { count }) => all + count, 0);
  return [`${String(totals.jobs)}/${String(jobs)}`, rate, yearsText(totals.virtual_ms), ...(found > 0 ? [`${String(found)} FOUND`] : []), `${String(sum(totals.faults))} faults: ${most(totals.faults, 4)}`].join("  ");
}

/** What was never reached: cells of the state table, kinds of faults. */
function missed({ cells, faults }: Totals): { readonly cells: readonly string[]; readonly faults: readonly string[]; readonly of_cells: number } {
  const all = tableCells();
  return {
    cells: all.filter((cell) => cells[cell] === undefined), of_cells: all.length,
    faults: FAULT_KINDS.map(({ kind }) => kind).filter((kind) => faults[kind] === undefined),
  };
}

function groupText({ verdict, kind, first, text, count, file }: FindingGroup): string[] {
  return [`${verdict}: ${kind}`, `  ${String(count)} ${count === 1 ? "run" : "runs"}, first ${first}: ${text}`, ...(file === undefined ? [] : [`  smallest plan: itb-pump replay ${file}`])];
}

/** The whole in words. */
export function summaryText(part: Part, real_ms: number, paint: Paint): string {
  const { totals, range, shard, shards, canary_runs, target, build } = part;
  const { cells, faults, of_cells } = missed(totals);
  const speed = real_ms < 1 ? "" : `, ${((totals.jobs * 1000) / real_ms).toFixed(1)} a second, ${Math.round(totals.virtual_ms / real_ms / 1000).toFixed(0)} thousand times life`;
  const names = (all: readonly string[]): string => (all.length === 0 ? "none" : `${all.slice(0, shown_max).join(", ")}${all.length > shown_max ? `, ${String(all.length - shown_max)} more` : ""}`);
  const lines = [
    `${range.kind} ${String(range.from)}..${String(range.to)}, shard ${String(shard)}/${String(shards)}, target ${target}, build ${build}`,
    `${String(totals.jobs)} runs, ${yearsText(totals.virtual_ms)}, ${String(totals.pulses)} pulses${speed}`,
    canary_runs === 0 ? "canary: none was planted: that nothing was found says little" : `canary: the planted faults were found in ${String(canary_runs)} runs`,
    `requests: ${String(totals.accepted)} accepted, ${String(totals.refused)} refused`,
    `faults: ${String(sum(totals.faults))}: ${most(totals.faults, shown_max)}`,
    `faults never injected: ${names(faults)}`,
    `state table: ${String(of_cells - cells.length)} of ${String(of_cells)} cells; never reached: ${names(cells)}`,
    `digest ${totals.digest}`,
    ...totals.findings.flatMap((group) => groupText(group).map((line) => paint("red", line))),
    totals.findings.length === 0 ? paint("green", "no finding") : paint("red", `${String(totals.findings.length)} kinds of findings`),
  ];
  return `${lines.join("\n")}\n`;
}

export function exitCodeOf({ verdicts }: Totals): number {
  return Object.keys(verdicts).length === 0 ? EXIT.pass : worstExitCode(Object.keys(verdicts) as Result[]);
}

/** The last JSON line, which `--merge` reads. */
export function partLine(part: Part): string {
  const { cells, faults } = missed(part.totals);
  return `${JSON.stringify({ schema: EXPLORE_SCHEMA, type: "explored", ...part, never_reached: { cells, faults }, exit_code: exitCodeOf(part.totals) })}\n`;
}
