// A bit of flash flips, a fault comes at the worst time: therapy comes back.

import { beforeAll, describe, expect, test } from "vitest";
import { Bench, setUpOf } from "../../emulator/bench";
import type { Machine } from "../../emulator/brain";
import type { Pico } from "../../emulator/pico/pico";
import { Pin } from "../../emulator/pico/pins";
import { HostEvent, TraceKind } from "../../emulator/trace";
import { Panic } from "../../hal/panic";
import { Op, Status } from "../../protocol/operations";
import { RecordKind } from "../../protocol/records";
import { State } from "../../protocol/states";
import { constantRate } from "../../protocol/wand/procedures/prescription";
import { listen } from "../emulator/running";
import { CODE, machineWith, patched } from "./broken";
import { picoImage, withoutImage } from "./image";

const INTERVAL_MS = 21_600;
/** From the beginning of flash: two books of four sectors, and the log's first (hal/pico/src/storage-parts.h). */
const COMMANDED = 0x18_0000;
const CONFIRMED = 0x18_4000;
const LOG = 0x1b_8000;
/** Their headers' place in a sector. */
const HEADER = 12;
const BITS = 32;

/** 2 mg/day at 2000 ug/mL, for a minute. */
function therapy(program: Machine): { readonly bench: Bench; readonly pico: Pico; readonly host: number[][]; readonly records: number[][] } {
  const bench = new Bench({ controller: program });
  bench.powerOn();
  bench.request(Op.set_up, setUpOf(bench.unit));
  bench.request(Op.refill, [1, 18_000_000, 2000, 0, 0, 0]);
  bench.prescribe(constantRate(2_000_000));
  bench.request(Op.start, [0]);
  bench.advance_us(70_000_000);
  return { bench, pico: bench.processor as Pico, host: listen(bench, TraceKind.host), records: listen(bench, TraceKind.record) };
}

function damageTests(): void {
  let machine: Machine;
  beforeAll(async () => { machine = await picoImage(); }, 120_000);

  test.each([
    ["two bits of the log's only header", (flash: Uint8Array) => { flash[LOG + 4]! ^= 3; }, RecordKind.storage_failed],
    ["two bits of the header of the book of commands", (flash: Uint8Array) => { flash[COMMANDED + HEADER]! ^= 3; }, RecordKind.power_lost],
    ["two bits of the header of the book of confirmations", (flash: Uint8Array) => { flash[CONFIRMED + HEADER]! ^= 3; }, RecordKind.power_lost],
    ["a byte of commands that reads as none", (flash: Uint8Array) => { flash[COMMANDED + BITS] = 0xff; }, RecordKind.power_lost],
  ])("%s, and power lost: therapy is back within a minute, and no panic", (_what, flip, record) => {
    const { bench, pico, host, records } = therapy(machine);
    const before = bench.motor.commanded;
    flip(pico.flash.bytes);
    bench.inject({ kind: "power.off", value: 1000 });
    bench.advance_us(120_000_000);
    expect(host.map(([, event]) => event)).toEqual([HostEvent.power_off]);
    expect(bench.motor.commanded - before).toBeGreaterThanOrEqual(4);
    expect(bench.status()[Status.state]).toBe(State.therapy);
    expect(records.some(([, kind]) => kind === record)).toBe(true);
    // What was commanded is kept from now on.
    const pulses = listen(bench, TraceKind.pulse);
    bench.advance_us(60_000_000);
    expect(pulses.slice(1).map(([at_ms], i) => at_ms! - pulses[i]![0]!)).toEqual(pulses.slice(1).map(() => INTERVAL_MS));
    expect(pulses.length).toBeGreaterThan(1);
  });

  test("one flipped bit in each header, the newest entry's among them, and power lost: put right, and nothing is missing", () => {
    const { bench, pico, records } = therapy(machine);
    const { bytes } = pico.flash;
    const before = bench.status();
    const newest = bytes.findLastIndex((byte, at) => byte === 0x49 && at % 256 === 0 && at < LOG);
    for (const at of [LOG + 4, COMMANDED + HEADER, CONFIRMED + HEADER, newest + 4]) bytes[at]! ^= 1;
    records.length = 0;
    bench.inject({ kind: "power.off", value: 1000 });
    bench.advance_us(120_000_000);
    expect(records.some(([, kind]) => kind === RecordKind.storage_failed)).toBe(false);
    const after = bench.status();
    expect([after[Status.state], after[Status.version]]).toEqual([State.therapy, before[Status.version]]);
    bench.finish();
    expect(bench.oracle.violations).toEqual([]);
  });

  test("a fault in a warm boot, before time is known, costs no pump time: one more reset, and therapy", async () => {
    const { bench, pico, host } = therapy(machine);
    const before_ms = bench.pump_ms();
    const put_back = await patched(pico, "storage_open", CODE.fault);
    bench.trace.on((kind, _at_ms, event) => { if (kind === TraceKind.host && event === HostEvent.panic) put_back(); });
    bench.inject({ kind: "processor.reset" });
    bench.advance_us(60_000_000);
    expect(host.map(([, event, number]) => [event, number])).toEqual([[HostEvent.panic, Panic.processor_fault]]);
    expect(bench.status()[Status.state]).toBe(State.therapy);
    expect(bench.processor.now_ms).toBeGreaterThan(before_ms + 59_000);
    bench.finish();
    expect(bench.oracle.violations).toEqual([]);
  });

  test("the same as on silicon, where no bench tells the time: it is what memory kept", async () => {
    const { bench, pico, host } = therapy(machine);
    const before_ms = bench.pump_ms();
    const put_back = await patched(pico, "storage_open", CODE.fault);
    bench.trace.on((kind, _at_ms, event) => { if (kind === TraceKind.host && event === HostEvent.panic) put_back(); });
    pico.tells_time = false;
    bench.inject({ kind: "processor.reset" });
    bench.advance_us(60_000_000);
    expect(host.map(([, event, number]) => [event, number])).toEqual([[HostEvent.panic, Panic.processor_fault]]);
    // The reset was none of the watchdog's own: it is taken for a bite, 8 s after the last feed, so time is ahead by up to that, and never behind.
    expect(bench.processor.now_ms - before_ms).toBeGreaterThan(59_000);
    expect(bench.processor.now_ms - before_ms).toBeLessThan(69_000);
  });

  test.each([
    ["a fault with room on the stack", 0x2000_0100, HostEvent.panic, 1],
    ["a fault with the stack used up, and the processor locked up", 0x2000_0010, HostEvent.watchdog, 51],
  ])("%s, while the motor is driven: its supply is off at once, or 50 ms later, and therapy is back", (_what, sp, event, within_ms) => {
    const { bench, pico, host } = therapy(machine);
    const pulses = bench.motor.commanded;
    while (bench.motor.commanded === pulses) bench.engine.step(bench.engine.now_us + 60_000_000);
    const chip = pico.chip!;
    expect(chip.rp2040.gpio[Pin.enable]!.value).toBe(1);
    const driven_ns = chip.clock.now_ns;
    chip.rp2040.core.SP = sp;
    chip.core.memory.fault = { text: "planted", pc: chip.rp2040.core.PC };
    chip.core.memory.attention = true;
    bench.advance_us(60_000_000);
    expect(host.map(([, each]) => each)).toEqual([event]);
    expect((chip.clock.now_ns - driven_ns) / 1e6).toBeLessThan(within_ms);
    expect(bench.status()[Status.state]).toBe(State.therapy);
    expect(bench.motor.commanded).toBeGreaterThan(pulses + 1);
    bench.finish();
    expect(bench.oracle.violations).toEqual([]);
  });

  test("a program that panics at each boot: memory is void after five resets, and after ten a wand is told", async () => {
    const panicking = await machineWith((firmware) => `local real = (function()
${firmware}end)()
local create = real.createController
real.createController = function(board)
  local controller = create(board)
  controller.boot = function() board.panic(904) return 1 end
  return controller
end
return real
`);
    const bench = new Bench({ controller: panicking, wand: false });
    const host = listen(bench, TraceKind.host);
    bench.powerOn();
    bench.advance_us(5_000_000);
    const pico = bench.processor as Pico;
    expect(host.map(([, event]) => event)).toEqual(Array.from({ length: 10 }, () => HostEvent.panic));
    expect(pico.no_application).toBe(8);
    expect(pico.chip!.rp2040.gpio[Pin.enable]!.value).toBe(0);
    expect(pico.measures.tones.length).toBeGreaterThan(0);
  });
}

const missing = withoutImage();
if (missing === undefined) describe("damage", damageTests);
else test(`the image was not built, and damage to it not tested: ${missing}`, () => { expect(missing).toContain("apt-get install"); });
