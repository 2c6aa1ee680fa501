// The house rules hold for every file, and each rule can be broken.

import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import * as rules from "./rules";
import type { Rule } from "./rules";
import { readFiles } from "./source";
import type { Files } from "./source";

const repository = readFiles(resolve(import.meta.dirname, "../.."));

/** Rule, what is planted, and what must be found. */
const PLANTED: readonly (readonly [keyof typeof rules, Record<string, string>, string])[] = [
  ["top", { "tools/x.ts": "" }, "tools: does not belong at the top"],
  ["readmes", { "hal/README.md": "" }, "firmware/README.md: missing"],
  ["arrows", { "emulator/a.ts": 'import { b } from "../firmware/b";', "firmware/b.ts": "" }, "emulator/a.ts: imports firmware/b: no arrow from emulator/ there"],
  ["arrows", { "emulator/a.ts": 'import type { B } from "../firmware/b";', "firmware/b.ts": "" }, "emulator/a.ts: imports firmware/b: no arrow from emulator/ there"],
  ["arrows", { "emulator/a.ts": 'const b = await import("../firmware/b");', "firmware/b.ts": "" }, "emulator/a.ts: imports firmware/b: no arrow from emulator/ there"],
  ["arrows", { "emulator/a.ts": 'export * from "../tests/b";', "tests/b.ts": "" }, "emulator/a.ts: imports tests/b: no arrow from emulator/ there"],
  ["arrows", { "hal/a.ts": 'import { b } from "../protocol/b";', "protocol/b.ts": "" }, "hal/a.ts: imports protocol/b: no arrow from hal/ there"],
  ["arrows", { "protocol/a.ts": 'import { b } from "../firmware/b";', "firmware/b.ts": "" }, "protocol/a.ts: imports firmware/b: no arrow from protocol/ there"],
  ["arrows", { "firmware/a.ts": 'import { b } from "../emulator/b";', "emulator/b.ts": "" }, "firmware/a.ts: imports emulator/b: no arrow from firmware/ there"],
  ["arrows", { "firmware/a.ts": 'import { b } from "yaml";' }, "firmware/a.ts: imports the package yaml; firmware/ has none"],
  ["arrows", { "hal/a.ts": 'import { b } from "node:fs";' }, "hal/a.ts: imports the package node:fs; hal/ has none"],
  ["arrows", { "firmware/a.ts": 'import { b } from "../protocol/names";', "protocol/names.ts": "" }, "firmware/a.ts: imports protocol/names: texts are for hosts, not for an image"],
  ["arrows", { "emulator/a.ts": 'import { b } from "./cli/b";', "emulator/cli/b.ts": "" }, "emulator/a.ts: imports emulator/cli/b: the command line composes, nothing uses it"],
  ["arrows", { "hal/a.ts": 'import { b } from "./b.js";', "hal/b.ts": "" }, 'hal/a.ts: imports "./b.js", which is no file; relative imports have no extension'],
  ["circles", { "hal/a.ts": 'import { b } from "./b";', "hal/b.ts": 'import { c } from "./c";', "hal/c.ts": 'import { a } from "./a";' }, "hal/a.ts > hal/b.ts > hal/c.ts > hal/a.ts: a circle"],
  ["circles", { "hal/a.ts": 'import type { b } from "./b";', "hal/b.ts": 'import type { a } from "./a";' }, "hal/a.ts > hal/b.ts > hal/a.ts: a circle"],
  ["circles", { "hal/a.tsx": 'import { b } from "./b";', "hal/b.ts": 'import { a } from "./a";' }, "hal/a.tsx > hal/b.ts > hal/a.tsx: a circle"],
  ["sizes", { "hal/a.ts": "\n".repeat(501) }, "hal/a.ts: 501 lines, more than 500"],
  ["sizes", { "hal/a.ts": `function f() {${"\n".repeat(59)}}` }, "hal/a.ts:1: function f has 60 lines, more than 59"],
  ["sizes", { "hal/a.ts": `export const o = {\n  g: () => {${"\n".repeat(70)}},\n};` }, "hal/a.ts:2: function g has 71 lines, more than 59"],
  ["openings", { "hal/a.ts": "export const a = 1;\n" }, "hal/a.ts: opens without a line comment of at most 80 characters"],
  ["openings", { "emulator/page/a.tsx": "export const a = 1;\n" }, "emulator/page/a.tsx: opens without a line comment of at most 80 characters"],
  ["openings", { "hal/a.ts": `// ${"x".repeat(78)}\n` }, "hal/a.ts: opens without a line comment of at most 80 characters"],
  ["openings", { "emulator/cli/a.mjs": "#!/usr/bin/env node\nimport x from 'x';\n" }, "emulator/cli/a.mjs: opens without a line comment of at most 80 characters"],
  ["hostNames", { "emulator/a.ts": "const t = Date.now();" }, "emulator/a.ts:1: Date.now is the host's"],
  ["hostNames", { "emulator/a.ts": "\nconst t = new Date();" }, "emulator/a.ts:2: Date is the host's"],
  ["hostNames", { "emulator/a.ts": "const t = new Date(2026, 1);" }, "emulator/a.ts:1: Date is the host's"],
  ["hostNames", { "emulator/a.ts": "const t = performance.now();" }, "emulator/a.ts:1: performance.now is the host's"],
  ["hostNames", { "protocol/a.ts": "const t = Math.random();" }, "protocol/a.ts:1: Math.random is the host's"],
  ["hostNames", { "emulator/a.ts": "setTimeout(f, 1);" }, "emulator/a.ts:1: setTimeout is the host's"],
  ["hostNames", { "emulator/a.ts": 'import { performance as p } from "node:perf_hooks";' }, "emulator/a.ts: imports node:perf_hooks, which is the host's"],
  ["firmwareNames", { "firmware/a.ts": "const m = new Map();" }, "firmware/a.ts:1: Map is not for the firmware"],
  ["firmwareNames", { "firmware/a.ts": "const m = Math.round(1);" }, "firmware/a.ts:1: Math.round is not for the firmware"],
  ["firmwareNames", { "firmware/a.ts": "const m = Object.keys(o);" }, "firmware/a.ts:1: Object.keys is not for the firmware"],
  ["unfinished", { "tests/a.test.ts": "test.only('x', f);" }, "tests/a.test.ts:1: skipped or unfinished: test.only('x', f);"],
  ["unfinished", { "hal/a.ts": "// TODO later" }, "hal/a.ts:1: skipped or unfinished: // TODO later"],
];

/** What looks like a breach and is none. */
const ALLOWED: readonly (readonly [keyof typeof rules, Record<string, string>])[] = [
  ["arrows", { "emulator/cli/a.ts": 'import { b } from "../../firmware/b";\nimport { c } from "../c";\nimport d from "yaml";', "firmware/b.ts": "", "emulator/c.ts": "" }],
  ["arrows", { "tests/a.ts": 'import { b } from "../firmware/b";', "firmware/b.ts": "" }],
  ["circles", { "hal/a.ts": 'import { b } from "./b";\nimport { c } from "./c";', "hal/b.ts": 'import { c } from "./c";', "hal/c.ts": "" }],
  ["sizes", { "tests/a.test.ts": `describe("x", () => {${"\n".repeat(100)}});`, "hal/a.ts": `function f() {${"\n".repeat(58)}}` }],
  ["openings", { "emulator/cli/a.mjs": "#!/usr/bin/env node\n// Starts it.\n" }],
  ["hostNames", { "emulator/a.ts": "const d = new Date(ms).toISOString(); const u = Date.UTC(2026, 0); const o = { performance: 1 }; o.performance;", "emulator/cli/b.ts": "Date.now();", "emulator/page/c.ts": "setTimeout(f, 1);" }],
  ["firmwareNames", { "firmware/a.ts": "const o = { Map: Math.floor(1) }; o.Map;", "emulator/b.ts": "new Map();" }],
];

function files(planted: Record<string, string>): Files {
  return new Map(Object.entries(planted));
}

describe("the house", () => {
  test("is read as a whole", () => {
    for (const path of ["hal/board.ts", "protocol/operations.ts", "emulator/lua/host.ts", "tests/layout/rules.ts", "package.json"]) expect(repository.has(path), path).toBe(true);
  });

  for (const [name, rule] of Object.entries(rules)) {
    if (typeof rule !== "function") continue;
    test(`keeps the rule ${name}`, () => {
      expect(rule(repository)).toEqual([]);
    });
    test(`could break the rule ${name}`, () => {
      expect(PLANTED.some(([planted]) => planted === name)).toBe(true);
    });
  }
});

describe("a planted breach is found", () => {
  test.each(PLANTED)("%s %o", (name, planted, finding) => {
    expect((rules[name] as Rule)(files(planted))).toContain(finding);
  });
  test.each(ALLOWED)("and what is no breach is not: %s %o", (name, planted) => {
    expect((rules[name] as Rule)(files(planted))).toEqual([]);
  });
});
