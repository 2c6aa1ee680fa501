// run.jsonl: the lines of --json, each held against the published schema.

import { Ajv2020 } from "ajv/dist/2020.js";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { LINES_MAX } from "../../emulator/cli/json-lines";
import { runSchemaText } from "../../emulator/report/run-schema";
import type { ControllerFactory } from "../../hal/controller";
import { broken, runaway, stuck } from "../cli/controllers";
import { Folder, run, SCENARIOS } from "../cli/harness";
import { BUSY } from "./busy";

const folder = new Folder();
afterAll(() => { folder.remove(); });
const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(JSON.parse(runSchemaText()) as object);

type Line = Readonly<Record<string, unknown>>;
const linesOf = (text: string): Line[] => text.trimEnd().split("\n").map((line) => JSON.parse(line) as Line);

let reports = 0;
/** Runs with both, and gives the lines that both have. */
async function lines(text: string, controller?: ControllerFactory, more: readonly string[] = []): Promise<Line[]> {
  reports += 1;
  const report = join(folder.path, `report-${String(reports)}`);
  const { out } = await run(["run", folder.file("s.yaml", text), "--json", "--report", report, ...more], controller);
  const file = readFileSync(join(report, "run.jsonl"), "utf8");
  // All but the total of the command.
  expect(out.startsWith(file)).toBe(true);
  const all = linesOf(out);
  expect(all).toHaveLength(linesOf(file).length + 1);
  expect(all.filter((line) => !validate(line)).map((line) => [line, validate(line), validate.errors?.[0]])).toEqual([]);
  return linesOf(file);
}

const REFUSED = `${BUSY}  - stop: {reason: 1, expect_refusal: not in this state}\n`;

describe("run.jsonl", () => {
  it("tells what QA asks for, and is valid line for line: operations, tones, the drive, missed pulses, late edges, the link, resets", async () => {
    const all = await lines(REFUSED);
    const types = new Set(all.map(({ type }) => type));
    for (const type of ["begin", "step", "operation", "state", "alarm", "tone", "drive", "missed", "edge", "link", "reset", "host", "fault", "summary"]) expect(types).toContain(type);
    expect(all).toContainEqual(expect.objectContaining({ type: "operation", operation: "stop", accepted: true }));
    expect(all).toContainEqual(expect.objectContaining({ type: "operation", operation: "stop", accepted: false, name: "not in this state" }));
    expect(all.filter(({ operation }) => operation === "status")).toEqual([]);
    expect(all.find(({ type }) => type === "edge")).toMatchObject({ edge: "late", after_ms: 600 });
    expect([all[0]!["type"], all.at(-1)!["type"]]).toEqual(["begin", "summary"]);
    expect(all[0]!["again"]).toBe(`itb-pump run ${join(folder.path, "s.yaml")} --target node --seed 1`);
  });

  it("is valid for each way a run can end, with the line to paste back", async () => {
    const { expectation, refused, wait } = SCENARIOS;
    const endings: readonly [string, string, ControllerFactory | undefined, string][] = [
      ["expectation failed", expectation, undefined, "failure"], ["refused", refused, undefined, "refusal"], ["violation", wait, runaway, "again"],
      ["no progress", wait, stuck, "error"], ["crashed", wait, broken, "error"],
    ];
    for (const [verdict, text, controller, type] of endings) {
      const all = await lines(text, controller);
      expect(all.at(-1)).toMatchObject({ type: "summary", verdict });
      expect(all.map((line) => line["type"])).toContain(type);
      expect(all.at(-2)).toMatchObject({ type: "again", command: all[0]!["again"] });
    }
  });

  it("says once that a head gone mad has more lines than are written", async () => {
    const all = await lines(`${SCENARIOS.pass}  - fault: {kind: cutoff.stuck}\n  - fault: {kind: motor.runaway, value: 100ms, for: 1h}\n  - wait: 1h\n`);
    expect(all.filter(({ type }) => type === "edge")).toHaveLength(LINES_MAX);
    expect(all.filter(({ type }) => type === "left_out")).toEqual([expect.objectContaining({ of: "edge", after: LINES_MAX })]);
  });
});

describe("the schema of lines", () => {
  const good = { schema: 1, type: "alarm", pump_ms: 5, alarm: "motor stall", critical: true, on: true };

  it("in the repository is that of the code (npx tsx emulator/cli/main.ts describe --schema run > emulator/report/run.schema.json)", async () => {
    expect(readFileSync(fileURLToPath(new URL("../../emulator/report/run.schema.json", import.meta.url)), "utf8")).toBe(runSchemaText());
    expect(await run(["describe", "--schema", "run"])).toEqual({ code: 0, out: runSchemaText(), err: "" });
    expect((await run(["describe", "--schema", "rum"])).code).toBe(1);
  });

  it("rejects a line of another type, version, name, unit or shape", () => {
    expect(validate(good)).toBe(true);
    const { on, ...without } = good;
    for (const wrong of [{ ...good, type: "alarms" }, { ...good, schema: 2 }, { ...good, alarm: "motor" }, { ...good, pump_ms: 0.5 }, { ...good, pump_ms: "5" }, { ...good, extra: on }, without, [], "begin"]) {
      expect(validate(wrong), JSON.stringify(wrong)).toBe(false);
    }
  });

  it("says of each field what it is", () => {
    const { oneOf } = JSON.parse(runSchemaText()) as { readonly oneOf: readonly { readonly title: string; readonly properties: Readonly<Record<string, { readonly description?: string }>> }[] };
    const mute = oneOf.flatMap(({ title, properties }) => Object.entries(properties).filter(([name, { description }]) => !["type", "requirement"].includes(name) && description === undefined).map(([name]) => `${title}.${name}`));
    expect(mute).toEqual([]);
  });
});
