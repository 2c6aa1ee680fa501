// The one check of types and style: it sees what tsc and eslint see.

import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { Folder } from "../cli/harness";
import { lintErrors, programOf, typeErrors } from "./check";

const folder = new Folder();
afterAll(() => { folder.remove(); });

/** Options as in tsconfig.json, with a small library: nothing here is about that. */
const OPTIONS = { target: "ES2022", lib: ["ES5"], types: [], strict: true, noUnusedLocals: true, noUncheckedIndexedAccess: true, skipLibCheck: true, noEmit: true };

describe("npm run check", () => {
  mkdirSync(join(folder.path, "emulator"));
  folder.file("tsconfig.json", JSON.stringify({ compilerOptions: OPTIONS, include: ["emulator"] }));
  folder.file("emulator/right.ts", "export const right: number = 1;\n");
  folder.file("emulator/wrong.ts", "const unused = 1;\nexport const first = (list: readonly number[]): number => list[0];\n");
  folder.file("emulator/typed.ts", "export const same = (a: number | undefined): boolean => (a ? true : false);\nexport const now = Date.now();\n");
  folder.file("outside.ts", "export {};\n");
  const program = programOf(join(folder.path, "tsconfig.json"));

  test("names each error that tsc names, with its place, and no other", () => {
    const lines = typeErrors(program).trimEnd().split("\n").filter((line) => !line.startsWith(" ")).map((line) => line.replace(/^.*emulator/, "emulator"));
    expect(lines).toEqual([
      expect.stringMatching(/^emulator\/wrong\.ts\(1,7\): error TS6133: 'unused'/),
      expect.stringMatching(/^emulator\/wrong\.ts\(2,59\): error TS2322: Type 'number \| undefined'/),
    ]);
  });

  test("names what the linter finds with types and without, and a file that no program has", async () => {
    const said = await lintErrors(folder.path, [{ program, files: "**/*.ts" }], resolve(import.meta.dirname, "../../eslint.config.mjs"));
    expect(said).toContain("@typescript-eslint/strict-boolean-expressions");
    expect(said).toContain("The host's clock");
    expect(said).toMatch(/The file was not found in any of the provided program instance\(s\): .*outside\.ts/);
    expect(said).not.toContain("right.ts");
  });

  test("stops at a configuration that is not there", () => {
    expect(() => programOf(join(folder.path, "none.json"))).toThrow("none.json");
  });
});
