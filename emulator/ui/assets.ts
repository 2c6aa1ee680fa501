// The page's files: bundled when the bench starts, nothing from elsewhere.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
// esbuild: makes one script of the page's sources; there is no build step to forget.
import { build } from "esbuild";

/** A file of the page. */
export interface Asset {
  readonly type: string;
  readonly text: string;
}

const at = (name: string): string => fileURLToPath(new URL(`../page/bench/${name}`, import.meta.url));

/** The page's own comes last, and has the last word. */
const STYLES = [fileURLToPath(import.meta.resolve("uplot/dist/uPlot.min.css")), at("../charts/charts.css"), at("bench.css")];

const HTML = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>itb-pump bench: never for use on a person</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/bench.css">
<div id="banner" role="note"><strong>Bench only. Never for use on a person.</strong> This pump is emulated; its drug, its alarms and its patient are not real.</div>
<div id="app"><noscript>The bench needs JavaScript.</noscript></div>
<script src="/bench.js" defer></script>
</html>
`;

/** By path. Rejects if the sources cannot be bundled, with esbuild's words. */
export async function pageAssets(): Promise<ReadonlyMap<string, Asset>> {
  const { outputFiles } = await build({
    entryPoints: [at("main.tsx")], bundle: true, write: false, format: "iife", minify: true, target: "es2022", jsx: "automatic", jsxImportSource: "preact", legalComments: "none", logLevel: "silent",
  });
  return new Map([
    ["/", { type: "text/html; charset=utf-8", text: HTML }],
    ["/bench.css", { type: "text/css; charset=utf-8", text: STYLES.map((file) => readFileSync(file, "utf8")).join("\n") }],
    ["/bench.js", { type: "text/javascript; charset=utf-8", text: outputFiles[0]?.text ?? "" }],
  ]);
}
