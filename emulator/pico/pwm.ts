// PWM as a generator of tones: registers and a frequency, no edges.

import { BasePeripheral, type RP2040 } from "rp2040js";

const SLICES = 8;
const SLICE_BYTES = 0x14;
const enum At { csr = 0x00, div = 0x04, ctr = 0x08, cc = 0x0c, top = 0x10, enable = 0xa0, interrupts = 0xa4, interrupt_enable = 0xa8 }
const CSR_ENABLE = 1;
const FREE_RUNNING_ONLY = 0x30 | 0x02; // DIVMODE and phase-correct: neither is modelled

interface Slice { csr: number; div: number; cc: number; top: number }

/**
 * Each slice's frequency, to the nearest Hz: 0 while it is off or silent. rp2040js would make an alarm of each edge, thousands a second,
 * for nobody. Wrap interrupts and counting of inputs are not modelled.
 */
export class PwmTones extends BasePeripheral {
  private readonly slices: Slice[] = Array.from({ length: SLICES }, () => ({ csr: 0, div: 16, cc: 0, top: 0xffff }));

  /** `changed` hears of a slice that may sound otherwise now. */
  constructor(chip: RP2040, private readonly changed: (slice: number) => void) {
    super(chip, "PWM");
  }

  /** What channel A of the slice sounds like. */
  frequency_hz(slice: number): number {
    const { csr, div, cc, top } = this.slices[slice]!;
    const high = cc & 0xffff;
    if ((csr & CSR_ENABLE) === 0 || high === 0 || high > top) return 0;
    return Math.round((this.rp2040.clkSys * 16) / ((div === 0 ? 4096 : div) * (top + 1)));
  }

  override readUint32(offset: number): number {
    if (offset >= At.enable) {
      if (offset === At.enable) return this.slices.reduce((bits, { csr }, i) => bits | ((csr & CSR_ENABLE) << i), 0);
      return offset === At.interrupts || offset === At.interrupt_enable ? 0 : super.readUint32(offset);
    }
    const slice = this.slices[Math.floor(offset / SLICE_BYTES)]!;
    switch (offset % SLICE_BYTES) {
      case At.csr: return slice.csr;
      case At.div: return slice.div;
      case At.cc: return slice.cc;
      case At.top: return slice.top;
      default: throw new Error("the counter of a PWM slice is not modelled");
    }
  }

  override writeUint32(offset: number, value: number): void {
    if (offset >= At.enable) {
      if (offset === At.enable) this.slices.forEach((slice, i) => { slice.csr = (slice.csr & ~CSR_ENABLE) | ((value >> i) & 1); this.changed(i); });
      else if (offset !== At.interrupts && value !== 0) throw new Error("interrupts of the PWM are not modelled");
      return;
    }
    const index = Math.floor(offset / SLICE_BYTES);
    const slice = this.slices[index]!;
    switch (offset % SLICE_BYTES) {
      case At.csr:
        if ((value & FREE_RUNNING_ONLY) !== 0) throw new Error("of the PWM only a slice that runs freely is modelled");
        slice.csr = value;
        break;
      case At.div: slice.div = value & 0xfff; break;
      case At.cc: slice.cc = value; break;
      case At.top: slice.top = value & 0xffff; break;
      default: break; // where it begins to count from nobody hears
    }
    this.changed(index);
  }
}
