// Small peripherals that rp2040js lacks: ring oscillator, chip reset cause.

import { BasePeripheral, type RP2040 } from "rp2040js";
import type { Stream } from "../engine/random";

/** The ring oscillator: runs, and gives random bits, of a stream of the seed. Its other registers hold what is written. */
export class RingOscillator extends BasePeripheral {
  private readonly held = new Map<number, number>([[0x00, 0xaa0]]);

  constructor(chip: RP2040, private readonly bits: Stream) {
    super(chip, "ROSC");
  }

  override readUint32(offset: number): number {
    if (offset === 0x18) return 0x8000_1000; // STATUS: stable, enabled
    if (offset === 0x1c) return this.bits.below(2); // RANDOMBIT
    return this.held.get(offset) ?? 0;
  }

  override writeUint32(offset: number, value: number): void {
    this.held.set(offset, value);
  }
}

/** VREG_AND_CHIP_RESET: why the chip as a whole began, which a watchdog's reset does not change. */
export class ChipReset extends BasePeripheral {
  constructor(chip: RP2040) {
    super(chip, "VREG_AND_CHIP_RESET");
  }

  override readUint32(offset: number): number {
    if (offset === 0x00) return 0x10b1; // VREG at 1.10 V, as after power-on
    if (offset === 0x04) return 0x91; // BOD, as after power-on
    if (offset === 0x08) return 1 << 8; // CHIP_RESET: power-on or brown-out
    return super.readUint32(offset);
  }
}
