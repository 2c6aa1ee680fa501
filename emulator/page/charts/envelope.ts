// Spans as columns of a picture: decimated, and no extreme is dropped.

import type { Spans } from "../../report/recording/series";

/** What is drawn: beginnings of steps, and what holds from there on, by series. NaN where nothing is known. */
export interface Envelope {
  readonly x: Float64Array;
  readonly low: readonly Float64Array[];
  readonly high: readonly Float64Array[];
  readonly mean: readonly Float64Array[];
  /** Each span is a step of its own: least, greatest and mean are one. */
  readonly exact: boolean;
}

/** The last span that begins at `at_ms` or before it; 0 if there is none. */
export function spanAt(from_ms: ArrayLike<number>, at_ms: number): number {
  let low = 0;
  let high = from_ms.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (from_ms[middle]! <= at_ms) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Spans `first` to `last` as they are, with a last step that shows how long the last one lasts. */
function steps({ from_ms, end_ms, low, high, mean }: Spans, first: number, last: number): Envelope {
  const cut = (values: Float64Array): Float64Array => {
    const found = new Float64Array(last - first + 2);
    found.set(values.subarray(first, last + 1));
    found[last - first + 1] = values[last]!;
    return found;
  };
  const x = cut(from_ms);
  x[x.length - 1] = Math.max(from_ms[last]!, last + 1 < from_ms.length ? from_ms[last + 1]! : end_ms);
  const means = mean.map(cut);
  const exact = low === high;
  return { x, low: exact ? means : low.map(cut), high: exact ? means : high.map(cut), mean: means, exact };
}

/** One series in `columns` equal parts of the time. */
function column(spans: Spans, series: number, first: number, last: number, begin_ms: number, width_ms: number, into: readonly [Float64Array, Float64Array, Float64Array]): void {
  const { from_ms, end_ms } = spans;
  const [low, high, mean] = into;
  const [lows, highs, means] = [spans.low[series]!, spans.high[series]!, spans.mean[series]!];
  const weight = new Float64Array(mean.length);
  low.fill(Infinity);
  high.fill(-Infinity);
  for (let span = first; span <= last; span += 1) {
    const value = means[span]!;
    if (Number.isNaN(value)) continue;
    const from = Math.max(begin_ms, from_ms[span]!);
    const to = span + 1 < from_ms.length ? from_ms[span + 1]! : end_ms;
    for (let at = Math.floor((from - begin_ms) / width_ms); at < mean.length; at += 1) {
      const starts = begin_ms + at * width_ms;
      if (starts >= to && starts > from) break;
      const part = Math.min(to, starts + width_ms) - Math.max(from, starts);
      if (lows[span]! < low[at]!) low[at] = lows[span]!;
      if (highs[span]! > high[at]!) high[at] = highs[span]!;
      mean[at] = mean[at]! + value * part;
      weight[at] = weight[at]! + part;
    }
  }
  for (let at = 0; at < mean.length; at += 1) {
    if (low[at] === Infinity) low[at] = high[at] = mean[at] = NaN;
    else mean[at] = weight[at]! > 0 ? mean[at]! / weight[at]! : (low[at]! + high[at]!) / 2;
  }
}

/** What of the spans is seen from `begin_ms` to `finish_ms` in a picture of so many columns. */
export function envelope(spans: Spans, begin_ms: number, finish_ms: number, columns: number): Envelope {
  const none = spans.low.map(() => new Float64Array(0));
  if (spans.length === 0 || finish_ms <= begin_ms) return { x: new Float64Array(0), low: none, high: none, mean: none, exact: true };
  const first = spanAt(spans.from_ms, begin_ms);
  const last = spanAt(spans.from_ms, finish_ms);
  if (last - first < columns) return steps(spans, first, last);
  const width_ms = (Math.min(finish_ms, spans.end_ms) - begin_ms) / columns;
  const lists = (): Float64Array[] => spans.low.map(() => new Float64Array(columns));
  const [low, high, mean] = [lists(), lists(), lists()];
  for (let series = 0; series < low.length; series += 1) column(spans, series, first, last, begin_ms, width_ms, [low[series]!, high[series]!, mean[series]!]);
  return { x: Float64Array.from({ length: columns }, (_none, at) => begin_ms + at * width_ms), low, high, mean, exact: false };
}
