// The time axis of a picture: which stretch of time stands in which column.

import { Unit } from "../../hal/units";

/** Columns of the chart, at most. */
export const CHART_COLUMNS = 72;

const minute = Unit.ms_per_minute;
const hour = Unit.ms_per_hour;
const day = Unit.ms_per_day;
/** Lengths of a cell, each a multiple of the collector's bins that a run of that length has. */
const cells_ms = [
  minute, 2 * minute, 5 * minute, 10 * minute, 15 * minute, 30 * minute,
  hour, 2 * hour, 3 * hour, 4 * hour, 6 * hour, 12 * hour, day, 2 * day, 4 * day, 6 * day, 10 * day, 20 * day, 30 * day, 40 * day, 60 * day,
];

/** A chart's time: cells of equal length, each one or more columns wide. */
export interface Scale {
  readonly total_ms: number;
  readonly cell_ms: number;
  readonly cells: number;
  readonly cell_columns: number;
  readonly columns: number;
}

/** Cells of one day where a day is at least one column and a week is seen; else the shortest that fit. */
export function scaleFor(total_ms: number): Scale {
  const length_ms = Math.max(total_ms, minute);
  const daily = length_ms >= 8 * day && length_ms <= CHART_COLUMNS * day;
  const fitting = cells_ms.find((each) => Math.ceil(length_ms / each) <= CHART_COLUMNS);
  const cell_ms = daily ? day : (fitting ?? Math.ceil(length_ms / CHART_COLUMNS / day) * day);
  // What is left over after the last whole cell would be a bar of next to nothing: it goes to that cell.
  const cells = Math.max(1, Math.ceil(length_ms / cell_ms - 0.1));
  const cell_columns = Math.max(1, Math.floor(CHART_COLUMNS / cells));
  return { total_ms: length_ms, cell_ms, cells, cell_columns, columns: cells * cell_columns };
}

/** The column in which an instant stands. */
export function columnOf(scale: Scale, at_ms: number): number {
  return Math.min(scale.columns - 1, Math.max(0, Math.floor((at_ms * scale.cell_columns) / scale.cell_ms)));
}

/** When a column begins. */
export function columnStart_ms(scale: Scale, column: number): number {
  return Math.ceil((column * scale.cell_ms) / scale.cell_columns);
}

/** "12d", "36h", "90min": a time from the start in the largest unit that is whole. */
function tickText(at_ms: number): string {
  if (at_ms === 0) return "0";
  if (at_ms % day === 0) return `${String(at_ms / day)}d`;
  return at_ms % hour === 0 ? `${String(at_ms / hour)}h` : `${String(Math.floor(at_ms / minute))}min`;
}

/** Columns and texts of the ticks: about ten columns apart, on whole cells. */
export function ticks(scale: Scale): { readonly column: number; readonly at_ms: number; readonly text: string }[] {
  const step_cells = [1, 2, 5, 10, 20, 30].find((cells) => cells * scale.cell_columns >= 10) ?? 36;
  const found = [];
  for (let cell = 0; cell < scale.cells; cell += step_cells) {
    const at_ms = cell * scale.cell_ms;
    found.push({ column: cell * scale.cell_columns, at_ms, text: tickText(at_ms) });
  }
  return found;
}
