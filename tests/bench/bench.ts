// npm run bench: seven years of pulses against bare loops, and the wire.

import { performance } from "node:perf_hooks";
import FakeTimers from "@sinonjs/fake-timers";
import { Engine, Timer } from "../../emulator/engine/timers";
import { createController } from "../../firmware/controller";
import { Unit } from "../../hal/units";
import { PULSES_PER_DAY, SERVICE_DAYS, live } from "../life/life";
import { picoReport } from "./pico";
import { plainStorage } from "./plain-storage";
import { reportReport } from "./report";
import { wireReport } from "./wire";

/** What one way of running the pulse train took. */
export interface Lap {
  readonly seconds: number;
  /** Of the processor: what a ratio is made of, since others may use the machine. */
  readonly cpu_seconds: number;
  readonly pulses: number;
  readonly digest: string;
}

function timed(run: () => Omit<Lap, "seconds" | "cpu_seconds">): Lap {
  const start = performance.now();
  const before = process.cpuUsage();
  const lap = run();
  return { ...lap, seconds: (performance.now() - start) / 1000, cpu_seconds: process.cpuUsage(before).user / 1e6 };
}

const interval_ms = Unit.ms_per_day / PULSES_PER_DAY;

/** The whole pump: firmware, devices, oracle and both digests. */
export function pumpLap(days: number): Lap {
  return timed(() => {
    const bench = live({ controller: createController, days });
    if (bench.oracle.violations.length > 0) throw new Error(`the oracle found ${bench.oracle.violations.length} violations`);
    return { pulses: bench.trace.pulses, digest: bench.trace.therapyDigest() };
  });
}

/** The floor: the same engine and pulse train, and nothing but a count. */
export function bareLap(days: number): Lap {
  return timed(() => {
    const engine = new Engine();
    let pulses = 0;
    const timer: Timer = new Timer(() => {
      pulses++;
      engine.arm(timer, engine.now_us + interval_ms * 1000);
    });
    engine.arm(timer, interval_ms * 1000);
    engine.runUntil(days * Unit.ms_per_day * 1000);
    return { pulses, digest: "" };
  });
}

/** The same train on @sinonjs/fake-timers, which tests usually reach for. */
export function fakeTimersLap(days: number): Lap {
  return timed(() => {
    const clock = FakeTimers.createClock(0, Number.MAX_SAFE_INTEGER);
    let pulses = 0;
    const pulse = (): void => {
      pulses++;
      clock.setTimeout(pulse, interval_ms);
    };
    clock.setTimeout(pulse, interval_ms);
    for (let day = 0; day < days; day++) clock.tick(Unit.ms_per_day);
    return { pulses, digest: "" };
  });
}

/** The same pump whose storage is a plain object: what the journal costs. */
export function plainLap(days: number): Lap {
  return timed(() => {
    const bench = live({ controller: createController, days, storage: plainStorage });
    if (bench.oracle.violations.length > 0) throw new Error(`the oracle found ${bench.oracle.violations.length} violations`);
    return { pulses: bench.trace.pulses, digest: bench.trace.therapyDigest() };
  });
}

/** The journal on and off, in turns, the best of each. */
function journalReport(days: number, turns: number): string {
  let on = Infinity;
  let off = Infinity;
  for (let turn = 0; turn < turns; turn++) {
    const [with_it, without] = [pumpLap(days), plainLap(days)];
    if (with_it.digest !== without.digest) throw new Error(`a life without its journal is another: ${with_it.digest}, ${without.digest}`);
    on = Math.min(on, with_it.cpu_seconds);
    off = Math.min(off, without.cpu_seconds);
  }
  return `  journal       on ${on.toFixed(2)} s, off (storage as a plain object) ${off.toFixed(2)} s, of the processor for ${days} days, best of ${turns}: on takes ${(on / off).toFixed(2)} times off`;
}

async function main(): Promise<void> {
  const days = SERVICE_DAYS + 1;
  bareLap(100);
  const bare = bareLap(days);
  const fake = fakeTimersLap(days);
  const pump = pumpLap(days);
  const real = (days * Unit.ms_per_day) / 1000 / pump.seconds;
  const ns = (lap: Lap): string => `${((lap.seconds / lap.pulses) * 1e9).toFixed(0)} ns a pulse`;
  console.log(`seven years, ${days} days: firmware, devices, oracle and both digests`);
  console.log(`  pump          ${pump.pulses} pulses in ${pump.seconds.toFixed(2)} s, ${Math.round(pump.pulses / pump.seconds)} a second, ${ns(pump)}`);
  console.log(`  virtual/real  ${real.toExponential(2)}`);
  console.log(`  bare loop     ${bare.seconds.toFixed(2)} s, ${ns(bare)}: the pump takes ${(pump.seconds / bare.seconds).toFixed(1)} times the floor`);
  console.log(`  fake timers   ${fake.seconds.toFixed(2)} s, ${ns(fake)}: the pump takes ${(pump.seconds / fake.seconds).toFixed(2)} times that`);
  console.log(`  digest        ${pump.digest}`);
  console.log(journalReport(days, 2));
  for (const line of [reportReport(days), ...await wireReport(), ...await picoReport()]) console.log(line);
}

if (process.argv[1]?.endsWith("bench.ts") === true) await main();
