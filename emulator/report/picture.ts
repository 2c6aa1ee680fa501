// The picture: one glance at the terminal tells what happened in a run.

import { Unit } from "../../hal/units";
import { Alarms } from "../../protocol/alarms";
import { ALARM_NAMES, nameOf } from "../../protocol/names";
import { Op } from "../../protocol/operations";
import { FAULT_KINDS } from "../faults";
import type { Outcome } from "../scenario/run";
import { decimalText, durationText, wallText } from "../../protocol/wand/text/wall";
import type { Collector, Mark, Span } from "./collector";
import type { Paint, Style } from "./paint";
import { CHART_COLUMNS, columnOf, columnStart_ms, scaleFor, ticks } from "./scale";
import type { Scale } from "./scale";

const label_columns = 24;
const dose_rows = 5;
const reservoir_rows = 3;
const alarm_rows = 7;
const fault_rows = 5;
const blocks = [" ", "\u2581", "\u2582", "\u2583", "\u2584", "\u2585", "\u2586", "\u2587", "\u2588"];

/** Letters of the row of marks. */
const letters: readonly { readonly what: Mark["what"]; readonly letter: string; readonly meaning: string }[] = [
  { what: "refused", letter: "x", meaning: "refused" },
  { what: "reset", letter: "!", meaning: "reset" },
  { what: Op.stop, letter: "H", meaning: "stop" },
  { what: Op.refill, letter: "R", meaning: "refill" },
  { what: Op.start, letter: "S", meaning: "start" },
  { what: Op.commit, letter: "P", meaning: "prescription" },
  { what: Op.set_clock, letter: "C", meaning: "clock set" },
  { what: Op.acknowledge, letter: "A", meaning: "acknowledged" },
  { what: Op.set_alarms, letter: "V", meaning: "alarm settings" },
];

function line(label: string, chart: string): string {
  return `${label.slice(0, label_columns - 2).padStart(label_columns - 2)}  ${chart}`;
}

/** A bar chart of `rows` lines: each value from 0 to `top` is a column. Anything above 0 is seen. */
function bars(values: readonly number[], top: number, rows: number): string[] {
  const levels = values.map((value) => (value <= 0 || top <= 0 ? 0 : Math.max(1, Math.min(rows * 8, Math.round((value * rows * 8) / top)))));
  const lines: string[] = [];
  for (let row = rows - 1; row >= 0; row -= 1) lines.push(levels.map((level) => blocks[Math.max(0, Math.min(8, level - row * 8))] ?? " ").join(""));
  return lines;
}

/** What was given in each cell, as a rate in ng/day: confirmed pulses times what they were drawn from. */
function doseRates(run: Collector, scale: Scale): number[] {
  const { pulse_pL } = run.bench.unit;
  const rates: number[] = [];
  for (let cell = 0; cell < scale.cells; cell += 1) {
    const from_ms = cell * scale.cell_ms;
    const to_ms = cell === scale.cells - 1 ? scale.total_ms : from_ms + scale.cell_ms;
    const length_ms = to_ms - from_ms;
    const dose_ng = (run.dose.sum(from_ms, to_ms) * pulse_pL) / (Unit.pL_per_nL * 1000);
    rates.push(Math.round((dose_ng * Unit.ms_per_day) / length_ms));
  }
  return rates;
}

function doseLines(run: Collector, scale: Scale, paint: Paint): string[] {
  const rates = doseRates(run, scale);
  const top = Math.max(1, ...rates);
  const chart = bars(rates.flatMap((rate) => new Array<number>(scale.cell_columns).fill(rate)), top, dose_rows);
  const per = scale.cell_ms === Unit.ms_per_day ? "a day" : durationText(scale.cell_ms);
  const labels = [`dose ${decimalText(top, 3).replace(/(\.\d).*/, "$1")} ug/day`, `a bar is ${per}`];
  return chart.map((each, row) => line(row === dose_rows - 1 ? "0" : (labels[row] ?? ""), paint("cyan", each)));
}

function reservoirLines(run: Collector, scale: Scale, paint: Paint): string[] {
  const { capacity_nL } = run.bench.unit;
  const values: number[] = [];
  for (let column = 0; column < scale.columns; column += 1) values.push(run.volume.sum(0, columnStart_ms(scale, column + 1)));
  const chart = bars(values, capacity_nL * Unit.pL_per_nL, reservoir_rows);
  const labels = [`reservoir ${decimalText(capacity_nL, 6)} mL`, "by the books", "0"];
  return chart.map((each, row) => line(labels[row] ?? "", paint("blue", each)));
}

/** A row that is filled where one of the spans lasts. */
function spanRow(spans: readonly Span[], scale: Scale, end_ms: number): string {
  const row = new Array<string>(scale.columns).fill(" ");
  for (const { from_ms, to_ms } of spans) {
    const last = columnOf(scale, to_ms < 0 ? end_ms : Math.max(from_ms, to_ms - 1));
    for (let column = columnOf(scale, from_ms); column <= last; column += 1) row[column] = "\u2501";
  }
  return row.join("");
}

/** One row for each key that was there, the most urgent first; the rest in one last row. */
function spanLines(all: ReadonlyMap<number, Span[]>, rows: number, scale: Scale, end_ms: number, row: (key: number) => { label: string; style: Style }, paint: Paint): string[] {
  const keys = [...all.keys()].sort((a, b) => a - b);
  const shown = keys.length > rows ? keys.slice(0, rows - 1) : keys;
  const lines = shown.map((key) => {
    const { label, style } = row(key);
    return line(label, paint(style, spanRow(all.get(key) ?? [], scale, end_ms)));
  });
  const rest = keys.slice(shown.length);
  if (rest.length > 0) lines.push(line(`${String(rest.length)} others`, spanRow(rest.flatMap((key) => all.get(key) ?? []), scale, end_ms)));
  return lines;
}

/** Where tones sounded: a heavy dot for a critical one. Bins begin in the column they are drawn in. */
function toneLines(run: Collector, scale: Scale, paint: Paint): string[] {
  const row = new Array<string>(scale.columns).fill(" ");
  let any = false;
  for (let column = 0; column < scale.columns; column += 1) {
    const from_ms = columnStart_ms(scale, column);
    const to_ms = columnStart_ms(scale, column + 1);
    if (run.other_tones.sum(from_ms, to_ms) > 0) row[column] = "\u00b7";
    if (run.critical_tones.sum(from_ms, to_ms) > 0) row[column] = "\u2022";
    any ||= row[column] !== " ";
  }
  return any ? [line("tones (\u2022 critical)", paint("yellow", row.join("")))] : [];
}

/**
 * The row of marks and what its letters mean. What was done in one column stands side by side, so a mark
 * can stand a few columns late; the same letter stands in a column once.
 */
function markLines(run: Collector, scale: Scale, paint: Paint): string[] {
  const row = new Array<string>(scale.columns).fill(" ");
  for (const { at_ms, what } of run.marks) {
    const letter = letters.find((each) => each.what === what)?.letter ?? "?";
    let column = columnOf(scale, at_ms);
    while (row[column] !== " " && row[column] !== letter && column < row.length) column += 1;
    if (column < row.length) row[column] = letter;
  }
  const used = letters.filter(({ what }) => run.marks.some((mark) => mark.what === what)).map(({ letter, meaning }) => `${letter} ${meaning}`);
  if (used.length === 0) return [];
  return [line("done", paint("bold", row.join("").trimEnd())), line("", paint("dim", used.join("  ").slice(0, CHART_COLUMNS)))];
}

/** Two rows below the chart: time since power-on, and the wall clock as it was set at the beginning. */
function axisLines(scale: Scale, wall_ms: number, paint: Paint): string[] {
  const rule = new Array<string>(scale.columns).fill("\u2500");
  let times = "";
  let walls = "";
  const marks = ticks(scale);
  const daily = marks.every(({ at_ms }) => at_ms % Unit.ms_per_day === 0);
  for (const { column, at_ms, text } of marks) {
    rule[column] = "\u2534";
    if (times.length <= column) times = times.padEnd(column) + text;
    const wall = wallText(wall_ms + at_ms);
    const short = scale.total_ms > 300 * Unit.ms_per_day ? wall.slice(0, 7) : daily ? wall.slice(5, 10) : wall.slice(8, 16);
    if (walls.length <= column) walls = walls.padEnd(column) + short;
  }
  return [line("", paint("dim", rule.join(""))), line("time", paint("dim", times)), line(`from ${wallText(wall_ms)}`, paint("dim", walls))];
}

function plural(count: number, one: string): string {
  return `${String(count)} ${one}${count === 1 ? "" : "s"}`;
}

function countLines(run: Collector, outcome: Outcome): string[] {
  const { trace, plant } = run.bench;
  const alarms = trace.alarms.reduce((sum, each) => sum + each.on, 0);
  const [, critical = 0, other = 0] = trace.tones;
  const resets = run.resets > 1 ? `, ${plural(run.resets - 1, "reset")}` : "";
  return [
    `pulses     ${String(outcome.pulses)} commanded, ${String(run.confirmed)} confirmed, ${String(run.uncertain)} uncertain; ${String(plant.motions)} true motions${resets}`,
    `reservoir  ${decimalText(run.remaining_pL, 9)} mL by the books, ${decimalText(plant.reservoir_pL, 9)} mL in truth`,
    `alarms     ${plural(alarms, "alarm")}, ${plural(critical, "critical tone")}, ${plural(other, "other tone")}`,
  ];
}

function verdictLines(outcome: Outcome, target: string, real_ms: number, paint: Paint): string[] {
  const passed = outcome.verdict === "pass";
  const violations = outcome.violations.length === 0 ? "the oracle saw no dose violation" : `the oracle saw ${plural(outcome.violations.length, "violation")}`;
  const failures = outcome.failures.length === 0 ? "every expectation met" : `${plural(outcome.failures.length, "expectation")} not met`;
  const speed = real_ms >= 1 ? `, ${String(Math.round(outcome.virtual_ms / real_ms))} times as fast as life` : "";
  return [
    `verdict    ${paint(passed ? "green" : "red", paint("bold", outcome.verdict.toUpperCase()))}: ${violations}, ${failures}`,
    `digest     ${outcome.digest} therapy, ${outcome.full_digest} full (target ${target}, seed ${String(outcome.seed)})`,
    `time       ${durationText(outcome.virtual_ms - (outcome.virtual_ms % 1000))} virtual in ${String(Math.round(real_ms))} ms${speed}`,
  ];
}

/**
 * Draws a run: at most 40 lines of at most 100 columns. `real_ms` is what it took by the host's clock;
 * everything else is the same on every machine.
 */
export function drawPicture(run: Collector, outcome: Outcome, target: string, real_ms: number, paint: Paint): string {
  const scale = scaleFor(outcome.virtual_ms);
  const end_ms = outcome.virtual_ms;
  const alarm = (key: number): { label: string; style: Style } => ({ label: nameOf(ALARM_NAMES, key), style: key <= Alarms.last_critical ? "red" : "yellow" });
  const fault = (key: number): { label: string; style: Style } => ({ label: `fault ${FAULT_KINDS[key]?.kind ?? String(key)}`, style: "red" });
  const lines = [
    paint("bold", outcome.scenario.title.slice(0, label_columns + CHART_COLUMNS)), "",
    ...doseLines(run, scale, paint), ...reservoirLines(run, scale, paint),
    ...axisLines(scale, outcome.scenario.wall_ms, paint), ...markLines(run, scale, paint),
    ...spanLines(run.faults, fault_rows, scale, end_ms, fault, paint),
    ...spanLines(run.alarms, alarm_rows, scale, end_ms, alarm, paint), ...toneLines(run, scale, paint),
    "", ...countLines(run, outcome), ...verdictLines(outcome, target, real_ms, paint),
  ];
  return `${lines.map((each) => each.trimEnd()).join("\n")}\n`;
}
