// A bad application slot: refused with its reason, motor off, alarm on.

import { beforeAll, describe, expect, test } from "vitest";
import { Bench } from "../../emulator/bench";
import { BenchWand } from "../../emulator/bench-wand";
import { picoFlash } from "../../emulator/cli/pico-target";
import { FLASH_BYTES } from "../../emulator/pico/flash";
import { picoMachine } from "../../emulator/pico/machine";
import type { Pico } from "../../emulator/pico/pico";
import { Pin } from "../../emulator/pico/pins";
import { crc32 } from "../../hal/pico/tools/crc";
import { Chunk, Flash, Slot } from "../../hal/pico/tools/layout";
import { SlotError, readSlot } from "../../hal/pico/tools/slot";
import { Role } from "../../protocol/service";
import { noApplication } from "../../protocol/wand/text/pump-info";
import { withoutImage } from "./image";

const AT = Flash.slot - Flash.base;
/** hal/pico/src/flash.h */
const STORAGE_AT = 0x18_0000;

/** Changes a word of the header, and its check value so that it fits. */
function reseal(slot: Uint8Array, at: number, value: number): void {
  const view = new DataView(slot.buffer, slot.byteOffset);
  view.setUint32(at, value, true);
  view.setUint32(Slot.at_crc, crc32(slot.subarray(0, Slot.at_crc)), true);
}

/** Changes a word of the chunk, cuts it to `bytes` if told, and makes all check values fit. */
function relink(slot: Uint8Array, at: number, value: number, bytes?: number): void {
  const view = new DataView(slot.buffer, slot.byteOffset);
  view.setUint32(Slot.header_size + at, value, true);
  const length = bytes ?? view.getUint32(Slot.at_bytes, true);
  view.setUint32(Slot.at_payload_crc, crc32(slot.subarray(Slot.header_size, Slot.header_size + length)), true);
  reseal(slot, Slot.at_bytes, length);
}

const CHUNK = Flash.slot + Slot.header_size;

const BAD: readonly (readonly [string, string, (slot: Uint8Array) => void])[] = [
  ["blank", "the slot is empty", (slot) => { slot.fill(0xff); }],
  ["foreign", "the slot holds something else", (slot) => { slot.set(new TextEncoder().encode("#!/bin/sh")); }],
  ["with a flipped bit in its header", "its header is damaged", (slot) => { slot[Slot.at_version] = (slot[Slot.at_version] ?? 0) ^ 4; }],
  ["older", "made for another image", (slot) => { reseal(slot, Slot.at_format, 0); }],
  ["of the format that was copied to RAM", "made for another image", (slot) => { reseal(slot, Slot.at_format, 1); }],
  ["linked for another address", "made for another image", (slot) => { relink(slot, Chunk.at_base, CHUNK + 4096); }],
  ["linked for texts of another seed", "made for another image", (slot) => { relink(slot, Chunk.at_seed, 1); }],
  ["linked for another table of texts", "made for another image", (slot) => { relink(slot, Chunk.at_buckets, 128); }],
  ["linked with its main function before it", "made for another image", (slot) => { relink(slot, Chunk.at_main, CHUNK - 4); }],
  ["linked with its main function behind it", "made for another image", (slot) => { relink(slot, Chunk.at_main, CHUNK + Flash.slot_size - Slot.header_size); }],
  ["too short for a linked program", "made for another image", (slot) => { relink(slot, Chunk.at_base, CHUNK, 1000); }],
  ["of a length that cannot be", "its length cannot be", (slot) => { reseal(slot, Slot.at_bytes, Flash.slot_size); }],
  ["cut short", "it is damaged", (slot) => { slot.fill(0xff, 20_000); }],
  ["with a flipped bit in its code", "it is damaged", (slot) => { slot[9999] = (slot[9999] ?? 0) ^ 16; }],
];

function slotTests(): void {
  let flash: Uint8Array;
  beforeAll(async () => { flash = await picoFlash(); }, 120_000);

  test.each(BAD)("an application that is %s: %s", (_what, reason, spoil) => {
    const other = flash.slice();
    spoil(other.subarray(AT));
    expect(() => readSlot(other.subarray(AT, AT + Flash.slot_size))).toThrow(SlotError);
    const bench = new Bench({ controller: picoMachine(other), wand: false });
    bench.powerOn();
    bench.advance_us(2_000_000);
    const pico = bench.processor as Pico;
    const { gpio } = pico.chip!.rp2040;
    expect({ entries: pico.entries, motor: gpio[Pin.enable]!.value, step: gpio[Pin.step]!.value, alarm: gpio[Pin.alarm]!.value }).toEqual({ entries: 0, motor: 0, step: 0, alarm: 1 });
    expect(pico.measures.tones.length).toBeGreaterThan(0);
    expect(bench.motor.commanded).toBe(0);
    // Half a minute on it is still there: the watchdog is fed, and nothing else happens.
    bench.advance_us(30_000_000);
    expect([pico.chip !== undefined, bench.motor.commanded, bench.oracle.violations]).toEqual([true, 0, []]);
    expect(toldBy(bench)).toBe(reason);
  });

  test("a good application, and storage of another version: it is not started, and storage is left as it is", () => {
    const other = new Uint8Array(FLASH_BYTES).fill(0xff);
    other.set(flash);
    for (const [at, head] of [[STORAGE_AT + 8 * Flash.sector, "ITJ1"], [STORAGE_AT + 56 * Flash.sector, "ITL1"]] as const) other.set(new TextEncoder().encode(head), at);
    const bench = new Bench({ controller: picoMachine(other), wand: false });
    bench.powerOn();
    bench.advance_us(32_000_000);
    const pico = bench.processor as Pico;
    expect([pico.entries, pico.chip!.rp2040.gpio[Pin.enable]!.value, pico.chip!.rp2040.gpio[Pin.alarm]!.value]).toEqual([0, 0, 1]);
    expect(toldBy(bench)).toBe("storage was written by another version");
    expect(Buffer.from(pico.flash.bytes).equals(other)).toBe(true);
  });
}

/** What a stranger's wand is told. */
function toldBy(bench: Bench): string {
  const wand = new BenchWand(bench.engine, bench.line, 0, { random: (count) => new Uint8Array(count), role: Role.clinician, turnaround_us: 100_000, give_up_us: 10_000_000, lenient: false });
  wand.begin({ kind: "look" });
  while (wand.busy && bench.engine.step(bench.engine.now_us + 10_000_000));
  const { result } = wand;
  return result?.kind === "pump" ? noApplication(result) ?? "an application" : `${String(result?.kind)}`;
}

const missing = withoutImage();
if (missing === undefined) describe("the application slot", slotTests);
else test(`the image was not built, and its slot not tested: ${missing}`, () => { expect(missing).toContain("apt-get install"); });
