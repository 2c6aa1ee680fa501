// The oracle's own list of drugs on the way to the tip, by its own books.

import { catheterVolume_pL } from "../devices/catheter";

/** Where a drug begins: it left the reservoir behind so many confirmed and uncertain pulses. */
interface Boundary {
  readonly confirmed: number;
  readonly uncertain: number;
  readonly drug: number;
}

/** A boundary that has passed is kept for so many pulses more. */
const KEPT_PULSES = 2;

/** Its place is a band from confirmed to confirmed plus uncertain pulses; inside it the stronger drug is assumed (FILL-7). */
export class OwnPlugs {
  private boundaries: Boundary[] = [];
  private before = 0;
  private volume_pL: number;

  constructor(catheter_cm: number) {
    this.volume_pL = catheterVolume_pL(catheter_cm);
  }

  setUp(catheter_cm: number): void {
    this.volume_pL = catheterVolume_pL(catheter_cm);
  }

  /** The reservoir holds `after` now, and what was drawn from it before is still on the way. */
  add(before: number, after: number, confirmed: number, uncertain: number): void {
    if (this.boundaries.length === 0) this.before = before;
    this.boundaries.push({ confirmed, uncertain, drug: after });
  }

  clear(): void {
    this.boundaries = [];
  }

  /** What the next pulse brings to the tip, at the strongest; `reservoir` if nothing else is on the way. */
  next(reservoir: number, confirmed: number, uncertain: number, pulse_pL: number): number {
    // A pulse can be taken back after all: what has just passed is not forgotten.
    for (let [first] = this.boundaries; first !== undefined && (confirmed - KEPT_PULSES - first.confirmed) * pulse_pL >= this.volume_pL; [first] = this.boundaries) {
      this.before = first.drug;
      this.boundaries.shift();
    }
    const passed = this.boundaries.filter((each) => (confirmed - each.confirmed) * pulse_pL >= this.volume_pL);
    if (passed.length === this.boundaries.length) return reservoir;
    const reached = this.boundaries.filter((each) => (confirmed - each.confirmed + uncertain - each.uncertain + 1) * pulse_pL > this.volume_pL);
    return Math.max(passed.at(-1)?.drug ?? this.before, ...reached.slice(passed.length).map(({ drug }) => drug));
  }
}
