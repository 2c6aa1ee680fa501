// timeline.html: a run that anybody can open and look at, without a network.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { deflateRawSync } from "node:zlib";
// esbuild: MIT, puts the page's TypeScript and uPlot into one script; tsx stands on it already.
import { buildSync } from "esbuild";
import { encodeItems } from "../recording/items";
import { encodeMarks } from "../recording/marks";
import type { Recorder } from "../recording/recorder";
import type { RunFacts } from "./run-facts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Level 1 takes half the time of the default and makes little more of it: what is packed is packed already. */
const packed = (bytes: Uint8Array): string => deflateRawSync(bytes, { level: 1 }).toString("base64");

let script: string | undefined;
let style: string | undefined;

/** The page's own program, once a process. */
function scriptText(): string {
  if (script !== undefined) return script;
  const { outputFiles } = buildSync({ entryPoints: [here("../../page/timeline/timeline.ts")], bundle: true, minify: true, format: "iife", target: "es2023", write: false, legalComments: "inline", charset: "ascii" });
  // A script ends at its first closing tag, wherever that stands.
  return script = outputFiles[0]!.text.replaceAll("</script", "<\\/script");
}

function styleText(): string {
  return style ??= [fileURLToPath(import.meta.resolve("uplot/dist/uPlot.min.css")), here("../../page/charts/charts.css"), here("../../page/timeline/timeline.css")].map((file) => readFileSync(file, "utf8")).join("\n");
}

/** JSON that may stand in a script element: no text of a scenario can end it. */
const json = (value: unknown): string => JSON.stringify(value).replaceAll("<", "\\u003c");

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** Facts of a run without what is the recording's. */
export type Facts = Omit<RunFacts, "blocks" | "lanes" | "texts">;

/** The page in parts, one after another. The recording must have ended. */
export function* timelineHtml(recorder: Recorder, given: Facts): Generator<string> {
  const { rows: { blocks, items }, marks } = recorder;
  const facts: RunFacts = { ...given, blocks: blocks.map(({ from_ms, rows }) => [from_ms, rows]), lanes: marks.lanes, texts: marks.texts };
  const policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";
  yield [
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    `<title>${escaped(`${given.verdict}: ${given.title}`)}</title><style>${styleText()}</style></head><body>`,
    '<main id="page"><noscript>This page draws its charts with a script of its own, and needs no network for it.</noscript></main>',
    `<script type="application/json" id="facts">${json(facts)}</script>`,
    `<script type="text/plain" id="items">${packed(encodeItems(items))}</script>`,
    `<script type="text/plain" id="marks">${packed(encodeMarks(marks.marks))}</script>`,
    '<script type="text/plain" id="blocks">',
  ].join("\n");
  for (const { bytes } of blocks) yield `${packed(bytes)}\n`;
  yield `</script>\n<script>${scriptText()}</script></body></html>\n`;
}
