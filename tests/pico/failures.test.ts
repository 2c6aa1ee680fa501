// A hang, a panic, no memory, a fault: reset, recorded, and therapy is back.

import { describe, expect, test } from "vitest";
import { Bench, setUpOf } from "../../emulator/bench";
import type { Program } from "../../emulator/brain";
import { openTarget } from "../../emulator/cli/targets";
import type { Pico } from "../../emulator/pico/pico";
import { HostEvent, TraceKind } from "../../emulator/trace";
import { ResetCause } from "../../hal/controller";
import { Panic } from "../../hal/panic";
import { Op, Status } from "../../protocol/operations";
import { RecordKind } from "../../protocol/records";
import { State } from "../../protocol/states";
import { MIDNIGHT_MS, TWELVE_MINUTES } from "../firmware/prescribe";
import { CODE, machineThatFails, patched, type Planted } from "./broken";
import { picoImage, withoutImage } from "./image";

/** 20 mg/day at 2000 ug/mL, for as long as the limit of a day lets it: a pulse each 2.16 s. */
const INTERVAL_MS = 2160;
/** The pulse whose wake fails. */
const FAILS = 2;
/** From the start, and from before a fault in C. */
const RUN_US = 20_000_000;
/** From the reset's instant to the boot (DEFAULT_UNIT). */
const BOOT_MS = 20;
const WATCHDOG_MS = 8000;

interface Seen {
  readonly bench: Bench;
  readonly pulses: readonly number[];
  /** Of each boot after the first: time, cause, detail. */
  readonly boots: readonly (readonly number[])[];
  /** Host events and their details. */
  readonly host: readonly (readonly number[])[];
}

function therapy(program: Program): Seen {
  const bench = new Bench({ controller: program });
  const pulses: number[] = [];
  const boots: number[][] = [];
  const host: number[][] = [];
  bench.powerOn();
  bench.trace.on((kind, at_ms, a, b, c) => {
    if (kind === TraceKind.pulse) pulses.push(at_ms);
    if (kind === TraceKind.record && a === RecordKind.boot) boots.push([at_ms, b, c]);
    if (kind === TraceKind.host) host.push([at_ms, a, b]);
  });
  bench.request(Op.set_up, setUpOf(bench.unit));
  bench.request(Op.refill, [1, 18_000_000, 2000, 0, 0, 0]);
  bench.request(Op.set_clock, [MIDNIGHT_MS, 0]);
  bench.prescribe(TWELVE_MINUTES);
  bench.request(Op.start, [0]);
  return { bench, pulses, boots, host };
}

/** When pulse `FAILS` is due: therapy begins at the same instant on every target. */
const due = openTarget("node").then((program) => therapy(program).bench.pump_ms() + FAILS * INTERVAL_MS);

/** Everything that was owed came: at most what a minute's gap makes late, and nothing twice. The oracle has judged each pulse. */
function backInTherapy({ bench, pulses }: Seen, from_ms: number): void {
  const after = pulses.filter((at_ms) => at_ms > from_ms);
  expect(after[0]! - from_ms).toBeLessThan(60_000);
  expect(after.at(-1)! - after.at(-2)!).toBe(INTERVAL_MS);
  expect(bench.status()[Status.state]).toBe(State.therapy);
  bench.finish();
}

/** Of eight seconds of a loop that changes nothing, a fifth of one is run; the chip's time and its alarms go on as if all were. */
function skipHang(bench: Bench, at_ms: number): void {
  bench.advance_us((at_ms + 200 - bench.pump_ms()) * 1000);
  const { clock } = (bench.processor as Pico).chip!;
  clock.advance(clock.now_ns + 7_500_000_000);
}

function failures(): void {
  const table: readonly (readonly [Planted, string, readonly [ResetCause, number], number, readonly string[]])[] = [
    ["hang", "a hang in Lua", [ResetCause.watchdog, 0], WATCHDOG_MS, []],
    ["forgotten", "a deadline that is none", [ResetCause.watchdog, 0], WATCHDOG_MS, []],
    ["panic", "a panic", [ResetCause.panic, Panic.books], 0, ["the firmware gave up"]],
    ["error", "an error in Lua", [ResetCause.panic, Panic.program_failed], 0, ["the program failed"]],
    ["memory", "out of memory", [ResetCause.panic, Panic.out_of_memory], 0, ["the program failed"]],
    ["recursion", "recursion without end", [ResetCause.panic, Panic.out_of_memory], 0, ["the program failed"]],
  ];
  test.each(table)("%s: %s resets, is recorded, and therapy is back (MEM-5, MEM-1a)", async (planted, _what, cause, after_ms, findings) => {
    const at_ms = await due;
    const seen = therapy(await machineThatFails(planted, at_ms, at_ms + 10));
    if (planted === "hang") skipHang(seen.bench, at_ms);
    seen.bench.advance_us(RUN_US);
    expect(seen.boots.map(([, ...told]) => told)).toEqual([cause]);
    // To the millisecond for what resets by itself; the watchdog was fed last as the wake began, or by the idle loop before it.
    const boot_ms = seen.boots[0]![0]!;
    expect(boot_ms).toBeGreaterThanOrEqual(at_ms + after_ms + BOOT_MS - (after_ms > 0 ? 4000 : 0));
    expect(boot_ms).toBeLessThanOrEqual(at_ms + after_ms + BOOT_MS + (after_ms > 0 ? 100 : 0));
    backInTherapy(seen, boot_ms);
    // A program that fails or gives up is a finding, and the only one.
    expect(seen.bench.oracle.violations.map(({ text }) => text)).toEqual(findings.map((text) => expect.stringContaining(text) as string));
  });

  test.each([
    ["a hang in C", "storage_write", CODE.hang, [ResetCause.watchdog, 0], HostEvent.watchdog],
    ["a hang in an interrupt", "timer0_interrupt", CODE.hang, [ResetCause.watchdog, 0], HostEvent.watchdog],
    ["a fault of the processor", "storage_write", CODE.fault, [ResetCause.panic, Panic.processor_fault], HostEvent.panic],
  ] as const)("%s (%s) resets, is recorded, and therapy is back", async (_what, symbol, code, cause, event) => {
    const at_ms = await due;
    const seen = therapy(await picoImage());
    const { bench } = seen;
    bench.advance_us((at_ms - bench.pump_ms() - 100) * 1000);
    const put_back = await patched(bench.processor as Pico, symbol, code);
    bench.trace.on((kind, _at_ms, a) => {
      if (kind === TraceKind.host && a === event) put_back();
    });
    // A loop in C costs nothing, as sleep does, but in an interrupt: there one always waits.
    if (symbol === "timer0_interrupt") skipHang(bench, at_ms);
    bench.advance_us(RUN_US);
    expect(seen.boots.map(([, ...told]) => told)).toEqual([cause]);
    expect(seen.host.map(([, a]) => a)).toEqual([event]);
    backInTherapy(seen, seen.boots[0]![0]!);
    expect(bench.oracle.violations).toEqual([]);
  });
}

const missing = withoutImage();
if (missing === undefined) describe("what fails on the chip", failures);
else test(`the image was not built, and its failures not tested: ${missing}`, () => { expect(missing).toContain("apt-get install"); });
