// The oracle's own reading of an accepted prescription: rate over wall time.

import { Unit } from "../../hal/units";
import { Prescribe } from "../../protocol/limits";
import { Mode } from "../../protocol/states";

/** 0.006 mL/day (DOSE-2). */
export const MINIMUM_RATE_NL_PER_DAY = 6000;

/** 1970-01-01 was a Thursday; weekdays count from Monday. */
const EPOCH_WEEKDAY = 3;

/** One step of a day. */
interface Step {
  readonly minute: number;
  readonly rate: number;
}

/** What of a commit the oracle reads. */
export interface Prescribed {
  readonly schedule: readonly number[];
  readonly timed: readonly (readonly number[])[];
  readonly titration: readonly (readonly number[])[];
  /** Interval, dose, minutes; dose, minutes, lockout, count of the patient's; the caps. */
  readonly extra: readonly number[];
}

/** Where the values of a prescription stand: its mode, the schedule of each weekday, then pairs of key and rate. */
const enum Place { mode = 0, week = 1, steps = 8 }

/** A prescription, as it was staged. */
export class Prescription {
  /** Whether it is paced in dose (ng) or in volume (nL). */
  readonly in_dose: boolean;
  /** Its highest rate, in ng/day or nL/day. */
  readonly rate_max: number;
  private readonly days: (readonly Step[])[] = [];
  /** In thousandths: what a titration plan scales the rates by now. */
  scale = 1000;

  constructor(readonly whole: Prescribed) {
    const args = whole.schedule;
    this.scale = whole.titration[0]?.[0] ?? 1000;
    this.in_dose = args[Place.mode] === Mode.schedule;
    if (!this.in_dose) {
      for (let weekday = 0; weekday < 7; weekday++) this.days.push([{ minute: 0, rate: MINIMUM_RATE_NL_PER_DAY }]);
      this.rate_max = MINIMUM_RATE_NL_PER_DAY;
      return;
    }
    const steps: { readonly day: number; readonly minute: number; readonly rate: number }[] = [];
    for (let at: number = Place.steps; at + 1 < args.length; at += 2) {
      const key = args[at]!;
      steps.push({ day: Math.floor(key / Prescribe.minutes_per_day), minute: key % Prescribe.minutes_per_day, rate: args[at + 1]! });
    }
    for (let weekday = 0; weekday < 7; weekday++) {
      this.days.push(steps.filter((step) => step.day === args[Place.week + weekday]));
    }
    const scale_max = Math.max(this.scale, ...whole.titration.map(([permille = 1000]) => permille));
    this.rate_max = Math.floor((Math.max(0, ...steps.map((step) => step.rate)) * scale_max) / 1000);
  }

  /** Whether no step is zero. */
  get always_gives(): boolean {
    return this.days.every((steps) => steps.every(({ rate }) => rate > 0));
  }

  /** The rate that holds at a wall time. */
  rateAt(wall_ms: number): number {
    let rate = 0;
    for (const step of this.stepsOf(wall_ms)) {
      if (step.minute * Unit.ms_per_minute <= timeOfDay(wall_ms)) rate = step.rate;
    }
    return this.in_dose ? Math.floor((rate * this.scale) / 1000) : rate;
  }

  /** The largest dose of a wall-clock day at a scale, timed and periodic boluses in it, in ng, rounded up; 0 at the minimum rate. */
  dailyDose_ng(scale = this.scale): number {
    if (!this.in_dose) return 0;
    const doses = this.days.map((steps) => steps.reduce((sum, { minute, rate }, i) => sum + rate * ((steps[i + 1]?.minute ?? Prescribe.minutes_per_day) - minute), 0));
    const [interval = 0, periodic_ng = 0] = this.whole.extra;
    const boluses_ng = this.whole.timed.reduce((sum, [, dose_ng = 0]) => sum + dose_ng, 0) + (interval === 0 ? 0 : Math.ceil(Prescribe.minutes_per_day / interval) * periodic_ng);
    return Math.ceil((Math.max(...doses) * scale) / (1000 * Prescribe.minutes_per_day)) + boluses_ng;
  }

  /** The wall time after `wall_ms` up to which that rate holds at least. */
  holdsUntil(wall_ms: number): number {
    const time_ms = timeOfDay(wall_ms);
    const midnight = wall_ms - time_ms;
    for (const step of this.stepsOf(wall_ms)) {
      if (step.minute * Unit.ms_per_minute > time_ms) return midnight + step.minute * Unit.ms_per_minute;
    }
    return midnight + Unit.ms_per_day;
  }

  private stepsOf(wall_ms: number): readonly Step[] {
    const day = Math.floor(wall_ms / Unit.ms_per_day) + EPOCH_WEEKDAY;
    return this.days[day - Math.floor(day / 7) * 7]!;
  }
}

function timeOfDay(wall_ms: number): number {
  return wall_ms - Math.floor(wall_ms / Unit.ms_per_day) * Unit.ms_per_day;
}
