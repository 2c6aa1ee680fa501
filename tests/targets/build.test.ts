// The Lua build: what it makes, and that it fails on all that is not right.

import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { buildFirmware } from "../../emulator/cli/firmware";
import { keptParts, stampOf } from "../../emulator/cli/kept-build";
import { LuaBuildError, buildLua } from "../../emulator/lua/build";
import { link } from "../../emulator/lua/link";
import type { LuaModule } from "../../emulator/lua/link";
import { createLuaFactory, luaBytecode } from "../../emulator/lua/host";
import { smallBoard } from "./small-board";

const root = resolve(import.meta.dirname, "../..");
mkdirSync(join(root, "build"), { recursive: true });
// Below the repository, because the replaced standard library is looked for from there.
const scratch = mkdtempSync(join(root, "build/lua-test-"));
afterAll(() => rmSync(scratch, { recursive: true }));

let projects = 0;

/** Writes a project of these files with the firmware's settings; gives the path of its tsconfig. */
function project(files: Record<string, string>): string {
  projects += 1;
  const folder = join(scratch, `p${projects}`);
  mkdirSync(folder);
  const tsconfig = JSON.stringify({ extends: join(root, "firmware/tsconfig.json"), compilerOptions: { rootDir: "." }, include: ["*.ts"] });
  for (const [name, text] of Object.entries({ "tsconfig.json": tsconfig, ...files })) writeFileSync(join(folder, name), text);
  return join(folder, "tsconfig.json");
}

const CONTROLLER = `export function createController(this: void): object {
  return { boot: (now: number): number => twice(now), wake: (now: number): number => now + K.two, event: (): number => 1, received: (): number => 1 };
}`;

test("links what the entry reaches, in order, with constants inlined", async () => {
  const path = project({
    "controller.ts": `import { K } from "./constants";\nimport { twice } from "./twice";\n${CONTROLLER}\n`,
    "twice.ts": 'import { K } from "./constants";\nexport function twice(n: number): number {\n  return n * K.two;\n}\n',
    "constants.ts": "export const enum K { two = 2 }\n",
    "unused.ts": "export const nobody = 12_345;\n",
  });
  const build = buildLua(path);
  expect(build.text).not.toMatch(/require|constants|12345|lualib/);
  expect(build.text.indexOf("n * 2")).toBeGreaterThan(0);
  expect(build.text.indexOf("n * 2")).toBeLessThan(build.text.indexOf("createController"));
  expect(build.sources.map((file) => file.slice(path.length - "tsconfig.json".length))).toEqual(["constants.ts", "controller.ts", "twice.ts"]);
  const line = build.text.slice(0, build.text.indexOf("n * 2")).split("\n").length;
  expect(build.where(line)).toBe("twice.ts:3");
  expect(build.where(1)).toBeUndefined();
  expect((await createLuaFactory(build))(smallBoard().board).boot(21, 1, 0, 0)).toBe(42);
});

const BAD: readonly (readonly [string, Record<string, string>, RegExp])[] = [
  ["a type error", { "controller.ts": "export const a: number = true;" }, /controller\.ts\(1,14\): error TS2322/],
  ["a syntax error", { "controller.ts": "export const = 1;" }, /controller\.ts\(1,14\): error TS/],
  ["a warning: zero is true in Lua", { "controller.ts": "export function f(n: number): number {\n  if (n) return 1;\n  return 2;\n}" }, /controller\.ts\(2,7\): warning.*Only false and nil/],
  ["a warning in a file that nobody imports", { "controller.ts": "export const a = 1;", "x.ts": "export function f(n: number): number {\n  while (n) return 1;\n  return 2;\n}" }, /x\.ts\(2,10\): warning/],
  ["what Lua has not", { "controller.ts": "export const f = (n: number): number => n >> 1;" }, /controller\.ts\(1,\d+\): error.*right shift/],
  ["a name of the standard library", { "controller.ts": "export const t = Date.now();" }, /Cannot find name 'Date'/],
  ["a method of the standard library", { "controller.ts": "export const t = [2, 1].sort();" }, /Property 'sort' does not exist/],
  ["an enumeration of another file that is not constant", { "controller.ts": 'import { E } from "./e";\nexport const a = [E.x];\nexport class K { readonly n = 1; }', "e.ts": "export enum E { x = 1 }" }, /needs TypeScriptToLua's library/],
  ["a circle", { "controller.ts": 'import { b } from "./b";\nexport const a = (): number => b();', "b.ts": 'import { a } from "./controller";\nexport const b = (): number => a();' },
    /circle: controller > b > controller/],
  ["no entry", { "other.ts": "export const a = 1;" }, /no module controller/],
  ["a module that is not there", { "controller.ts": 'import { a } from "./gone";\nexport const b = a;' }, /Cannot find module '\.\/gone'/],
];

test.each(BAD)("fails on %s", (_, files, message) => {
  const path = project(files);
  expect(() => buildLua(path)).toThrow(message);
  expect(() => buildLua(path)).toThrow(LuaBuildError);
});

test("fails without a project", () => {
  expect(() => buildLua(join(scratch, "nowhere/tsconfig.json"))).toThrow(/nowhere.tsconfig\.json/);
});

test("the firmware builds, needs nothing of TypeScriptToLua's library, and has no global but math", async () => {
  const { text, sources } = await buildFirmware();
  expect(text).toContain("createController");
  expect(sources.map((file) => file.slice(root.length + 1))).toEqual(expect.arrayContaining(["firmware/controller.ts", "firmware/schedule.ts", "protocol/integers.ts", "protocol/device/session.ts", "hal/board.ts", "protocol/operations.ts"]));
  expect(sources.filter((file) => /emulator|tests|fault-texts|names\.ts/.test(file.slice(root.length)))).toEqual([]);
});

test("two builds of the firmware give the same text and the same bytecode", async () => {
  const [a, b] = [await buildFirmware(), buildLua(join(root, "firmware/tsconfig.json"))];
  // The first is the one kept on disk, of this process or an earlier one: it is what the compiler makes of these sources now.
  expect(a.text).toBe(b.text);
  expect(a.sources).toEqual(b.sources);
  const line = a.text.split("\n").findIndex((text) => text.includes("board.motor.pulse(")) + 1;
  expect(a.where(line)).toMatch(/^firmware\/.*\.ts:\d+$/);
  expect(a.where(line)).toBe(b.where(line));
  const bytes = await luaBytecode(a);
  expect(bytes.subarray(0, 5)).toEqual(Uint8Array.of(0x1b, 0x4c, 0x75, 0x61, 0x54));
  expect(bytes).toEqual(await luaBytecode(b));
  expect(bytes.length).toBe((await createLuaFactory(a, { stripped: true })).bytecode);
});

test("a kept build is that of its sources alone: another byte, file or name has another stamp", () => {
  const tree = join(scratch, "tree");
  for (const folder of ["firmware", "hal", "protocol/device", "emulator/lua"]) mkdirSync(join(tree, folder), { recursive: true });
  const seen: string[] = [];
  const after = (name: string, text: string): void => {
    writeFileSync(join(tree, name), text);
    seen.push(stampOf(tree));
  };
  after("firmware/a.ts", "const a = 1;");
  after("firmware/a.ts", "const a = 2;");
  after("firmware/tsconfig.json", "{}");
  after("hal/b.ts", "");
  after("protocol/device/c.ts", "");
  after("emulator/lua/link.ts", "");
  renameSync(join(tree, "hal/b.ts"), join(tree, "hal/d.ts"));
  seen.push(stampOf(tree));
  expect(new Set(seen).size).toBe(7);
  after("hal/d.ts", "");
  expect(seen[7]).toBe(seen[6]);
  for (const stamp of seen) expect(keptParts(stamp)).toBeUndefined();
  expect(keptParts(stampOf())?.text).toContain("createController");
});

test("links nothing twice, and names a module that nobody has", () => {
  const module = (name: string, ...needs: string[]): [string, LuaModule] =>
    [name, { name, source: `${name}.ts`, map: "", text: `local ____exports = {}\n${needs.map((need) => `local x = require("${need}")`).join("\n")}\nreturn ____exports\n` }];
  const linked = link(new Map([module("a", "b", "c"), module("b", "c"), module("c"), module("d")]), "a");
  expect(linked.modules.map(({ name }) => name)).toEqual(["c", "b", "a"]);
  expect(linked.text).toMatch(/^local M_c, M_b, M_a\n/);
  expect(linked.text).toMatch(/M_a = ____exports\nend\nreturn M_a\n$/);
  expect(() => link(new Map([module("a", "x")]), "a")).toThrow("no module x, required by a");
});
