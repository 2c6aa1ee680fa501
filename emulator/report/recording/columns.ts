// The rows of a recording: what there is in each, and their bytes.

import { ByteReader, ByteWriter } from "./bytes";

/** What a row tells, in this order. A row holds from its time to the next row's. */
export const enum Column {
  /** Pump time, ms. */
  at_ms,
  /** `RowKind`. */
  kind,
  /** From the command to the edge, ms; 0 without one. */
  latency_ms,
  /** Drug that has left the reservoir, fg. */
  drawn_fg,
  /** Drug that has left the catheter's tip, fg. */
  tip_fg,
  /** Drug in the reservoir that can be drawn, pL: in truth, by the pump's books, and their lower bound. */
  truth_pL,
  books_pL,
  low_pL,
  /** True charge drawn from the battery, mC, looked at once an hour. */
  used_mC,
  /** What a pulse would meet, and what the pump's last sample showed, mV. */
  loaded_mV,
  sampled_mV,
  /** What the prescription in force asks for, a bolus with it, ng/day. */
  asked_ng,
  /** How many columns there are. */
  count,
}

/** What a row begins with. */
export const enum RowKind {
  /** Something else than a pulse: a refill, another rate, an hour gone by. */
  look = 0,
  /** A pulse whose edge came in time. */
  confirmed = 1,
  /** A pulse whose edge did not. */
  missed = 2,
  /** A pulse of which a reset left no result. */
  lost = 3,
  /** A motion of the rotor that nobody commanded. */
  stray = 4,
}

/** Whether a row of that kind is a pulse that was commanded. */
export function isPulse(kind: number): boolean {
  return kind === RowKind.confirmed || kind === RowKind.missed || kind === RowKind.lost;
}

/** Rows by column. */
export interface Rows {
  readonly columns: readonly Float64Array[];
  length: number;
}

export function emptyRows(capacity: number): Rows {
  return { columns: Array.from({ length: Column.count }, () => new Float64Array(capacity)), length: 0 };
}

/** Where the walk over rows stands before the first of a block: what a rate is counted from. */
export interface Before {
  readonly at_ms: number;
  readonly drawn_fg: number;
  readonly tip_fg: number;
  /** Time since the last motion in which something was asked for, ms, and in all, ms. */
  readonly asked_ms: number;
  readonly since_ms: number;
  /** What was asked for at the end, ng/day. */
  readonly asked_ng: number;
  /** Pulses that were commanded. */
  readonly pulses: number;
}

export const BEGINNING: Before = { at_ms: 0, drawn_fg: 0, tip_fg: 0, asked_ms: 0, since_ms: 0, asked_ng: 0, pulses: 0 };

const writer = new ByteWriter();

/** Times as the change of their steps, which for a steady rate is next to nothing. */
function writeTimes(times: Float64Array, length: number): void {
  let last = 0;
  let last_step = 0;
  for (let row = 0; row < length; row += 1) {
    const step = times[row]! - last;
    writer.signed(step - last_step);
    last = times[row]!;
    last_step = step;
  }
}

/** Everything else as its steps, and how many of them are alike in a row. */
function writeSteps(values: Float64Array, length: number): void {
  let last = 0;
  for (let row = 0; row < length;) {
    const step = values[row]! - last;
    let alike = 1;
    last = values[row]!;
    while (row + alike < length && values[row + alike]! - last === step) {
      last = values[row + alike]!;
      alike += 1;
    }
    writer.signed(step);
    writer.whole(alike);
    row += alike;
  }
}

/** The bytes of a block: what came before it, then its rows by column. All values are whole numbers. */
export function encodeRows({ columns, length }: Rows, before: Before): Uint8Array<ArrayBuffer> {
  writer.clear();
  for (const value of [length, before.at_ms, before.drawn_fg, before.tip_fg, before.asked_ms, before.since_ms, before.asked_ng, before.pulses]) writer.whole(value);
  columns.forEach((values, column) => { (column === Number(Column.at_ms) ? writeTimes : writeSteps)(values, length); });
  return writer.bytes();
}

/** A block that was read again. */
export interface Block {
  readonly before: Before;
  readonly rows: Rows;
}

function readTimes(reader: ByteReader, into: Float64Array): void {
  let value = 0;
  let step = 0;
  for (let row = 0; row < into.length; row += 1) {
    step += reader.signed();
    value += step;
    into[row] = value;
  }
}

function readSteps(reader: ByteReader, into: Float64Array): void {
  let value = 0;
  for (let row = 0; row < into.length;) {
    const step = reader.signed();
    const end = row + reader.whole();
    if (end === row || end > into.length) throw new Error("a block of the recording has other rows than it says");
    for (; row < end; row += 1) into[row] = value += step;
  }
}

/** Throws for bytes that are no block. */
export function decodeRows(bytes: Uint8Array): Block {
  const reader = new ByteReader(bytes);
  const length = reader.whole();
  // No row takes less than a bit: what says more rows than that is none of ours.
  if (length > 1 << 20) throw new Error(`a block of the recording says that it has ${length} rows`);
  const before = { at_ms: reader.whole(), drawn_fg: reader.whole(), tip_fg: reader.whole(), asked_ms: reader.whole(), since_ms: reader.whole(), asked_ng: reader.whole(), pulses: reader.whole() };
  const rows = emptyRows(length);
  rows.length = length;
  rows.columns.forEach((values, column) => { (column === Number(Column.at_ms) ? readTimes : readSteps)(reader, values); });
  if (!reader.ended) throw new Error("a block of the recording goes on after its rows");
  return { before, rows };
}
