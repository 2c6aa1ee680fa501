// The table of what happened in the stretch that is seen.

import { timeText } from "../charts/format";
import { firstAfter } from "../charts/intervals";
import type { LaneBook } from "../charts/intervals";
import { h } from "./dom";

const ROWS_MAX = 200;

/** What a stretch has of marks, in order: at most `ROWS_MAX` of them, and how many there are. */
interface Seen {
  readonly rows: readonly { readonly at_ms: number; readonly lane: string; readonly text: string }[];
  readonly count: number;
}

function seenIn(book: LaneBook, from_ms: number, to_ms: number, hidden: ReadonlySet<string>): Seen {
  const rows: { at_ms: number; lane: string; text: string }[] = [];
  let count = 0;
  for (const each of book.lanes) {
    if (hidden.has(each.lane.name)) continue;
    const { intervals, lane } = each;
    for (let index = firstAfter(each, from_ms), taken = 0; index < intervals.length && intervals[index]!.from_ms <= to_ms; index += 1) {
      count += 1;
      taken += 1;
      if (taken <= ROWS_MAX) rows.push({ at_ms: intervals[index]!.from_ms, lane: lane.name, text: intervals[index]!.text });
    }
  }
  rows.sort((a, b) => a.at_ms - b.at_ms);
  return { rows: rows.slice(0, ROWS_MAX), count };
}

/** Frames and readings would hide the rest. */
const QUIET: ReadonlySet<string> = new Set(["frames", "readings"]);

/** Gives the table, and what fills it for a stretch. `go` shows an instant on the charts. */
export function eventTable(book: LaneBook, go: (at_ms: number) => void): { readonly element: HTMLElement; readonly show: (from_ms: number, to_ms: number) => void } {
  const body = h("tbody", {});
  const head = h("summary", {});
  const all = h("input", { type: "checkbox" });
  const element = h("details", { open: "", class: "events" }, head, h("label", {}, all, " frames and readings too"), h("table", {}, h("thead", {}, h("tr", {}, h("th", {}, "pump time"), h("th", {}, "lane"), h("th", {}, "what"))), body));
  let [begin_ms, finish_ms] = [0, 0];
  const fill = (): void => {
    if (!element.open) return;
    const { rows, count } = seenIn(book, begin_ms, finish_ms, all.checked ? new Set() : QUIET);
    head.textContent = `Events in what is seen: ${count}${count > rows.length ? `, the first ${rows.length} of them here; zoom in for the rest` : ""}`;
    body.replaceChildren(...rows.map(({ at_ms, lane, text }) => {
      const time = h("button", { type: "button", class: "link" }, timeText(at_ms));
      time.addEventListener("click", () => { go(at_ms); });
      return h("tr", {}, h("td", {}, time), h("td", {}, lane), h("td", {}, text));
    }));
  };
  all.addEventListener("change", fill);
  element.addEventListener("toggle", fill);
  let waits: ReturnType<typeof setTimeout> | undefined;
  return {
    element,
    // Filled once the charts stand still: a table of rows would make each step of a zoom late.
    show: (from_ms, to_ms) => {
      [begin_ms, finish_ms] = [from_ms, to_ms];
      clearTimeout(waits);
      waits = setTimeout(fill, 200);
    },
  };
}
