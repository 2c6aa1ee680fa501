// npm run pictures, its first half: the time line of a month, for README.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { openChromium } from "../browser/chromium";
import { run } from "../cli/harness";

const { values: { out, dark, file } } = parseArgs({ options: { out: { type: "string", default: "timeline.png" }, dark: { type: "boolean", default: false }, file: { type: "string", default: "emulator/demo/month.yaml" } } });
const folder = mkdtempSync(join(tmpdir(), "itb-pump-"));
const { page, close } = await openChromium({ width: 1400, height: 1180, dark });
try {
  await run(["run", file, "--report", join(folder, "report")]);
  await page.goto(pathToFileURL(join(folder, "report", "timeline.html")).href);
  await page.waitForSelector(".charts .lanes canvas");
  // The pointer where the head stands still.
  const box = (await (await page.$(".chart .u-over"))!.boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.279, box.y + 40);
  await page.evaluate("new Promise((done) => { setTimeout(done, 500); })");
  await page.screenshot({ path: out });
} finally {
  await close();
  rmSync(folder, { recursive: true });
}
