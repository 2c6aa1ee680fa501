// The lanes below the charts: states, alarms, tones, wand, faults, pulses.

import uPlot from "uplot";
import { Column, isPulse, RowKind } from "../../report/recording/columns";
import { spanAt } from "./envelope";
import { firstAfter } from "./intervals";
import type { LaneBook, LaneIntervals } from "./intervals";
import { colourOf, LEFT, RIGHT, sharedOptions, timeAxis } from "./plots";
import type { PlotEvents } from "./plots";
import type { Exact } from "./source";

/** Height of a lane in CSS pixels. */
const LANE = 17;
const AXIS = 26;
/** Pulses are drawn one by one while there are no more of them. */
const PULSES_MAX = 4000;

const PULSE_COLOURS: Readonly<Record<number, string>> = {
  [RowKind.confirmed]: "--c-drawn", [RowKind.missed]: "--bad", [RowKind.lost]: "--c-low", [RowKind.stray]: "--bad",
};
const PULSE_WORDS: Readonly<Record<number, string>> = { [RowKind.confirmed]: "confirmed", [RowKind.missed]: "not confirmed", [RowKind.lost]: "without a result" };

const GROUP_COLOURS: Readonly<Record<string, string>> = { pump: "--c-truth", alarm: "--c-books", sound: "--c-books", wand: "--c-drawn", fault: "--c-used", motor: "--c-low", step: "--muted" };

/** A pulse, or a motion without one, at an instant: in words. */
export interface PulseAt {
  readonly at_ms: number;
  readonly kind: number;
  readonly text: string;
}

/** Pulses of a stretch that is known row by row; none if there are too many to be told apart. */
export function pulsesOf({ blocks }: Exact, begin_ms: number, finish_ms: number): readonly PulseAt[] {
  const found: PulseAt[] = [];
  for (const { before, rows: { columns, length } } of blocks) {
    let { pulses } = before;
    for (let row = 0; row < length; row += 1) {
      const kind = columns[Column.kind]![row]!;
      if (isPulse(kind)) pulses += 1;
      const at_ms = columns[Column.at_ms]![row]!;
      if (kind === Number(RowKind.look) || at_ms < begin_ms || at_ms > finish_ms) continue;
      if (found.length >= PULSES_MAX) return [];
      const latency_ms = columns[Column.latency_ms]![row]!;
      found.push({ at_ms, kind, text: isPulse(kind) ? `pulse ${pulses} ${PULSE_WORDS[kind]}${latency_ms > 0 ? `, edge after ${latency_ms} ms` : ""}` : "a motion that nobody commanded" });
    }
  }
  return found;
}

/** The chart of lanes. */
export class Lanes {
  #plot: uPlot | undefined;
  #rows = -1;
  pulses: readonly PulseAt[] = [];

  constructor(private readonly element: HTMLElement, private readonly book: LaneBook, private readonly events: PlotEvents) {}

  /** Draws the stretch; the chart is made anew when there are more lanes. */
  show(width: number, begin_ms: number, finish_ms: number): uPlot {
    const rows = this.book.lanes.length + 1;
    if (this.#plot === undefined || rows !== this.#rows) {
      this.#plot?.destroy();
      this.#rows = rows;
      this.#plot = this.#made(width, rows * LANE + AXIS + 6);
    }
    const plot = this.#plot;
    if (plot.width !== width) plot.setSize({ width, height: plot.height });
    plot.batch(() => {
      plot.setData([[begin_ms, finish_ms], [null, null]], false);
      plot.setScale("x", { min: begin_ms, max: finish_ms });
    });
    return plot;
  }

  /** What is on the lanes within so many ms of an instant, in words. */
  at(at_ms: number, near_ms: number): string[] {
    const found = this.pulses.filter((each) => Math.abs(each.at_ms - at_ms) <= near_ms).slice(0, 2).map(({ text }) => text);
    for (const each of this.book.lanes) {
      const { lane, intervals } = each;
      const index = firstAfter(each, at_ms - near_ms);
      const interval = intervals[index];
      if (interval !== undefined && interval.from_ms <= at_ms + near_ms) found.push(`${lane.name}: ${interval.text}`);
    }
    return found;
  }

  #made(width: number, height: number): uPlot {
    return new uPlot({
      ...sharedOptions(width, height, { ...this.events, drawn: (plot) => { this.#draw(plot); } }),
      series: [{}, { scale: "left", points: { show: false } }],
      scales: { x: { time: false, auto: false }, left: { range: [0, 1] } },
      axes: [timeAxis(true), { scale: "left", side: 3, size: LEFT, values: () => [], grid: { show: false }, ticks: { show: false } }, { scale: "left", side: 1, size: RIGHT, values: () => [], grid: { show: false }, ticks: { show: false } }],
    }, [[0, 1], [null, null]], this.element);
  }

  #draw(plot: uPlot): void {
    const { ctx } = plot;
    const ratio = devicePixelRatio;
    ctx.save();
    ctx.font = `${11 * ratio}px system-ui`;
    ctx.textBaseline = "middle";
    this.#pulses(plot, ratio);
    this.book.lanes.forEach((each, at) => { this.#lane(plot, each, at + 1, ratio); });
    ctx.restore();
  }

  #head(plot: uPlot, name: string, at: number, ratio: number): number {
    const { ctx, bbox } = plot;
    const middle = bbox.top + (at + 0.5) * LANE * ratio;
    ctx.fillStyle = colourOf("--muted");
    ctx.textAlign = "right";
    ctx.fillText(name, bbox.left - 6 * ratio, middle, bbox.left - 8 * ratio);
    ctx.fillStyle = colourOf("--grid");
    ctx.fillRect(bbox.left, middle + (LANE / 2) * ratio, bbox.width, ratio);
    return middle;
  }

  #pulses(plot: uPlot, ratio: number): void {
    const middle = this.#head(plot, "pulses", 0, ratio);
    const { ctx, bbox } = plot;
    const height = LANE * ratio * 0.7;
    if (this.pulses.length === 0) {
      ctx.fillStyle = colourOf("--muted");
      ctx.textAlign = "left";
      ctx.fillText("one by one further in", bbox.left + 4 * ratio, middle);
    }
    for (const { at_ms, kind } of this.pulses) {
      ctx.fillStyle = colourOf(PULSE_COLOURS[kind] ?? "--bad");
      const bad = kind !== Number(RowKind.confirmed);
      ctx.fillRect(plot.valToPos(at_ms, "x", true) - ratio / 2, middle - height / 2, (bad ? 2 : 1) * ratio, height);
    }
  }

  #lane(plot: uPlot, each: LaneIntervals, at: number, ratio: number): void {
    const { lane, intervals, from_ms } = each;
    const { ctx, bbox } = plot;
    const middle = this.#head(plot, lane.name, at, ratio);
    const { min = 0, max = 1 } = plot.scales["x"] as { min?: number; max?: number };
    const height = LANE * ratio * 0.7;
    const colour = colourOf(lane.grave ? "--bad" : GROUP_COLOURS[lane.group] ?? "--muted");
    const pixel_ms = (max - min) / bbox.width;
    for (let index = firstAfter(each, min); index < intervals.length;) {
      const { from_ms: from, to_ms: to, text } = intervals[index]!;
      if (from > max) return;
      const left = plot.valToPos(Math.max(from, min), "x", true);
      const right = plot.valToPos(Math.min(to, max), "x", true);
      ctx.fillStyle = lane.form === "point" ? colour : `${colour}55`;
      ctx.fillRect(left - ratio / 2, middle - height / 2, Math.max((lane.grave ? 2 : 1) * ratio, right - left), height);
      if (right - left > 50 * ratio) {
        ctx.fillStyle = colourOf("--ink");
        ctx.textAlign = "left";
        ctx.fillText(text, left + 4 * ratio, middle, right - left - 6 * ratio);
      }
      // What begins at the same column of the picture is drawn already.
      const next = Math.max(index + 1, spanAt(from_ms, from + pixel_ms / 2) + 1);
      // A span that goes on beyond that column would be passed over with it.
      index = lane.form === "span" && intervals[next - 1]!.to_ms > from + pixel_ms ? Math.max(index + 1, next - 1) : next;
    }
  }
}
