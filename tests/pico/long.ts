// npm run pico:long: hours of every scenario and days of ten on the chip.

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { openTarget } from "../../emulator/cli/targets";
import { exclusionsOf, START_LATE_MS, type Exclusion } from "../../emulator/pico/exclusions";
import type { Pico } from "../../emulator/pico/pico";
import type { Scenario } from "../../emulator/scenario/scenario";
import type { Program } from "../../emulator/brain";
import { library } from "../golden/golden";
import { RecordKind } from "../../protocol/records";
import { prefixOf, type Prefix } from "./prefix";

const { values } = parseArgs({
  options: {
    hours: { type: "string", default: "6" }, days: { type: "string", default: "3" }, filter: { type: "string", default: "" },
    workers: { type: "string", default: String(availableParallelism()) }, shard: { type: "string" },
  },
});
const HOUR_MS = 3_600_000;

/** Ten that have something to show for days: schedules, stalls, a stop, refills, alarms, the wand. */
const TEN = [
  "basal/seven-days", "basal/regimen-morning", "basal/weekday-schedule", "motor/three-fields", "motor/stall-and-recovery", "alarms/left-stopped-21-days", "reservoir/low-by-setting",
  "reservoir/pocket-fill.", "clock/year-end", "link/month",
];

interface Targets {
  readonly node: Program;
  readonly lua: Program;
  readonly pico: Program;
}

/** How long after its command a late edge came, which a start may have come between: as late as the event itself. */
const SINCE = new RegExp(`^(\\d+ ms record ${RecordKind.late_edge}) (\\d+)`);

/** Whether two events are one, but that it comes up to `START_LATE_MS` later. */
function sameButTime(wanted: string, seen = ""): boolean {
  const late_ms = parseInt(seen) - parseInt(wanted);
  const [, , since = ""] = SINCE.exec(wanted) ?? [];
  if (late_ms > 0 && since !== "") return sameButTime(wanted.replace(SINCE, `$1 ${String(Number(since) + late_ms)}`).replace(/^\d+/, String(parseInt(seen))), seen);
  return wanted.replace(/^\d+/, "") === seen.replace(/^\d+/, "") && late_ms >= 0 && late_ms <= START_LATE_MS;
}

/** Whether the events are those of a digest, as far as it is compared. */
function sameEvents(wanted: Prefix, seen: Prefix, excluded: readonly Exclusion[]): boolean {
  if (wanted.digest === seen.digest || excluded.some(({ left_out }) => left_out === "digest")) return true;
  if (!excluded.some(({ left_out }) => left_out === "times")) return false;
  return wanted.events.length === seen.events.length && wanted.events.every((event, i) => sameButTime(event, seen.events[i]));
}

/** What differs between two runs, in a line each; undefined if nothing does but what is excluded. A violation is never excluded. */
function difference(wanted: Prefix, seen: Prefix, excluded: readonly Exclusion[] = []): string | undefined {
  if (sameEvents(wanted, seen, excluded) && seen.violations.length === 0 && seen.error === wanted.error) return undefined;
  const at = wanted.events.findIndex((event, i) => event !== seen.events[i]);
  return `  node: ${wanted.events[at] ?? "nothing more"}\n  seen: ${seen.events[at] ?? "nothing more"} ${seen.error ?? ""} ${seen.violations.join("; ")}`;
}

/** Runs a scenario on all three, prints a line, and the first event that differs; true if they are equal. */
function compare(name: string, scenario: Scenario, { node, lua, pico }: Targets, until_ms: number, excluded: readonly Exclusion[]): boolean {
  const wanted = prefixOf(scenario, node, until_ms);
  const compiled = difference(wanted, prefixOf(scenario, lua, until_ms));
  const began_ms = performance.now();
  const seen = prefixOf(scenario, pico, until_ms);
  const real_ms = performance.now() - began_ms;
  const { heap } = (seen.bench.processor as Pico).measures;
  const virtual_ms = Math.min(until_ms, seen.bench.engine.now_us / 1000);
  const differs = difference(wanted, seen, excluded) ?? compiled;
  console.log(`${differs === undefined ? "equal" : "DIFFERS"}  ${name}  ${(virtual_ms / HOUR_MS).toFixed(1)} h, ${seen.pulses} pulses, latest ${seen.late_us_max} us, heap ${heap.high_water} of ${heap.region}, ${Math.round(virtual_ms / real_ms)} times life`);
  if (differs !== undefined) console.log(differs);
  return differs === undefined;
}

/** The runs of one shard: name, scenario, and how long. */
function jobs(index: number, of: number): readonly (readonly [string, Scenario, number])[] {
  const all = [...library()].filter(([name]) => name.includes(values.filter));
  const hours_ms = Number(values.hours) * HOUR_MS;
  const days_ms = Number(values.days) * 24 * HOUR_MS;
  const long = days_ms === 0 ? [] : all.filter(([name]) => TEN.some((each) => name.includes(each)));
  if (values.filter === "" && days_ms > 0 && long.length !== TEN.length) throw new Error(`${TEN.length} scenarios were to run for days, and ${long.length} are there`);
  const order = [
    ...long.map(([name, scenario]) => [name, scenario, days_ms] as const),
    ...all.filter(() => hours_ms > 0).map(([name, scenario]) => [name, scenario, hours_ms] as const),
  ];
  return order.filter((_, i) => i % of === index);
}

/** Gives the exit code. */
async function runShard(index: number, of: number): Promise<number> {
  const targets = { node: await openTarget("node"), lua: await openTarget("lua"), pico: await openTarget("pico") };
  let differ = 0;
  for (const [name, scenario, until_ms] of jobs(index, of)) {
    const excluded = exclusionsOf(readFileSync(scenario.file, "utf8"));
    for (const { why, left_out } of excluded) console.log(`not compared, ${left_out}  ${name}  ${why}`);
    if (excluded.some(({ left_out }) => left_out === "run")) continue;
    if (!compare(name, scenario, targets, until_ms, excluded)) differ++;
  }
  console.log(`shard ${index + 1}/${of}: ${differ} differ`);
  return differ === 0 ? 0 : 5;
}

/** One process a shard, side by side. */
async function runAll(workers: number): Promise<number> {
  // Built once, before all want it.
  await openTarget("pico");
  const arguments_ = process.argv.slice(2);
  const codes = await Promise.all(Array.from({ length: workers }, async (_, i) => new Promise<number>((resolve) => {
    spawn(process.execPath, ["--import", "tsx", import.meta.filename, ...arguments_, "--shard", `${i + 1}/${workers}`], { stdio: "inherit" }).on("close", (code) => { resolve(code ?? 1); });
  })));
  const worst = Math.max(...codes);
  console.log(`${worst === 0 ? "all equal" : "NOT ALL EQUAL"}; again: npm run pico:long -- ${arguments_.join(" ")}`);
  return worst;
}

const [, index, of] = /^(\d+)\/(\d+)$/.exec(values.shard ?? "") ?? [];
if (values.shard !== undefined && index === undefined) throw new Error(`--shard ${values.shard}: expected I/N, such as 1/4`);
process.exitCode = index === undefined ? await runAll(Number(values.workers)) : await runShard(Number(index) - 1, Number(of));
