// Tables: what several runs came to, and what would be run.

import type { Paint, Style } from "../report/paint";
import type { Result } from "./exit-codes";
import type { Judged } from "./judged";
import { roughly } from "./progress";
import type { Run } from "./select";
import { runLabel } from "./select";

/** Results in a word; the whole name stands above the explanation. */
const short: Readonly<Record<Result, string>> = {
  pass: "pass", "differs from golden": "digest", "expectation failed": "expectation", refused: "refused", "no progress": "no progress", violation: "violation", crashed: "crashed",
};
const result_columns = Math.max(...Object.values(short).map(({ length }) => length));

function line(cells: readonly string[], widths: readonly number[], right: readonly number[] = []): string {
  return cells.map((cell, at) => (right.includes(at) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0))).join("  ").trimEnd();
}

/** The summary of several runs, printed as they end: widths are known beforehand. */
export class SummaryTable {
  readonly #widths: readonly number[];
  readonly #right = [2, 3, 5];
  readonly #paint: Paint;

  constructor(runs: readonly Run[], paint: Paint) {
    this.#widths = [result_columns, Math.max(8, ...runs.map((run) => runLabel(run).length)), 9, 8, 16, 8];
    this.#paint = paint;
  }

  head(): string {
    return `${this.#paint("bold", line(["result", "scenario", "virtual", "pulses", "therapy digest", "real"], this.#widths, this.#right))}\n`;
  }

  row({ run, outcome, result, real_ms }: Judged): string {
    const style: Style = result === "pass" ? "green" : "red";
    const text = line([short[result], runLabel(run), roughly(outcome.virtual_ms), String(outcome.pulses), outcome.digest, `${String(Math.round(real_ms))} ms`], this.#widths, this.#right);
    return `${this.#paint(style, text.slice(0, result_columns))}${text.slice(result_columns)}\n`;
  }
}

/** What would be run: file, title, tags, requirements. */
export function listText(runs: readonly Run[], paint: Paint): string {
  const rows = runs.map((run) => [runLabel(run), run.scenario.title, run.scenario.tags.join(" "), run.scenario.requirements.join(" ")]);
  const head = ["scenario", "title", "tags", "requirements"];
  const widths = head.map((name, at) => Math.max(name.length, ...rows.map((row) => row[at]?.length ?? 0)));
  return `${[paint("bold", line(head, widths)), ...rows.map((row) => line(row, widths))].join("\n")}\n`;
}
