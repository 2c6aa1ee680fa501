// Explains in words how a run ended, where, and how to see it again.

import type { Paint } from "../report/paint";
import { placeText } from "../scenario/problem";
import type { Outcome } from "../scenario/run";
import { durationText } from "../scenario/wall";
import type { Target } from "./targets";

/** Violations of one fault come in thousands; the first ones tell. */
const violations_shown = 5;
const events_shown = 12;

/** How a run was asked for: what the line to paste back needs. */
export interface Asked {
  readonly target: Target;
  readonly lag_ms: number;
}

/** A file name as a shell takes it. */
function quoted(file: string): string {
  return /^[\w./@%+=:,-]+$/.test(file) ? file : `'${file.replaceAll("'", "'\\''")}'`;
}

/** The one line to paste back. */
export function repeatLine(outcome: Outcome, asked: Asked): string {
  const lag = asked.lag_ms === 0 ? "" : ` --lag ${String(asked.lag_ms)}`;
  return `itb-pump run ${quoted(outcome.scenario.file)} --target ${asked.target} --seed ${String(outcome.seed)}${lag}`;
}

/** One line for each thing that is wrong; nothing for a run that passed. */
export function reasonsOf(outcome: Outcome): string[] {
  const lines = outcome.failures.map((each) =>
    `${placeText(each)}: ${each.what}: expected ${each.expected}, seen ${each.seen}, at ${durationText(each.pump_ms)} (clock ${each.wall})`);
  const { refusal, error, ended_at } = outcome;
  if (refusal !== undefined) {
    lines.push(`${placeText(refusal)}: the pump refused ${refusal.operation}: ${String(refusal.fault)} ${refusal.name}: ${refusal.text}, at ${durationText(refusal.pump_ms)}`);
  }
  for (const each of outcome.violations.slice(0, violations_shown)) {
    lines.push(`oracle: ${each.kind}: ${each.text}: expected ${String(each.expected)}, seen ${String(each.seen)}, at ${durationText(each.pump_ms)}`);
  }
  const more = outcome.violations.length - violations_shown;
  if (more > 0) lines.push(`oracle: ${String(more)} more violations`);
  if (error !== undefined) lines.push(`${ended_at === undefined ? outcome.scenario.file : placeText(ended_at)}: ${error.name}: ${error.message}`);
  return lines;
}

/** The whole explanation of a run that did not pass, ready to print. */
export function explain(outcome: Outcome, asked: Asked, paint: Paint): string {
  if (outcome.verdict === "pass") return "";
  const lines = reasonsOf(outcome).map((line) => paint("red", line));
  if (outcome.verdict === "crashed" && outcome.error?.stack !== undefined) {
    lines.push(...outcome.error.stack.split("\n").slice(1, 1 + events_shown).map((line) => paint("dim", line)));
  }
  if (outcome.recent.length > 0) lines.push("last events:", ...outcome.recent.slice(-events_shown).map((line) => paint("dim", `  ${line}`)));
  lines.push(`again: ${repeatLine(outcome, asked)}`);
  return `${lines.join("\n")}\n`;
}
