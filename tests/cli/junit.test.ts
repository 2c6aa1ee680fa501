// junit.xml: one suite a folder, properties, and what the common schema allows.

import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { validateXML } from "xmllint-wasm";
import type { ControllerFactory } from "../../hal/controller";
import { broken, runaway } from "./controllers";
import { Folder, run, SCENARIOS, START, START_MS } from "./harness";

const folder = new Folder();
afterAll(() => { folder.remove(); });
const schema = readFileSync(fileURLToPath(new URL("./junit.xsd", import.meta.url)), "utf8");

/** What the schema has against the text. */
async function findings(xml: string): Promise<string[]> {
  const { errors } = await validateXML({ xml: { fileName: "junit.xml", contents: xml }, schema: { fileName: "junit.xsd", contents: schema } });
  return errors.map(({ message }) => message);
}

let reports = 0;
/** Runs and gives the text of junit.xml. */
async function report(args: readonly string[], controller?: ControllerFactory): Promise<string> {
  reports += 1;
  const directory = join(folder.path, `report-${String(reports)}`);
  const { err } = await run(["run", ...args, "--report", directory], controller);
  expect(err).toBe(`report: ${join(directory, "junit.xml")}\n`);
  return readFileSync(join(directory, "junit.xml"), "utf8");
}

const tagged = SCENARIOS.pass.replace("requirements: [DOSE-1]", "requirements: [DOSE-1, MOTOR-2]\nseed: 9\ntags: [basal]").replace("A test", '"<A> & \\"test\\" \\t]]>"');
mkdirSync(join(folder.path, "s", "deep"), { recursive: true });
folder.file("s/a & b.yaml", tagged);
folder.file("s/refused.yaml", SCENARIOS.refused);
folder.file("s/deep/expectation.yaml", SCENARIOS.expectation);

describe("junit.xml", () => {
  it("has one suite a folder with its counts, and is valid", async () => {
    const xml = await report([join(folder.path, "s")]);
    const suites = [...xml.matchAll(/<testsuite name="([^"]*)" tests="(\d+)" failures="(\d+)" errors="(\d+)"/g)].map(([, ...found]) => found);
    expect(suites).toEqual([[join(folder.path, "s"), "2", "1", "0"], [join(folder.path, "s", "deep"), "1", "1", "0"]]);
    expect(xml).toContain('<testsuites name="itb-pump" tests="3" failures="2" errors="0" time="0.000">');
    expect(await findings(xml)).toEqual([]);
  });

  it("tells seed, virtual time, requirements, tags and digests of each case, for suite readers and for case readers", async () => {
    const xml = await report([join(folder.path, "s")]);
    for (const [name, value] of [["seed", "9"], ["virtual_ms", String(3_600_000 + START_MS)], ["requirement", "DOSE-1"], ["requirement", "MOTOR-2"], ["tag", "basal"], ["target", "node"], ["pulses", "41"]]) {
      expect(xml).toContain(`<property name="a &amp; b.yaml: ${name}" value="${value}"/>`);
      expect(xml).toContain(`[[PROPERTY|${name}=${value}]]`);
    }
    expect(xml).toMatch(/<property name="a &amp; b.yaml: digest" value="[0-9a-f]{16}"\/>/);
    expect(xml).toContain('name="&lt;A&gt; &amp; &quot;test&quot; ]]&gt;"');
  });

  it("holds reasons, last events and the line to paste back", async () => {
    const xml = await report([join(folder.path, "s")]);
    const failing = join(folder.path, "s", "deep", "expectation.yaml");
    expect(xml).toContain(`<failure message="${failing}:8:22: pulses: expected 42, seen 41, at 1h ${START} (clock 2026-01-05 09:00:00.599)" type="expectation failed">`);
    expect(xml).toContain("last events:\n");
    expect(xml).toContain("pulses 1 to 41 confirmed");
    expect(xml).toContain(`again: itb-pump run ${failing} --target node --seed 1</failure>`);
  });

  it("calls a crash an error and a violation a failure, and is valid", async () => {
    const file = folder.file("wait.yaml", SCENARIOS.wait);
    const crash = await report([file], broken);
    expect(crash).toContain('tests="1" failures="0" errors="1"');
    expect(crash).toContain(`<error message="${file}:4:5: TypeError: planted" type="crashed">`);
    const violation = await report([file], runaway);
    expect(violation).toContain('tests="1" failures="1" errors="0"');
    expect(violation).toContain('type="violation"');
    expect(await findings(crash)).toEqual([]);
    expect(await findings(violation)).toEqual([]);
  });

  it("would not be valid with what the schema forbids", async () => {
    const xml = await report([join(folder.path, "s")]);
    for (const [from, to] of [["<testcase ", "<testcas "], ['tests="3" ', 'test="3" '], ['time="0.000"', 'time="soon"'], ["<system-out>", "<properties><property name='a' value='b'/></properties><system-out>"]] as const) {
      expect(xml).toContain(from);
      expect(await findings(xml.replace(from, to))).not.toEqual([]);
    }
  });
});
