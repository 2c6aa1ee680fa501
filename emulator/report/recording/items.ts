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

const RATES: readonly (readonly [Series, Column])[] = [[Series.drawn, Column.drawn_fg], [Series.tip, Column.tip_fg]];

/** Least and greatest of rows `from` to `to`. */
function extremes(values: Float64Array, from: number, to: number): readonly [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (let row = from; row < to; row += 1) {
    const value = values[row]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** Adds the items of a block, whose last row holds until `end_ms`. Gives where the walk stands after it. */
export function summarise({ rows, before }: Block, end_ms: number, items: Items): Before {
  const walk = new Walk(before);
  const { columns, length } = rows;
  let [drawn_before, tip_before] = [before.drawn_fg, before.tip_fg];
  for (let from = 0; from < length; from += ITEM_ROWS) {
    const to = Math.min(length, from + ITEM_ROWS);
    const until_ms = to < length ? columns[Column.at_ms]![to]! : end_ms;
    const least = [Infinity, Infinity];
    const most = [-Infinity, -Infinity];
    for (let row = from; row < to; row += 1) {
      walk.row(rows, row, (drawn_ng, tip_ng, only_asked, since_ms) => {
        // A time in which nothing was asked for is a time in which nothing is shown.
        const stood = only_asked && since_ms > 0 && columns[Column.asked_ng]![Math.max(0, row - 1)] === 0;
        [drawn_ng, tip_ng].forEach((rate, each) => {
          least[each] = Math.min(least[each]!, stood ? 0 : rate);
          most[each] = Math.max(most[each]!, rate);
        });
      });
    }
    items.from_ms.push(columns[Column.at_ms]![from]!);
    const span_ms = Math.max(1, until_ms - columns[Column.at_ms]![from]!);
    RATES.forEach(([series, column], each) => {
      const given_fg = columns[column]![to - 1]! - (each === 0 ? drawn_before : tip_before);
      const mean = (given_fg * NG_PER_DAY) / span_ms;
      // A motion at its edge counts whole: that the mean is beyond the extremes is no rate that there was.
      const [low, high] = least[each] === Infinity ? [mean, mean] : [least[each]!, most[each]!];
      items.mean[series]!.push(Math.min(high, Math.max(low, mean)));
      items.low[series]!.push(low);
      items.high[series]!.push(high);
    });
    [drawn_before, tip_before] = [columns[Column.drawn_fg]![to - 1]!, columns[Column.tip_fg]![to - 1]!];
    COLUMN_OF.forEach((column, series) => {
      if (column === undefined) return;
      const [low, high] = extremes(columns[column]!, from, to);
      items.low[series]!.push(low);
      items.high[series]!.push(high);
      // Of a level the mean of its extremes will do; of what is asked for the last is what holds.
      items.mean[series]!.push(series === Number(Series.asked) ? columns[column]![to - 1]! : (low + high) / 2);
    });
  }
  return walk.before;
}

/** Series whose mean is not the middle of their extremes. */
const WITH_MEAN: readonly Series[] = [Series.asked, Series.drawn, Series.tip];

/** The items in bytes: how many, their beginnings, then their values, each list whole. */
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
  const values = new DataView(new ArrayBuffer(4 * from_ms.length * lists.length));
  lists.flat().forEach((value, at) => { values.setFloat32(4 * at, value, true); });
  const bytes = new Uint8Array(times.length + values.byteLength);
  bytes.set(times);
  bytes.set(new Uint8Array(values.buffer), times.length);
  return bytes;
}

/** The items as spans. Throws for bytes that are none. */
export function decodeItems(bytes: Uint8Array, end_ms: number): Spans {
  const reader = new ByteReader(bytes);
  const length = reader.whole();
  if (length > bytes.length) throw new Error(`the summary of the recording says that it has ${length} items`);
  const from_ms = new Float64Array(length);
  for (let item = 0, at_ms = 0; item < length; item += 1) from_ms[item] = at_ms += reader.whole();
  const values = new DataView(bytes.buffer, bytes.byteOffset + reader.at, bytes.length - reader.at);
  let list = 0;
  const next = (): Float64Array => {
    const found = Float64Array.from({ length }, (_none, item) => values.getFloat32(4 * (list * length + item), true));
    list += 1;
    return found;
  };
  const low = Array.from({ length: Series.count }, next);
  const high = Array.from({ length: Series.count }, next);
  const mean = low.map((least, series) => (WITH_MEAN.includes(series) ? next() : least.map((value, item) => (value + high[series]![item]!) / 2)));
  return { from_ms, end_ms, length, low, high, mean };
}

/** Items that are still in the making, as spans. */
export function spansOfItems({ from_ms, low, high, mean }: Items, end_ms: number): Spans {
  const typed = (lists: readonly number[][]): Float64Array[] => lists.map((list) => Float64Array.from(list));
  return { from_ms: Float64Array.from(from_ms), end_ms, length: from_ms.length, low: typed(low), high: typed(high), mean: typed(mean) };
}
