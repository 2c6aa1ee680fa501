// The JSON Schema: fresh, valid, takes every scenario, rejects the malformed.

import { Ajv2020 } from "ajv/dist/2020.js";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { FAULT_KINDS } from "../../emulator/faults";
import { schemaText, scenarioSchema } from "../../emulator/scenario/schema";
import { VERBS } from "../../emulator/scenario/verbs/index";
import { run } from "../cli/harness";

const ROOT = resolve(import.meta.dirname, "../..");
const FILE = join(ROOT, "emulator/scenario/scenario.schema.json");
const MALFORMED = join(import.meta.dirname, "malformed");

const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(scenarioSchema());

/** What a schema validator makes of a file: "" if it takes it, else what is wrong; undefined if the YAML itself is. */
function verdictOf(file: string): string | undefined {
  const document = parseDocument(readFileSync(file, "utf8"), { prettyErrors: false });
  if (document.errors.length + document.warnings.length > 0) return undefined;
  let data: unknown;
  try {
    data = document.toJS();
    return validate(data) ? "" : JSON.stringify(validate.errors?.[0]);
  } catch {
    // Aliases that lead nowhere, in a circle or too far.
    return undefined;
  }
}

function yamlBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".yaml") && !name.endsWith(".steps.yaml")).map((name) => join(folder, name));
}

const library = [...yamlBelow(join(ROOT, "tests/scenarios")), ...yamlBelow(join(ROOT, "emulator/demo"))];

/** What is wrong with these only the course of the scenario tells, the files beside them, or arithmetic. */
const BEYOND_A_SCHEMA = new Set([
  "at-both", "at-gone", "contradiction-alarms", "contradiction-in-mapping", "contradiction-tolerances", "contradiction", "expect-nothing", "fault-twice", "fault-value-range",
  "gone", "heal-nothing", "include-absolute", "include-circle", "include-deep", "include-error", "include-folder", "include-itself", "include-missing", "include-scenario",
  "longer-than-ten-years", "no-power", "no-such-day", "no-such-hour", "parameter-none", "parameter-unknown", "parameter-unused", "repeat-explodes", "repeat-fault-left",
  "repeat-overrun", "repeat-too-long", "schedule-gap", "table-missing", "table-one-row", "too-large", "too-precise", "unit-range", "when-nothing",
]);

describe("the schema", () => {
  it("in the repository is that of the code (npx tsx emulator/cli/main.ts describe --schema > emulator/scenario/scenario.schema.json)", async () => {
    expect(readFileSync(FILE, "utf8")).toBe(schemaText());
    expect(await run(["describe", "--schema"])).toEqual({ code: 0, out: schemaText(), err: "" });
  });

  it("is a draft 2020-12 schema with every verb and every fault", () => {
    expect(new Ajv2020().validateSchema(scenarioSchema())).toBe(true);
    const text = schemaText();
    for (const name of VERBS.keys()) expect(text).toContain(`"${name}": {`);
    for (const { kind } of FAULT_KINDS) expect(text).toContain(`"${kind}"`);
  });

  it.each(library)("takes %s", (file) => {
    expect(verdictOf(file)).toBe("");
  });

  it("rejects what is malformed to the eye", () => {
    const taken = yamlBelow(MALFORMED).filter((file) => !file.includes("/parts/") && verdictOf(file) === "");
    expect(taken.map((file) => file.slice(MALFORMED.length + 1, -".yaml".length)).sort()).toEqual([...BEYOND_A_SCHEMA].sort());
  });

  it.each([
    ["a misspelt verb", { steps: [{ wiat: "1d" }] }], ["a verb that needs something", { steps: ["stop"] }], ["two verbs in one step", { steps: [{ wait: "1d", heal: "motor.stalled" }] }],
    ["no unit", { steps: [{ wait: 30 }] }], ["a foreign unit", { steps: [{ wait: "30mL" }] }], ["a misspelt state", { steps: [{ expect: { state: "terapy" } }] }],
    ["steps inside that are wrong", { steps: [{ repeat: { times: 2, steps: [{ wiat: "1d" }] } }] }], ["a misspelt fault", { steps: [{ fault: "motor.staled" }] }],
    ["no steps", {}], ["a field too many", { steps: ["start"], requirement: ["DOSE-1"] }],
  ])("rejects %s", (_what, wrong) => {
    expect(validate({ scenario: "x", ...wrong })).toBe(false);
  });
});
