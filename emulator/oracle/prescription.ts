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

/** Where the values of a prescription stand: its mode, the schedule of each weekday, then pairs of key and rate. */
const enum Place { mode = 0, week = 1, steps = 8 }

/** A prescription, as it was staged. */
export class Prescription {
  /** Whether it is paced in dose (ng) or in volume (nL). */
  readonly in_dose: boolean;
  /** Its highest rate, in ng/day or nL/day. */
  readonly rate_max: number;
  private readonly days: (readonly Step[])[] = [];

  constructor(args: readonly number[]) {
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
    this.rate_max = Math.max(0, ...steps.map((step) => step.rate));
  }

  /** The rate that holds at a wall time. */
  rateAt(wall_ms: number): number {
    let rate = 0;
    for (const step of this.stepsOf(wall_ms)) {
      if (step.minute * Unit.ms_per_minute <= timeOfDay(wall_ms)) rate = step.rate;
    }
    return rate;
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
