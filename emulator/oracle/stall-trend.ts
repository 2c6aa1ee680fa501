// MOTOR-5: three stalls in 30 days are a warning, and only three.

import { Unit } from "../../hal/units";
import { Alarm } from "../../protocol/alarms";
import type { AlarmWatch, Report } from "./alarm-watch";

const STALLS = 3;
const WINDOW_MS = 30 * Unit.ms_per_day;
/** A trend may be counted in whole minutes. */
const SLACK_MS = Unit.ms_per_minute;

/** Hears when a stall's alarm came on: the oracle demands that by itself. */
export class StallTrend {
  private began_ms: number[] = [];

  constructor(private readonly alarms: AlarmWatch, private readonly report: Report) {}

  /** An alarm came on that was not on already. */
  cameOn(at_ms: number, alarm: number): void {
    if (alarm === Alarm.motor_stall) {
      this.began_ms = [...this.began_ms.slice(1 - STALLS), at_ms];
      if (this.holds(at_ms + SLACK_MS)) this.alarms.demand(Alarm.stall_trend, at_ms);
    }
    if (alarm === Alarm.stall_trend && !this.holds(at_ms - SLACK_MS)) this.report("alarm", at_ms, "a warning of three stalls in 30 days, which there were not: stalls", STALLS, this.began_ms.length);
  }

  wentOff(at_ms: number, alarm: number): void {
    if (alarm === Alarm.stall_trend && this.holds(at_ms + SLACK_MS)) this.report("alarm", at_ms, "the warning went off with three stalls in the last 30 days", 1, 0);
  }

  /** From time to time: it must not stay for longer than its cause. */
  check(at_ms: number): void {
    if (this.alarms.isOn(Alarm.stall_trend) && !this.holds(at_ms - SLACK_MS)) this.report("alarm", at_ms, "the warning is on without three stalls in the last 30 days", 0, 1);
  }

  private holds(at_ms: number): boolean {
    return this.began_ms.length === STALLS && at_ms - this.began_ms[0]! < WINDOW_MS;
  }
}
