// The oracle's integrals: what the prescription owes, pulse by pulse.

import { WallClock } from "../../protocol/limits";
import { Mode } from "../../protocol/states";
import { Prescription } from "./prescription";

/** Common factor of dose pacing: rate (ng/day) x ms x 5 against pulse_pL x ng/uL x 432. */
const DOSE_FACTOR = 5;
const DOSE_PULSE = 432;
/** Volume pacing: rate (nL/day) x ms against pulse_pL x 86 400. */
const VOLUME_PULSE = 86_400;

/** One integral, in units that make both sides whole. */
export class Integral {
  /** Owed: prescribed less commanded. */
  owed = 0;
  /** One pulse. */
  pulse = 1;

  constructor(readonly factor: number) {}

  /** What a rate gives over a time. */
  over(rate: number, duration_ms: number): number {
    return rate * duration_ms * this.factor;
  }

  accrue(rate: number, duration_ms: number): void {
    this.owed += this.over(rate, duration_ms);
    if (!Number.isSafeInteger(this.owed)) throw new Error("the oracle's integral does not fit an exact integer");
  }
}

/**
 * The prescription in force, walked over pump time on a wall offset of its own. Dose and volume are two
 * integrals, never converted into each other (DOSE-1 allows one pulse for each).
 */
export class Balance {
  readonly dose = new Integral(DOSE_FACTOR);
  readonly volume = new Integral(1);
  /** Wall time less pump time. */
  offset_ms: number = WallClock.unset_ms;
  /** Whether the motor should be pacing at all. */
  on = false;
  private at_ms = 0;
  private prescribed: Prescription | undefined;
  private readonly minimum = new Prescription([Mode.minimum_rate]);
  private minimum_forced = false;
  private rate = 0;
  private holds_until_ms = 0;

  /** Pump time that has been accrued up to. */
  get accrued_to_ms(): number {
    return this.at_ms;
  }

  /** The prescription that paces now. */
  get present(): Prescription | undefined {
    return this.minimum_forced ? this.minimum : this.prescribed;
  }

  /** The integral that it paces by. */
  get active(): Integral {
    return this.present?.in_dose === true ? this.dose : this.volume;
  }

  /** Rate that holds now, in ng/day or nL/day. */
  get present_rate(): number {
    if (this.on && this.at_ms >= this.holds_until_ms) this.look();
    return this.rate;
  }

  /** What the active prescription gives at most in a time, in the active integral's units. */
  most(duration_ms: number): number {
    return this.active.over(this.present?.rate_max ?? 0, duration_ms);
  }

  calibrate(pulse_pL: number, concentration: number): void {
    this.dose.pulse = pulse_pL * concentration * DOSE_PULSE;
    this.volume.pulse = pulse_pL * VOLUME_PULSE;
  }

  /** Takes effect at the time accrued up to. */
  prescribe(args: readonly number[]): void {
    this.prescribed = new Prescription(args);
    this.look();
  }

  setOffset(offset_ms: number): void {
    this.offset_ms = offset_ms;
    this.look();
  }

  forceMinimum(forced: boolean): void {
    this.minimum_forced = forced;
    this.look();
  }

  /** Prescription up to `to_ms`, if that is ahead. Not running, time passes and nothing is owed. */
  accrue(to_ms: number): void {
    if (to_ms <= this.at_ms) return;
    if (!this.on || this.present === undefined) {
      this.at_ms = to_ms;
      this.holds_until_ms = 0;
      return;
    }
    while (this.at_ms < to_ms) {
      if (this.at_ms >= this.holds_until_ms) this.look();
      const end_ms = Math.min(to_ms, this.holds_until_ms);
      this.active.accrue(this.rate, end_ms - this.at_ms);
      this.at_ms = end_ms;
    }
  }

  /** The power came back: the fraction is gone and so is the outage. */
  restart(at_ms: number): void {
    this.at_ms = Math.max(this.at_ms, at_ms);
    this.dose.owed = 0;
    this.volume.owed = 0;
    this.look();
  }

  /** Which integral a command belongs to: the active one, unless only the other has a pulse due. */
  charged(): Integral {
    const active = this.active;
    const other = active === this.dose ? this.volume : this.dose;
    return active.owed < active.pulse && other.owed >= other.pulse ? other : active;
  }

  private look(): void {
    const wall_ms = this.at_ms + this.offset_ms;
    this.rate = this.present?.rateAt(wall_ms) ?? 0;
    this.holds_until_ms = (this.present?.holdsUntil(wall_ms) ?? wall_ms) - this.offset_ms;
  }
}
