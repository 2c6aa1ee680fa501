// The trumpet chart: for each rate the deviation over observation windows.

import type { RateAccuracy, WindowAccuracy } from "./accuracy";
import { element, label, linearScale, logScale, points } from "./svg";
import type { LinearScale, Point } from "./svg";
import { percentText, windowText } from "./text";

const WIDTH = 1120;
/** Of the head, with one line of conditions; each further one takes a line more. */
const HEADER = 112;
const LINE = 17;
const LINE_CHARACTERS = 150;
const PANEL = { width: 548, height: 330, left: 74, right: 16, top: 54, bottom: 56 };
const BLUE = "#0b5cad";
const ORANGE = "#b84a00";
const GREY = "#595959";
const BAND = "#e3e6ea";
const GREEN = "#1f7a3d";
/** A point of each curve. */
const marks = { max: { r: 5, fill: "none", stroke: BLUE, "stroke-width": 2 }, min: { r: 3, fill: ORANGE } } as const;
/** Of the band's curved edge. */
const edge_points = 48;

/** Where things stand in a panel, in pixels of the panel. */
interface Axes {
  readonly x: (window_us: number) => number;
  readonly y: LinearScale;
  readonly right: number;
  readonly bottom: number;
}

function axesOf({ windows, mean }: RateAccuracy): Axes {
  const [right, bottom] = [PANEL.width - PANEL.right, PANEL.height - PANEL.bottom];
  const shown = [mean.deviation_ppm, ...windows.flatMap(({ max, min, one_pulse_ppm }) => [max.deviation_ppm, min.deviation_ppm, one_pulse_ppm, -one_pulse_ppm])];
  return {
    right, bottom,
    x: logScale(windows[0]?.window_us ?? 1, windows.at(-1)?.window_us ?? 1, { from: PANEL.left, to: right }),
    y: linearScale(Math.min(...shown), Math.max(...shown), { from: bottom, to: PANEL.top }),
  };
}

/** Percent with as many decimals as a step has. */
function tickText(ppm: number, step: number): string {
  const decimals = step % 10_000 === 0 ? 0 : step % 1000 === 0 ? 1 : step % 100 === 0 ? 2 : step % 10 === 0 ? 3 : 4;
  return `${ppm > 0 ? "+" : ppm < 0 ? "\u2212" : ""}${(Math.abs(ppm) / 10_000).toFixed(decimals)}`;
}

function grid({ windows }: RateAccuracy, { x, y, right, bottom }: Axes): string {
  const rows = y.ticks.map((tick) => element("line", { x1: PANEL.left, x2: right, y1: y.at(tick), y2: y.at(tick), stroke: tick === 0 ? "#8a8a8a" : "#d5d5d5" })
    + label(PANEL.left - 8, y.at(tick) + 4, tickText(tick, y.step), { "text-anchor": "end", "font-size": "11" }));
  let free = PANEL.left;
  const columns = windows.map(({ window_us }) => {
    const text = windowText(window_us).replace(" min", "");
    const at = x(window_us);
    const tick = element("line", { x1: at, x2: at, y1: bottom, y2: bottom + 5, stroke: GREY });
    const half = text.length * 3.2;
    if (at - half < free) return tick;
    free = at + half;
    return tick + label(at, bottom + 19, text, { "text-anchor": "middle", "font-size": "11" });
  });
  const frame = element("path", { d: `M${PANEL.left} ${PANEL.top}V${bottom}H${right}`, fill: "none", stroke: GREY });
  const names = label((PANEL.left + right) / 2, bottom + 40, "observation window, log scale (min, unless h or d is given)", { "text-anchor": "middle", fill: GREY })
    + label(0, 0, "deviation from the set rate (%)", { "text-anchor": "middle", fill: GREY, transform: `translate(16 ${(PANEL.top + bottom) / 2}) rotate(-90)` });
  return rows.join("") + columns.join("") + frame + names;
}

/** One pulse more or less in the window: a share that falls as the window grows. */
function band(windows: readonly WindowAccuracy[], { x, y }: Axes): string {
  const [first, last] = [windows[0], windows.at(-1)];
  if (first === undefined || last === undefined) return "";
  const along = Array.from({ length: edge_points + 1 }, (_, i) => first.window_us * (last.window_us / first.window_us) ** (i / edge_points));
  const edge = (sign: number): Point[] => along.map((window_us) => [x(window_us), y.at((sign * first.one_pulse_ppm * first.window_us) / window_us)]);
  return element("polygon", { class: "one-pulse", points: points([...edge(1), ...edge(-1).reverse()]), fill: BAND });
}

/** A bar for what a perfect pump shows. */
function floors(windows: readonly WindowAccuracy[], { x, y }: Axes): string {
  return windows.flatMap(({ window_us, floor_max, floor_min }) => [floor_max, floor_min].map(({ deviation_ppm }) =>
    element("line", { class: "floor", x1: x(window_us) - 9, x2: x(window_us) + 9, y1: y.at(deviation_ppm), y2: y.at(deviation_ppm), stroke: "#202020", "stroke-width": 3 }))).join("");
}

/** The maximum's points are rings, so that those of the minimum show inside where both are the same. */
function curve(name: "max" | "min", colour: string, windows: readonly WindowAccuracy[], { x, y }: Axes): string {
  const along = windows.map((window): Point => [x(window.window_us), y.at(window[name].deviation_ppm)]);
  const dots = along.map(([cx, cy], i) => element("circle", { cx, cy, ...marks[name] },
    element("title", {}, `${name} in ${windowText(windows[i]!.window_us)}: ${percentText(windows[i]![name].deviation_ppm)} %`)));
  return element("polyline", { class: name, points: points(along), fill: "none", stroke: colour, "stroke-width": 2 }) + dots.join("");
}

function panel(of: RateAccuracy, index: number, top: number): string {
  const axes = axesOf(of);
  const mean_y = axes.y.at(of.mean.deviation_ppm);
  const inner = [
    label(PANEL.left, 24, of.rate.text, { "font-size": "15", "font-weight": "bold" }),
    label(PANEL.left, 42, `mean flow error ${percentText(of.mean.deviation_ppm)} %`, { fill: GREEN }),
    band(of.windows, axes), grid(of, axes),
    element("line", { class: "mean", x1: PANEL.left, x2: axes.right, y1: mean_y, y2: mean_y, stroke: GREEN, "stroke-width": 1.5, "stroke-dasharray": "6 4" }),
    floors(of.windows, axes), curve("max", BLUE, of.windows, axes), curve("min", ORANGE, of.windows, axes),
  ].join("\n");
  const [column, row] = [index % 2, Math.floor(index / 2)];
  return element("g", { transform: `translate(${8 + column * PANEL.width} ${top + row * PANEL.height})` }, `\n${inner}\n`);
}

/** What each mark means, in one row; the text begins 34 px after its mark. */
function legend(y: number): string {
  const line = (colour: string, more = {}): string => element("line", { x1: 0, x2: 26, y1: 0, y2: 0, stroke: colour, "stroke-width": 2, ...more });
  const dot = (name: "max" | "min", colour: string): string => line(colour) + element("circle", { cx: 13, cy: 0, ...marks[name] });
  const entries: readonly (readonly [string, string, number])[] = [
    [dot("max", BLUE), "maximum", 0], [dot("min", ORANGE), "minimum", 112], [line(GREEN, { "stroke-width": 1.5, "stroke-dasharray": "6 4" }), "mean flow error", 222],
    [line("#202020", { x1: 4, x2: 22, "stroke-width": 3 }), "quantisation floor (a perfect pump of this pulse)", 366],
    [element("rect", { x: 2, y: -7, width: 22, height: 14, fill: BAND }), "one pulse more or less in the window", 728],
  ];
  return entries.map(([mark, text, x]) => element("g", { transform: `translate(${PANEL.left + 8 + x} ${y})` }, mark + label(33, 4, text))).join("");
}

/** Parts of a text, parted by "; ", in lines that fit. */
function wrapped(text: string): readonly string[] {
  return text.split("; ").reduce<readonly string[]>((lines, part) => {
    const last = lines.at(-1);
    return last === undefined || last.length + part.length > LINE_CHARACTERS ? [...lines, part] : [...lines.slice(0, -1), `${last}; ${part}`];
  }, []);
}

/** One panel for each rate, each with a scale of its own; `conditions` says under what they were measured. */
export function trumpetChart(rates: readonly RateAccuracy[], conditions: string): string {
  const drawn = rates.filter(({ windows }) => windows.length > 0);
  const lines = wrapped(conditions);
  const top = HEADER + (lines.length - 1) * LINE;
  const height = top + Math.ceil(drawn.length / 2) * PANEL.height + 8;
  const inner = [
    element("title", {}, "Trumpet curves of an emulated pump"),
    element("rect", { width: WIDTH, height, fill: "#ffffff" }),
    label(PANEL.left + 8, 32, "Flow accuracy: trumpet curves of an emulated pump", { "font-size": "19", "font-weight": "bold" }),
    ...lines.map((line, i) => label(PANEL.left + 8, 55 + i * LINE, line, { fill: GREY })), legend(top - 28),
    ...drawn.map((each, i) => panel(each, i, top)),
  ].join("\n");
  return `${element("svg", {
    xmlns: "http://www.w3.org/2000/svg", width: WIDTH, height, viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "font-family": "system-ui, 'DejaVu Sans', sans-serif", "font-size": "12", fill: "#202020",
  }, `\n${inner}\n`)}\n`;
}
