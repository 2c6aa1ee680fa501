// Reports that other processes write: the same files, the same verdicts.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { plainWorker } from "../../emulator/cli/bundle";
import { makeAll, ProcessLane } from "../../emulator/cli/lanes";
import { select } from "../../emulator/cli/select";
import { Folder, run, SCENARIOS } from "../cli/harness";

const folder = new Folder();
afterAll(() => { folder.remove(); });
const at = (...names: string[]): string => join(folder.path, ...names);
mkdirSync(at("s"));
for (const name of ["pass", "expectation"] as const) folder.file(`s/${name}.yaml`, SCENARIOS[name]);

/** Every file below, by name, without what the host's clock says. */
function contents(directory: string): readonly (readonly [string, string])[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true }).filter((each) => each.isFile()).map(({ parentPath, name }) => {
    const path = join(parentPath, name);
    return [path.slice(directory.length), readFileSync(path, "utf8").replaceAll(/time="[\d.]+"/g, "")] as const;
  }).sort(([a], [b]) => (a < b ? -1 : 1));
}

it("are the same whoever writes them, with the verdict that a golden digest gives", async () => {
  const golden = at("golden.json");
  expect((await run(["run", at("s"), "--golden", golden, "--update", "--workers", "1"])).code).toBe(2);
  writeFileSync(golden, readFileSync(golden, "utf8").replace(/"digest": "[0-9a-f]{4}/, '"digest": "ffff'));
  const [one, two] = [await run(["run", at("s"), "--golden", golden, "--workers", "1", "--report", at("one")]), await run(["run", at("s"), "--golden", golden, "--workers", "2", "--report", at("two")])];
  expect([one.code, two.code]).toEqual([2, 2]);
  expect(readFileSync(at("two", "pass", "run.jsonl"), "utf8")).toMatch(/"type":"golden","kind":"therapy".*\n.*"type":"again".*\n.*"verdict":"differs from golden".*\n$/);
  expect(readFileSync(at("two", "pass", "trace.vcd"), "latin1")).toContain("\n\tdiffers from golden, digest ");
  expect(contents(at("two"))).toEqual(contents(at("one")));
}, 60_000);

it("are told to be missing where the process ended under its run", async () => {
  const [first] = select({ paths: [at("s")], tags: [] }, () => undefined) ?? [];
  const dying = new ProcessLane({ target: "node", lag_ms: 0, json: false }, undefined, plainWorker(fileURLToPath(new URL("../cli/dying-worker.ts", import.meta.url))), () => ({ folder: at("lost") }));
  const unwritten: (readonly string[] | undefined)[] = [];
  await makeAll([first!], [dying], (_run, made) => { unwritten.push(made.unwritten); return true; });
  expect(unwritten).toEqual([[`${at("lost")}: the process of this run ended with code 7, and what it had begun there is named part`]]);
}, 60_000);
