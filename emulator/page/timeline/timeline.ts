// The page of a run: what came of it, what was wrong, and its charts.

import { Charts } from "../charts/charts";
import { timeText } from "../charts/format";
import type { RunFacts } from "../../report/timeline/run-facts";
import { h } from "./dom";
import { embedded, factsOf } from "./embedded";
import { eventTable } from "./event-table";

/** About an instant: half an hour to each side. */
const ABOUT_MS = 1_800_000;

function heading({ title, about, verdict, facts, again }: RunFacts): HTMLElement {
  const copy = h("button", { type: "button" }, "copy");
  const line = h("code", {}, again);
  copy.addEventListener("click", () => {
    // A page from a file may not be let at the clipboard: then the line is marked, to be copied by hand.
    navigator.clipboard.writeText(again).then(() => { copy.textContent = "copied"; }, () => { getSelection()?.selectAllChildren(line); });
  });
  return h("header", {},
    h("p", { class: "bench-only", role: "note" }, "Bench only. Research and bench software: never for use on a person."),
    h("h1", {}, h("span", { class: verdict === "pass" ? "verdict is-pass" : "verdict is-failed" }, verdict === "pass" ? "PASS" : verdict.toUpperCase()), " ", title),
    ...(about === undefined ? [] : [h("p", { class: "about" }, about)]),
    h("dl", {}, ...facts.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]), h("dt", {}, "again"), h("dd", {}, line, " ", copy)));
}

function findings({ findings: found }: RunFacts, go: (at_ms: number) => void): HTMLElement[] {
  if (found.length === 0) return [];
  const rows = found.map(({ at_ms, kind, text, place }) => {
    const time = h("button", { type: "button", class: "link" }, timeText(at_ms));
    time.addEventListener("click", () => { go(at_ms); });
    return h("tr", {}, h("td", {}, time), h("td", {}, kind), h("td", {}, text), h("td", {}, place === undefined ? "" : h("code", {}, place)));
  });
  return [h("section", { class: "findings" }, h("h2", {}, `What was wrong: ${found.length}`), h("table", {}, h("tbody", {}, ...rows)))];
}

const HELP = "Drag across a chart to zoom in, drag the frame in the strip to move, Ctrl and wheel zoom, double click shows all. Keys on the charts: arrows, +, -, Home, and n and p from one finding to the next.";

async function show(): Promise<void> {
  const page = document.getElementById("page")!;
  const facts = factsOf();
  const source = await embedded(facts);
  const place = h("div", { id: "charts" });
  // Drawn once they are in the page, and have a width.
  const failure = h("p", { class: "broken", role: "alert" });
  const go = (at_ms: number): void => {
    charts.show(at_ms - ABOUT_MS, at_ms + ABOUT_MS);
    place.focus({ preventScroll: true });
    place.scrollIntoView({ block: "nearest" });
  };
  page.replaceChildren(heading(facts), ...findings(facts, go), h("p", { class: "help" }, HELP), failure, place);
  const charts: Charts = new Charts(place, source, {
    findings: facts.findings.map(({ at_ms, kind, text }) => ({ at_ms, text: `${kind}: ${text}` })),
    seen: (from_ms, to_ms) => { table.show(from_ms, to_ms); },
    failed: (why) => { failure.textContent = `Pulses of this stretch cannot be read, what is drawn is in short: the file was cut or changed (${String(why)}).`; },
  });
  const table = eventTable(charts.book, go);
  page.append(table.element);
  Object.assign(globalThis, { timeline: charts });
}

show().catch((why: unknown) => {
  document.getElementById("page")!.append(h("p", { class: "broken", role: "alert" }, `This page cannot be shown: ${String(why)}. Was the file copied whole?`));
});
