// A scenario over a table: each row is a run of its own, everywhere.

import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Folder, run } from "./harness";

const folder = new Folder();
afterAll(() => { folder.remove(); });
const root = join(folder.path, "s");
mkdirSync(root);
/** 250, 500 and 1000 ug/day of 2000 ug/mL are 500, 1000 and 2000 pulses a day; the last is confirmed a little later. */
const file = folder.file("s/rates.yaml", `scenario: Some rates
tags: [basal]
requirements: [DOSE-1]
table:
  slow: {rate: 250ug/day, pulses: 500}
  usual: {rate: 500ug/day, pulses: 1000}
  wrong: {rate: 1mg/day, pulses: 1999}
steps:
  - refill: {volume: 18mL, concentration: 2000ug/mL}
  - prescribe: {rate: "\${rate}"}
  - start
  - wait: 1d
  - expect: {pulses: "\${pulses}"}
`);

describe("the rows of a table", () => {
  it("are runs in the summary, and a failure's line to paste back picks its row", async () => {
    const { code, out } = await run(["run", file]);
    expect(code).toBe(2);
    expect(out).toMatch(new RegExp(`^pass +${file} \\[slow\\] +1d +500 `, "m"));
    expect(out).toContain("\nexpectation failed: Some rates [wrong]\n");
    expect(out).toContain(`again: itb-pump run ${file} --filter 'Some rates [wrong]' --target node --seed 1\n`);
    expect(out).toContain("2 passed, 1 failed\n");
    const again = await run(["run", file, "--filter", "Some rates [wrong]", "--target", "node", "--seed", "1"]);
    expect(again.code).toBe(2);
    expect(again.out).toContain("EXPECTATION FAILED");
  });

  it("run in processes as well, by their place in the file", async () => {
    const lines = (await run(["run", file, "--workers", "2", "--json"])).out.trimEnd().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.filter(({ type }) => type === "summary").map(({ row, pulses, verdict }) => [row, pulses, verdict])).toEqual([["slow", 500, "pass"], ["usual", 1000, "pass"], ["wrong", 2000, "expectation failed"]]);
    expect(lines.at(-1)).toMatchObject({ runs: 3, passed: 2, failed: 1 });
  }, 60_000);

  it("are cases of a suite with properties of their own", async () => {
    const report = join(folder.path, "report");
    await run(["run", root, "--report", report]);
    const xml = readFileSync(join(report, "junit.xml"), "utf8");
    expect(xml).toContain('tests="3" failures="1" errors="0"');
    expect(xml).toContain('<property name="rates.yaml [slow]: pulses" value="500"/>');
    expect(xml).toContain('<property name="rates.yaml [wrong]: requirement" value="DOSE-1"/>');
    expect(xml).toContain('<testcase name="Some rates [usual]"');
  });

  it("have golden digests of their own, and rows that are gone lose theirs", async () => {
    await run(["run", root, "--update"]);
    const golden = join(root, "golden.json");
    expect(Object.keys(JSON.parse(readFileSync(golden, "utf8")) as object)).toEqual(["rates.yaml [slow]", "rates.yaml [usual]"]);
    folder.file("s/rates.yaml", readFileSync(file, "utf8").replace("  slow:", "  slower:").replace(/ {2}wrong.*\n/, ""));
    const { err } = await run(["run", root, "--update"]);
    expect(err).toMatch(/: 2 changed\n {2}rates.yaml \[slow\]: gone\n {2}rates.yaml \[slower\]: new: 500 pulses/);
  });
});
