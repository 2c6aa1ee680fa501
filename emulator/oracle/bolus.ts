// The oracle's own account of a bolus: accrued, pulsed, confirmed or not.

import { Unit } from "../../hal/units";

/** Accrual units of a nanogram, as in balance.ts: rate (ng/day) x ms x 5. */
export const UNITS_PER_NG = 5 * Unit.ms_per_day;

/** A bolus that is being given. Its accrual is in ng x ms/day, its shares of pulses in units five times as fine. */
export class OwnBolus {
  /** What has not accrued. */
  left: number;
  /** Of the fraction of a pulse, and of the pulse in flight. */
  own = 0;
  flight = 0;
  confirmed = 0;
  uncertain = 0;
  readonly rate: number;

  constructor(readonly kind: number, readonly dose_ng: number, duration_ms: number) {
    this.left = dose_ng * Unit.ms_per_day;
    this.rate = Math.ceil((dose_ng * Unit.ms_per_day) / duration_ms);
  }

  /** Accrues for a time at no more than `room` ng/day; returns the accrual units. */
  accrue(duration_ms: number, room: number): number {
    const part = Math.min(this.left, Math.max(0, Math.min(this.rate, room)) * duration_ms);
    this.left -= part;
    this.own += part * 5;
    return part * 5;
  }

  commanded(pulse: number): void {
    this.flight = Math.min(this.own, pulse);
    this.own -= this.flight;
  }

  resulted(confirmed: boolean): void {
    if (confirmed) this.confirmed += this.flight;
    else this.uncertain += this.flight;
    this.flight = 0;
  }
}
