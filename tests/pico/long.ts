// npm run pico: hours of every scenario on the chip, against node.

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { openTarget } from "../../emulator/cli/targets";
import { exclusionsOf } from "../../emulator/pico/exclusions";
import type { Pico } from "../../emulator/pico/pico";
import type { Scenario } from "../../emulator/scenario/scenario";
import type { Program } from "../../emulator/brain";
import { library } from "../golden/golden";
import { prefixOf } from "./prefix";

const { values } = parseArgs({ options: { hours: { type: "string", default: "6" }, filter: { type: "string", default: "" } } });
const until_ms = Number(values.hours) * 3_600_000;

/** Runs both, prints a line, and the first event that differs; true if they are equal. */
function compare(name: string, scenario: Scenario, node: Program, pico: Program): boolean {
  const wanted = prefixOf(scenario, node, until_ms);
  const began_ms = performance.now();
  const seen = prefixOf(scenario, pico, until_ms);
  const real_ms = performance.now() - began_ms;
  const chip = seen.bench.processor as Pico;
  const virtual_ms = Math.min(until_ms, seen.bench.engine.now_us / 1000);
  const equal = wanted.digest === seen.digest && seen.violations.length === wanted.violations.length;
  console.log(`${equal ? "equal" : "DIFFERS"}  ${name}  ${seen.pulses} pulses, latest ${seen.late_us_max} us, heap ${chip.measures.heap.high_water} of ${chip.measures.heap.region}, ${Math.round(virtual_ms / real_ms)} times life`);
  if (equal) return true;
  const at = wanted.events.findIndex((event, i) => event !== seen.events[i]);
  console.log(`  node: ${wanted.events[at] ?? "nothing more"}\n  pico: ${seen.events[at] ?? "nothing more"} ${seen.error ?? ""} ${seen.violations.join("; ")}`);
  return false;
}

const node = await openTarget("node");
const pico = await openTarget("pico");
let differ = 0;
for (const [name, scenario] of library()) {
  if (!name.includes(values.filter)) continue;
  const excluded = exclusionsOf(readFileSync(scenario.file, "utf8"));
  for (const { why, left_out } of excluded) console.log(`${left_out ? "left out" : "may differ"}  ${name}  ${why}`);
  if (excluded.some(({ left_out }) => left_out)) continue;
  if (!compare(name, scenario, node, pico) && excluded.length === 0) differ++;
}
console.log(`${differ} differ`);
process.exitCode = differ === 0 ? 0 : 5;
