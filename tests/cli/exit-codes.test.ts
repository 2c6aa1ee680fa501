// Exit codes and messages of `itb-pump run`, for every way a run can end.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { worstExitCode } from "../../emulator/cli/exit-codes";
import { broken, runaway, stuck } from "./controllers";
import { Folder, run, SCENARIOS, START } from "./harness";

const folder = new Folder();
afterAll(() => { folder.remove(); });
const files = Object.fromEntries(Object.entries(SCENARIOS).map(([name, content]) => [name, folder.file(`${name}.yaml`, content)]));
const file = (name: keyof typeof SCENARIOS): string => files[name] ?? "";

describe("a run", () => {
  it("passes: 0", async () => {
    const { code, out, err } = await run(["run", file("pass")]);
    expect(code).toBe(0);
    expect(out).toContain("PASS: the oracle saw no dose violation, every expectation met");
    expect(err).toBe("");
  });

  it("misses expectations: 2, each with place, expected, seen and time", async () => {
    const { code, out } = await run(["run", file("expectation")]);
    expect(code).toBe(2);
    const name = file("expectation");
    expect(out).toContain(`${name}:8:22: pulses: expected 42, seen 41, at 1h ${START} (clock 2026-01-05 09:00:00.599)\n`);
    expect(out).toContain(`${name}:8:33: state: expected stopped, seen therapy, at 1h ${START} (clock 2026-01-05 09:00:00.599)\n`);
    expect(out).toContain(`${name}:9:25: uncertain: expected 1, seen 0, at 1h ${START} (clock 2026-01-05 09:00:00.599)\n`);
    expect(out).toContain(`again: itb-pump run ${name} --target node --seed 1\n`);
  });

  it("turns the motor against the prescription: 3", async () => {
    const { code, out } = await run(["run", file("wait")], runaway);
    expect(code).toBe(3);
    expect(out).toContain("oracle: over: ");
    expect(out).toContain("VIOLATION: the oracle saw ");
  });

  it("makes no progress: 4", async () => {
    const { code, out } = await run(["run", file("wait")], stuck);
    expect(code).toBe(4);
    expect(out).toContain("NoProgress");
  });

  it("is refused by the pump: 6, with number, name and text", async () => {
    const { code, out } = await run(["run", file("refused"), "--seed", "7", "--lag", "3"]);
    expect(code).toBe(6);
    expect(out).toContain(`${file("refused")}:4:5: the pump refused start: 20 no drug: fill the reservoir first, at `);
    expect(out).toContain(`again: itb-pump run ${file("refused")} --target node --seed 7 --lag 3\n`);
  });

  it("is not refused, or otherwise than expected: 2", async () => {
    const accepted = await run(["run", file("accepted")]);
    expect(accepted.code).toBe(2);
    expect(accepted.out).toContain("refusal of stop: expected 4 not in this state, seen accepted");
    const other = await run(["run", file("other_refusal")]);
    expect(other.code).toBe(2);
    expect(other.out).toContain("refusal of start: expected 16 no prescription, seen 20 no drug");
  });

  it("is not answered, the pump being without power: 2", async () => {
    const { code, out } = await run(["run", file("power_off")]);
    expect(code).toBe(2);
    expect(out).toContain(`${file("power_off")}:10:5: answer: expected an answer of the pump, seen nobody answers: the pump is not running, at 2h ${START} (clock unknown)`);
  });

  it("breaks: 1, with the error and the step", async () => {
    const { code, out } = await run(["run", file("wait")], broken);
    expect(code).toBe(1);
    expect(out).toContain(`${file("wait")}:4:5: TypeError: planted`);
  });

  it("of several takes the most severe", async () => {
    const { code, out } = await run(["run", file("pass"), file("refused"), file("expectation")]);
    expect(code).toBe(6);
    expect(out).toContain("1 passed, 2 failed\n");
    expect(worstExitCode(["pass", "expectation failed"])).toBe(2);
    expect(worstExitCode(["refused", "no progress"])).toBe(4);
    expect(worstExitCode(["no progress", "violation", "expectation failed"])).toBe(3);
    expect(worstExitCode(["violation", "crashed"])).toBe(1);
    expect(worstExitCode(["pass", "differs from golden"])).toBe(5);
    expect(worstExitCode(["differs from golden", "expectation failed"])).toBe(2);
    expect(worstExitCode([])).toBe(0);
  });
});

describe("a wrong command line", () => {
  const wrong: readonly (readonly [string, readonly string[], string])[] = [
    ["unknown target", ["run", file("pass"), "--target", "pica"], "error: option '--target <target>' argument 'pica' is invalid. Allowed choices are node, lua, pico, tether.\n"],
    ["seed that is none", ["run", file("pass"), "--seed", "x"], "error: option '--seed <n>' argument 'x' is invalid. Expected a whole number from 0 to 4294967295.\n"],
    ["seed too large", ["run", file("pass"), "--seed", "4294967296"], "error: option '--seed <n>' argument '4294967296' is invalid. Expected a whole number from 0 to 4294967295.\n"],
    ["negative lag", ["run", file("pass"), "--lag", "-1"], "error: option '--lag <ms>' argument '-1' is invalid. Expected a whole number from 0 to 250.\n"],
    ["unknown option", ["run", file("pass"), "--sede", "3"], "error: unknown option '--sede'\n(Did you mean --seed?)\n"],
    ["unknown command", ["runn", file("pass")], "error: unknown command 'runn'\n(Did you mean run?)\n"],
    ["nothing to run", ["run"], "error: missing required argument 'path'\n"],
    ["missing file", ["run", join(folder.path, "none.yaml")], `${join(folder.path, "none.yaml")}: no such file\n`],
    ["unwritable report", ["run", file("pass"), "--report", join(file("pass"), "report")], `error: --report ${join(file("pass"), "report")}: cannot be written: a part of the path is not a directory\n`],
    ["unknown build", ["build", "pica"], "error: command-argument value 'pica' is invalid for argument 'target'. Allowed choices are lua, pico.\n"],
  ];
  it.each(wrong)("%s: 1", async (_what, args, message) => {
    expect(await run(args)).toEqual({ code: 1, out: "", err: message });
  });

  it("tells every problem of every file, and runs none", async () => {
    const report = join(folder.path, "report");
    const { code, out, err } = await run(["run", file("pass"), file("malformed"), "--report", report, join(folder.path, "none.yaml")]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toBe(`${file("malformed")}:4:5: unknown verb "wiat": did you mean "wait"?\n${join(folder.path, "none.yaml")}: no such file\n`);
    expect(existsSync(report)).toBe(false);
  });
});
