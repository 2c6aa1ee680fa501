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

/**
 * Spans `first` to `last` as they are, with a last step that shows how long the last one lasts. What is beyond the stretch is cut off: a dashed line from an hour ago to
 * the 20 ms that are seen would be drawn dash by dash.
 */
function steps({ from_ms, end_ms, low, high, mean }: Spans, first: number, last: number, begin_ms: number, finish_ms: number): Envelope {
  const cut = (values: Float64Array): Float64Array => {
    const found = new Float64Array(last - first + 2);
    found.set(values.subarray(first, last + 1));
    found[last - first + 1] = values[last]!;
    return found;
  };
  const x = cut(from_ms);
  x[0] = Math.max(x[0]!, begin_ms);
  x[x.length - 1] = Math.max(x[x.length - 2]!, Math.min(finish_ms, last + 1 < from_ms.length ? from_ms[last + 1]! : end_ms));
  const means = mean.map(cut);
  const exact = low === high;
  return { x, low: exact ? means : low.map(cut), high: exact ? means : high.map(cut), mean: means, exact };
}

/** Which columns each span falls in: the first and the last of each, found once for all series. */
interface Places {
  readonly begin_ms: number;
  readonly width_ms: number;
  readonly from: Int32Array;
  readonly to: Int32Array;
}

function placesOf({ from_ms, end_ms }: Spans, first: number, last: number, begin_ms: number, width_ms: number, columns: number): Places {
  const [from, to] = [new Int32Array(last - first + 1), new Int32Array(last - first + 1)];
  for (let span = first; span <= last; span += 1) {
    const ends_ms = span + 1 < from_ms.length ? from_ms[span + 1]! : end_ms;
    const at = Math.max(0, Math.floor((from_ms[span]! - begin_ms) / width_ms));
    const until = Math.ceil((ends_ms - begin_ms) / width_ms) - 1;
    from[span - first] = Math.min(at, columns - 1);
    to[span - first] = Math.min(Math.max(at, until), columns - 1);
  }
  return { begin_ms, width_ms, from, to };
}

/** One series in equal parts of the time. Hot: seven years have 80 000 spans of nine series, for each picture of the screen. */
function column(spans: Spans, series: number, first: number, last: number, places: Places, into: readonly [Float64Array, Float64Array, Float64Array]): void {
  const { from_ms, end_ms } = spans;
  const { begin_ms, width_ms } = places;
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
    const [least, most, until] = [lows[span]!, highs[span]!, places.to[span - first]!];
    for (let at = places.from[span - first]!; at <= until; at += 1) {
      const starts = begin_ms + at * width_ms;
      const part = Math.max(0, Math.min(to, starts + width_ms) - Math.max(from, starts));
      if (least < low[at]!) low[at] = least;
      if (most > high[at]!) high[at] = most;
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
  if (last - first < columns) return steps(spans, first, last, begin_ms, finish_ms);
  const width_ms = (Math.min(finish_ms, spans.end_ms) - begin_ms) / columns;
  const places = placesOf(spans, first, last, begin_ms, width_ms, columns);
  const lists = (): Float64Array[] => spans.low.map(() => new Float64Array(columns));
  const [low, high, mean] = [lists(), lists(), lists()];
  for (let series = 0; series < low.length; series += 1) column(spans, series, first, last, places, [low[series]!, high[series]!, mean[series]!]);
  return { x: Float64Array.from({ length: columns }, (_none, at) => begin_ms + at * width_ms), low, high, mean, exact: false };
}
