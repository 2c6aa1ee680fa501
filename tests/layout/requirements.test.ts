// Requirements, tests and generated documents hold together, or it is told.

import { describe, expect, test } from "vitest";
import { findingsOf } from "../requirements/check";
import { readRequirements } from "../requirements/document";
import { generated, readingOf, repository, stale } from "../requirements/generate";
import { statesOf } from "../requirements/states";
import { tracesOf } from "../requirements/trace";
import { table } from "../../firmware/machine";

/**
 * In force, and without a test for now: what is being built. The list only shrinks, and is to become empty: an id here that
 * a test or a scenario names fails the check too.
 */
const PENDING: readonly string[] = [];

const files = repository();

describe("the requirements", () => {
  test("each in force has a test, and every name is one of theirs", () => {
    const { requirements, traces } = readingOf(files);
    expect(findingsOf(requirements, traces, PENDING)).toEqual([]);
    expect(requirements.all.length).toBeGreaterThan(100);
    for (const mentions of [traces.code, traces.scenarios, traces.tests]) expect(mentions.length).toBeGreaterThan(100);
  });

  test("have been generated from: `npm run generate` would change nothing", () => {
    expect(stale(files)).toEqual([]);
  });

  test("would be noticed if a title, a test or a cell of the state table changed", () => {
    const other = (path: string, from: string, to: string): string[] => stale(new Map([...files, [path, files.get(path)!.replace(from, to)]]));
    expect(other("firmware/REQUIREMENTS.md", "The minimum rate is a volume", "The minimum rate is one")).toEqual(["firmware/TRACEABILITY.md"]);
    expect(other("tests/scenarios/refusals/flow.yaml", "DOSE-2a", "DOSE-2b")).toEqual(["firmware/TRACEABILITY.md"]);
    expect(other("tests/firmware/region.test.ts", "(MEM-3a)", "")).toEqual(["firmware/TRACEABILITY.md"]);
    expect(other("firmware/machine.ts", "  halt = 2,", "  hold = 2,")).toEqual(["firmware/STATES.md"]);
    const machine = files.get("firmware/machine.ts")!;
    const cells = [...table];
    expect(statesOf(machine, cells)).toBe(generated(files).get("firmware/STATES.md"));
    cells[2] = cells[1]!;
    expect(statesOf(machine, cells)).not.toBe(statesOf(machine));
  });

  test("a table that is not the enumerations' is told", () => {
    const machine = files.get("firmware/machine.ts")!;
    expect(() => statesOf(machine, table.slice(1))).toThrow("no cell for");
    expect(() => statesOf(machine, [...table, 0])).toThrow(`the table has ${table.length + 1} cells`);
    expect(() => statesOf(machine, [0, 16 * 60, ...table.slice(2)])).toThrow("which is none of shelf, therapy");
    expect(() => statesOf("", table)).toThrow("expected an enumeration Event, found none");
  });
});

const HEAD = "# Planted\n\n## Sources\n\n- `label`: a label\n\n## DOSE: what is planted\n";
const requirement = (id: string, status = "in force", rest: Partial<Record<"numbers" | "source" | "text", string>> = {}): string =>
  `\n### ${id} A title\n\n${rest.text ?? "A statement."}\n\n- Numbers: ${rest.numbers ?? "1 mL [label]; 2 h [choice]"}\n- Source: ${rest.source ?? "label, this project"}\n- Status: ${status}\n`;

describe("a planted flaw of the document is told with its line", () => {
  test.each<readonly [string, string, string]>([
    ["a heading without id", HEAD + "\n### A title\n", '9: expected "### DOSE-number and letter, then a title", found "### A title"'],
    ["an id of another section", HEAD + requirement("FILL-1"), '9: expected "### DOSE-number and letter'],
    ["no section", HEAD.replace(/## DOSE.*\n/, "") + requirement("DOSE-1"), 'expected a section "## GROUP: what" above it'],
    ["the same id twice", HEAD + requirement("DOSE-1") + requirement("DOSE-1"), '17: expected an id of its own, found "DOSE-1"'],
    ["a gap", HEAD + requirement("DOSE-1") + requirement("DOSE-3"), '17: expected DOSE-2 or DOSE-2a after DOSE-1, found "DOSE-3"'],
    ["a whole beside its parts", HEAD + requirement("DOSE-1a") + requirement("DOSE-1"), "17: expected DOSE-2 or DOSE-2a or DOSE-1b after DOSE-1a"],
    ["parts beside their whole", HEAD + requirement("DOSE-1") + requirement("DOSE-1a"), "17: expected DOSE-2 or DOSE-2a after DOSE-1"],
    ["parts that do not begin with a", HEAD + requirement("DOSE-1b"), '9: expected DOSE-1 or DOSE-1a after "## DOSE"'],
    ["no statement", HEAD + requirement("DOSE-1", "in force", { text: "" }), "9: expected a statement below the heading"],
    ["a field left out", HEAD + requirement("DOSE-1").replace(/- Source.*\n/, ""), '9: expected the fields Numbers, Source, Status below DOSE-1 A title, found "Numbers, Status"'],
    ["fields out of order", HEAD + requirement("DOSE-1") + "- Rationale: late\n", "9: expected the fields Numbers, Source, Rationale, Status"],
    ["an unknown field", HEAD + requirement("DOSE-1") + "- Owner: nobody\n", '16: expected a field, one of Numbers, Source, Rationale, Status, as "- Status: in force", found "- Owner: nobody"'],
    ["text behind the fields", HEAD + requirement("DOSE-1") + "And more.\n", "16: expected a field, its continuation (two spaces) or the next heading"],
    ["a figure without a mark", HEAD + requirement("DOSE-1", "in force", { numbers: "1 mL; 2 h [label]" }), "13: expected a figure marked [choice], [reported], [worked out] or with a key of its Source"],
    ["a figure of a source that is not named", HEAD + requirement("DOSE-1", "in force", { source: "this project" }), "13: expected a figure marked"],
    ["a source that is not listed", HEAD + requirement("DOSE-1", "in force", { source: "label, hearsay" }), '14: expected "this project", "reported" or a key of "## Sources", found "hearsay"'],
    ["a source that nothing names", HEAD + requirement("DOSE-1", "in force", { source: "this project", numbers: "none" }), 'expected a source that some requirement names, found "label"'],
    ["a source without key", HEAD.replace("`label`:", "label:") + requirement("DOSE-1"), 'expected a source of its own key'],
    ["an unknown status", HEAD + requirement("DOSE-1", "done"), '15: expected "in force", "partly: what is missing" or "later: what is missing", found "done"'],
    ["later without saying what is missing", HEAD + requirement("DOSE-1", "later"), "15: expected"],
    ["in force with something missing", HEAD + requirement("DOSE-1", "in force: but"), "15: expected"],
    ["no sources", "## DOSE: x\n" + requirement("DOSE-1"), '1: expected a section "## Sources", found "none"'],
  ])("%s", (_what, text, finding) => {
    expect(() => readRequirements(text, "r.md")).toThrow(finding);
    expect(() => readRequirements(text, "r.md")).toThrow(/^r\.md:\d+: expected /);
  });

  test("and none where there is none", () => {
    const { all } = readRequirements(HEAD + requirement("DOSE-1") + requirement("DOSE-2a", "later: a motor") + requirement("DOSE-2b", "partly: the\n  rest") + requirement("DOSE-3"), "r.md");
    expect(all.map(({ id, parent, status, missing }) => [id, parent, status, missing])).toEqual([
      ["DOSE-1", undefined, "in force", ""], ["DOSE-2a", "DOSE-2", "later", "a motor"], ["DOSE-2b", "DOSE-2", "partly", "the rest"], ["DOSE-3", undefined, "in force", ""]]);
  });
});

describe("what names a requirement", () => {
  const ids = (planted: Record<string, string>): Record<string, string[]> =>
    Object.fromEntries(Object.entries(tracesOf(new Map(Object.entries(planted)), ["DOSE", "LINK"])).map(([kind, mentions]) => [kind, (mentions as { id: string; line: number }[]).map(({ id, line }) => `${id}:${line}`)]));

  test("is a title in a test, also with values in it and of a table, and neither comment nor text", () => {
    const text = '// DOSE-1\ndescribe("DOSE-2a", () => {\n  it(`x ${y} (DOSE-3)`, () => { expect("DOSE-4"); });\n  test.each([["DOSE-5"]])("%s LINK-1a, DOSE-6", f);\n});\nfit("DOSE-7", f);\n';
    expect(ids({ "tests/a/b.test.ts": text, "tests/a/b.ts": text })).toEqual({ code: [], scenarios: [], tests: ["DOSE-2a:2", "DOSE-3:3", "LINK-1a:4", "DOSE-6:4"] });
  });

  test("is the list in a scenario, every entry of it", () => {
    const text = "scenario: DOSE-9\nabout: LINK-1\nrequirements: [DOSE-1, NO-3]\nsteps: []\n";
    expect(ids({ "tests/scenarios/a/b.yaml": text, "emulator/demo/c.yaml": text, "tests/scenario/d.yaml": text })).toMatchObject({ code: [], scenarios: ["DOSE-1:3", "NO-3:3", "DOSE-1:3", "NO-3:3"], tests: [] });
  });

  test("is any text in code of a room", () => {
    const text = "/** DOSE-1, and LINK-2b's. */\nconst a = 'XDOSE-1 DOSE-1ab UTF-8';\n";
    expect(ids({ "firmware/a.ts": text, "hal/pico/b.c": text, "firmware/README.md": text, "firmware/lib/c.ts": text })).toEqual({ code: ["DOSE-1:1", "LINK-2b:1", "DOSE-1:1", "LINK-2b:1"], scenarios: [], tests: [] });
  });
});

describe("a planted flaw between requirements and tests is told", () => {
  const requirements = readRequirements(HEAD + requirement("DOSE-1") + requirement("DOSE-2a") + requirement("DOSE-2b", "partly: half") + requirement("DOSE-3", "later: all"), "r.md");
  const titled = (...titles: string[]): string => titles.map((title) => `it("${title}", f);\n`).join("");
  const check = (planted: Record<string, string>, pending: readonly string[] = []): string[] => findingsOf(requirements, tracesOf(new Map(Object.entries(planted)), ["DOSE"]), pending);
  const all = titled("DOSE-1", "DOSE-2a, DOSE-2b");

  test.each<readonly [string, Record<string, string>, readonly string[], readonly string[]]>([
    ["nothing is wrong", { "tests/a.test.ts": all, "hal/b.ts": "// DOSE-2, DOSE-3\n" }, [], []],
    ["a scenario is a test", { "tests/a.test.ts": titled("DOSE-1"), "tests/scenarios/b.yaml": "requirements: [DOSE-2a, DOSE-2b]\n" }, [], []],
    ["in force without a test", { "tests/a.test.ts": titled("DOSE-2a DOSE-2b") }, [], ["r.md:9: DOSE-1 is in force and no test or scenario names it"]],
    ["partly without a test", { "tests/a.test.ts": titled("DOSE-1 DOSE-2a") }, [], ["r.md:25: DOSE-2b is partly and no test or scenario names it"]],
    ["named in a comment alone", { "tests/a.test.ts": titled("DOSE-2a DOSE-2b") + "// DOSE-1\n", "hal/b.ts": "// DOSE-1\n" }, [], ["r.md:9: DOSE-1 is in force and no test or scenario names it"]],
    ["later with a test", { "tests/a.test.ts": all + titled("DOSE-3") }, [], ['r.md:33: DOSE-3 says later and has a test: say "in force", or "partly" and what is missing']],
    ["a whole that is split", { "tests/a.test.ts": all + titled("DOSE-2") }, [], ["tests/a.test.ts:3: DOSE-2 is split: name DOSE-2a, DOSE-2b"]],
    ["an unknown id in a test", { "tests/a.test.ts": all + titled("DOSE-4") }, [], ["tests/a.test.ts:3: DOSE-4 is no requirement of r.md"]],
    ["an unknown id in a scenario", { "tests/a.test.ts": all, "tests/scenarios/b.yaml": "scenario: x\nrequirements: [NO-1]\n" }, [], ["tests/scenarios/b.yaml:2: NO-1 is no requirement of r.md"]],
    ["an unknown id in code", { "tests/a.test.ts": all, "hal/b.ts": "//\n// DOSE-2c\n" }, [], ["hal/b.ts:2: DOSE-2c is no requirement of r.md"]],
    ["pending, and so let pass", { "tests/a.test.ts": titled("DOSE-2a DOSE-2b") }, ["DOSE-1"], []],
    ["pending with a test", { "tests/a.test.ts": all }, ["DOSE-1"], ["PENDING: DOSE-1 has a test: take it off the list"]],
    ["pending and later", { "tests/a.test.ts": all }, ["DOSE-3"], ["PENDING: DOSE-3 says later, which needs no test: take it off the list"]],
    ["pending and unknown, or whole", { "tests/a.test.ts": all }, ["DOSE-9", "DOSE-2"], ["PENDING: DOSE-9 is no requirement of r.md", "PENDING: DOSE-2 is no requirement of r.md"]],
    ["pending twice", { "tests/a.test.ts": titled("DOSE-2a DOSE-2b") }, ["DOSE-1", "DOSE-1"], ["PENDING: DOSE-1 stands there twice"]],
  ])("%s", (_what, planted, pending, findings) => {
    expect(check(planted, pending)).toEqual(findings);
  });
});
