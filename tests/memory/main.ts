// npm run memory: every bit of every critical value flipped, one at a time.

// --situation NAME, --place COPY (both again and again), --value NAME, --one_of N for a sample, --seed N; a WRONG one prints the command that repeats it. Some 550 000 runs, 4.5 ms of a
// core each. `--situation "inside an entry"` is measured apart: what flips between a check and a use is beyond what a check at each entry can hold.

import { parseArgs } from "node:util";
import { createController } from "../../firmware/controller";
import { SITUATIONS, type Situation } from "./scene";
import { Ground, PLACES, textOf, type Bit } from "./sweep";
import { VERDICTS, type Verdict } from "./verdict";

const { values } = parseArgs({ options: {
  seed: { type: "string", default: "1" }, situation: { type: "string", multiple: true }, place: { type: "string", multiple: true },
  value: { type: "string" }, one_of: { type: "string", default: "1" }, only: { type: "string" },
} });

const seed = Number(values.seed);
const every = Number(values.one_of);
const situations = (values.situation ?? Object.keys(SITUATIONS)) as Situation[];
const counts = new Map<string, number[]>();
let wrong = 0;
let runs = 0;

function wanted(bit: Bit, i: number): boolean {
  if (values.only !== undefined) return textOf(bit) === values.only;
  if (values.place !== undefined && !values.place.includes(bit.place)) return false;
  if (values.value !== undefined && bit.value !== values.value) return false;
  // A step that has no factor with the bits of a slot or a byte: so a sample has all of them.
  return i % every === 0;
}

function count(bit: Bit, situation: Situation, verdict: Verdict): void {
  const key = `${bit.place} | ${bit.value} | ${situation}`;
  const row = counts.get(key) ?? VERDICTS.map(() => 0);
  row[VERDICTS.indexOf(verdict)]!++;
  counts.set(key, row);
}

for (const situation of situations) {
  const ground = new Ground(createController, seed, situation);
  const bits = ground.bits().filter(wanted);
  for (const bit of bits) {
    const { verdict, why } = ground.judge(bit);
    runs++;
    count(bit, situation, verdict);
    if (verdict !== "WRONG" && values.only === undefined) continue;
    if (verdict === "WRONG") wrong++;
    console.log(`${verdict}: ${bit.value}, ${situation}: ${why}\n  npm run memory -- --seed ${seed} --situation "${situation}" --only "${textOf(bit)}"`);
  }
  console.error(`${situation}: ${bits.length} bits`);
}

console.log(`\n${["copy", "value", "situation", ...VERDICTS].join(" | ")}`);
for (const [key, row] of counts) console.log(`${key} | ${row.map((n) => (n === 0 ? "." : String(n))).join(" | ")}`);
for (const place of PLACES) {
  for (const situation of situations) {
    const rows = [...counts].filter(([key]) => key.startsWith(place) && key.endsWith(`| ${situation}`));
    if (rows.length > 0) console.log(`all of ${place} | ${situation} | ${VERDICTS.map((verdict, i) => `${verdict} ${rows.reduce((sum, [, row]) => sum + row[i]!, 0)}`).join(" | ")}`);
  }
}
console.log(`${runs} flips, seed ${seed}${every === 1 ? "" : `, one of ${every}`}: ${wrong} WRONG`);
process.exitCode = wrong === 0 ? 0 : 3;
