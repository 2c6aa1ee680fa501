// The linter's rules for the firmware's subset: each catches what it is for.

import { Linter } from "eslint";
import { ESLint } from "eslint";
import { resolve } from "node:path";
import { parser } from "typescript-eslint";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");

/** Messages of the one rule that needs no types, as configured for `path`. */
async function lint(path: string, code: string): Promise<readonly string[]> {
  const config = await new ESLint({ cwd: root }).calculateConfigForFile(resolve(root, path)) as { rules: Record<string, Linter.RuleEntry> };
  const entry = config.rules["no-restricted-syntax"] ?? "off";
  return new Linter().verify(code, [{ files: ["**/*.ts"], languageOptions: { parser }, rules: { "no-restricted-syntax": entry } }], path).map(({ message }) => message);
}

/** Not in the firmware's subset, each with a word of the reason given. */
const BANNED: readonly (readonly [string, string])[] = [
  ["a % b", "imod"], ["a %= b", "imod"], ["a / b", "idiv"], ["a /= b", "idiv"], ["a ** b", "float"], ["a = 1.5", "float"], ["a = 0.5", "float"],
  ["a | 0", "fails in Lua"], ["~a", "fails in Lua"], ["a >> 1", "Node only"], ["a >>= 1", "Node only"], ["a << 8", "32 bits"], ["a <<= 1", "32 bits"],
  ["-a", "-0"], ["-0", "-0"], ["+a", "number"], ["null", "nil"], ["a[0] = undefined", "Shortens"], ["a.push(undefined)", "Shortens"], ["[undefined]", "Shortens"],
  ["try { f(); } finally { g(); }", "panics"], ["throw a", "panics"], ["`x`", "text"], ["f`x`", "text"], ["'\u00e9'", "ASCII"],
  ["for (const k in a) f(k)", "random"], ["'k' in a", "random"], ["for (const b of a) f(b)", "ipairs"], ["f(...a)", "Allocates"], ["[...a]", "Allocates"], ["function f(...a: number[]) {}", "Allocates"],
  ["while (a) { f(() => 1); }", "closure"], ["for (;;) { f(function () { return 1; }); }", "closure"], ["async function f() {}", "waits"], ["function* f() {}", "waits"],
  ["a = { get b() { return 1; } }", "field"], ["class A {}", "Flat"], ["this.a", "Flat"], ["a = /x/", "Lua"], ["a = 1n", "Lua"], ["x: f()", "Lua"], ["typeof a", "Lua"],
  ["delete a.b", "Lua"], ["a instanceof b", "Lua"], ["export let a = 1", "copied"], ["export * from './a'", "copied"], ["export default 1", "copied"],
  ["enum A { b }", "const enum"], ["import { type A } from './a'", "import type"], ["import * as a from './a'", "import type"], ["new A()", "library"],
];

test.each(BANNED)("the firmware may not hold: %s", async (code, reason) => {
  expect((await lint("firmware/controller.ts", code)).join(" ")).toContain(reason);
});

test("the firmware may hold what means the same on both targets", async () => {
  const code = `import { idiv } from "./math"; import type { Pump } from "./state"; export const enum A { b = 2 } export const c = { d: -1 };
    export function f(p: Pump, a: number): number { if (a === 0 || p.x < -5) return a & 7; for (let i = 0; i < 3; i++) a = a * 2 - (1 << i); return (a ^ 3) >>> 1; }`;
  expect(await lint("firmware/controller.ts", code)).toEqual([]);
});

test("only protocol/integers.ts divides", async () => {
  expect(await lint("protocol/integers.ts", "Math.floor(a / b) + a % b")).toEqual([]);
  expect(await lint("protocol/integers.ts", "a >> b")).toHaveLength(1);
});

test("the emulator's core may not look at the wall, its command line may", async () => {
  expect(await lint("emulator/bench.ts", "Date.now()")).toHaveLength(1);
  expect(await lint("emulator/bench.ts", "new Date()")).toHaveLength(1);
  expect(await lint("emulator/bench.ts", "d.getHours()")).toHaveLength(1);
  expect(await lint("emulator/bench.ts", "new Date(ms).toISOString()")).toEqual([]);
  expect(await lint("emulator/cli/main.ts", "Date.now()")).toEqual([]);
});
