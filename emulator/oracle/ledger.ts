// The oracle's own books, kept from what it saw at the motor.

import { Unit } from "../../hal/units";

/** Empty at so much by confirmed pulses (FILL-3). */
export const EMPTY_PL = 500_000 * Unit.pL_per_nL;

/** Commanded, confirmed and uncertain, and the volumes that follow from them and the last accepted refill. */
export class Ledger {
  commanded = 0;
  confirmed = 0;
  /** Unconfirmed, and those that nobody commanded. */
  uncertain = 0;
  /** Of which the program was told that nobody commanded them (MOTOR-4). */
  uncommanded = 0;
  in_flight = false;
  /** Commanded by the books alone: power went between the entry and the command. They are uncertain. */
  booked = 0;
  /** Uncertain here, but the pump may have counted them as confirmed: it gave up over their results. */
  doubtful = 0;
  pulse_pL: number;
  /** Whether there ever was a refill. */
  filled = false;
  concentration = 0;
  private fill_pL = 0;
  private confirmed_before = 0;
  private uncertain_before = 0;
  private doubtful_before = 0;

  constructor(pulse_pL: number) {
    this.pulse_pL = pulse_pL;
  }

  /** The pump tells its confirmed pulses: that settles the doubtful ones. */
  settleDoubt(confirmed: number): void {
    const counted = confirmed - this.confirmed;
    if (counted > 0 && counted <= this.doubtful) {
      this.confirmed += counted;
      this.uncertain -= counted;
      // What a refill since then took for uncertain was confirmed before it.
      const before = Math.min(counted, this.doubtful_before);
      this.confirmed_before += before;
      this.uncertain_before -= before;
    }
    this.doubtful = this.doubtful_before = 0;
  }

  refill(volume_nL: number, concentration: number): void {
    this.filled = true;
    this.fill_pL = volume_nL * Unit.pL_per_nL;
    this.concentration = concentration;
    this.confirmed_before = this.confirmed;
    this.uncertain_before = this.uncertain;
    this.doubtful_before = this.doubtful;
  }

  /** By confirmed pulses (FILL-1). */
  get remaining_pL(): number {
    return Math.max(0, this.fill_pL - (this.confirmed - this.confirmed_before) * this.pulse_pL);
  }

  /** The lower bound: uncertain pulses are taken off too. */
  get remaining_low_pL(): number {
    const pulses = this.confirmed - this.confirmed_before + this.uncertain - this.uncertain_before;
    return Math.max(0, this.fill_pL - pulses * this.pulse_pL);
  }

  get empty(): boolean {
    return this.filled && this.remaining_pL <= EMPTY_PL;
  }
}
