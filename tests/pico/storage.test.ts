// The image's storage: power cut within any flash operation leaves old or new.

import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Folder } from "../cli/harness";

const src = resolve(import.meta.dirname, "../../hal/pico/src");
const folder = new Folder();
const program = join(folder.path, "cuts");
afterAll(() => { folder.remove(); });

/** As on the chip, but by this machine's compiler, with its checks for memory and undefined behaviour. */
function compile(): string {
  const files = ["storage.c", "journal.c", "log.c", "tally.c", "sectors.c"].map((name) => join(src, name));
  const flags = ["-std=c11", "-O1", "-Wall", "-Wextra", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", `-I${src}`];
  return spawnSync("cc", [...flags, join(import.meta.dirname, "storage-cuts.c"), join(import.meta.dirname, "link.c"), ...files, "-o", program], { encoding: "utf8" }).stderr;
}

function cutTests(): void {
  beforeAll(() => { expect(compile()).toBe(""); });

  // 500 cuts fall on some 15 000 transactions: the log goes round its ring, and each area of the journal is full a hundred times.
  test.each([1, 2, 3])("500 lives that end in a cut, seed %i (MEM-2a)", (seed) => {
    const { status, stdout, stderr } = spawnSync(program, [String(seed), "500"], { encoding: "utf8" });
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^\d{5} transactions, 4\d{3} records kept\n$/);
    expect(status).toBe(0);
  });
}

const compiler = spawnSync("cc", ["--version"]).status === 0;
// With CI=true a missing compiler is a failure like any other.
if (compiler || process.env["CI"] === "true") describe("storage", cutTests);
else test("storage was not tested: this machine has no C compiler of its own (apt-get install gcc libc6-dev)", () => { expect(compiler).toBe(false); });
