// The bus as the core sees it: SRAM and flash at once, the rest by rp2040js.

import type { RP2040 } from "rp2040js";
import type { Clock } from "./clock";

const SRAM = 0x2000_0000;
const XIP = 0x1000_0000;
/** What the chip has of it. */
export const SRAM_BYTES = 264 * 1024;
/** Cycles of an access beyond the instruction's own: rp2040js's figures. */
const enum Cycles { memory = 1, sio = 0, peripheral_read = 3, peripheral_write = 4 }

const NOTHING_8 = new Uint8Array(0);
const NOTHING_16 = new Uint16Array(0);
const NOTHING_32 = new Int32Array(0);

/** Where the core went and nothing was. */
export interface BusFault {
  readonly pc: number;
  readonly text: string;
}

/**
 * Loads and stores. An access that is not aligned, reaches nothing, or writes to flash is a fault, where rp2040js only logs or, worse, changes
 * the flash. Addresses come as signed 32 bits.
 */
export class Memory {
  readonly sram16: Uint16Array;
  /** Nothing while flash cannot be read (`showFlash`). */
  flash16: Uint16Array = NOTHING_16;
  flash32: Int32Array = NOTHING_32;
  /** Of the last access, beyond the instruction's own. */
  cycles = 0;
  /** The last instruction may have changed what the loop must know: interrupts, alarms, sleep. */
  attention = false;
  fault: BusFault | undefined;
  /** Why flash cannot be read. */
  private hidden = "nothing has set it up";
  readonly sram8: Uint8Array;
  readonly sram32: Int32Array;
  private flash8: Uint8Array = NOTHING_8;

  constructor(private readonly chip: RP2040, private readonly clock: Clock) {
    const { sram } = chip;
    this.sram8 = sram;
    this.sram16 = new Uint16Array(sram.buffer);
    this.sram32 = new Int32Array(sram.buffer);
  }

  /** Whether the chip can read flash: not before boot2, nor while it is sent commands. `why` not. */
  showFlash(shown: boolean, why = ""): void {
    const { flash } = this.chip;
    this.attention = true;
    this.hidden = why;
    this.flash8 = shown ? flash : NOTHING_8;
    this.flash16 = shown ? new Uint16Array(flash.buffer) : NOTHING_16;
    this.flash32 = shown ? new Int32Array(flash.buffer) : NOTHING_32;
  }

  load32(at: number): number {
    if ((at & 3) !== 0) return this.failed(at, "a load that is not aligned");
    this.cycles = Cycles.memory;
    const in_ram = (at - SRAM) >>> 0;
    if (in_ram < SRAM_BYTES) return this.sram32[in_ram >>> 2]!;
    const in_flash = (at - XIP) >>> 0;
    if (in_flash < this.flash8.length) return this.flash32[in_flash >>> 2]!;
    if (!this.outside(at, false)) return 0;
    return this.chip.readUint32(at >>> 0) | 0;
  }

  load16(at: number): number {
    if ((at & 1) !== 0) return this.failed(at, "a load that is not aligned");
    this.cycles = Cycles.memory;
    const in_ram = (at - SRAM) >>> 0;
    if (in_ram < SRAM_BYTES) return this.sram16[in_ram >>> 1]!;
    const in_flash = (at - XIP) >>> 0;
    if (in_flash < this.flash8.length) return this.flash16[in_flash >>> 1]!;
    if (!this.outside(at, false)) return 0;
    return this.chip.readUint16(at >>> 0);
  }

  load8(at: number): number {
    this.cycles = Cycles.memory;
    const in_ram = (at - SRAM) >>> 0;
    if (in_ram < SRAM_BYTES) return this.sram8[in_ram]!;
    const in_flash = (at - XIP) >>> 0;
    if (in_flash < this.flash8.length) return this.flash8[in_flash]!;
    if (!this.outside(at, false)) return 0;
    return this.chip.readUint8(at >>> 0);
  }

  store32(at: number, value: number): void {
    const in_ram = (at - SRAM) >>> 0;
    if ((at & 3) !== 0) this.failed(at, "a store that is not aligned");
    else if (in_ram < SRAM_BYTES) {
      this.cycles = Cycles.memory;
      this.sram32[in_ram >>> 2] = value;
    } else if (this.outside(at, true)) this.chip.writeUint32(at >>> 0, value >>> 0);
  }

  store16(at: number, value: number): void {
    const in_ram = (at - SRAM) >>> 0;
    if ((at & 1) !== 0) this.failed(at, "a store that is not aligned");
    else if (in_ram < SRAM_BYTES) {
      this.cycles = Cycles.memory;
      this.sram16[in_ram >>> 1] = value;
    } else if (this.outside(at, true)) this.chip.writeUint16(at >>> 0, value & 0xffff);
  }

  store8(at: number, value: number): void {
    const in_ram = (at - SRAM) >>> 0;
    if (in_ram < SRAM_BYTES) {
      this.cycles = Cycles.memory;
      this.sram8[in_ram] = value;
    } else if (this.outside(at, true)) this.chip.writeUint8(at >>> 0, value & 0xff);
  }

  /** An instruction's halfword. */
  fetch(at: number): number {
    const in_flash = (at - XIP) >>> 0;
    if (in_flash < this.flash8.length) return this.flash16[in_flash >>> 1]!;
    const in_ram = (at - SRAM) >>> 0;
    if (in_ram < SRAM_BYTES) return this.sram16[in_ram >>> 1]!;
    if ((at >>> 0) < 0x4000) return this.chip.readUint16(at);
    if (this.flash8.length === 0 && in_flash < this.chip.flash.length) this.outside(at, false);
    this.failed(at, "an instruction");
    return 0xbf00; // a NOP, until the fault is taken
  }

  /** Whether something is there; counts the cycles, and sees to it that the loop looks up. */
  private outside(at: number, write: boolean): boolean {
    this.attention = true;
    const top = at >>> 28;
    if (top === 13) this.cycles = Cycles.sio;
    else if (top === 4) this.cycles = write ? Cycles.peripheral_write : Cycles.peripheral_read;
    else this.cycles = Cycles.memory;
    const place = at >>> 0;
    if (this.flash8.length === 0 && place >>> 24 === 0x10) throw new Error(`the image reads flash while it cannot be read (${this.hidden}): 0x${place.toString(16)}, pc 0x${this.chip.core.PC.toString(16)}`);
    const mirrored = place >= 0x1100_0000 && place < 0x1400_0000 && (place & 0xff_ffff) < this.flash8.length;
    const known = top === 13 || place >>> 12 === 0xe000e || place < 0x4000 || mirrored || this.chip.findPeripheral(place) !== undefined;
    // The ROM and the flash behind XIP cannot be written by a store.
    if (known && !(write && (place < 0x4000 || mirrored))) return true;
    this.failed(at, write ? "a store" : "a load");
    return false;
  }

  private failed(at: number, what: string): number {
    this.attention = true;
    this.cycles = Cycles.memory;
    this.fault ??= { pc: this.chip.core.PC - 2, text: `${what} at 0x${(at >>> 0).toString(16)}, pc 0x${(this.chip.core.PC - 2).toString(16)}, ${this.clock.now_ns} ns` };
    return 0;
  }
}
