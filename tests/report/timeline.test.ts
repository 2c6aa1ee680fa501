// timeline.html in Chromium: from a month to a pulse, findings, broken files.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openChromium, withoutChromium } from "../browser/chromium";
import type { OpenPage } from "../browser/chromium";
import { runaway } from "../cli/controllers";
import { Folder, run, SCENARIOS } from "../cli/harness";

const HOUR_MS = 3_600_000;

const folder = new Folder();
let opened: OpenPage;
let page: Page;
const requests: string[] = [];

beforeAll(async () => {
  if (withoutChromium() !== undefined) return;
  opened = await openChromium({ width: 1400, height: 1000 });
  ({ page } = opened);
  page.on("request", (request) => { requests.push(request.url()); });
});
afterAll(async () => {
  folder.remove();
  await opened?.close();
});

/** What the page shows of the charts. */
const seen = (): Promise<readonly [number, number]> => page.evaluate("timeline.seen") as Promise<readonly [number, number]>;

/** After the charts have been drawn once more. */
async function drawn(): Promise<void> {
  await page.evaluate("new Promise((done) => { requestAnimationFrame(() => { requestAnimationFrame(done); }); })");
}

async function open(report: string): Promise<void> {
  opened.complaints.length = 0;
  await page.goto(pathToFileURL(join(report, "timeline.html")).href);
  await page.waitForSelector(".charts .lanes canvas, .broken:not(:empty)");
  await drawn();
}

const textOf = (selector: string): Promise<string> => page.$eval(selector, (element) => (element as unknown as { readonly textContent: string }).textContent);

/** How many points of a chart's picture are in the colour of that variable, or nearly. */
function painted(chart: number, colour: string): Promise<number> {
  return page.evaluate(`(() => {
    const canvas = document.querySelectorAll(".charts .uplot canvas")[${chart}];
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const wanted = getComputedStyle(document.documentElement).getPropertyValue("${colour}").trim();
    const [r, g, b] = [1, 3, 5].map((at) => parseInt(wanted.slice(at, at + 2), 16));
    let count = 0;
    for (let at = 0; at < data.length; at += 4) if (data[at + 3] > 120 && Math.abs(data[at] - r) + Math.abs(data[at + 1] - g) + Math.abs(data[at + 2] - b) < 60) count += 1;
    return count;
  })()`) as Promise<number>;
}

const missing = withoutChromium();

describe(missing === undefined ? "timeline.html" : `timeline.html is not looked at here: ${missing}`, () => {
  if (missing !== undefined) {
    test("needs Chromium", () => { expect(process.env["CI"]).not.toBe("true"); });
    return;
  }

  test("of a month: from all of it to a single pulse, by keys and by the pointer, and nothing is fetched", async () => {
    const report = join(folder.path, "month");
    const { code } = await run(["run", "emulator/demo/month.yaml", "--report", report]);
    expect(code).toBe(0);
    await open(report);
    expect(await textOf("h1")).toMatch(/^PASS A month: /);
    expect(await textOf(".bench-only")).toContain("never for use on a person");
    expect(await textOf("header")).toContain("itb-pump run emulator/demo/month.yaml --target node --seed 1");
    expect(await textOf(".told")).toMatch(/^0d 00:00:00\.000 to 30d 00:00:00\.\d{3} /);
    expect(await painted(0, "--c-asked")).toBeGreaterThan(300);
    expect(await painted(1, "--c-low")).toBeGreaterThan(300);
    expect(await textOf(".events summary")).toMatch(/^Events in what is seen: \d+, the first 200 of them here/);
    // By keys: nearer and nearer about the middle, until each pulse is one.
    await page.focus("#charts");
    for (let i = 0; i < 18; i += 1) await page.keyboard.press("+");
    await page.waitForFunction("timeline.exact");
    const [from_ms, to_ms] = await seen();
    expect(to_ms - from_ms).toBeLessThan(10 * 60_000);
    expect((from_ms + to_ms) / 2).toBeCloseTo(15 * 24 * HOUR_MS, -6);
    await page.keyboard.press("ArrowRight");
    expect((await seen())[0]).toBeGreaterThan(from_ms);
    // The pointer on a pulse tells which it is.
    const box = (await (await page.$(".lanes .u-over"))!.boundingBox())!;
    await drawn();
    const told: string[] = [];
    for (let x = 0; x < box.width && !/pulse/.test(told.at(-1) ?? ""); x += 3) {
      await page.mouse.move(box.x + x, box.y + 6);
      told.push(await textOf(".told"));
    }
    expect(told.at(-1)).toMatch(/^1[45]d \d\d:\d\d:\d\d\.\d{3} .* pulse \d+ confirmed, edge after \d+ ms/);
    expect(await textOf(".legend")).toMatch(/Dose rate.*given by the motor \d+(\.\d+)? ug\/day/);
    await page.keyboard.press("Home");
    expect((await seen())[0]).toBe(0);
    // A stretch chosen with the pointer: the stall, a third of the way.
    await drawn();
    const chart = (await (await page.$(".chart .u-over"))!.boundingBox())!;
    await page.mouse.move(chart.x + chart.width * 0.25, chart.y + 50);
    await page.mouse.down();
    await page.mouse.move(chart.x + chart.width * 0.3, chart.y + 50, { steps: 4 });
    await page.mouse.up();
    await drawn();
    const [left, right] = (await seen()).map((ms) => ms / (720 * HOUR_MS));
    expect(left).toBeCloseTo(0.25, 2);
    expect(right).toBeCloseTo(0.3, 2);
    await page.waitForFunction("/motor stall/.test(document.querySelector('.events tbody').textContent)");
    expect(opened.complaints).toEqual([]);
    expect(requests.filter((url) => !url.startsWith("file:"))).toEqual([]);
  });

  test("of a run that failed: each finding at its instant, with the line to paste back", async () => {
    const report = join(folder.path, "failed");
    const file = folder.file("fails.yaml", SCENARIOS.expectation.replace("A test", "A <b>test</b> </script>"));
    expect((await run(["run", file, "--report", report])).code).toBe(2);
    await open(report);
    expect(await textOf("h1")).toBe("EXPECTATION FAILED A <b>test</b> </script>");
    expect(await page.$$eval(".findings tbody tr", (rows) => rows.map((row) => (row as unknown as { readonly textContent: string }).textContent))).toEqual([
      expect.stringMatching(/^0d 01:00:01\.\d{3}expectationpulses: expected 42, seen 41 .*fails\.yaml:8/),
      expect.stringMatching(/expectationstate: expected stopped, seen therapy/), expect.stringMatching(/expectationuncertain: expected 1, seen 0/),
    ]);
    await page.click(".findings button");
    await drawn();
    const [from_ms, to_ms] = await seen();
    expect([from_ms < 3_601_000, to_ms]).toEqual([true, expect.closeTo(3_601_000, -4)]);
    expect(await painted(0, "--bad")).toBeGreaterThan(100);
    expect(await textOf("header")).toContain(`itb-pump run ${file} --target node --seed 1`);
    expect(opened.complaints).toEqual([]);
  });

  test("of a violation: told in the oracle's words, from one to the next by keys", async () => {
    const report = join(folder.path, "violation");
    const file = folder.file("pass.yaml", SCENARIOS.pass);
    expect((await run(["run", file, "--report", report], runaway)).code).toBe(3);
    await open(report);
    expect(await textOf("h1")).toBe("VIOLATION A test");
    expect(await textOf(".findings h2")).toMatch(/^What was wrong: [1-9]/);
    expect(await textOf(".findings td:nth-child(2)")).toMatch(/^violation \(/);
    expect(opened.complaints).toEqual([]);
  });

  test("cut short, says so and shows what it has", async () => {
    const report = join(folder.path, "month");
    const whole = readFileSync(join(report, "timeline.html"), "utf8");
    const cut = whole.replace(/(id="blocks">)([^\n]{20})[^\n]*/, "$1$2");
    expect(cut).not.toBe(whole);
    writeFileSync(join(report, "timeline.html"), cut);
    await open(report);
    await page.evaluate("timeline.show(0, 3600000)");
    await page.waitForFunction("document.querySelector('.broken').textContent !== ''");
    expect(await textOf(".broken")).toMatch(/^Pulses of this stretch cannot be read, .* the file was cut or changed/);
    writeFileSync(join(report, "timeline.html"), whole.replace(/(id="items">)[^<]*/, "$1AAAA"));
    await open(report);
    expect(await textOf("p.broken")).toMatch(/^This page cannot be shown: .*Was the file copied whole\?$/);
  });
});
