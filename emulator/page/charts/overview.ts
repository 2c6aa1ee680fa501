// The strip above the charts: the whole run, and which part of it is seen.

import { Series } from "../../report/recording/series";
import type { Spans } from "../../report/recording/series";
import { envelope } from "./envelope";
import type { Envelope } from "./envelope";
import { colourOf, LEFT, RIGHT } from "./plots";

const HEIGHT = 44;
/** Less of the strip than this cannot be taken hold of. */
const HOLD = 6;

/** One series of the spans. */
function only(spans: Spans, series: Series): Spans {
  return { ...spans, low: [spans.low[series]!], high: [spans.high[series]!], mean: [spans.mean[series]!] };
}

export interface OverviewEvents {
  readonly moved: (from_ms: number, to_ms: number) => void;
}

/** Draws the dose rate of the whole run; the part that is seen can be dragged. */
export class Overview {
  readonly #canvas = document.createElement("canvas");
  #end_ms = 1;
  #seen: readonly [number, number] = [0, 1];
  #of: Spans | undefined;
  #inner = 0;
  #whole: Envelope | undefined;

  constructor(element: HTMLElement, private readonly events: OverviewEvents) {
    this.#canvas.className = "overview";
    this.#canvas.setAttribute("aria-hidden", "true");
    element.append(this.#canvas);
    this.#canvas.addEventListener("pointerdown", (event) => { this.#grab(event); });
  }

  /** Draws all of it. */
  show(width: number, items: Spans, end_ms: number, seen: readonly [number, number], findings_ms: readonly number[]): void {
    this.#end_ms = Math.max(1, end_ms);
    this.#seen = seen;
    const ratio = devicePixelRatio;
    const canvas = this.#canvas;
    const ctx = canvas.getContext("2d");
    if (ctx === null) return;
    [canvas.width, canvas.height] = [width * ratio, HEIGHT * ratio];
    [canvas.style.width, canvas.style.height] = [`${width}px`, `${HEIGHT}px`];
    ctx.scale(ratio, ratio);
    this.#rates(ctx, width, items);
    const left = this.#x(width, seen[0]);
    const right = Math.max(left + 2, this.#x(width, seen[1]));
    ctx.fillStyle = `${colourOf("--c-drawn")}33`;
    ctx.fillRect(left, 0, right - left, HEIGHT);
    ctx.strokeStyle = colourOf("--c-drawn");
    ctx.strokeRect(left + 0.5, 0.5, right - left - 1, HEIGHT - 1);
    ctx.fillStyle = colourOf("--bad");
    for (const at_ms of findings_ms) ctx.fillRect(this.#x(width, at_ms) - 1, 0, 2, HEIGHT);
  }

  #rates(ctx: CanvasRenderingContext2D, width: number, items: Spans): void {
    const inner = Math.max(1, Math.floor(width - LEFT - RIGHT));
    // Of the whole nothing changes while a part of it is looked at.
    if (this.#of !== items || this.#inner !== inner) {
      this.#whole = envelope(only(items, Series.drawn), 0, this.#end_ms, inner);
      [this.#of, this.#inner] = [items, inner];
    }
    const { x, low, high } = this.#whole!;
    const top = high[0]!.reduce((most, value) => (value > most ? value : most), 1);
    ctx.fillStyle = `${colourOf("--c-drawn")}aa`;
    for (let at = 0; at < x.length; at += 1) {
      const [least, most] = [low[0]![at]!, high[0]![at]!];
      if (Number.isNaN(most)) continue;
      const from = this.#x(width, x[at]!);
      const to = at + 1 < x.length ? this.#x(width, x[at + 1]!) : this.#x(width, this.#end_ms);
      const y = (value: number): number => HEIGHT - 3 - (value / top) * (HEIGHT - 6);
      ctx.fillRect(from, y(most), Math.max(1, to - from), Math.max(1.5, y(least) - y(most)));
    }
  }

  #x(width: number, at_ms: number): number {
    return LEFT + ((width - LEFT - RIGHT) * at_ms) / this.#end_ms;
  }

  #grab(down: PointerEvent): void {
    const canvas = this.#canvas;
    const width = canvas.clientWidth;
    const at = (event: PointerEvent): number => ((event.offsetX - LEFT) / Math.max(1, width - LEFT - RIGHT)) * this.#end_ms;
    const [from, to] = this.#seen;
    const slack = (HOLD / width) * this.#end_ms;
    const length = to - from;
    const inside = at(down) > from - slack && at(down) < to + slack;
    const offset = inside ? at(down) - from : length / 2;
    const move = (event: PointerEvent): void => { this.events.moved(at(event) - offset, at(event) - offset + length); };
    move(down);
    canvas.setPointerCapture(down.pointerId);
    canvas.addEventListener("pointermove", move);
    canvas.addEventListener("pointerup", () => { canvas.removeEventListener("pointermove", move); }, { once: true });
  }
}
