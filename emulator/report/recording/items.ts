// The summary of a recording: what is drawn of it, in short.

import { ByteReader, ByteWriter } from "./bytes";
import { Column } from "./columns";
import type { Before, Block } from "./columns";
import { COLUMN_OF, NG_PER_DAY, Series, Walk } from "./series";
import type { Spans } from "./series";

/** So many rows of a block make one item of its summary. */
export const ITEM_ROWS = 64;

/** Rows in short: an item is `ITEM_ROWS` of them. */
export interface Items {
  readonly from_ms: number[];
  /** By series. */
  readonly low: number[][];
  readonly high: number[][];
  readonly mean: number[][];
}

export function emptyItems(): Items {
  const lists = (): number[][] => Array.from({ length: Series.count }, () => []);
  return { from_ms: [], low: lists(), high: lists(), mean: lists() };
}

const RATES: readonly Series[] = [Series.drawn, Series.tip];

/** Series of which 0 is no value: nobody has looked yet. */
const NEVER_ZERO: readonly Series[] = [Series.loaded, Series.sampled];

/** Least and greatest of rows `from` to `to`; without those that are 0 if `not_zero`, unless all are. */
function extremes(values: Float64Array, from: number, to: number, not_zero: boolean): readonly [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (let row = from; row < to; row += 1) {
    const value = values[row]!;
    if (not_zero && value === 0) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low > high ? [0, 0] : [low, high];
}

/** Least and greatest rates of one item, drawn and at the tip. */
class Rates {
  readonly low = [Infinity, Infinity];
  readonly high = [-Infinity, -Infinity];

  /** The motion that a walk has come to. Where the pump was told to give nothing since the one before, it gave nothing. */
  add({ drawn_ng, tip_ng }: Walk, stood: boolean): void {
    this.#one(0, drawn_ng, stood);
    this.#one(1, tip_ng, stood);
  }

  #one(each: 0 | 1, rate: number, stood: boolean): void {
    this.low[each] = Math.min(this.low[each]!, stood ? 0 : rate);
    this.high[each] = Math.max(this.high[each]!, rate);
  }
}

/** What was drawn and what came to the tip before an item, fg. */
type Given = readonly [drawn_fg: number, tip_fg: number];

function addRates(items: Items, rates: Rates, given_fg: Given, span_ms: number): void {
  RATES.forEach((series, each) => {
    const mean = (given_fg[each]! * NG_PER_DAY) / span_ms;
    // A motion at its edge counts whole: that the mean is beyond the extremes is no rate that there was.
    const [low, high] = rates.low[each] === Infinity ? [mean, mean] : [rates.low[each]!, rates.high[each]!];
    items.mean[series]!.push(Math.min(high, Math.max(low, mean)));
    items.low[series]!.push(low);
    items.high[series]!.push(high);
  });
}

function addLevels(items: Items, columns: readonly Float64Array[], from: number, to: number): void {
  COLUMN_OF.forEach((column, series) => {
    if (column === undefined) return;
    const [low, high] = extremes(columns[column]!, from, to, NEVER_ZERO.includes(series));
    items.low[series]!.push(low);
    items.high[series]!.push(high);
    // Of a level the middle of its extremes will do; of what is asked for the last is what holds.
    items.mean[series]!.push(series === Number(Series.asked) ? columns[column]![to - 1]! : (low + high) / 2);
  });
}

/** Adds the items of a block, whose last row holds until `end_ms`. Gives where the walk stands after it. */
export function summarise({ rows, before }: Block, end_ms: number, items: Items): Before {
  const walk = new Walk(before);
  const { columns, length } = rows;
  const [times, asked] = [columns[Column.at_ms]!, columns[Column.asked_ng]!];
  let given_fg: Given = [before.drawn_fg, before.tip_fg];
  for (let from = 0; from < length; from += ITEM_ROWS) {
    const to = Math.min(length, from + ITEM_ROWS);
    const rates = new Rates();
    for (let row = from; row < to; row += 1) {
      if (walk.row(rows, row)) rates.add(walk, walk.only_asked && walk.gap_ms > 0 && asked[Math.max(0, row - 1)] === 0);
    }
    items.from_ms.push(times[from]!);
    const now_fg: Given = [columns[Column.drawn_fg]![to - 1]!, columns[Column.tip_fg]![to - 1]!];
    addRates(items, rates, [now_fg[0] - given_fg[0], now_fg[1] - given_fg[1]], Math.max(1, (to < length ? times[to]! : end_ms) - times[from]!));
    given_fg = now_fg;
    addLevels(items, columns, from, to);
  }
  return walk.before;
}

/** Series whose mean is not the middle of their extremes. */
const WITH_MEAN: readonly Series[] = [Series.asked, Series.drawn, Series.tip];

/** Numbers in the page are read as they stand, which begins at a multiple of their size. */
const padded = (length: number): number => Math.ceil(length / Float32Array.BYTES_PER_ELEMENT) * Float32Array.BYTES_PER_ELEMENT;

/** The items in bytes: how many, their beginnings, then their values, each list whole, the least byte first. */
export function encodeItems({ from_ms, low, high, mean }: Items): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter();
  writer.whole(from_ms.length);
  let last_ms = 0;
  for (const at_ms of from_ms) {
    writer.whole(at_ms - last_ms);
    last_ms = at_ms;
  }
  const times = writer.bytes();
  const lists = [...low, ...high, ...WITH_MEAN.map((series) => mean[series]!)];
  const bytes = new Uint8Array(padded(times.length) + Float32Array.BYTES_PER_ELEMENT * from_ms.length * lists.length);
  bytes.set(times);
  lists.forEach((list, at) => { new Float32Array(bytes.buffer, padded(times.length) + Float32Array.BYTES_PER_ELEMENT * from_ms.length * at, from_ms.length).set(list); });
  return bytes;
}

/** The items as spans. Throws for bytes that are none. */
export function decodeItems(bytes: Uint8Array<ArrayBuffer>, end_ms: number): Spans {
  const reader = new ByteReader(bytes);
  const length = reader.whole();
  if (length > bytes.length) throw new Error(`the summary of the recording says that it has ${length} items`);
  const from_ms = new Float64Array(length);
  for (let item = 0, at_ms = 0; item < length; item += 1) from_ms[item] = at_ms += reader.whole();
  // On a border of their size, wherever the bytes stand.
  const values = new Float32Array(bytes.slice(padded(reader.at)).buffer);
  if (values.length !== length * (2 * Series.count + WITH_MEAN.length)) throw new Error(`the summary of the recording has ${values.length} values for ${length} items`);
  let list = 0;
  const next = (): Float64Array => {
    list += 1;
    return new Float64Array(values.subarray((list - 1) * length, list * length));
  };
  const low = Array.from({ length: Series.count }, next);
  const high = Array.from({ length: Series.count }, next);
  const mean = low.map((least, series) => (WITH_MEAN.includes(series) ? next() : middle(least, high[series]!)));
  return { from_ms, end_ms, length, low, high, mean };
}

function middle(low: Float64Array, high: Float64Array): Float64Array {
  const found = new Float64Array(low.length);
  for (let item = 0; item < low.length; item += 1) found[item] = (low[item]! + high[item]!) / 2;
  return found;
}

/** Items that are still in the making, as spans. */
export function spansOfItems({ from_ms, low, high, mean }: Items, end_ms: number): Spans {
  const typed = (lists: readonly number[][]): Float64Array[] => lists.map((list) => Float64Array.from(list));
  return { from_ms: Float64Array.from(from_ms), end_ms, length: from_ms.length, low: typed(low), high: typed(high), mean: typed(mean) };
}
