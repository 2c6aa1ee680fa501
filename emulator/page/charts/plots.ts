// The charts of values: what stands in each, and its uPlot.

// uPlot: MIT, 50 kB, no dependencies, made for series of many thousands of points, which others redraw too slowly to zoom in.
import uPlot from "uplot";
import { Series } from "../../report/recording/series";
import type { Envelope } from "./envelope";
import { axisText, numberText, TIME_STEPS } from "./format";

/** One line of a chart. */
export interface Line {
  readonly series: Series;
  readonly name: string;
  /** CSS variable of its colour. */
  readonly colour: string;
  readonly dash?: readonly number[];
  /** On the axis at the right. */
  readonly right?: boolean;
}

/** One chart: its axes begin at 0, but for voltages. */
export interface ChartSpec {
  readonly title: string;
  readonly unit: string;
  /** From the recording's unit to the chart's. */
  readonly factor: number;
  readonly right?: { readonly unit: string; readonly factor: number };
  readonly lines: readonly Line[];
}

/** Charts from above to below. */
export const CHARTS: readonly ChartSpec[] = [
  {
    title: "Dose rate", unit: "ug/day", factor: 1e-3,
    lines: [
      { series: Series.drawn, name: "given by the motor", colour: "--c-drawn" },
      { series: Series.tip, name: "at the tip", colour: "--c-tip" },
      { series: Series.asked, name: "asked for", colour: "--c-asked", dash: [6, 4] },
    ],
  },
  {
    title: "Reservoir", unit: "mL", factor: 1e-9,
    lines: [
      { series: Series.truth, name: "in truth", colour: "--c-truth" },
      { series: Series.books, name: "by the books", colour: "--c-books", dash: [6, 4] },
      { series: Series.low, name: "lower bound", colour: "--c-low", dash: [2, 3] },
    ],
  },
  {
    title: "Battery", unit: "C", factor: 1e-3, right: { unit: "V", factor: 1e-3 },
    lines: [
      { series: Series.used, name: "charge used", colour: "--c-used" },
      { series: Series.loaded, name: "voltage under load", colour: "--c-loaded", right: true },
      { series: Series.sampled, name: "the pump's sample", colour: "--c-sampled", dash: [6, 4], right: true },
    ],
  },
];

/** Widths of the axes, the same on all charts, so that their times stand above each other. */
export const LEFT = 72;
export const RIGHT = 56;
/** Each line is three to uPlot: least, greatest and mean. */
const PARTS = 3;

const colours = new Map<string, string>();

/** The value of a CSS variable; looked up once, since a lane of marks asks thousands of times. */
export function colourOf(name: string): string {
  const known = colours.get(name);
  if (known !== undefined) return known;
  const found = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  colours.set(name, found);
  return found;
}

/** The page is light now where it was dark, or the other way round. */
export function forgetColours(): void {
  colours.clear();
}

const factorOf = ({ factor, right }: ChartSpec, line: Line): number => (line.right === true ? right!.factor : factor);

/** What uPlot is given for a chart. */
export function dataOf(spec: ChartSpec, { x, low, high, mean, exact }: Envelope): uPlot.AlignedData {
  // No voltage is 0: nobody has looked yet.
  const part = (values: Float64Array, factor: number, or_none: boolean): (number | null)[] => Array.from(values, (value) => (Number.isNaN(value) || (or_none && value === 0) ? null : value * factor));
  // Where each step is one there is no band.
  const nothing = exact ? new Array<null>(x.length).fill(null) : undefined;
  return [x, ...spec.lines.flatMap((line) => [low, high, mean].map((values, each) => (each < 2 && nothing !== undefined ? nothing : part(values[line.series]!, factorOf(spec, line), line.right === true))))] as uPlot.AlignedData;
}

/** A line's value at a step, with its extremes where it stands for more than one. */
export function valueText(spec: ChartSpec, line: Line, { low, high, mean }: Envelope, at: number): string {
  const factor = factorOf(spec, line);
  const [least, most, middle] = [low, high, mean].map((values) => values[line.series]![at]! * factor) as [number, number, number];
  if (Number.isNaN(middle)) return "-";
  return numberText(least) === numberText(most) ? numberText(middle) : `${numberText(middle)} (${numberText(least)} to ${numberText(most)})`;
}

/** The axis of time that all share. */
export function timeAxis(shown: boolean): uPlot.Axis {
  return {
    scale: "x", show: true, size: shown ? 26 : 8, incrs: [...TIME_STEPS], space: 90, stroke: () => colourOf("--muted"), grid: { stroke: () => colourOf("--grid"), width: 1 }, ticks: { show: false },
    values: (_plot, splits, _axis, _space, step) => splits.map((at) => (shown ? axisText(at, step) : "")),
  };
}

function valueAxis(scale: string, side: 1 | 3, size: number, label: string): uPlot.Axis {
  return {
    scale, side, size, stroke: () => colourOf("--muted"), grid: { show: side === 3, stroke: () => colourOf("--grid"), width: 1 }, ticks: { show: false }, label, labelSize: 16, labelFont: "11px system-ui",
    font: "11px system-ui", space: 28, values: (_plot, splits) => splits.map((value) => String(Number(value.toPrecision(4)))),
  };
}

function seriesOf(line: Line): uPlot.Series[] {
  const stroke = (): string => colourOf(line.colour);
  const paths = uPlot.paths.stepped!({ align: 1 });
  const scale = line.right === true ? "right" : "left";
  // The band between them is drawn, and they are not: a stroke along thousands of steps is what takes longest.
  const edge: uPlot.Series = { scale, paths, points: { show: false }, stroke: () => colourOf(line.colour), width: 0 };
  return [edge, { ...edge }, { label: line.name, scale, paths, points: { show: false }, stroke, width: 1.5, ...(line.dash === undefined ? {} : { dash: [...line.dash] }) }];
}

/** What the charts tell of what is done to them. */
export interface PlotEvents {
  /** A stretch was chosen with the pointer. */
  readonly chosen: (from_ms: number, to_ms: number) => void;
  /** The pointer is at that time, or nowhere. */
  readonly pointed: (at_ms: number | undefined) => void;
  readonly drawn?: (plot: uPlot) => void;
}

/** What every chart has in common. */
export function sharedOptions(width: number, height: number, events: PlotEvents): Pick<uPlot.Options, "width" | "height" | "legend" | "cursor" | "hooks" | "padding" | "select"> {
  return {
    width, height, padding: [6, 0, 0, 0], legend: { show: false },
    select: { show: true, left: 0, top: 0, width: 0, height: 0 },
    cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false, dist: 4 }, sync: { key: "itb-pump", scales: ["x", null] }, bind: { dblclick: () => null } },
    hooks: {
      setSelect: [(plot) => {
        const { left, width: wide } = plot.select;
        if (wide < 4) return;
        events.chosen(plot.posToVal(left, "x"), plot.posToVal(left + wide, "x"));
        plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
      }],
      setCursor: [(plot) => {
        const { left } = plot.cursor;
        // Only that chart tells over which the pointer is: the others follow it.
        if (plot.cursor.event !== undefined) events.pointed(left === undefined || left < 0 ? undefined : plot.posToVal(left, "x"));
      }],
      ...(events.drawn === undefined ? {} : { draw: [events.drawn] }),
    },
  };
}

/** A chart of values. Its data come with `setData`. */
export function plotOf(spec: ChartSpec, element: HTMLElement, width: number, height: number, with_time: boolean, events: PlotEvents): uPlot {
  const bands = spec.lines.map((line, each): uPlot.Band => ({ series: [each * PARTS + 2, each * PARTS + 1], fill: () => `${colourOf(line.colour)}55` }));
  const from_zero: uPlot.Scale = { range: (_plot, _min, max) => [0, max === null || max <= 0 ? 1 : max * 1.06] };
  return new uPlot({
    ...sharedOptions(width, height, events),
    series: [{}, ...spec.lines.flatMap(seriesOf)], bands,
    scales: { x: { time: false, auto: false }, left: from_zero, ...(spec.right === undefined ? {} : { right: { range: { min: { pad: 0.1 }, max: { pad: 0.1 } } } }) },
    axes: [timeAxis(with_time), valueAxis("left", 3, LEFT - 16, spec.unit), spec.right === undefined ? { show: true, side: 1, size: RIGHT, scale: "left", values: () => [], grid: { show: false }, ticks: { show: false } } : valueAxis("right", 1, RIGHT - 16, spec.right.unit)],
  }, [[], ...spec.lines.flatMap(() => [[], [], []])] as unknown as uPlot.AlignedData, element);
}
