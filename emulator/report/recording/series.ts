// What is drawn of a recording: values that hold over spans of time.

import { Column, isPulse, RowKind } from "./columns";
import type { Before, Block, Rows } from "./columns";

/** What is drawn, in this order: rates in ng/day, volumes in pL, charge in mC, voltages in mV. */
export const enum Series {
  asked,
  /** Drug that left the reservoir, between one motion and the next. */
  drawn,
  /** Drug that left the catheter's tip, likewise. */
  tip,
  truth,
  books,
  low,
  used,
  loaded,
  sampled,
  count,
}

/** The column of each series that is one. */
export const COLUMN_OF: readonly (Column | undefined)[] = [
  Column.asked_ng, undefined, undefined, Column.truth_pL, Column.books_pL, Column.low_pL, Column.used_mC, Column.loaded_mV, Column.sampled_mV,
];

/** 1 fg a ms is so many ng/day. */
export const NG_PER_DAY = 86.4;
/** A motor that has stood for so many of its last steps is shown as standing. */
const STANDS = 3;

/** Spans one after another, each up to the next one's beginning; of each series its least, greatest and mean value there. */
export interface Spans {
  readonly from_ms: Float64Array;
  readonly end_ms: number;
  readonly length: number;
  /** By series. The same array three times where a span has one value. */
  readonly low: readonly Float64Array[];
  readonly high: readonly Float64Array[];
  readonly mean: readonly Float64Array[];
}

/** Whether the rotor turned in that row. */
function turned(kind: number, dose_fg: number): boolean {
  return kind === RowKind.confirmed || kind === RowKind.stray || dose_fg > 0;
}

/**
 * Walks over rows, and spreads what each motion gives over the time since the one before it: over that part in which something was asked for, so that a pump that is
 * stopped gives nothing meanwhile, and what it gives after it is no peak.
 */
export class Walk {
  #at_ms: number;
  #drawn_fg: number;
  #tip_fg: number;
  #asked_ms: number;
  #since_ms: number;
  #asked_ng: number;
  #pulses: number;
  /** Of the motion that `row` found: the rates in ng/day since the one before it. */
  drawn_ng = 0;
  tip_ng = 0;
  /** They hold only where something was asked for. */
  only_asked = false;
  /** How long ago the one before it was, ms. */
  gap_ms = 0;

  constructor(before: Before) {
    ({ at_ms: this.#at_ms, drawn_fg: this.#drawn_fg, tip_fg: this.#tip_fg, asked_ms: this.#asked_ms, since_ms: this.#since_ms, asked_ng: this.#asked_ng, pulses: this.#pulses } = before);
  }

  /** Where it stands. */
  get before(): Before {
    return { at_ms: this.#at_ms, drawn_fg: this.#drawn_fg, tip_fg: this.#tip_fg, asked_ms: this.#asked_ms, since_ms: this.#since_ms, asked_ng: this.#asked_ng, pulses: this.#pulses };
  }

  /** Time since the last motion, ms. */
  get since_ms(): number {
    return this.#since_ms;
  }

  /** The next row. Gives whether the rotor turned in it: then the fields above tell of that. */
  row({ columns }: Rows, row: number): boolean {
    const at_ms = columns[Column.at_ms]![row]!;
    const span_ms = at_ms - this.#at_ms;
    this.#since_ms += span_ms;
    if (this.#asked_ng > 0) this.#asked_ms += span_ms;
    this.#at_ms = at_ms;
    this.#asked_ng = columns[Column.asked_ng]![row]!;
    const kind = columns[Column.kind]![row]!;
    if (isPulse(kind)) this.#pulses += 1;
    const drawn_fg = columns[Column.drawn_fg]![row]! - this.#drawn_fg;
    if (!turned(kind, drawn_fg)) return false;
    const tip_fg = columns[Column.tip_fg]![row]! - this.#tip_fg;
    this.only_asked = this.#asked_ms > 0;
    this.gap_ms = this.#since_ms;
    const over_ms = Math.max(1, this.only_asked ? this.#asked_ms : this.#since_ms);
    this.drawn_ng = (drawn_fg * NG_PER_DAY) / over_ms;
    this.tip_ng = (tip_fg * NG_PER_DAY) / over_ms;
    this.#drawn_fg += drawn_fg;
    this.#tip_fg += tip_fg;
    this.#asked_ms = this.#since_ms = 0;
    return true;
  }
}

/** Rates of rows before which no motion came yet: their time is not over. */
function leaveOpen(rates: readonly Float64Array[], from: number, to: number, stands: boolean): void {
  for (const rate of rates) rate.fill(stands ? 0 : NaN, from, to);
}

/** The rows of some blocks that follow each other, each a span. */
export function spansOfRows(blocks: readonly Block[], end_ms: number): Spans {
  const length = blocks.reduce((sum, { rows }) => sum + rows.length, 0);
  const values = Array.from({ length: Series.count }, () => new Float64Array(length));
  const from_ms = new Float64Array(length);
  const first = blocks[0];
  if (first === undefined) return { from_ms, end_ms, length, low: values, high: values, mean: values };
  const walk = new Walk(first.before);
  const [drawn, tip, asked] = [values[Series.drawn]!, values[Series.tip]!, values[Series.asked]!];
  let at = 0;
  let open = 0;
  let last_ms = Infinity;
  for (const { rows } of blocks) {
    from_ms.set(rows.columns[Column.at_ms]!.subarray(0, rows.length), at);
    for (let series = 0; series < COLUMN_OF.length; series += 1) {
      const column = COLUMN_OF[series];
      if (column !== undefined) values[series]!.set(rows.columns[column]!.subarray(0, rows.length), at);
    }
    for (let row = 0; row < rows.length; row += 1, at += 1) {
      if (!walk.row(rows, row)) continue;
      last_ms = walk.gap_ms;
      for (; open < at; open += 1) {
        const counts = !walk.only_asked || asked[open]! > 0;
        drawn[open] = counts ? walk.drawn_ng : 0;
        tip[open] = counts ? walk.tip_ng : 0;
      }
    }
  }
  const { since_ms } = walk;
  const rest_ms = since_ms + Math.max(0, end_ms - (from_ms[length - 1] ?? 0));
  leaveOpen([drawn, tip], open, length, rest_ms > STANDS * last_ms || (asked[length - 1] ?? 0) === 0);
  return { from_ms, end_ms, length, low: values, high: values, mean: values };
}
