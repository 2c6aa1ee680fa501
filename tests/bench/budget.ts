// npm run budget: what the firmware takes of the chip's memory, and the gates.

import { GATES, measureBudget } from "./measure-budget";
import type { Budget, Gate } from "./measure-budget";

const WHAT: Readonly<Record<Gate, string>> = {
  arrays: "lists of numbers, live",
  boot: "Lua heap after boot",
  peak: "Lua heap at its peak",
  growth: "growth after 300 pulses",
};

class UsageError extends Error {}

/** Reads `--gate NAME=BYTES`, any number of them: a gate can only be lowered. */
export function readGates(args: readonly string[]): Record<Gate, number> {
  const gates: Record<Gate, number> = { ...GATES };
  for (let i = 0; i < args.length; i += 2) {
    const [flag, value = ""] = args.slice(i, i + 2);
    const [, name = "", bytes = ""] = /^([a-z]+)=([0-9]+)$/.exec(value) ?? [];
    if (flag !== "--gate" || !(name in gates)) throw new UsageError(`expected --gate NAME=BYTES with NAME one of ${Object.keys(gates).join(", ")}, got: ${args.slice(i).join(" ")}`);
    const gate = name as Gate;
    if (Number(bytes) > gates[gate]) throw new UsageError(`--gate ${value}: a gate can be lowered, not raised above ${gates[gate]}`);
    gates[gate] = Number(bytes);
  }
  return gates;
}

/** The report, and whether a gate is passed. */
export function judge(budget: Budget, gates: Readonly<Record<Gate, number>>): { readonly text: string; readonly over: boolean } {
  const row = (what: string, bytes: number, rest: string): string => `${what.padEnd(30)}${bytes.toLocaleString("en-US").padStart(10)}  ${rest}`.trimEnd();
  const lines = [row("TypeScript without comments", budget.typescript, "bytes"), row("Lua text", budget.lua, `bytes, of ${budget.files} files`), row("stripped bytecode", budget.bytecode, "bytes"),
    row("the same linked for flash", budget.in_flash, "bytes, which the heap below holds and the chip's does not")];
  let over = false;
  for (const gate of Object.keys(gates) as Gate[]) {
    const past = budget.gated[gate] > gates[gate];
    over ||= past;
    lines.push(row(WHAT[gate], budget.gated[gate], `of ${gates[gate].toLocaleString("en-US").padStart(7)} bytes  ${gate}${past ? "  OVER" : ""}`));
  }
  return { text: `${lines.join("\n")}\n`, over };
}

/** Exit codes of the house: 0 within, 1 usage, 2 past a gate. */
async function main(args: readonly string[]): Promise<number> {
  try {
    const gates = readGates(args);
    const { text, over } = judge(await measureBudget(), gates);
    process.stdout.write(text);
    if (over) process.stderr.write("budget: past a gate\n");
    return over ? 2 : 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`budget: ${error.message}\n`);
    return 1;
  }
}

if (process.argv[1] === import.meta.filename) process.exitCode = await main(process.argv.slice(2));
