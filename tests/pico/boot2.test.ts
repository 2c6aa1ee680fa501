// The boot stage: quad reads set up once, and a wrong one noticed by the board.

import { beforeAll, describe, expect, test } from "vitest";
import { Bench } from "../../emulator/bench";
import type { Machine } from "../../emulator/brain";
import { Stream } from "../../emulator/engine/random";
import { boot2Crc, Chip } from "../../emulator/pico/chip";
import { Flash } from "../../emulator/pico/flash";
import type { Pico } from "../../emulator/pico/pico";
import { BiteReason } from "../../emulator/pico/watchdog";
import { Op } from "../../protocol/operations";
import { picoImage, withoutImage } from "./image";

const QE = 2;
const missing = withoutImage();

/** Behind boot2: a stack, an entry, and code that sleeps. */
const ENTRY = [0x0000, 0x2004, 0x0109, 0x1000, 0xbf30, 0xe7fd];

function chipOver(flash: Flash): Chip {
  const events = { pin: () => undefined, sent: () => undefined, scratch: () => undefined, tone: () => undefined };
  return new Chip(flash, { now_ns: 0, timer_zero_ns: 0, sram: new Uint8Array(264 * 1024), reason: BiteReason.none, scratch: new Uint32Array(8) }, events, new Stream(1, "noise"));
}

/** A flash that begins with this boot2, its check value right. */
function flashOf(boot2: Uint8Array): Flash {
  const flash = new Flash(1);
  const view = new DataView(flash.bytes.buffer);
  flash.load(0, boot2.subarray(0, 252));
  view.setUint32(252, boot2Crc(flash.bytes.subarray(0, 252)), true);
  ENTRY.forEach((half, i) => { view.setUint16(0x100 + 2 * i, half, true); });
  return flash;
}

/** Runs it for so long; true if it came to sleep behind boot2, in flash. */
function starts(flash: Flash, for_ns = 50e6): boolean {
  const chip = chipOver(flash);
  chip.run(for_ns);
  return chip.core.asleep && chip.rp2040.core.PC >>> 8 === 0x10_0001;
}

function boot2Tests(): void {
  let machine: Machine;
  let boot2: Uint8Array;
  beforeAll(async () => {
    machine = await picoImage();
    boot2 = (new Bench({ controller: machine }).processor as Pico).flash.bytes.slice(0, 256);
  }, 120_000);

  /** With the one literal `from` replaced. */
  const patched = (from: number, to: number): Flash => {
    const copy = boot2.slice();
    const view = new DataView(copy.buffer);
    const places = Array.from({ length: 63 }, (_, i) => 4 * i).filter((at) => view.getUint32(at, true) === from);
    expect(places, `0x${from.toString(16)} stands once in boot2`).toHaveLength(1);
    view.setUint32(places[0]!, to, true);
    return flashOf(copy);
  };
  const CONTINUOUS = 0xa000_2022;
  const FIRST = 0x2221;

  test("a chip that has QE set is not written to", () => {
    const flash = flashOf(boot2);
    expect({ starts: starts(flash, 1e6), status: flash.counts.status }).toEqual({ starts: true, status: 0 });
  });

  test("QE is set once, with a wait of 10 ms, and every other bit is left as it is", () => {
    const flash = flashOf(boot2);
    flash.status = Uint8Array.of(0x1c, 0x40);
    expect(starts(flash, 9e6)).toBe(false);
    flash.status = Uint8Array.of(0x1c, 0x40);
    flash.counts.status = 0;
    expect(starts(flash)).toBe(true);
    expect({ status: [...flash.status], writes: flash.counts.status }).toEqual({ status: [0x1c, 0x40 | QE], writes: 1 });
    expect(starts(flash, 1e6)).toBe(true);
    expect(flash.counts.status).toBe(1);
  });

  test("the board refuses EBh on a chip without four data lines", () => {
    const copy = boot2.slice();
    const at = copy.findIndex((byte, i) => byte === QE && copy[i + 1] === 0x25); // movs r5, #2: the bit that is asked for and written
    copy[at] = 0x40;
    const flash = flashOf(copy);
    flash.status = Uint8Array.of(0, 0);
    expect(() => starts(flash)).toThrow(/eb.* while QE is clear/);
  });

  test.each([
    ["too few clocks of waiting in the first read", FIRST, 0x1a21, /with 3 clocks of waiting in place of 4/],
    ["no mode bits in the first read", FIRST, 0x2219, /with 24 bits of address and mode in place of 32/],
    ["an address on one line", FIRST, 0x2220, /not modelled/],
    ["too many clocks of waiting", CONTINUOUS, 0xa000_2822, /5 clocks of waiting, in place of 32 and 4/],
    ["an address without mode bits", CONTINUOUS, 0xa000_201a, /24 bits of address/],
    ["mode bits that end it", CONTINUOUS, 0x0000_2022, /would end continuous read mode/],
    ["a command byte that the chip does not expect", CONTINUOUS, 0xeb00_2221, /come before continuous read mode/],
    ["data of 8 bits", 0x005f_0300, 0x0047_0300, /not set up for reads of one word/],
    ["data on one line", 0x005f_0300, 0x001f_0300, /not modelled/],
  ])("the board notices %s", (_what, from, to, text) => {
    expect(() => starts(patched(from, to))).toThrow(text);
  });

  test("the board notices a chip select that rises within a command: interrupts must be off", () => {
    const copy = boot2.slice();
    const at = copy.findIndex((byte, i) => byte === 0x08 && copy[i + 1] === 0x46 && copy[i + 2] === 0x18 && copy[i + 3] === 0x66); // mov r0, r1; str r0, DR0
    // Between the two bytes, a loop of 64 x 3 cycles in place of the rest: a byte takes 128.
    new DataView(copy.buffer).setUint16(at, 0x2240, true);
    new DataView(copy.buffer).setUint16(at + 2, 0x3a01, true);
    new DataView(copy.buffer).setUint16(at + 4, 0xd1fd, true);
    new DataView(copy.buffer).setUint16(at + 6, 0x6618, true);
    new DataView(copy.buffer).setUint16(at + 8, 0xe7fe, true);
    const flash = flashOf(copy);
    flash.status = Uint8Array.of(0, 0);
    const chip = chipOver(flash);
    chip.run(100_000);
    // The second byte began a command of its own, and the answer is nobody's.
    expect(chip.rp2040.peripherals[0x18000]!.readUint32(0x60)).toBe(0xff);
    expect(chip.rp2040.peripherals[0x18000]!.readUint32(0x60)).toBe(0xff);
  });

  test("after the flash was written, flash is read again, and no status was", () => {
    const bench = new Bench({ controller: machine });
    bench.powerOn();
    bench.request(Op.set_up, [250_000, 20_000_000, 80, 2_000_000, 2_000_000]);
    bench.advance_us(3_000_000);
    const { flash } = bench.processor as Pico;
    expect(flash.counts).toMatchObject({ status: 0 });
    expect(flash.counts.program).toBeGreaterThan(5);
    expect(bench.oracle.violations).toEqual([]);
  });
}

describe("the emulated interface", () => {
  const write = (chip: Chip, at: number, value: number): void => { chip.rp2040.writeUint32(0x1800_0000 + at, value); };

  test("refuses commands that a flash chip would not take", () => {
    const chip = chipOver(flashOf(Uint8Array.of(0x30, 0xbf, 0xfd, 0xe7)));
    const command = (...bytes: number[]): void => {
      chip.rp2040.writeUint32(0x4001_800c, 0x200);
      for (const byte of bytes) write(chip, 0x60, byte);
      chip.clock.advance(chip.clock.now_ns + 10_000);
      chip.rp2040.writeUint32(0x4001_800c, 0);
      write(chip, 0x08, 0);
      write(chip, 0x08, 1);
    };
    expect(() => { command(0x31, 0x02); }).toThrow(/without write enable/);
    command(0x06);
    expect(() => { command(0x06, 0x00); }).toThrow(/after the first byte/);
    command(0x31, 0x02);
    expect(() => { command(0x06); }).toThrow(/busy/);
    chip.clock.advance(chip.clock.now_ns + 20_000_000);
    expect(() => { command(0xc7); }).toThrow(/not modelled/);
    write(chip, 0x08, 0);
    write(chip, 0x08, 1);
    expect(() => { chip.rp2040.readUint32(0x1800_0060); }).toThrow(/empty FIFO/);
    expect(() => { write(chip, 0x14, 2); }).toThrow(/while the interface is on/);
    expect(() => { for (let i = 0; i < 17; i++) write(chip, 0x60, 0x05); }).toThrow(/overflows/);
  });

  test("03h is too fast at clk_sys / 2, and good at / 4", () => {
    const readable = (baud: number): boolean => {
      const chip = chipOver(flashOf(Uint8Array.of(0x30, 0xbf, 0xfd, 0xe7)));
      for (const [at, value] of [[0x08, 0], [0x14, baud], [0x00, 0x001f_0300], [0x04, 0], [0xf4, 0x0300_0218], [0x08, 1]] as const) write(chip, at, value);
      return chip.core.memory.flash16.length > 0;
    };
    expect([2, 4].map(readable)).toEqual([false, true]);
  });
});

if (missing === undefined) describe("boot2", boot2Tests);
else test(`the image was not built, and boot2 not tested: ${missing}`, () => { expect(missing).toContain("apt-get install"); });
