// npm run timeline: a report of seven years, its cost and how it zooms.

import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { RunReport } from "../../emulator/cli/report-run";
import type { OpenWriter } from "../../emulator/cli/report-writer";
import { recordingWriter } from "../../emulator/cli/write-recording";
import { jsonLinesWriter } from "../../emulator/cli/write-lines";
import { wavesWriter } from "../../emulator/cli/write-waves";
import { loadScenario } from "../../emulator/scenario/load";
import { runScenario } from "../../emulator/scenario/run";
import { createController } from "../../firmware/controller";
import { openChromium } from "../browser/chromium";

const SCENARIO = process.argv[2] ?? fileURLToPath(new URL("./seven-years.yaml", import.meta.url));

/** Processor time of this process, s. */
function cpu_s(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** A run with those writers: what it took, and how much of it came after the last step. */
function timed(folder: string, writers: readonly OpenWriter[]): { readonly all_s: number; readonly end_s: number } {
  const scenario = loadScenario(SCENARIO);
  const again = `itb-pump run ${scenario.file} --target node --seed 1`;
  const began_s = cpu_s();
  const report = new RunReport({ scenario, target: "node", seed: scenario.seed, lag_ms: 0, again }, folder, undefined, writers);
  const outcome = runScenario(scenario, { controller: createController, listener: report });
  const ended_s = cpu_s();
  const unwritten = report.end({ run: { scenario }, outcome, result: outcome.verdict, target: "node", reasons: [], again, real_ms: 0 } as unknown as Parameters<RunReport["end"]>[0]);
  if (outcome.verdict !== "pass" || unwritten.length > 0) throw new Error(`${outcome.verdict}: ${unwritten.join("; ")}`);
  return { all_s: cpu_s() - began_s, end_s: cpu_s() - ended_s };
}

/** Frames while zooming from all of it to a pulse and back at another place, ms each. */
const ZOOM = `(async () => {
  const frame = () => new Promise((done) => { requestAnimationFrame(() => { done(performance.now()); }); });
  const found = [];
  const end = timeline.seen[1];
  let last = await frame();
  const note = async () => { const now = await frame(); found.push(now - last); last = now; };
  for (const at of [0.1, 0.5, 0.9]) {
    timeline.all();
    await note();
    for (let i = 0; i < 60; i += 1) { timeline.zoom(1 / 1.4, end * at); await note(); }
    for (let i = 0; i < 20; i += 1) { timeline.pan(0.3); await note(); }
    for (let i = 0; i < 60; i += 1) { timeline.zoom(1.4); await note(); }
  }
  return { found, slowest: timeline.slowest_ms };
})()`;

const folder = mkdtempSync(join(tmpdir(), "itb-pump-timeline-"));
try {
  const none = timed(join(folder, "none"), []);
  console.log(`the run alone: ${none.all_s.toFixed(1)} s of processor time, 1.00`);
  for (const [name, writers] of [["run.jsonl", [jsonLinesWriter]], ["trace.vcd", [wavesWriter]], ["doses.csv and timeline.html", [recordingWriter]], ["all", [jsonLinesWriter, wavesWriter, recordingWriter]]] as const) {
    const { all_s, end_s } = timed(join(folder, "all"), writers);
    console.log(`with ${name}: ${(all_s / none.all_s).toFixed(2)} of the run, of which ${(end_s / none.all_s).toFixed(2)} after its end`);
  }
  const files = readdirSync(join(folder, "all"));
  for (const file of files) console.log(`  ${file}: ${(statSync(join(folder, "all", file)).size / 1e6).toFixed(2)} MB`);
  const { page, complaints, close } = await openChromium({ width: 1400, height: 1000 });
  try {
    await page.goto(pathToFileURL(join(folder, "all", "timeline.html")).href);
    await page.waitForSelector(".charts .lanes canvas");
    const first = await page.evaluate("new Promise((done) => { requestAnimationFrame(() => { requestAnimationFrame(() => { done(performance.now()); }); }); })") as number;
    console.log(`charts painted ${Math.round(first)} ms after the page was opened`);
    const { found, slowest } = await page.evaluate(ZOOM) as { found: number[]; slowest: number };
    const sorted = [...found].sort((a, b) => a - b);
    console.log(`${found.length} frames while zooming: median ${sorted[Math.floor(found.length / 2)]!.toFixed(1)} ms, longest ${sorted.at(-1)!.toFixed(1)} ms; longest drawing ${slowest.toFixed(1)} ms`);
    if (complaints.length > 0) throw new Error(complaints.join("; "));
  } finally {
    await close();
  }
  console.log(`again: npm run timeline${process.argv[2] === undefined ? "" : ` -- ${process.argv[2]}`}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
