// The bench in use, in Chromium: therapy, a stall, recovery, warped time.

import { afterAll, expect, test } from "vitest";
import { withoutChromium } from "../browser/chromium";
import { Folder } from "../cli/harness";
import { LiveBench } from "./live-bench";
import { serve } from "./served";
import { recover, stall, toTherapy } from "./story";

const folder = new Folder();
afterAll(() => { folder.remove(); });

const missing = withoutChromium();

const inert = ({ page }: LiveBench): Promise<boolean> => page.$eval("main", (element) => (element as unknown as { readonly inert: boolean }).inert);

/** Whatever can be used and has no name for those who do not see it. */
const UNNAMED = `[...document.querySelectorAll("button, input, select, textarea, a, [tabindex]:not([tabindex='-1'])")]
  .filter((each) => !(each.labels?.length > 0) && !each.getAttribute("aria-label") && each.textContent.trim() === "").map((each) => each.outerHTML)`;

/** Tab leads to the first button, whose focus can be seen, and Enter presses it; a space elsewhere takes that back. */
async function byKeyboard(bench: LiveBench): Promise<void> {
  const { page } = bench;
  await page.keyboard.press("Tab");
  expect(await page.evaluate("[document.activeElement.id, getComputedStyle(document.activeElement).outlineStyle]")).toEqual(["speed-0", "solid"]);
  await page.keyboard.press("Enter");
  await bench.until("#pace", /paused/);
  await page.evaluate("document.activeElement.blur()");
  await page.keyboard.press(" ");
  await bench.until("#pace", /at life's pace/);
}

/** At the same address another run, which the page has no token of; once it has it, it goes on with that run's pump, and nothing of the old one is left. */
async function comesBack(bench: LiveBench): Promise<void> {
  const { port } = new URL(bench.url);
  const again = await serve({ folder: folder.path, port: Number(port), run: "again" });
  try {
    await bench.until("#lost", /does not know this page: it is another run/);
    const [name = "", value = ""] = again.cookie.split("=");
    // As the address that it printed would do, in another tab.
    await bench.chromium.browser.setCookie({ name, value, domain: "127.0.0.1", path: "/", httpOnly: true, sameSite: "Strict" });
    await bench.untilRow("State", /shelf/);
    expect(await bench.page.$("#lost")).toBeNull();
    expect(await inert(bench)).toBe(false);
    expect(await bench.text("#frames ol")).toBe("");
    await bench.wand("#look", /Accepted: What a stranger may see/);
  } finally {
    again.close("The emulator was ended by its user.");
  }
  await bench.until("#lost", /The emulator was ended by its user\. What is shown below is old/);
}

const inBrowser = (name: string): string => (missing === undefined ? name : `${name}: not tested in a browser here: ${missing}`);

test(inBrowser("program, bolus, stall, recovery, time warp; and a server that is killed"), async () => {
  if (missing !== undefined) return;
  const bench = await LiveBench.open(folder.path);
  const { page, chromium: { complaints } } = bench;
  try {
    await page.goto(bench.url);
    expect(new URL(page.url()).search).toBe("");
    expect(await bench.text("#banner")).toContain("Bench only. Never for use on a person.");
    await bench.untilRow("State", /shelf/);
    expect(await page.evaluate(UNNAMED)).toEqual([]);
    await byKeyboard(bench);
    expect(await bench.wand("#start", /Refused/)).toContain("a session needs the pump's key file");
    await toTherapy(bench);
    expect(await bench.wand("#patient-bolus", /Refused by the pump/)).toMatch(/Number \d+: \w+/);
    await bench.wand("#bolus", /A bolus of 20 ug begins, over 10min/);
    await bench.untilRow("Bolus", /clinician: 20 ug over 10min/);
    await bench.until("#frames ol", /bolus done/);
    await page.keyboard.press("2");
    await bench.untilRow("Bolus", /none/);
    await stall(bench);
    const stood = await bench.text("#pump-time");
    await bench.wand('[aria-label="Acknowledge motor stall"]', /is silent until its next interval/);
    // Time ran for the wand alone, and stands again.
    await bench.until("#pace", /paused/);
    expect(await bench.text("#pump-time")).not.toBe(stood);
    // The charts show it as a report would: the fault and the alarm, and what was asked for against what was given.
    await page.waitForFunction("['motor.stalled', 'motor stall'].every((name) => charts.book.lanes.some(({ lane }) => lane.name === name))");
    expect(await bench.text(".charts .told")).toMatch(/^0d 00:00:00\.000 to /);
    await recover(bench);
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
    expect(await inert(bench)).toBe(true);
    await comesBack(bench);
  } finally {
    await bench.close();
  }
});
