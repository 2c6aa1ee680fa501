// Instructions a second in the pump's image: rp2040js's own loop, and ours.

import { performance } from "node:perf_hooks";
import { RP2040 } from "rp2040js";
import { Stream } from "../../emulator/engine/random";
import { Chip } from "../../emulator/pico/chip";
import { Clock } from "../../emulator/pico/clock";
import { Core } from "../../emulator/pico/core";
import { Flash } from "../../emulator/pico/flash";
import { BiteReason } from "../../emulator/pico/watchdog";

/** Chip time in which the image boots, the controller is loaded and started, and the chip has fallen asleep. */
const BOOT_NS = 3_000_000_000;
/** A stretch ends so long before what ends it: more than any instruction takes. */
const MARGIN_NS = 1000;
const SRAM_BYTES = 264 * 1024;
const NO_EVENT = (): void => undefined;

/** A chip in the middle of its work: all that a loop of instructions can see. */
interface Moment {
  readonly registers: Uint32Array;
  readonly core: Pick<RP2040["core"], "N" | "Z" | "C" | "V" | "PM" | "SPSEL" | "bankedSP" | "currentMode" | "IPSR" | "VTOR">;
  readonly sram: Uint8Array;
  readonly flash: Uint8Array;
}

/** Where the longest stretch of instructions begins that touch nothing but registers, RAM and flash. */
export interface Stretch {
  readonly from: Moment;
  /** How long, in chip time. */
  readonly ns: number;
}

/** How fast the two loops went through a stretch, in millions of instructions a second. */
export interface CoreRates {
  readonly instructions: number;
  readonly stock_mips: number;
  readonly ours_mips: number;
  readonly ratio: number;
}

function momentOf({ core, sram, flash }: RP2040): Moment {
  const { N, Z, C, V, PM, SPSEL, bankedSP, currentMode, IPSR, VTOR } = core;
  return { registers: core.registers.slice(), core: { N, Z, C, V, PM, SPSEL, bankedSP, currentMode, IPSR, VTOR }, sram: sram.slice(), flash: flash.slice() };
}

/** Boots the image, and comes back after each instruction that touched something else than registers, RAM and flash. */
function* boot(image: Uint8Array): Generator<Chip> {
  const flash = new Flash(1);
  flash.load(0, image);
  const chip = new Chip(flash, { now_ns: 0, timer_zero_ns: 0, sram: new Uint8Array(SRAM_BYTES), reason: BiteReason.none, scratch: new Uint32Array(8) },
    { pin: NO_EVENT, sent: NO_EVENT, scratch: NO_EVENT, tone: NO_EVENT }, new Stream(1, "pico-core noise"));
  const { rp2040, clock } = chip;
  for (const name of ["readUint32", "readUint16", "readUint8", "writeUint32", "writeUint16", "writeUint8", "onBreak"] as const) {
    const method: (first: number, second: number) => unknown = rp2040[name].bind(rp2040);
    Object.assign(rp2040, { [name]: (first: number, second: number) => {
      chip.stop();
      return method(first, second);
    } });
  }
  while (clock.now_ns < BOOT_NS) {
    chip.run(BOOT_NS);
    yield chip;
  }
}

/**
 * The workload: what the image's boot does longest without a look at the outside, which is Lua loading and starting the controller. rp2040js alone cannot boot the
 * image, since its flash cannot be written, but its loop can go from there to the next look.
 */
export function longestStretch(image: Uint8Array): Stretch {
  let [number, last, last_ns] = [0, 0, 0];
  let longest = { number: 0, instructions: 0, ns: 0 };
  for (const { core: { instructions }, clock: { now_ns } } of boot(image)) {
    if (instructions - last > longest.instructions) longest = { number, instructions: instructions - last, ns: now_ns - last_ns };
    [last, last_ns] = [instructions, now_ns];
    number++;
  }
  for (const chip of boot(image)) if (--longest.number === 0) return { from: momentOf(chip.rp2040), ns: longest.ns - MARGIN_NS };
  throw new Error("the image never looked outside");
}

/** A chip of rp2040js at that moment, with nothing of ours in it but its clock. */
function chipAt({ registers, core, sram, flash }: Moment, clock: Clock): RP2040 {
  const chip = new RP2040(clock);
  const loud = (component: string, message: string): never => { throw new Error(`${component}: ${message}`); };
  chip.logger = { debug: NO_EVENT, info: NO_EVENT, warn: loud, error: loud };
  chip.flash.set(flash);
  chip.sram.set(sram);
  chip.core.registers.set(registers);
  Object.assign(chip.core, core);
  return chip;
}

/** Our loop goes through a stretch: the chip afterwards, after how many instructions, and how long it took. */
export function oursThrough({ from, ns }: Stretch): { readonly chip: RP2040; readonly instructions: number; readonly seconds: number } {
  const clock = new Clock();
  const chip = chipAt(from, clock);
  const core = new Core(chip, clock);
  core.memory.showFlash(true);
  const start = performance.now();
  core.run(ns);
  const seconds = (performance.now() - start) / 1000;
  return { chip, instructions: core.instructions, seconds };
}

/** rp2040js's loop does as many instructions from there, without the clock that its own simulator also moves: as fast as it can be. */
export function stockThrough({ from }: Stretch, instructions: number): { readonly chip: RP2040; readonly seconds: number } {
  const chip = chipAt(from, new Clock());
  const { core } = chip;
  const start = performance.now();
  for (let i = 0; i < instructions; i++) core.executeInstruction();
  return { chip, seconds: (performance.now() - start) / 1000 };
}

/** In what two chips differ: registers, flags, stacks, masks, RAM or flash. */
export function unequal(a: RP2040, b: RP2040): readonly string[] {
  const [one, other] = [momentOf(a), momentOf(b)];
  const found = [...one.registers].flatMap((value, i) => (value === other.registers[i] ? [] : [`r${i}: ${value.toString(16)}, ${other.registers[i]!.toString(16)}`]));
  for (const key of Object.keys(one.core) as (keyof Moment["core"])[]) if (one.core[key] !== other.core[key]) found.push(`${key}: ${Number(one.core[key])}, ${Number(other.core[key])}`);
  if (Buffer.compare(one.sram, other.sram) !== 0) found.push("RAM");
  if (Buffer.compare(one.flash, other.flash) !== 0) found.push("flash");
  return found;
}

/** Both loops by turns through the same stretch of the image, `rounds` times, each as fast as its fastest. Throws if they do not end in the same state. */
export function measureCores(image: Uint8Array, rounds = 10): CoreRates {
  const stretch = longestStretch(image);
  let [ours_s, stock_s, instructions] = [Infinity, Infinity, 0];
  for (let i = 0; i < rounds; i++) {
    const ours = oursThrough(stretch);
    const stock = stockThrough(stretch, ours.instructions);
    const differences = unequal(stock.chip, ours.chip);
    if (differences.length > 0) throw new Error(`rp2040js's loop and ours end in other states after ${ours.instructions} instructions: ${differences.join("; ")}`);
    ours_s = Math.min(ours_s, ours.seconds);
    stock_s = Math.min(stock_s, stock.seconds);
    ({ instructions } = ours);
  }
  return { instructions, stock_mips: instructions / stock_s / 1e6, ours_mips: instructions / ours_s / 1e6, ratio: stock_s / ours_s };
}
