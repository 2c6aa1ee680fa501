// The report as one page: every row with what was expected and what was seen.

import { clean, countOf, grouped } from "./report";
import type { RowResult } from "./verify";

/** What the report is about. */
export interface ReportHead {
  readonly port: string;
  /** The plan's title, where there was one. */
  readonly title?: string;
  /** What was there: "pulses: /dev/ttyACM1". */
  readonly instruments: readonly string[];
  /** By the host's clock, and of this program. */
  readonly when: string;
  readonly version: string;
}

const escaped = (text: string): string => clean(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const WORDS = { pass: "pass", failed: "FAIL", skipped: "not run" } as const;

/** Words beside the colours: the page is read by people who do not see red, and on paper. */
const STYLE = `
:root { color-scheme: light dark; --line: #8884; --good: #1b7f3b; --bad: #c0262d; --none: #777; }
@media (prefers-color-scheme: dark) { :root { --good: #5fd38a; --bad: #ff7b80; --none: #aaa; } }
body { font: 15px/1.45 system-ui, sans-serif; max-width: 76rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; margin: 0 0 .3rem; } h2 { font-size: 1rem; margin: 1.6rem 0 .2rem; }
.verdict { font-size: 1.1rem; font-weight: 700; } .is-pass { color: var(--good); } .is-failed { color: var(--bad); } .is-skipped, tr.skipped td { color: var(--none); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: .8rem 0; } dt { color: var(--none); } dd { margin: 0; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; } th, td { text-align: left; vertical-align: top; padding: .3rem .5rem; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
th { font-weight: 600; color: var(--none); } col.result { width: 5rem; } col.id { width: 10.5rem; } col.time { width: 5.5rem; } td.time { text-align: right; white-space: nowrap; }
td.result { font-weight: 700; } tr.failed td { background: #c0262d18; } tr.group th { color: inherit; font-weight: 700; padding-top: 1.1rem; border-top: 0; } code { font-size: .92em; }
@media print { body { margin: 0; max-width: none; font-size: 11px; } tr { break-inside: avoid; } }
`;

function rowHtml({ row, result, reason, seen, real_ms }: RowResult): string {
  const told = result === "failed" ? [reason, ...(seen === "" ? [] : [seen])] : [result === "skipped" ? reason : seen === "" ? "as expected" : seen];
  return `<tr class="${result}"><td class="result is-${result}">${WORDS[result]}</td><td><code>${escaped(row.id)}</code></td><td>${escaped(row.text)}</td>`
    + `<td>${told.map(escaped).join("<br>")}</td><td class="time">${(real_ms / 1000).toFixed(1)} s</td></tr>`;
}

const COLUMNS = '<colgroup><col class="result"><col class="id"><col><col><col class="time"></colgroup><thead><tr><th>result</th><th>row</th><th>expected</th><th>seen</th><th></th></tr></thead>';

/** The whole page: no network, no script. Failed rows stand at the top once more. */
export function reportHtml({ port, title, instruments, when, version }: ReportHead, results: readonly RowResult[]): string {
  const { passed, failed, skipped } = countOf(results);
  const heading = `Conformance of the pump at ${port}`;
  const facts: readonly (readonly [string, string])[] = [
    ["when", when], ["by", `itb-pump ${version}`], ...(title === undefined ? [] : [["plan", title] as const]), ["instruments", instruments.length === 0 ? "the port alone" : instruments.join("; ")],
  ];
  const table = (name: string, groups: readonly (readonly [string, readonly RowResult[]])[]): string => [
    `<h2>${name}</h2>`, `<table>${COLUMNS}<tbody>`,
    ...groups.flatMap(([requirement, rows]) => [`<tr class="group"><th colspan="5">${escaped(requirement)}</th></tr>`, ...rows.map(rowHtml)]), "</tbody></table>",
  ].join("\n");
  const red = results.filter(({ result }) => result === "failed");
  return [
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    `<title>${escaped(heading)}</title><style>${STYLE}</style></head><body>`,
    `<h1>${escaped(heading)}</h1>`,
    `<p class="verdict is-${failed === 0 ? "pass" : "failed"}">${failed === 0 ? "PASS" : "FAIL"}: ${passed} passed, ${failed} failed, ${skipped} not run</p>`,
    `<dl>${facts.map(([name, text]) => `<dt>${name}</dt><dd>${escaped(text)}</dd>`).join("")}</dl>`,
    ...(red.length === 0 ? [] : [table("Failed", [...grouped(red)])]),
    table("By requirement", [...grouped(results)]),
    "</body></html>", "",
  ].join("\n");
}
