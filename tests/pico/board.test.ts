// The emulated board without an image: boot, line, flash, timer, watchdog.

import { describe, expect, test } from "vitest";
import { PowerCut } from "../../emulator/devices/flash";
import { Stream } from "../../emulator/engine/random";
import { boot2Crc, Chip, NoBoot2 } from "../../emulator/pico/chip";
import type { ChipEvents } from "../../emulator/pico/chip";
import { Flash } from "../../emulator/pico/flash";
import { supplyCounts } from "../../emulator/pico/pins";
import { BiteReason } from "../../emulator/pico/watchdog";

const UART = 0x4003_4000;
const TIMER = 0x4005_4000;
const WATCHDOG = 0x4005_8000;
const PWM = 0x4005_0000;
const BYTE_NS = 86_805.6;
const UART_IRQ = 1 << 20;

/** A boot2 that does nothing but the given code, with its check value. */
function flashWith(...code: number[]): Flash {
  const flash = new Flash(1);
  const view = new DataView(flash.bytes.buffer);
  code.forEach((half, i) => { view.setUint16(2 * i, half, true); });
  view.setUint32(252, boot2Crc(flash.bytes.subarray(0, 252)), true);
  return flash;
}

/** WFI, and back to it. */
const SLEEP = [0xbf30, 0xe7fd];

interface Board { readonly chip: Chip; readonly sent: [number, number][]; readonly scratch: [number, number][]; readonly tones: number[]; readonly flash: Flash }

function board(flash = flashWith(...SLEEP), scratch: Uint32Array = new Uint32Array(8), reason = BiteReason.none): Board {
  const made: { sent: [number, number][]; scratch: [number, number][]; tones: number[] } = { sent: [], scratch: [], tones: [] };
  const events: ChipEvents = {
    pin: () => undefined, sent: (byte) => { made.sent.push([byte, chip.clock.now_ns]); },
    scratch: (index, value) => { made.scratch.push([index, value]); }, tone: (_slice, frequency_hz) => { made.tones.push(frequency_hz); },
  };
  const chip: Chip = new Chip(flash, { now_ns: 0, timer_zero_ns: 0, sram: new Uint8Array(264 * 1024).fill(0xa5), reason, scratch }, events, new Stream(1, "noise"));
  return { ...made, chip, flash };
}

const write = (chip: Chip, address: number, value: number): void => { chip.rp2040.writeUint32(address, value); };
const read = (chip: Chip, address: number): number => chip.rp2040.readUint32(address);

/** 115 200 8N1 with FIFOs, as the image sets it. */
function openLine({ chip }: Board, levels = 0): void {
  write(chip, UART + 0x24, 67);
  write(chip, UART + 0x28, 52);
  write(chip, UART + 0x2c, 0x70);
  write(chip, UART + 0x34, levels);
  write(chip, UART + 0x30, 0x301);
}

describe("boot", () => {
  test("a flash without a boot2, or with one whose CRC is wrong, does not start", () => {
    expect(() => board(new Flash(1))).toThrow(NoBoot2);
    const flash = flashWith(...SLEEP);
    flash.bytes[3]! ^= 1;
    expect(() => board(flash)).toThrow(NoBoot2);
  });

  test("memory is what it was before; boot2 lies at its end", () => {
    const { chip } = board();
    expect(chip.rp2040.sram[0]).toBe(0xa5);
    expect(chip.rp2040.sramView.getUint16(0x41f00, true)).toBe(0xbf30);
  });

  test("sleep costs no instructions: a day at once", () => {
    const { chip } = board();
    chip.run(86_400e9);
    expect({ now_ns: chip.clock.now_ns, few: chip.core.instructions < 10 }).toEqual({ now_ns: 86_400e9, few: true });
  });

  test("reading flash before it is set up is an error", () => {
    const { chip } = board(flashWith(0x4800, 0x6800, 0x0000, 0x1000)); // ldr r0, =0x10000000; ldr r0, [r0]
    expect(() => { chip.run(1000); }).toThrow(/reads flash while it cannot be read/);
  });
});

describe("line", () => {
  test("bytes leave one after another at 115 200 baud; flags and the interrupt follow the FIFO", () => {
    const made = board();
    const { chip, sent } = made;
    openLine(made);
    for (let i = 0; i < 33; i++) write(chip, UART, i);
    expect(read(chip, UART + 0x18) & 0x28).toBe(0x28); // one on its way, 32 in the FIFO: full, busy
    write(chip, UART + 0x38, 0x20);
    chip.run(27.5 * BYTE_NS);
    expect(chip.rp2040.core.pendingInterrupts & UART_IRQ).toBe(0);
    chip.run(28.5 * BYTE_NS);
    expect(chip.rp2040.core.pendingInterrupts & UART_IRQ).toBe(UART_IRQ); // four left
    chip.run(40 * BYTE_NS);
    expect(sent.map(([byte]) => byte)).toEqual(Array.from({ length: 33 }, (_, i) => i));
    expect(Math.abs(sent[32]![1] - 33 * BYTE_NS)).toBeLessThan(33 * 40);
    expect(read(chip, UART + 0x18) & 0xa8).toBe(0x80);
    expect(() => { for (let i = 0; i < 34; i++) write(chip, UART, i); }).toThrow(/full/);
  });

  test("a receive interrupt comes with the fourth byte, a timeout 32 bits after the last", () => {
    const made = board();
    const { chip } = made;
    openLine(made);
    write(chip, UART + 0x38, 0x50);
    for (const byte of [1, 2, 3]) chip.uart.receive(byte);
    expect(read(chip, UART + 0x40)).toBe(0);
    chip.run(32 * BYTE_NS / 10 - 1000);
    expect(read(chip, UART + 0x40)).toBe(0);
    chip.run(32 * BYTE_NS / 10 + 1000);
    expect(read(chip, UART + 0x40)).toBe(0x40);
    chip.uart.receive(4);
    expect(read(chip, UART + 0x40)).toBe(0x50);
    expect([1, 2, 3, 4].map(() => read(chip, UART))).toEqual([1, 2, 3, 4]);
    expect(read(chip, UART + 0x40)).toBe(0);
  });

  test("the 33rd byte is lost, and the next one says so", () => {
    const made = board();
    openLine(made);
    for (let i = 0; i < 34; i++) made.chip.uart.receive(i);
    expect(made.chip.uart.lost).toBe(2);
    for (let i = 0; i < 32; i++) read(made.chip, UART);
    made.chip.uart.receive(99);
    expect(read(made.chip, UART)).toBe(99 | 0x800);
  });
});

describe("flash", () => {
  test("programming clears bits only; erasing sets whole sectors", () => {
    const flash = flashWith();
    expect(flash.program(0x10_0000, 256, () => 0xf0)).toBe(400_000);
    flash.program(0x10_0000, 256, () => 0x3c);
    expect(flash.bytes[0x10_0000]).toBe(0x30);
    expect(flash.erase(0x10_0000, 4096)).toBe(45_000_000);
    expect(flash.bytes[0x10_0000]).toBe(0xff);
    expect(() => flash.erase(0x10_0100, 4096)).toThrow(/whole sectors/);
    expect(() => flash.program(0x10_0001, 256, () => 0)).toThrow(/whole pages/);
  });

  test("a torn operation leaves each bit old or new, and is the same for a seed", () => {
    const tear = (): Uint8Array => {
      const flash = flashWith();
      flash.program(0x10_0000, 256, (i) => i);
      flash.cells.cut = { operation: 2, how: "torn_random" };
      expect(() => flash.erase(0x10_0000, 4096)).toThrow(PowerCut);
      return flash.bytes.slice(0x10_0000, 0x10_0100);
    };
    const torn = tear();
    expect([...torn].every((byte, i) => (byte & i) === i)).toBe(true);
    expect([...torn].some((byte, i) => byte !== i && byte !== 0xff)).toBe(true);
    expect(tear()).toEqual(torn);
  });

  test("the ROM's table leads to erase and program, which take their time while the core waits", () => {
    // boot2: r0 = 0x10000, r1 = 4096, then the ROM's erase at 0x40 (thumb), then sleep
    const { chip, flash } = board(flashWith(0x2001, 0x0400, 0x2101, 0x0309, 0x2241, 0x4790, ...SLEEP));
    flash.bytes[0x1_0000] = 0;
    expect(chip.rp2040.readUint16(0x14)).toBe(0x60);
    chip.run(1e6);
    expect(flash.bytes[0x1_0000]).toBe(0xff);
    expect(chip.rp2040.core.PC).toBeLessThan(0x100);
    chip.run(45.2e6);
    expect({ asleep: chip.core.asleep, in_boot2: chip.rp2040.core.PC > 0x2004_0000, few: chip.core.instructions < 30 }).toEqual({ asleep: true, in_boot2: true, few: true });
  });
});

describe("timer", () => {
  test("an alarm fires in the microsecond it was set for, and not before", () => {
    const { chip } = board();
    write(chip, TIMER + 0x38, 1);
    chip.run(1_000_500);
    write(chip, TIMER + 0x10, 1002);
    chip.run(1_001_990);
    expect(read(chip, TIMER + 0x34)).toBe(0);
    chip.run(1_002_010);
    expect(read(chip, TIMER + 0x34)).toBe(1);
    expect(read(chip, TIMER + 0x28)).toBe(1002);
  });

  test("one that is set for the present count waits for the next time round", () => {
    const { chip } = board();
    chip.run(5_000_000);
    write(chip, TIMER + 0x10, 5000);
    chip.run(4_000_000_000_000);
    expect(read(chip, TIMER + 0x34)).toBe(0);
    chip.run((2 ** 32 + 5001) * 1000);
    expect(read(chip, TIMER + 0x34)).toBe(1);
  });
});

describe("watchdog", () => {
  const start = (chip: Chip): void => {
    write(chip, WATCHDOG + 0x2c, 12 | (1 << 9));
    write(chip, WATCHDOG + 0x04, 8000 * 2000);
    write(chip, WATCHDOG, 1 << 30);
  };

  test("it bites 8 s after it was last fed: two counts a microsecond (erratum E1), and the run ends there", () => {
    const { chip } = board();
    start(chip);
    chip.run(5e9);
    write(chip, WATCHDOG + 0x04, 8000 * 2000);
    chip.run(12.9e9);
    expect(chip.bitten).toBe(BiteReason.none);
    chip.run(20e9);
    expect({ bitten: chip.bitten, at_ns: chip.clock.now_ns, sleeps: chip.sleeps_until_ns }).toEqual({ bitten: BiteReason.timer, at_ns: 13e9, sleeps: Infinity });
  });

  test("it bites at once if it is told to; scratch registers and the reason are there after it", () => {
    const { chip, scratch } = board();
    write(chip, WATCHDOG + 0x0c + 28, 77);
    write(chip, WATCHDOG, 0x8000_0000);
    expect({ bitten: chip.bitten, scratch }).toEqual({ bitten: BiteReason.forced, scratch: [[7, 77]] });
    const again = board(flashWith(...SLEEP), chip.scratch, chip.bitten).chip;
    expect([read(again, WATCHDOG + 0x08), read(again, WATCHDOG + 0x0c + 28)]).toEqual([2, 77]);
  });
});

test("the sounder's frequency is that of its PWM slice, and 0 when it is off", () => {
  const { chip, tones } = board();
  write(chip, PWM + 3 * 0x14 + 0x04, 16 << 4);
  write(chip, PWM + 3 * 0x14 + 0x10, 3905);
  write(chip, PWM + 3 * 0x14 + 0x0c, 1953);
  write(chip, PWM + 3 * 0x14, 1);
  write(chip, PWM + 3 * 0x14, 0);
  expect(tones).toEqual([0, 0, 0, 2000, 0]);
  expect(() => { write(chip, PWM + 3 * 0x14, 0x11); }).toThrow(/runs freely/);
});

test("the ADC reads half the supply", () => {
  expect([0, 3300, 6600, 9999].map(supplyCounts)).toEqual([0, 2048, 4095, 4095]);
  const { chip } = board();
  chip.rp2040.adc.channelValues[0] = supplyCounts(2900);
  write(chip, 0x4004_c000, 1 | 4);
  chip.run(10_000);
  expect(Math.round((read(chip, 0x4004_c004) * 6600) / 4096)).toBe(2900);
});

test("a register that is not modelled is an error, and not a warning", () => {
  const { chip } = board();
  expect(() => read(chip, UART + 0x50)).toThrow(/UART/);
  expect(() => { write(chip, WATCHDOG + 0x2c, 6 | (1 << 9)); }).toThrow(/12/);
});
