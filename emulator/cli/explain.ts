// Explains in words how a run ended, where, and how to see it again.

import type { Paint } from "../report/paint";
import { placeText } from "../scenario/problem";
import type { Outcome } from "../scenario/run";
import { durationText } from "../../protocol/wand/text/wall";
import type { Difference } from "./golden";
import type { Judged } from "./judged";
import type { Manner } from "./manner";
import type { Run } from "./select";

/** Violations of one fault come in thousands; the first ones tell. */
const violations_shown = 5;
const events_shown = 12;

/** A word as a shell takes it. */
function quoted(word: string): string {
  return /^[\w./@%+=:,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The one line to paste back. One row of a table is picked by its title. */
export function repeatLine({ scenario }: Run, seed: number, manner: Pick<Manner, "target" | "lag_ms">): string {
  const lag = manner.lag_ms === 0 ? "" : ` --lag ${String(manner.lag_ms)}`;
  const row = scenario.row === undefined ? "" : ` --filter ${quoted(scenario.title)}`;
  return `itb-pump run ${quoted(scenario.file)}${row} --target ${manner.target} --seed ${String(seed)}${lag}`;
}

/** The same for what explore wrote. */
export function replayLine(file: string): string {
  return `itb-pump replay ${quoted(file)}`;
}

/** "file.yaml: golden digest: therapy differs from line 12 on ...". */
export function differenceText({ scenario }: Outcome, { text }: Difference): string {
  return `${scenario.file}: golden digest: ${text}`;
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
export function explain({ outcome, result, reasons, again }: Judged, paint: Paint): string {
  if (result === "pass") return "";
  const lines = reasons.map((line) => paint("red", line));
  if (outcome.verdict === "crashed" && outcome.error?.stack !== undefined) {
    lines.push(...outcome.error.stack.split("\n").slice(1, 1 + events_shown).map((line) => paint("dim", line)));
  }
  if (outcome.choices !== undefined && outcome.choices.length > 0) lines.push(`chosen: ${outcome.choices.join(", ")}`);
  if (outcome.recent.length > 0) lines.push("last events:", ...outcome.recent.slice(-events_shown).map((line) => paint("dim", `  ${line}`)));
  lines.push(`again: ${again}`);
  return `${lines.join("\n")}\n`;
}
