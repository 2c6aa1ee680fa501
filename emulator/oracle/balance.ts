// The oracle's integrals: what the prescription owes, pulse by pulse.

import { Motion } from "../../hal/motor";
import { WallClock } from "../../protocol/limits";
import { Mode } from "../../protocol/states";
import type { OwnBolus } from "./bolus";
import { Prescription, type Prescribed } from "./prescription";

/** Common factor of dose pacing: rate (ng/day) x ms x 5 against pulse_pL x ng/uL x 432. */
const DOSE_FACTOR = 5;
const DOSE_PULSE = 432;
/** Volume pacing: rate (nL/day) x ms against pulse_pL x 86 400. */
const VOLUME_PULSE = 86_400;
/** DOSE-2: the greatest flow, in nL/day. */
export const FLOW_MAX_NL_PER_DAY = 24_000_000;

/** One integral, in units that make both sides whole. */
export class Integral {
  /** Owed: prescribed less commanded. */
  owed = 0;
  /** One pulse. */
  pulse = 1;
  /** More than a pulse that may be owed until it is spent: carried into a weaker drug, or put off by the motor's interval when another rate came. */
  carried = 0;

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
  /** The bolus in hand. */
  bolus: OwnBolus | undefined;
  private tip = 0;
  private at_ms = 0;
  private prescribed: Prescription | undefined;
  private readonly minimum = new Prescription({ schedule: [Mode.minimum_rate], timed: [], titration: [], extra: [] });
  private minimum_forced = false;
  private rate = 0;
  private holds_from_ms = 0;
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

  /** What was asked for at a pump time not long ago, a bolus with it, as dose at the drug that paces: ng/day, rounded. */
  askedAt(at_ms: number): number {
    const { present } = this;
    if (!this.on || present === undefined) return 0;
    const rate = this.holds(at_ms) ? this.rate : present.rateAt(at_ms + this.offset_ms);
    const basal = present.in_dose ? rate : Math.round((rate * this.tip) / 1000);
    return this.bolus === undefined ? basal : basal + Math.max(0, Math.min(this.bolus.rate, Math.floor((FLOW_MAX_NL_PER_DAY * this.tip) / 1000) - basal));
  }

  /** The pump time after it up to which the prescription's own rate holds, if nothing else happens. */
  askedUntil(at_ms: number): number {
    const { present } = this;
    if (!this.on || present === undefined) return Infinity;
    return this.holds(at_ms) ? this.holds_until_ms : present.holdsUntil(at_ms + this.offset_ms) - this.offset_ms;
  }

  private holds(at_ms: number): boolean {
    return at_ms >= this.holds_from_ms && at_ms < this.holds_until_ms;
  }

  /** What is due at most in a time by an integral, in its units: basal, and a bolus. */
  most(integral: Integral, duration_ms: number): number {
    const basal = integral === this.active ? (this.present?.rate_max ?? 0) : 0;
    return integral.over(basal + (integral === this.dose ? (this.bolus?.rate ?? 0) : 0), duration_ms);
  }

  /** The drug at the tip may be another one from now on: a fraction may then be worth several pulses of it (DOSE-1). */
  calibrate(pulse_pL: number, tip: number): void {
    const pulse = pulse_pL * tip * DOSE_PULSE;
    if (pulse !== this.dose.pulse) this.dose.carried = Math.max(this.dose.owed, this.dose.owed > this.dose.pulse ? this.dose.carried : 0);
    this.dose.pulse = pulse;
    this.tip = tip;
    this.volume.pulse = pulse_pL * VOLUME_PULSE;
  }

  /** What may be owed beside what is due: one pulse, or what was carried. */
  allowed(integral: Integral): number {
    if (integral.owed < integral.pulse) integral.carried = 0;
    return Math.max(integral.pulse, integral.carried);
  }

  /** A pulse is commanded: takes it out of the integral it belongs to. */
  take(integral: Integral): void {
    integral.owed -= integral.pulse;
    if (integral === this.dose) this.bolus?.commanded(integral.pulse);
  }

  /** The bolus in hand has been accrued whole. */
  complete(): void {
    this.keepDue();
    this.bolus = undefined;
  }

  /** The bolus in hand ends without being complete: its part of the fraction is not delivered. */
  interrupt(): void {
    if (this.bolus !== undefined) this.dose.owed -= this.bolus.own;
    this.bolus = undefined;
  }

  /** Whether what is prescribed never has a step of zero. */
  get always_gives(): boolean {
    return this.present?.always_gives === true;
  }

  /** The daily dose of what is prescribed, in ng. */
  get prescription_daily_ng(): number {
    return this.prescribed?.dailyDose_ng() ?? 0;
  }

  /** Takes effect at the time accrued up to. */
  prescribe(whole: Prescribed): void {
    this.keepDue();
    this.prescribed = new Prescription(whole);
    this.look();
  }

  /** The next step of a titration plan: rates in so many thousandths. */
  rescale(permille: number): void {
    if (this.prescribed !== undefined) this.prescribed.scale = permille;
    this.look();
  }

  /** A pulse may be due that the motor's interval puts off: what accrued meanwhile stays owed when another rate comes, or none. */
  private keepDue(): void {
    for (const integral of [this.dose, this.volume]) {
      if (integral.owed > integral.pulse) integral.carried = Math.min(integral.owed, this.allowed(integral) + this.most(integral, Motion.interval_ms_min));
    }
  }

  setOffset(offset_ms: number): void {
    this.offset_ms = offset_ms;
    this.look();
  }

  forceMinimum(forced: boolean): void {
    this.keepDue();
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
      this.accrueBolus(end_ms - this.at_ms);
      this.at_ms = end_ms;
    }
  }

  /** On top of basal, and never more than 24 mL/day with it (DOSE-6). */
  private accrueBolus(duration_ms: number): void {
    if (this.bolus === undefined) return;
    const basal = this.active === this.dose ? this.rate : 0;
    this.dose.owed += this.bolus.accrue(duration_ms, Math.floor((FLOW_MAX_NL_PER_DAY * this.tip) / 1000) - basal);
  }

  /** The power came back: the fraction is gone and so is the outage. */
  restart(at_ms: number): void {
    this.at_ms = Math.max(this.at_ms, at_ms);
    this.dose.owed = 0;
    this.volume.owed = 0;
    this.bolus = undefined;
    this.dose.carried = 0;
    this.volume.carried = 0;
    this.look();
  }

  /** Which integral a command belongs to: the active one, unless only the other has a pulse due. */
  charged(): Integral {
    if (this.volume.owed >= this.volume.pulse) return this.volume;
    return this.dose.owed >= this.dose.pulse ? this.dose : this.active;
  }

  private look(): void {
    const wall_ms = this.at_ms + this.offset_ms;
    this.holds_from_ms = this.at_ms;
    this.rate = this.present?.rateAt(wall_ms) ?? 0;
    this.holds_until_ms = (this.present?.holdsUntil(wall_ms) ?? wall_ms) - this.offset_ms;
  }
}
