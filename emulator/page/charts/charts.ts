// The charts of a run, from all of it to a single pulse.

import type uPlot from "uplot";
import { envelope, spanAt } from "./envelope";
import type { Envelope } from "./envelope";
import { lengthText, timeText } from "./format";
import { LaneBook } from "./intervals";
import { Lanes, pulsesOf } from "./lanes";
import { Overview } from "./overview";
import { CHARTS, colourOf, dataOf, forgetColours, LEFT, plotOf, RIGHT, valueText } from "./plots";
import type { ChartSpec, PlotEvents } from "./plots";
import { Rows } from "./source";
import type { Source } from "./source";

/** Something that went wrong at an instant. */
export interface Found {
  readonly at_ms: number;
  readonly text: string;
}

export interface ChartsOptions {
  readonly findings?: readonly Found[];
  /** What is seen moves along with the end. */
  readonly follow?: boolean;
  /** Hears of the stretch that is seen, after it was drawn. */
  readonly seen?: (from_ms: number, to_ms: number) => void;
  /** Rows could not be read. */
  readonly failed?: (why: unknown) => void;
}

const CHART_HEIGHT = 150;
/** Columns of what is drawn in short: twice as many would look the same and take twice as long. */
const COLUMNS_MAX = 700;
/** The shortest stretch. */
const LEAST_MS = 20;
/** What one key or one notch of the wheel does. */
const ZOOM = 1.6;
const PAN = 0.2;
/** How near an instant must be to be told, in pixels. */
const NEAR = 4;

function div(name: string, parent: HTMLElement): HTMLDivElement {
  const element = document.createElement("div");
  element.className = name;
  parent.append(element);
  return element;
}

/** The head of a chart: its title, and its lines with their value at the pointer. */
function legend(spec: ChartSpec, parent: HTMLElement): (values: Envelope, at: number | undefined) => void {
  const head = div("legend", parent);
  const title = document.createElement("strong");
  title.textContent = spec.title;
  head.append(title);
  const places = spec.lines.map((line) => {
    const entry = document.createElement("span");
    const mark = document.createElement("i");
    mark.style.borderTop = `2px ${line.dash === undefined ? "solid" : "dashed"} var(${line.colour})`;
    const value = document.createElement("b");
    entry.append(mark, ` ${line.name} `, value);
    head.append(entry);
    return value;
  });
  return (values, at) => {
    spec.lines.forEach((line, each) => {
      places[each]!.textContent = at === undefined ? "" : `${valueText(spec, line, values, at)} ${line.right === true ? spec.right!.unit : spec.unit}`;
    });
  };
}

/** All charts of a source, in an element. The stretch that is seen is theirs in common. */
export class Charts {
  readonly #source: Source;
  readonly #rows: Rows;
  readonly #book = new LaneBook();
  readonly #lanes: Lanes;
  readonly #overview: Overview;
  readonly #plots: uPlot[];
  readonly #legends: ((values: Envelope, at: number | undefined) => void)[] = [];
  readonly #told: HTMLElement;
  #envelope: Envelope | undefined;
  #from_ms = 0;
  #to_ms: number;
  #whole = true;
  #follows: boolean;
  #asked = 0;
  #pointed_ms: number | undefined;
  /** The longest it took to draw a stretch, ms: for measurements. */
  slowest_ms = 0;

  constructor(private readonly element: HTMLElement, source: Source, private readonly options: ChartsOptions = {}) {
    this.#source = source;
    this.#to_ms = source.end_ms;
    this.#follows = options.follow ?? false;
    this.#rows = new Rows(source, () => { this.draw(); }, options.failed ?? (() => undefined));
    element.classList.add("charts");
    element.tabIndex = 0;
    element.setAttribute("role", "group");
    element.setAttribute("aria-label", `Charts: arrows move, plus and minus zoom, Home shows all${(options.findings ?? []).length === 0 ? "" : ", n and p go to the next and the previous finding"}`);
    this.#overview = new Overview(element, { moved: (from_ms, to_ms) => { this.show(from_ms, to_ms); } });
    this.#told = div("told", element);
    const events: PlotEvents = { chosen: (from_ms, to_ms) => { this.show(from_ms, to_ms); }, pointed: (at_ms) => { this.#point(at_ms); } };
    this.#plots = CHARTS.map((spec) => {
      const place = div("chart", element);
      this.#legends.push(legend(spec, place));
      return plotOf(spec, place, this.#width, CHART_HEIGHT, false, { ...events, drawn: (plot) => { this.#findings(plot); } });
    });
    this.#lanes = new Lanes(div("lanes", element), this.#book, events);
    this.#listen();
    this.draw();
  }

  /** What is seen. */
  get seen(): readonly [from_ms: number, to_ms: number] {
    return [this.#from_ms, this.#to_ms];
  }

  /** Whether each step that is drawn is one of the recording's. */
  get exact(): boolean {
    return this.#envelope?.exact === true && this.#lanes.pulses.length > 0;
  }

  /** Marks by lane. */
  get book(): LaneBook {
    return this.#book;
  }

  /** Shows a stretch, as near as there is one. */
  show(from_ms: number, to_ms: number): void {
    const { end_ms } = this.#source;
    const length_ms = Math.min(Math.max(LEAST_MS, to_ms - from_ms), Math.max(LEAST_MS, end_ms));
    this.#from_ms = Math.max(0, Math.min(from_ms, end_ms - length_ms));
    this.#to_ms = this.#from_ms + length_ms;
    this.#whole = length_ms >= end_ms;
    this.#follows = this.options.follow === true && this.#to_ms >= end_ms;
    this.draw();
  }

  all(): void {
    this.show(0, this.#source.end_ms);
  }

  /** Longer or shorter about an instant, the middle if none is given. */
  zoom(factor: number, about_ms = (this.#from_ms + this.#to_ms) / 2): void {
    this.show(about_ms - (about_ms - this.#from_ms) * factor, about_ms + (this.#to_ms - about_ms) * factor);
  }

  /** Earlier or later by a part of what is seen. */
  pan(part: number): void {
    const by_ms = (this.#to_ms - this.#from_ms) * part;
    this.show(this.#from_ms + by_ms, this.#to_ms + by_ms);
  }

  /** The next finding after the middle of what is seen, or the one before it. */
  finding(direction: 1 | -1): void {
    const middle_ms = (this.#from_ms + this.#to_ms) / 2;
    const length_ms = this.#to_ms - this.#from_ms;
    const times = (this.options.findings ?? []).map(({ at_ms }) => at_ms).sort((a, b) => a - b);
    const next = direction === 1 ? times.find((at_ms) => at_ms > middle_ms + length_ms / 1000) : times.findLast((at_ms) => at_ms < middle_ms - length_ms / 1000);
    if (next !== undefined) this.show(next - length_ms / 2, next + length_ms / 2);
  }

  /** The source has more. Rows from block `changed` on are not what they were. */
  grown(changed: number): void {
    this.#rows.forget(changed);
    const { end_ms } = this.#source;
    if (this.#whole) [this.#from_ms, this.#to_ms] = [0, Math.max(LEAST_MS, end_ms)];
    else if (this.#follows) [this.#from_ms, this.#to_ms] = [Math.max(0, end_ms - (this.#to_ms - this.#from_ms)), end_ms];
    this.draw();
  }

  /** Draws before the next picture of the screen, once. */
  draw(): void {
    if (this.#asked !== 0) return;
    this.#asked = requestAnimationFrame(() => {
      this.#asked = 0;
      const began = performance.now();
      this.#draw();
      this.slowest_ms = Math.max(this.slowest_ms, performance.now() - began);
    });
  }

  get #width(): number {
    return Math.max(320, this.element.clientWidth);
  }

  #draw(): void {
    const { end_ms, items, lanes, texts, marks } = this.#source;
    const [begin_ms, finish_ms] = [this.#from_ms, this.#to_ms];
    const width = this.#width;
    const exact = this.#rows.between(begin_ms, finish_ms);
    this.#envelope = envelope(exact?.spans ?? items, begin_ms, finish_ms, Math.max(1, Math.min(COLUMNS_MAX, Math.floor(width - LEFT - RIGHT))));
    this.#plots.forEach((plot, each) => {
      if (plot.width !== width) plot.setSize({ width, height: CHART_HEIGHT });
      plot.batch(() => {
        plot.setData(dataOf(CHARTS[each]!, this.#envelope!), false);
        plot.setScale("x", { min: begin_ms, max: finish_ms });
      });
    });
    this.#book.read(lanes, texts, marks);
    this.#lanes.pulses = exact === undefined ? [] : pulsesOf(exact, begin_ms, finish_ms);
    this.#lanes.show(width, begin_ms, finish_ms);
    // A run of one block is known row by row wherever one looks.
    const whole = this.#source.blocks_ms.length === 1 ? exact?.spans ?? items : items;
    this.#overview.show(width, whole, end_ms, [begin_ms, finish_ms], (this.options.findings ?? []).map(({ at_ms }) => at_ms));
    this.#tell();
    this.options.seen?.(begin_ms, finish_ms);
  }

  #findings(plot: uPlot): void {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.fillStyle = colourOf("--bad");
    for (const { at_ms } of this.options.findings ?? []) {
      if (at_ms >= this.#from_ms && at_ms <= this.#to_ms) ctx.fillRect(plot.valToPos(at_ms, "x", true) - devicePixelRatio, bbox.top, 2 * devicePixelRatio, bbox.height);
    }
    ctx.restore();
  }

  #point(at_ms: number | undefined): void {
    this.#pointed_ms = at_ms;
    this.#tell();
  }

  #tell(): void {
    const at_ms = this.#pointed_ms;
    const values = this.#envelope;
    if (values === undefined) return;
    const step = at_ms === undefined || values.x.length === 0 ? undefined : spanAt(values.x, at_ms);
    for (const write of this.#legends) write(values, step);
    const near_ms = (NEAR * (this.#to_ms - this.#from_ms)) / this.#width;
    const parts = at_ms === undefined
      ? [`${timeText(this.#from_ms)} to ${timeText(this.#to_ms)}`, lengthText(this.#to_ms - this.#from_ms)]
      : [timeText(at_ms), ...(this.options.findings ?? []).filter((each) => Math.abs(each.at_ms - at_ms) <= near_ms).map(({ text }) => text), ...this.#lanes.at(at_ms, near_ms)];
    this.#told.textContent = parts.join("  \u00b7  ");
  }

  #listen(): void {
    const { element } = this;
    new ResizeObserver(() => { this.draw(); }).observe(element);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      forgetColours();
      this.draw();
    });
    element.addEventListener("wheel", (event) => {
      // The page still scrolls: zooming asks for Ctrl, as maps in a page do.
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      this.zoom(event.deltaY > 0 ? ZOOM : 1 / ZOOM, this.#pointed_ms);
    }, { passive: false });
    element.addEventListener("dblclick", () => { this.all(); });
    const keys: Readonly<Record<string, () => void>> = {
      "ArrowLeft": () => { this.pan(-PAN); }, "ArrowRight": () => { this.pan(PAN); }, "+": () => { this.zoom(1 / ZOOM); }, "=": () => { this.zoom(1 / ZOOM); },
      "-": () => { this.zoom(ZOOM); }, "Home": () => { this.all(); },
      ...((this.options.findings ?? []).length === 0 ? {} : { "n": () => { this.finding(1); }, "p": () => { this.finding(-1); } }),
    };
    element.addEventListener("keydown", (event) => {
      const act = event.ctrlKey || event.altKey || event.metaKey ? undefined : keys[event.key];
      if (act === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      act();
    });
  }
}
