// The bench in use, in Chromium: therapy, a stall, recovery, warped time.

import { afterAll, expect, test } from "vitest";
import { withoutChromium } from "../browser/chromium";
import { Folder } from "../cli/harness";
import { LiveBench } from "./live-bench";

const folder = new Folder();
afterAll(() => { folder.remove(); });

const missing = withoutChromium();

/** From a new pump to therapy, by buttons alone. */
async function toTherapy(bench: LiveBench): Promise<void> {
  await bench.untilRow("State", /shelf/);
  expect(await bench.wand("#start", /Refused/)).toMatch(/not_provisioned|key/);
  await bench.wand("#provision", /Accepted: bench pump is provisioned/);
  await bench.until("#key-memory", /memory of this server alone/);
  await bench.wand("#setup", /Accepted: The pump is set up/);
  await bench.wand("#refill", /18 mL of baclofen 2000 ug\/mL/);
  const review = await bench.wand("#review", /nothing is changed yet/);
  expect(review).toContain("100 ug");
  await bench.wand("#commit", /Version 1 is in force, read back and the same/);
  await bench.wand("#start", /in the state therapy/);
  await bench.untilRow("Basal", /100 ug\/day, version 1/);
}

async function stallAndRecovery(bench: LiveBench): Promise<void> {
  const { page } = bench;
  const stalled = '[data-fault="motor.stalled"] [role=switch]';
  await bench.click(stalled);
  await bench.until("#faults h2", /1 active/);
  // By the keyboard.
  await page.keyboard.press("n");
  await bench.untilRow("Alarms", /motor stall \(critical\)/);
  await bench.until("#pace", /paused/);
  const stood = await bench.text("#pump-time");
  await bench.wand('[aria-label="Acknowledge motor stall"]', /is silent until its next interval/);
  // Time ran for the wand alone, and stands again.
  await bench.until("#pace", /paused/);
  expect(await bench.text("#pump-time")).not.toBe(stood);
  await bench.click(stalled);
  await bench.until("#faults h2", /0 active/);
  await page.keyboard.press("2");
  await bench.untilRow("Alarms", /^none$/);
  await bench.untilRow("State", /therapy/);
}

test(missing === undefined ? "program, bolus, stall, recovery, time warp; and a server that is killed" : `the bench is not tested in a browser here: ${missing}`, async () => {
  if (missing !== undefined) return;
  const bench = await LiveBench.open(folder.path);
  const { page, chromium: { complaints } } = bench;
  try {
    await page.goto(bench.url);
    expect(new URL(page.url()).search).toBe("");
    expect(await bench.text("#banner")).toContain("Bench only. Never for use on a person.");
    await toTherapy(bench);
    expect(await bench.wand("#patient-bolus", /Refused by the pump/)).toMatch(/Number \d+: \w+/);
    await bench.wand("#bolus", /A bolus of 20 ug begins, over 10min/);
    await bench.untilRow("Bolus", /clinician: 20 ug over 10min/);
    await bench.until("#frames ol", /bolus done/);
    await page.keyboard.press("2");
    await bench.untilRow("Bolus", /none/);
    await stallAndRecovery(bench);
    await page.keyboard.press(" ");
    await bench.until("#pace", /paused/);
    await page.keyboard.press("?");
    await page.waitForSelector("#help[open]");
    await page.keyboard.press("Escape");
    expect(await bench.row("Oracle's violations")).toMatch(/^0:/);
    // A page that was left open holds no more than this.
    expect(await page.$$eval("#frames li", (items) => items.length)).toBeLessThanOrEqual(500);
    expect(complaints).toEqual([]);
    bench.signal("SIGKILL");
    await bench.until("#lost", /Not connected since \d\d:\d\d:\d\d\. The connection to the emulator broke/);
    expect(await page.$eval("main", (element) => (element as unknown as { readonly inert: boolean }).inert)).toBe(true);
  } finally {
    await bench.close();
  }
});
