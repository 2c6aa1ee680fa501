// What runs: folders, tags, filters, lists, and selections that leave nothing.

import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { findFiles } from "../../emulator/cli/find-files";
import { Folder, run, SCENARIOS } from "./harness";

const folder = new Folder();
afterAll(() => { folder.remove(); });
const root = join(folder.path, "s");
mkdirSync(join(root, "deep", "er"), { recursive: true });
for (const hidden of [".hidden", "node_modules", "bare"]) mkdirSync(join(root, hidden));

/** A scenario of no length with a title and tags. */
function scenario(title: string, tags: string): string {
  return `scenario: ${title}\ntags: [${tags}]\nrequirements: [DOSE-1]\nsteps:\n  - wait: 1s\n`;
}
folder.file("s/b.yaml", scenario("A stall", "motor, quick"));
folder.file("s/a.yml", scenario("A month", "basal"));
folder.file("s/part.steps.yaml", "- start\n");
folder.file("s/notes.txt", "no scenario\n");
folder.file("s/deep/c.yaml", scenario("A refill", "reservoir"));
folder.file("s/deep/er/d.yaml", scenario("Another STALL", "motor"));
folder.file("s/.hidden/x.yaml", "not: even a scenario\n");
folder.file("s/node_modules/x.yaml", "not: even a scenario\n");
symlinkSync(root, join(root, "deep", "circle"));
symlinkSync(join(root, "b.yaml"), join(root, "deep", "link.yaml"));

const at = (...names: readonly string[]): string => join(root, ...names);

/** Titles in the order in which they would run. */
async function titles(...args: readonly string[]): Promise<string[]> {
  const { out, code } = await run(["run", "--list", "--json", ...args]);
  expect(code).toBe(0);
  return out.trimEnd().split("\n").map((line) => (JSON.parse(line) as { scenario: string }).scenario);
}

describe("a folder", () => {
  it("gives its scenarios by name, deeper ones after, without what is hidden, installed or included, and each once", () => {
    expect(findFiles([root])).toEqual({ files: [at("a.yml"), at("b.yaml"), at("deep", "c.yaml"), at("deep", "er", "d.yaml")], problems: [] });
    expect(findFiles([at("deep"), root]).files).toEqual([at("deep", "c.yaml"), at("deep", "link.yaml"), at("deep", "er", "d.yaml"), at("a.yml")]);
    expect(findFiles([at("b.yaml"), at("b.yaml"), at("notes.txt")]).files).toEqual([at("b.yaml"), at("notes.txt")]);
  });

  it("runs", async () => {
    const { code, out, err } = await run(["run", root]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("4 passed, 0 failed\n");
  });
});

describe("a selection", () => {
  it("by tag takes any of the tags, by filter the title or the file's name, by both what has both", async () => {
    expect(await titles(root)).toEqual(["A month", "A stall", "A refill", "Another STALL"]);
    expect(await titles(root, "--tag", "motor")).toEqual(["A stall", "Another STALL"]);
    expect(await titles(root, "--tag", "reservoir", "--tag", "basal")).toEqual(["A month", "A refill"]);
    expect(await titles(root, "--filter", "stall")).toEqual(["A stall", "Another STALL"]);
    expect(await titles(root, "--filter", "/DEEP/")).toEqual(["A refill", "Another STALL"]);
    expect(await titles(root, "--tag", "motor", "--filter", "another")).toEqual(["Another STALL"]);
  });

  it("is listed as a table: file, title, tags, requirements; and nothing runs", async () => {
    const { code, out } = await run(["run", root, "--tag", "motor", "--list", "--report", at("none")]);
    const width = at("deep", "er", "d.yaml").length;
    expect({ code, out }).toEqual({ code: 0, out: [
      `${"scenario".padEnd(width)}  title          tags         requirements`,
      `${at("b.yaml").padEnd(width)}  A stall        motor quick  DOSE-1`,
      `${at("deep", "er", "d.yaml")}  Another STALL  motor        DOSE-1`, "",
    ].join("\n") });
  });

  const nothing: readonly (readonly [string, readonly string[], string])[] = [
    ["an unknown tag", [root, "--tag", "moter"], 'error: --tag moter: no scenario has this tag: did you mean "motor"?\n'],
    ["a tag like no other", [root, "--tag", "xyz"], "error: --tag xyz: no scenario has this tag: expected one of basal, motor, quick, reservoir\n"],
    ["a filter for nothing", [root, "--tag", "motor", "--filter", "month"], "error: --filter month: none of 2 titles and files hold this text\n"],
    ["a filter for nothing of one", [at("b.yaml"), "--filter", "month"], "error: --filter month: none of 1 title or file holds this text\n"],
    ["an empty folder", [at("bare"), at("b.yaml")], `${at("bare")}: no scenario (*.yaml) is in this folder\n`],
    ["an empty folder beside a missing file", [at("bare"), at("none.yaml")], `${at("bare")}: no scenario (*.yaml) is in this folder\n${at("none.yaml")}: no such file\n`],
    ["no worker", [root, "--workers", "0"], "error: option '--workers <n>' argument '0' is invalid. Expected a whole number from 1 to 64.\n"],
  ];
  it.each(nothing)("that leaves nothing is a mistake: %s", async (_what, args, message) => {
    expect(await run(["run", ...args])).toEqual({ code: 1, out: "", err: message });
  });

  it("without tags says so", async () => {
    expect((await run(["run", folder.file("untagged.yaml", SCENARIOS.wait), "--tag", "motor"])).err).toBe("error: --tag motor: no scenario has this tag, nor any other\n");
  });

  it("is validated as a whole: a malformed file that no filter takes still stops it", async () => {
    mkdirSync(join(folder.path, "t"));
    writeFileSync(join(folder.path, "t", "good.yaml"), scenario("Good", "motor"));
    writeFileSync(join(folder.path, "t", "bad.yaml"), SCENARIOS.malformed);
    expect(await run(["run", join(folder.path, "t"), "--filter", "good"])).toEqual({ code: 1, out: "", err: `${join(folder.path, "t", "bad.yaml")}:4:5: unknown verb "wiat": did you mean "wait"?\n` });
  });
});
