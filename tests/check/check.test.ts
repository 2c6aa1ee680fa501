// The type checker and the linter, on everything: as one of the tests.

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const root = new URL("../../", import.meta.url);

// In a process of its own, and among the first: for a minute it takes what one core gives, and the other tests go on beside it.
test("nothing found by the type checker and the linter", { timeout: 600_000 }, async () => {
  const { scripts } = JSON.parse(readFileSync(new URL("package.json", root), "utf8")) as { readonly scripts: Readonly<Record<string, string>> };
  const [program, ...args] = scripts["check"]!.split(" ");
  expect(program).toBe("node");
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, maxBuffer: 1e8 }).catch((failed: unknown) => failed as { readonly stdout: string });
  expect(stdout.trim().split("\n")).toEqual(["tsc -p tsconfig.json", "tsc -p firmware/tsconfig.json", "tsc -p emulator/page/tsconfig.json", "eslint ."].map((by) => `${by}: nothing found`));
});
