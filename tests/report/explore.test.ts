// Reports of explore and replay: junit.xml, and the files of what was found.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { validateXML } from "xmllint-wasm";
import { plant } from "../../emulator/explore/canary";
import { createController } from "../../firmware/controller";
import { Folder, run } from "../cli/harness";

const folder = new Folder();
afterAll(() => { folder.remove(); });
const at = (...names: string[]): string => join(folder.path, ...names);
const schema = readFileSync(fileURLToPath(new URL("../cli/junit.xsd", import.meta.url)), "utf8");

async function findings(xml: string): Promise<string[]> {
  const { errors } = await validateXML({ xml: { fileName: "junit.xml", contents: xml }, schema: { fileName: "junit.xsd", contents: schema } });
  return errors.map(({ message }) => message);
}

const BROKEN = plant(createController, "motor");
const RUN_FILES = ["run.jsonl", "trace.vcd"];
const failure = at("found", "seed-46.yaml");

describe("--report of explore and replay", () => {
  it("has a case for the whole, with its totals as properties, and one a finding, with the files of its smallest plan", async () => {
    const { code, out, err } = await run(["explore", "--seeds", "46..46", "--canary", "0", "--shrink", "30", "--json", "--found", at("found"), "--report", at("r")], BROKEN);
    expect([code, err]).toEqual([3, `report: ${at("r", "junit.xml")}\n`]);
    const xml = readFileSync(at("r", "junit.xml"), "utf8");
    expect(await findings(xml)).toEqual([]);
    expect(xml).toContain('<testsuite name="explore seed 46..46" tests="2" failures="1" errors="0"');
    for (const [name, value] of [["runs", "1"], ["runs: violation", "1"], ["findings", "1"], ["target", "node"], ["from", "46"]]) expect(xml).toContain(`<property name="${name!}" value="${value!}"/>`);
    expect(xml).toContain("again: itb-pump explore --seeds 46..46 --target node</system-out>");
    expect(xml).toContain(`again: itb-pump replay ${failure}</failure>`);
    expect(await findings(xml.replace("<testcase ", "<case "))).not.toEqual([]);
    expect(readdirSync(at("r", "seed-46"))).toEqual(expect.arrayContaining(RUN_FILES));
    const lines = readFileSync(at("r", "seed-46", "run.jsonl"), "utf8").trimEnd().split("\n").map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    expect(lines[0]).toMatchObject({ type: "begin", file: failure, again: `itb-pump replay ${failure}` });
    expect(lines.at(-1)).toMatchObject({ type: "summary", verdict: "violation" });
    const merged = await run(["explore", "--merge", folder.file("part.jsonl", out), "--report", at("merged")]);
    expect(merged.code).toBe(3);
    expect(await findings(readFileSync(at("merged", "junit.xml"), "utf8"))).toEqual([]);
  });

  it("holds the run of a replay, and that it differed where it did", async () => {
    expect((await run(["replay", failure, "--report", at("same")], BROKEN)).code).toBe(3);
    expect(readdirSync(at("same"))).toEqual(expect.arrayContaining(["junit.xml", ...RUN_FILES]));
    const same = readFileSync(at("same", "junit.xml"), "utf8");
    expect(await findings(same)).toEqual([]);
    expect(same).toContain('type="violation"');
    expect(same).toContain("[[PROPERTY|seed=");
    const { code, err } = await run(["replay", failure, "--report", at("other")]);
    expect([code, err]).toEqual([5, `report: ${at("other", "junit.xml")}\n`]);
    const other = readFileSync(at("other", "junit.xml"), "utf8");
    expect(await findings(other)).toEqual([]);
    expect(other).toContain('type="differs from golden"');
    expect(readFileSync(at("other", "run.jsonl"), "utf8")).toContain('"verdict":"differs from golden"');
    expect((await run(["replay", failure, "--report", at("other")])).err).toContain("is not empty, and nothing was run or written");
  });
});
