// What the command line prints: JSON lines, junit.xml, picture, describe, Lua.

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { mayColour } from "../../emulator/cli/terminal";
import { FAULT_KINDS } from "../../emulator/faults";
import { VERBS } from "../../emulator/scenario/verbs/index";
import { Folder, run, SCENARIOS, START_MS } from "./harness";

const folder = new Folder();
afterAll(() => { folder.remove(); });
const bin = fileURLToPath(new URL("../../emulator/cli/itb-pump.mjs", import.meta.url));
const month = fileURLToPath(new URL("../../emulator/demo/month.yaml", import.meta.url));

interface JsonLine { readonly schema: number; readonly type: string; readonly [key: string]: unknown }
const linesOf = (out: string): JsonLine[] => out.trimEnd().split("\n").map((line) => JSON.parse(line) as JsonLine);

describe("--json", () => {
  it("gives JSON lines and ends with the summary and the total", async () => {
    const file = folder.file("pass.yaml", SCENARIOS.pass);
    const { out, err } = await run(["run", file, "--json"]);
    const lines = linesOf(out);
    expect(lines.every(({ schema }) => schema === 1)).toBe(true);
    expect(lines[0]).toEqual({ schema: 1, type: "begin", scenario: "A test", file, target: "node", seed: 1, lag_ms: 0, again: `itb-pump run ${file} --target node --seed 1` });
    expect(lines.filter(({ type }) => type === "step")).toHaveLength(5);
    expect(lines).toContainEqual(expect.objectContaining({ type: "state", from: "shelf", to: "therapy" }));
    expect(lines.at(-1)).toEqual({ schema: 1, type: "total", runs: 1, passed: 1, failed: 0, not_run: 0, verdicts: { pass: 1 }, virtual_ms: 3_600_000 + START_MS, pulses: 41, exit_code: 0 });
    expect(lines.at(-2)).toEqual({
      schema: 1, type: "summary", scenario: "A test", file, requirements: ["DOSE-1"], tags: [], target: "node", seed: 1, verdict: "pass", virtual_ms: 3_600_000 + START_MS,
      pulses: 41, digest: expect.stringMatching(/^[0-9a-f]{16}$/) as string, full_digest: expect.stringMatching(/^[0-9a-f]{16}$/) as string, violations: [],
    });
    expect(err).toBe("");
  });

  it("tells failures and the line to paste back", async () => {
    const file = folder.file("failing.yaml", SCENARIOS.expectation);
    const lines = linesOf((await run(["run", file, "--json", "--seed", "5"])).out);
    expect(lines.filter(({ type }) => type === "failure")[0]).toMatchObject({ file, line: 8, what: "pulses", expected: "42", seen: "41", pump_ms: 3_600_000 + START_MS });
    expect(lines.at(-3)).toEqual({ schema: 1, type: "again", command: `itb-pump run ${file} --target node --seed 5` });
    expect(lines.at(-2)).toMatchObject({ type: "summary", verdict: "expectation failed", seed: 5 });
    expect(lines.at(-1)).toMatchObject({ type: "total", passed: 0, failed: 1, exit_code: 2 });
  });
});

describe("a choice", () => {
  it("is told with a failure, and in the summary", async () => {
    const file = folder.file("choice.yaml", "scenario: A choice\nsteps:\n  - choose: {name: which, of: [[{wait: 1h}], [{wait: 1h}]]}\n  - expect: {pulses: 1}\n");
    const { out } = await run(["run", file]);
    const [chosen = ""] = /which [12] of 2/.exec(out) ?? [];
    expect(out).toContain(`\nchosen: ${chosen}\nlast events:\n`);
    const summary = linesOf((await run(["run", file, "--json"])).out).find(({ type }) => type === "summary");
    expect(summary).toMatchObject({ choices: [chosen] });
  });
});

describe("the picture", () => {
  it("fits the terminal and shows everything that happened in the month", async () => {
    const { code, out } = await run(["run", month]);
    const lines = out.trimEnd().split("\n");
    expect(code).toBe(0);
    expect(lines.length).toBeLessThanOrEqual(40);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
    for (const label of ["dose 588.5 ug/day", "reservoir 20 mL", "fault motor.stalled", "motor stall", "low reservoir", "tones", "done"]) expect(out).toContain(label);
    expect(out).toContain("RPS");
    expect(out).toContain("31676 commanded, 31196 confirmed, 480 uncertain");
    expect(out).not.toContain("\u001b");
  });
});

describe("colours", () => {
  it("are for terminals, and not against NO_COLOR", () => {
    expect(mayColour(true, {})).toBe(true);
    expect(mayColour(true, { NO_COLOR: "" })).toBe(true);
    expect(mayColour(true, { NO_COLOR: "1" })).toBe(false);
    expect(mayColour(true, { TERM: "dumb" })).toBe(false);
    expect(mayColour(false, {})).toBe(false);
  });
});

describe("describe", () => {
  it("names every verb and fault, from the code", async () => {
    const { code, out } = await run(["describe"]);
    expect(code).toBe(0);
    for (const verb of VERBS.values()) expect(out).toContain(`  ${verb.name}: ${verb.doc}\n    - ${verb.example}\n`);
    for (const fault of FAULT_KINDS) expect(out).toContain(fault.unknown_to_pump);
  });
});

describe("the process", () => {
  it("exits with the code, chatters on stderr and colours nothing that is no terminal", () => {
    const bad = spawnSync("node", [bin, "run", folder.file("bad.yaml", SCENARIOS.malformed)], { encoding: "utf8" });
    expect({ status: bad.status, stdout: bad.stdout }).toEqual({ status: 1, stdout: "" });
    expect(bad.stderr).toBe(`${join(folder.path, "bad.yaml")}:4:5: unknown verb "wiat": did you mean "wait"?\n`);
    const refused = spawnSync("node", [bin, "run", folder.file("refused.yaml", SCENARIOS.refused)], { encoding: "utf8" });
    expect({ status: refused.status, stderr: refused.stderr }).toEqual({ status: 6, stderr: "" });
    expect(refused.stdout).not.toContain("\u001b");
  }, 60_000);

  it("builds the Lua text to standard output", () => {
    const built = spawnSync("node", [bin, "build", "lua"], { encoding: "utf8" });
    expect(built.status).toBe(0);
    expect(built.stdout).toContain("createController");
    expect(built.stderr).toBe(`lua: ${String(Buffer.byteLength(built.stdout))} bytes\n`);
  }, 60_000);
});
