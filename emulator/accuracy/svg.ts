// Plain SVG: elements as text, and the two scales of a chart's axes.

/** Attributes of an element; numbers to a tenth, so that the same figures are the same bytes everywhere. */
export type Attributes = Readonly<Record<string, string | number>>;

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** A coordinate to a tenth, never "-0". */
function tenth(value: number): string {
  return String(Math.round(value * 10) / 10 + 0);
}

/** An element around others, which are SVG already. */
export function element(name: string, attributes: Attributes, inner = ""): string {
  const given = Object.entries(attributes).map(([key, value]) => ` ${key}="${typeof value === "number" ? tenth(value) : escaped(value)}"`).join("");
  return inner === "" ? `<${name}${given}/>` : `<${name}${given}>${inner}</${name}>`;
}

/** A line of text. */
export function label(x: number, y: number, text: string, attributes: Attributes = {}): string {
  return element("text", { x, y, ...attributes }, escaped(text));
}

export type Point = readonly [x: number, y: number];

/** Points as `polyline` and `polygon` take them. */
export function points(of: readonly Point[]): string {
  return of.map(([x, y]) => `${tenth(x)},${tenth(y)}`).join(" ");
}

/** A stretch of an axis, in pixels. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** A logarithmic axis that begins a little before `first` and ends a little after `last`. */
export function logScale(first: number, last: number, { from, to }: Stretch): (value: number) => number {
  const length = last > first ? Math.log(last / first) : 1;
  return (value) => from + (to - from) * (0.04 + (0.92 * Math.log(value / first)) / length);
}

/** A linear axis of integers with 0 in it, its bounds widened to whole steps of 1, 2 or 5 times a power of 10. */
export interface LinearScale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
  readonly step: number;
}

/** About so many steps. */
const steps_wanted = 6;

export function linearScale(lowest: number, highest: number, { from, to }: Stretch): LinearScale {
  const [low, high] = [Math.min(0, lowest), Math.max(0, highest)];
  const rough = Math.max(1, (high - low) / steps_wanted);
  let power = 1;
  while (power * 10 <= rough) power *= 10;
  const step = power * ([1, 2, 5].find((times) => times * power >= rough) ?? 10);
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step));
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
  return { step, ticks, at: (value) => from + ((to - from) * (value - first * step)) / ((last - first) * step) };
}
