// The firmware keeps within its memory budget, and the gates can be passed.

import { expect, test } from "vitest";
import { judge, readGates } from "./budget";
import { commentFree } from "./comment-free";
import { GATES, measureBudget } from "./measure-budget";
import type { Gate } from "./measure-budget";

test("the firmware is within every gate, and past each one that is set below it", async () => {
  const budget = await measureBudget();
  expect(judge(budget, GATES)).toMatchObject({ over: false });
  for (const gate of Object.keys(GATES) as Gate[]) {
    const verdict = judge(budget, { ...GATES, [gate]: budget.gated[gate] - 1 });
    expect(verdict.over, gate).toBe(true);
    expect(verdict.text).toMatch(new RegExp(`${gate}  OVER`));
  }
  // Figures that cannot be: something was not measured.
  expect(budget.typescript).toBeGreaterThan(20_000);
  expect(budget.gated.arrays).toBeGreaterThan(4000);
  expect(budget.gated.boot).toBeGreaterThan(budget.bytecode);
  expect(budget.in_flash).toBeGreaterThan(budget.bytecode);
  expect(budget.in_flash).toBeLessThan(budget.gated.boot);
  expect(budget.gated.peak).toBeGreaterThanOrEqual(budget.gated.boot);
});

test("a gate is lowered by its name", () => {
  expect(readGates([])).toEqual(GATES);
  expect(readGates(["--gate", "peak=1000", "--gate", "boot=5"])).toEqual({ ...GATES, peak: 1000, boot: 5 });
});

test.each([[["--gate"]], [["--gate", "peek=5"]], [["--gate", "peak"]], [["--gate", "peak=-5"]], [["--gate", "peak=9999999"]], [["x"]], [["--gates", "peak=5"]]])(
  "%j is refused", (args) => {
    expect(() => readGates(args)).toThrow(/--gate/);
  });

test("comments and blank lines do not count, text that looks like them does", () => {
  expect(commentFree("// a\n\nconst a = 1; // b\n/** c\n * d */\nexport const s = '// no';\n\n")).toBe("const a = 1;\nexport const s = '// no';\n");
});
