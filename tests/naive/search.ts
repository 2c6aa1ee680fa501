// Searching: program after program, and what to do about a difference.

import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { errorText } from "../../hal/fault-texts";
import type { ControllerFactory } from "../../hal/controller";
import { compare, plainModel, type Difference, type MakeModel } from "./compare";
import { programOf, programs } from "./generate";
import type { Program } from "./program";
import { scenarioText } from "./scenario-text";

/** What became of a range of programs. */
export interface Searched {
  readonly programs: number;
  readonly pulses: number;
  readonly days: number;
  /** Over the therapy digests, in order. */
  readonly digest: string;
  readonly found: readonly { readonly n: number; readonly difference: Difference }[];
}

export interface How {
  readonly tell?: (n: number) => void;
  readonly make?: MakeModel;
  readonly of?: fc.Arbitrary<Program>;
}

function tried(program: Program, controller: ControllerFactory, make: MakeModel): ReturnType<typeof compare> {
  try {
    return compare(program, controller, make);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { difference: { what: "thrown", at_ms: 0, expected: "nothing", seen: text }, acts: program.acts, answers: [], pulses: 0, days: 0, digest: "" };
  }
}

/** Runs programs number `from` to `to` (not it). */
export function search(controller: ControllerFactory, seed: number, from: number, to: number, { tell = () => undefined, make = plainModel, of = programs }: How = {}): Searched {
  const hash = createHash("sha256");
  const found: { n: number; difference: Difference }[] = [];
  let [count, pulses, days] = [0, 0, 0];
  for (let n = from; n < to; n++) {
    const result = tried(programOf(seed, n, of), controller, make);
    if (result.difference !== undefined) found.push({ n, difference: result.difference });
    hash.update(`${n} ${result.digest}\n`);
    count++;
    pulses += result.pulses;
    days += result.days;
    tell(n);
  }
  return { programs: count, pulses, days, digest: hash.digest("hex").slice(0, 16), found };
}

/** Makes program n smaller for as long as it differs in the same way, and writes it as a scenario. Gives the file. */
export function shrink(controller: ControllerFactory, seed: number, n: number, kind: string, folder: string, command: string, { make = plainModel, of = programs }: How = {}, seconds = 300): string {
  const check = fc.check(fc.property(of, (program) => tried(program, controller, make).difference?.what !== kind), { seed: seed * 1_000_003 + n, numRuns: 1, endOnFailure: false, interruptAfterTimeLimit: seconds * 1000 });
  const program = check.counterexample?.[0] ?? programOf(seed, n, of);
  const { acts, answers, difference } = tried(program, controller, make);
  const about = `Found by the naive model, seed ${seed} program ${n} (${command}). ${difference?.what ?? "nothing"} at ${difference?.at_ms ?? 0} ms: expected ${difference?.expected ?? ""}, seen ${difference?.seen ?? ""}.`;
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `naive-${seed}-${n}.yaml`);
  writeFileSync(file, scenarioText(`Found by the naive model: ${seed}-${n}`, about, program, acts, answers, (fault) => errorText(fault).name));
  return file;
}
