// The report folder: what it holds, what it never touches, and broken disks.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { HOST_DISK, ReportFolder } from "../../emulator/cli/report-file";
import { codeWith } from "../../emulator/cli/report-dir";
import { runNames } from "../../emulator/cli/run-names";
import { createController } from "../../firmware/controller";
import type { ControllerFactory } from "../../hal/controller";
import { Folder, run, SCENARIOS } from "../cli/harness";

const folder = new Folder();
afterAll(() => { folder.remove(); });
const at = (...names: string[]): string => join(folder.path, ...names);
mkdirSync(at("s", "deep"), { recursive: true });
const pass = folder.file("s/pass.yaml", SCENARIOS.pass);
folder.file("s/deep/Pass.yaml", SCENARIOS.pass);
folder.file("s/failing.yaml", SCENARIOS.expectation);

const MARK = ".itb-pump-report";
const RUN_FILES = ["run.jsonl", "trace.vcd"];

/** Names below a folder, but the mark. */
function below(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((name) => name !== MARK).sort();
}

/** The firmware; `act` happens when it is made, which is once the report's files are begun. */
function when(act: () => void): ControllerFactory {
  return (board) => {
    act();
    return createController(board);
  };
}

describe("--report", () => {
  it("holds the files of one run beside junit.xml, and of several in a folder each", async () => {
    await run(["run", pass, "--report", at("one")]);
    expect(below(at("one"))).toEqual(expect.arrayContaining(["junit.xml", ...RUN_FILES]));
    expect((await run(["run", at("s"), "--workers", "1", "--report", at("three")])).code).toBe(2);
    expect(readdirSync(at("three")).filter((name) => name !== MARK).sort()).toEqual(["deep-pass", "failing", "junit.xml", "pass"]);
    for (const name of ["deep-pass", "failing", "pass"]) expect(below(at("three", name))).toEqual(expect.arrayContaining(RUN_FILES));
    expect(below(folder.path).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  it("refuses a folder that is not empty before anything runs, and writes nothing", async () => {
    mkdirSync(at("full"));
    writeFileSync(at("full", "junit.xml"), "mine");
    const { code, out, err } = await run(["run", pass, "--report", at("full")], when(() => { throw new Error("was run"); }));
    expect({ code, out, err }).toEqual({ code: 1, out: "", err: `error: --report ${at("full")}: is not empty, and nothing was run or written: name a new one\n` });
    expect((await run(["run", pass, "--report", at("full"), "--overwrite"])).err).toBe(
      `error: --report ${at("full")}: --overwrite replaces only a report of itb-pump, and this folder has no ${MARK}: name a new one, or remove it yourself\n`);
    expect([below(at("full")), readFileSync(at("full", "junit.xml"), "utf8")]).toEqual([["junit.xml"], "mine"]);
    expect((await run(["run", pass, "--overwrite"])).err).toBe("error: --overwrite replaces the folder of --report, which is not given\n");
  });

  it("with --overwrite replaces a report of ours, all of it, and one that was interrupted", async () => {
    await run(["run", at("s"), "--workers", "1", "--report", at("again")]);
    expect((await run(["run", pass, "--report", at("again")])).err).toContain("or give --overwrite to replace the report that is in it");
    writeFileSync(at("again", "pass", "trace.vcd.part"), "half");
    const { code, err } = await run(["run", pass, "--report", at("again"), "--overwrite"]);
    expect([code, err]).toEqual([0, `report: ${at("again", "junit.xml")}\n`]);
    expect(below(at("again"))).toEqual(below(at("one")));
  });

  it("with --overwrite deletes nothing that is not ours: a file, a folder, a link", async () => {
    await run(["run", at("s"), "--workers", "1", "--report", at("kept")]);
    const before = below(at("kept"));
    writeFileSync(at("precious"), "precious");
    const plants: readonly [string, () => void][] = [
      ["notes.txt", () => { writeFileSync(at("kept", "notes.txt"), "mine"); }], ["pass/notes.txt", () => { writeFileSync(at("kept", "pass", "notes.txt"), "mine"); }],
      ["pass/sub", () => { mkdirSync(at("kept", "pass", "sub")); }], ["timeline.html", () => { symlinkSync(at("precious"), at("kept", "timeline.html")); }],
    ];
    for (const [name, plant] of plants) {
      plant();
      const { code, err } = await run(["run", pass, "--report", at("kept"), "--overwrite"], when(() => { throw new Error("was run"); }));
      expect([code, err]).toEqual([1, `error: --report ${at("kept")}: --overwrite replaces only what itb-pump wrote, and ${at("kept", name)} is not of it: move it away, or name a new folder\n`]);
      expect(existsSync(at("kept", name))).toBe(true);
      rmSync(at("kept", name), { recursive: true });
      expect(below(at("kept"))).toEqual(before);
    }
    expect(readFileSync(at("precious"), "utf8")).toBe("precious");
  });

  it("takes a folder again in which a command came to nothing", async () => {
    mkdirSync(at("empty"));
    expect((await run(["run", pass, "--report", at("empty"), "--golden", at("none.json")])).code).toBe(1);
    expect((await run(["replay", pass, "--report", at("empty")])).code).toBe(1);
    expect((await run(["run", pass, "--report", at("empty")])).code).toBe(0);
  });
});

describe("a report that cannot be written", () => {
  it("on a full disk loses neither the run nor the other files, and says which and why", () => {
    const report = at("disk");
    mkdirSync(report);
    // What is flushed there meets a disk without space.
    symlinkSync("/dev/full", at("disk.part"));
    const full = { ...HOST_DISK, open: (path: string) => HOST_DISK.open(path.endsWith("trace.vcd.part") ? at("disk.part") : path) };
    const files = new ReportFolder(report, full);
    const [waves, lines] = [files.open("trace.vcd"), files.open("run.jsonl")];
    for (const file of [waves, lines]) {
      file.write("x".repeat(3_000_000));
      file.write(new Uint8Array(3_000_000));
      file.end();
    }
    expect(files.unwritten).toEqual([`${report}/trace.vcd: no space left on the disk`]);
    expect(below(report)).toEqual(["run.jsonl"]);
  });

  it("because its folder went away, the verdict is told all the same, and the code is 1 unless the run's own is another", async () => {
    for (const [file, own, word] of [[pass, 1, "PASS"], [at("s", "failing.yaml"), 2, "expectation failed"]] as const) {
      const { code, out, err } = await run(["run", file, "--report", at("gone")], when(() => { rmSync(at("gone"), { recursive: true, force: true }); }));
      expect(out.toLowerCase()).toContain(word.toLowerCase());
      expect(err).toContain(`report: could not be written: ${at("gone", "run.jsonl")}: the folder is gone\n`);
      expect(err).toContain(`report: could not be written: ${at("gone", "junit.xml")}: the folder is gone\nreport: what ran is judged above, and the other files are whole\n`);
      expect([code, existsSync(at("gone"))]).toEqual([own, false]);
    }
    expect([codeWith(0, []), codeWith(0, ["x"]), codeWith(3, ["x"])]).toEqual([0, 1, 3]);
  });

  it("is never under its name before it is whole", () => {
    mkdirSync(at("half"));
    const file = new ReportFolder(at("half")).open("run.jsonl");
    file.write("y".repeat(2_000_000));
    // Here a Ctrl-C would end it.
    expect(below(at("half"))).toEqual(["run.jsonl.part"]);
    file.end();
    expect(below(at("half"))).toEqual(["run.jsonl"]);
  });
});

describe("names of runs", () => {
  it("are readable, safe on every file system, and each once", () => {
    const names = (files: readonly string[], rows: readonly (string | undefined)[] = []): readonly string[] =>
      runNames(files.map((file, i) => ({ file, ...(rows[i] === undefined ? {} : { row: rows[i] }) })));
    expect(names(["/a/b/motor/stall.yaml", "/a/b/Stall.yml", "/a/b/stall.yaml"])).toEqual(["motor-stall", "stall", "stall-2"]);
    expect(names(["/a/t.yaml", "/a/t.yaml"], ["6 h, 20 °C", "../../x"])).toEqual(["t-6-h-20-c", "t-x"]);
    expect(names(["/a/..yaml", "/b/con.yaml", "/b/é.yaml"])).toEqual(["a", "b-con", "b"]);
    expect(names(["/b/con.yaml", "/b/ü.yaml", "/b/a-2.yaml", "/b/a.yaml", "/b/A.yaml"])).toEqual(["con-run", "run", "a-2", "a", "a-3"]);
    expect(names([`/b/${"long ".repeat(100)}.yaml`])[0]!.length).toBeLessThanOrEqual(80);
  });
});
