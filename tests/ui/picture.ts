// npm run pictures, its second half: the bench in use, for README.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { LiveBench } from "./live-bench";
import { stall, toTherapy } from "./story";

const { values: { out, dark, width, height } } = parseArgs({ options: { out: { type: "string", default: "bench.png" }, dark: { type: "boolean", default: false }, width: { type: "string", default: "1500" }, height: { type: "string", default: "1250" } } });
const folder = mkdtempSync(join(tmpdir(), "itb-pump-"));
const bench = await LiveBench.open(folder, [], { width: Number(width), height: Number(height), dark });
try {
  await bench.page.goto(bench.url);
  await toTherapy(bench);
  // Some hours of therapy, a bolus in them, and a stall.
  await bench.page.keyboard.press("2");
  await bench.until("#pump-time", /^0d 02:/);
  await bench.wand("#bolus", /A bolus of 20 ug begins/);
  await bench.page.keyboard.press("2");
  await bench.until("#pump-time", /^0d 04:/);
  await stall(bench);
  await bench.wand("#interrogate", /Interrogated/);
  await bench.page.screenshot({ path: out });
} finally {
  await bench.close();
  rmSync(folder, { recursive: true });
}
