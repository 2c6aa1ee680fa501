// The image in figures: cycles, lateness, boot, heap, flash, speed.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { Bench, setUpOf } from "../../emulator/bench";
import type { Machine } from "../../emulator/brain";
import { IMAGE_FOLDER, picoFlash } from "../../emulator/cli/pico-target";
import { picoMachine } from "../../emulator/pico/machine";
import type { Pico } from "../../emulator/pico/pico";
import { Op } from "../../protocol/operations";
import { readLog } from "../../protocol/wand/procedures/log";
import { missingTools } from "../../hal/pico/tools/toolchain";
import { MIDNIGHT_MS, TWELVE_MINUTES, filling } from "../firmware/prescribe";
import { begin, install, fullWeek } from "./load";
import { measureCores } from "./pico-core";

const NS_PER_CYCLE = 8;
/** Kinds of entries, as the image reports them. */
const KINDS = ["boot", "wake", "event", "received"] as const;

/** Of a number of durations. */
export interface Spread {
  readonly count: number;
  readonly median: number;
  readonly p99: number;
  readonly worst: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { count: sorted.length, median: at(0.5), p99: at(0.99), worst: sorted.at(-1) ?? 0 };
}

/** A flood of noise at line rate, and what came of the pulses in it. */
export interface Flood {
  readonly bytes: number;
  readonly pulses: number;
  /** The latest that a pulse came after its instant. */
  readonly late_us_max: number;
  /** From the end of the flood to the answer. */
  readonly answered_us: number;
}

/** 20 mg/day at 2000 ug/mL is a pulse each 2.16 s, with noise at line rate all the time. */
export function flood(machine: Machine, seconds: number): Flood {
  const bench = new Bench({ controller: machine });
  bench.powerOn();
  bench.request(Op.set_up, setUpOf(bench.unit));
  bench.request(Op.refill, filling(18_000_000, 2000));
  bench.request(Op.set_clock, [MIDNIGHT_MS, 0]);
  bench.prescribe(TWELVE_MINUTES);
  bench.request(Op.start, [0]);
  bench.advance_us(1_000_000);
  const bytes = bench.link.passed.in;
  const pulses = bench.motor.commanded;
  bench.inject({ kind: "link.noise" });
  bench.advance_us(seconds * 1_000_000);
  bench.heal("link.noise");
  const healed_us = bench.engine.now_us;
  bench.status();
  const seen = { bytes: bench.link.passed.in - bytes, pulses: bench.motor.commanded - pulses, late_us_max: bench.motor.late_us_max, answered_us: bench.engine.now_us - healed_us };
  bench.finish();
  if (bench.oracle.violations.length > 0) throw new Error(`the oracle found ${bench.oracle.violations[0]!.text}`);
  return seen;
}

/** Six busy hours: the fullest of prescriptions programmed time and again, the log read, a stall with its alarm, resets. */
export function busyHours(bench: Bench): void {
  begin(bench);
  for (let hour = 0; hour < 6; hour++) {
    install(bench, fullWeek(400_000 + hour * 1000));
    bench.run(readLog());
    bench.advance_us(1_800_000_000);
    if (hour === 1) bench.inject({ kind: "motor.stalled" });
    if (hour === 3) bench.heal("motor.stalled");
    if (hour === 4) bench.inject({ kind: "processor.reset" });
    bench.status();
    bench.advance_us(1_800_000_000);
  }
  bench.finish();
}

const cycles = ({ count, median, p99, worst }: Spread): string =>
  `${[median, p99, worst].map((ns) => `${Math.round(ns / NS_PER_CYCLE).toLocaleString("en-US")} (${(ns / 1e6).toFixed(1)} ms)`).join(", ")} of ${count}`;

/** Lines for a person. */
export async function picoReport(flood_s = 60): Promise<readonly string[]> {
  const missing = missingTools();
  if (missing !== undefined) return [`the image on the emulated chip was not measured: ${missing}`];
  const image = await picoFlash();
  const machine = picoMachine(image);
  const bench = new Bench({ controller: machine });
  const start = performance.now();
  busyHours(bench);
  const real_s = (performance.now() - start) / 1000;
  if (bench.oracle.violations.length > 0) throw new Error(`the oracle found ${bench.oracle.violations[0]!.text}`);
  const { measures } = bench.processor as Pico;
  const { heap } = measures;
  const noise = flood(machine, flood_s);
  const cores = measureCores(image);
  const bytes = (name: string): number => readFileSync(join(IMAGE_FOLDER, name)).length;
  return [
    "the image on the emulated RP2040 at 125 MHz, flash without waiting: six busy hours",
    ...KINDS.map((name, kind) => `  ${name.padEnd(14)}${cycles(spreadOf(measures.entries.filter((each) => each.kind === kind).map(({ took_ns }) => took_ns)))} cycles: median, p99, worst`),
    `  collector     ${cycles(spreadOf(measures.collections_ns))} cycles, between entries`,
    `  pulses        ${bench.motor.commanded}, the latest ${bench.motor.late_us_max} us after its instant`,
    `  boot          ${(measures.boot_ns / 1e6).toFixed(1)} ms from a reset to the first possible pulse`,
    `  heap          ${heap.after_boot} after boot, ${heap.high_water} at its highest, of ${heap.region} bytes (${((100 * heap.high_water) / heap.region).toFixed(0)} %)`,
    `  flash         ${bytes("fw.bin")} VM and host, ${bytes("app.bin")} application`,
    `  flood         ${noise.bytes} bytes in ${flood_s} s: ${noise.pulses} pulses, the latest ${noise.late_us_max} us after its instant; an answer ${Math.round(noise.answered_us / 1000)} ms after it`,
    `  virtual/real  ${Math.round(bench.engine.now_us / 1e6 / real_s)}`,
    `  core          ${cores.ours_mips.toFixed(0)} million instructions a second, rp2040js's own loop ${cores.stock_mips.toFixed(0)}: ${cores.ratio.toFixed(2)} times`,
  ];
}

if (process.argv[1] === import.meta.filename) for (const line of await picoReport(Number(process.argv[2] ?? 60))) console.log(line);
