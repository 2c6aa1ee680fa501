// Golden digests: made, compared and written anew, and what changed in words.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { GoldenEntry } from "../../emulator/cli/golden";
import { Folder, run, SCENARIOS, START_MS } from "./harness";

const folder = new Folder();
afterAll(() => { folder.remove(); });
const root = join(folder.path, "s");
const beside = join(root, "golden.json");
const file = join(root, "pass.yaml");
const other = join(root, "wait.yaml");

beforeEach(() => {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root);
  folder.file("s/pass.yaml", SCENARIOS.pass);
  folder.file("s/wait.yaml", SCENARIOS.wait);
});

function table(path = beside): Record<string, GoldenEntry> {
  return JSON.parse(readFileSync(path, "utf8")) as Record<string, GoldenEntry>;
}

/** Another figure in the scenario's file. */
function change(from: string, to: string): void {
  writeFileSync(file, readFileSync(file, "utf8").replace(from, to));
}

/** Changes the golden entry of pass.yaml. */
function tamper(more: Partial<GoldenEntry>): void {
  writeFileSync(beside, JSON.stringify({ ...table(), "pass.yaml": { ...table()["pass.yaml"], ...more } }));
}

describe("--update", () => {
  it("makes a golden.json beside the scenarios, which then is compared", async () => {
    const made = await run(["run", root, "--update"]);
    expect(made.code).toBe(0);
    expect(made.err).toMatch(new RegExp(`^golden file ${beside}: 2 changed\n {2}pass.yaml: new: 41 pulses, digest [0-9a-f]{16}\n {2}wait.yaml: new: 0 pulses, digest [0-9a-f]{16}\n$`));
    expect(table()["pass.yaml"]).toMatchObject({ pulses: 41, virtual_ms: 3_600_000 + START_MS, tones: { critical: 0, other: 0 }, records: { boot: 1, refill: 1, segment: 1 } });
    expect(await run(["run", root])).toMatchObject({ code: 0, err: "" });
    expect((await run(["run", root, "--update"])).err).toBe(`golden file ${beside}: nothing changed\n`);
  });

  it("says in words what changed: where from, and which counts", async () => {
    await run(["run", root, "--update"]);
    change("wait: 1h", "wait: 2h");
    change("pulses: 41", "pulses: 83");
    const { code, err } = await run(["run", root, "--update"]);
    expect(code).toBe(0);
    expect(err).toBe(`golden file ${beside}: 1 changed\n  pass.yaml: therapy differs from line 7 on (wait: 2h): pulses 41, now 83; virtual ms ${3_600_000 + START_MS}, now ${7_200_000 + START_MS}\n`);
  });

  it("leaves others' entries alone, takes out what is gone, and makes nothing golden that failed", async () => {
    await run(["run", root, "--update"]);
    const before = table();
    change("pulses: 41", "pulses: 42");
    const failed = await run(["run", file, "--update"]);
    expect(failed.code).toBe(2);
    expect(failed.err).toBe(`golden file ${beside}: 1 changed\n  pass.yaml: expectation failed: not made golden\n`);
    expect(table()).toEqual(before);
    rmSync(other);
    change("pulses: 42", "pulses: 41");
    expect((await run(["run", root, "--update"])).err).toBe(`golden file ${beside}: 1 changed\n  wait.yaml: gone\n`);
    expect(Object.keys(table())).toEqual(["pass.yaml"]);
  });

  it("takes one file for all with --golden, by their paths from there", async () => {
    const golden = join(folder.path, "all.json");
    expect((await run(["run", root, "--update", "--golden", golden])).code).toBe(0);
    expect(Object.keys(table(golden))).toEqual(["s/pass.yaml", "s/wait.yaml"]);
    expect(existsSync(beside)).toBe(false);
    expect((await run(["run", root, "--golden", golden])).code).toBe(0);
    rmSync(golden);
  });
});

describe("a run that differs from its golden digest", () => {
  it("fails with 5, and says from where and what", async () => {
    await run(["run", root, "--update"]);
    const trail = table()["pass.yaml"]?.trail ?? "";
    tamper({ digest: "0".repeat(16), pulses: 40, tones: { critical: 1, other: 0 }, trail: `${trail.slice(0, -8)}00000000` });
    const { code, out } = await run(["run", root]);
    expect(code).toBe(5);
    expect(out).toMatch(new RegExp(`^digest +${file} `, "m"));
    expect(out).toContain("\ndiffers from golden: A test\n");
    expect(out).toContain(`${file}: golden digest: therapy differs from line 7 on (wait: 1h): pulses 40, now 41; critical tones 1, now 0\n`);
    expect(out).toContain(`again: itb-pump run ${file} --target node --seed 1\n`);
    expect(out).toContain("1 passed, 1 failed\n");
    const lines = (await run(["run", file, "--json"])).out.trimEnd().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.at(-4)).toMatchObject({ type: "golden", kind: "therapy" });
    expect(lines.at(-2)).toMatchObject({ type: "summary", verdict: "differs from golden" });
    expect(lines.at(-1)).toMatchObject({ type: "total", exit_code: 5 });
  });

  it("is told apart: other values only, answers or storage only, other steps, nothing to compare with", async () => {
    await run(["run", root, "--update"]);
    const said = async (more: Partial<GoldenEntry>): Promise<string> => {
      tamper(more);
      return (await run(["run", file])).out.split("golden digest: ")[1]?.split("\n")[0] ?? "nothing";
    };
    const { trail = "", digest = "", full_digest = "" } = table()["pass.yaml"] ?? {};
    expect(await said({ full_digest: "0".repeat(16) })).toBe("therapy is the same; answers, results, storage or resets are other than they were");
    expect(await said({ digest: "0".repeat(16), full_digest, trail: `0000${trail.slice(4)}` })).toBe("therapy differs from before the first step: as many pulses, tones and records as before, at other times or with other values");
    expect(await said({ trail: trail.slice(4) })).toContain("therapy differs (the scenario has other steps): ");
    expect(await said({ digest, trail })).toBe("nothing");
    writeFileSync(beside, "{}");
    expect(await run(["run", file])).toMatchObject({ code: 5, out: expect.stringContaining(`not in ${beside}: look at it, then add it with --update`) as string });
  });

  it("is not one with another seed, nor in its storage with a lag", async () => {
    await run(["run", root, "--update"]);
    tamper({ full_digest: "0".repeat(16) });
    expect((await run(["run", root, "--lag", "3"])).code).toBe(0);
    tamper({ digest: "0".repeat(16) });
    expect((await run(["run", root, "--lag", "3"])).code).toBe(5);
    expect((await run(["run", root, "--seed", "2"])).code).toBe(0);
  });
});

describe("a wrong golden file", () => {
  it.each([
    ["is missing", undefined, "--golden FILE: no such file; make it with --update"],
    ["is no JSON", "{", "golden file FILE: is not JSON: "],
    ["is no table", '{"pass.yaml": {"digest": 3}}', "golden file FILE: is not a table of golden digests; delete it if it should be one, and make it anew with --update"],
    ["is a list", "[1]", "golden file FILE: is not a table of golden digests"],
  ])("%s: 1, and nothing runs", async (_what, content, message) => {
    const golden = join(root, "some.json");
    if (content !== undefined) writeFileSync(golden, content);
    const { code, out, err } = await run(["run", root, "--golden", golden]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain(`error: ${message.replace("FILE", golden)}`);
  });

  it("cannot be written, or would hold another seed's digests: 1", async () => {
    const nowhere = join(file, "golden.json");
    expect(await run(["run", root, "--update", "--golden", nowhere])).toMatchObject({ code: 1, err: `error: golden file ${nowhere}: cannot be written: a part of the path is not a directory\n` });
    const message = "error: --update takes each scenario's own seed and no lag: leave out --seed and --lag\n";
    expect(await run(["run", root, "--update", "--seed", "2"])).toEqual({ code: 1, out: "", err: message });
    expect(await run(["run", root, "--update", "--lag", "2"])).toEqual({ code: 1, out: "", err: message });
  });
});
