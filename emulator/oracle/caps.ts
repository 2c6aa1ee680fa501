// The oracle's own rolling sums, over what the motor was commanded to give.

import { Unit } from "../../hal/units";
import type { Report } from "./alarm-watch";

/** LIMIT-2: defaults. */
const CAP_1H_NG = 150_000;
const CAP_24H_PERMILLE = 1500;

interface Window {
  readonly name: string;
  readonly length_ms: number;
  /** In force now, and when the last bolus was accepted. */
  present_pg: number;
  cap_pg: number;
  /** Until when it may contain a part of a bolus that was accepted. */
  judged_until_ms: number;
  sum_fg: number;
  /** Where the oldest pulse of it stands. */
  first: number;
}

/**
 * A bolus is accepted only where no window that contains a part of it can break a cap; what is changed after that (a prescription, a clock, a refill) was judged on
 * its own. So from a bolus on request until something is changed, and as long as it is in the window, the sum is held against its cap. Each pulse, uncertain or not,
 * weighs its volume times what the oracle takes to be at the tip.
 */
export class OwnCaps {
  private readonly at_ms: number[] = [];
  private readonly dose_fg: number[] = [];
  private readonly windows: Window[] = [
    { name: "1 h", length_ms: Unit.ms_per_hour, present_pg: 0, cap_pg: 0, judged_until_ms: -1, sum_fg: 0, first: 0 },
    { name: "24 h", length_ms: Unit.ms_per_day, present_pg: 0, cap_pg: 0, judged_until_ms: -1, sum_fg: 0, first: 0 },
  ];
  private told = false;
  private default_24h = true;

  constructor(private readonly report: Report) {}

  /** A prescription with its caps, 0 for the default. */
  prescribe(daily_ng: number, cap_1h_ng: number, cap_24h_ng: number): void {
    this.default_24h = cap_24h_ng === 0;
    this.windows[0]!.present_pg = 1000 * (cap_1h_ng === 0 ? CAP_1H_NG : cap_1h_ng);
    this.windows[1]!.present_pg = 1000 * cap_24h_ng;
    this.scaled(daily_ng);
    this.changed();
  }

  /** The daily dose in force is another one, by a prescription or a step of a titration plan: the default of a day follows it. */
  scaled(daily_ng: number): void {
    if (this.default_24h) this.windows[1]!.present_pg = 1000 * Math.floor((daily_ng * CAP_24H_PERMILLE) / 1000);
  }

  /** Something was changed that no bolus was measured against. */
  changed(): void {
    for (const window of this.windows) window.judged_until_ms = -1;
  }

  /** A bolus on request was accepted: it may be in a window until so long after its end. */
  accepted(at_ms: number, lasts_ms: number): void {
    for (const window of this.windows) {
      window.cap_pg = window.present_pg;
      window.judged_until_ms = Math.max(window.judged_until_ms, at_ms + lasts_ms + window.length_ms);
    }
    this.told = false;
  }

  commanded(at_ms: number, dose_fg: number): void {
    this.at_ms.push(at_ms);
    this.dose_fg.push(dose_fg);
    for (const window of this.windows) {
      window.sum_fg += dose_fg;
      for (; this.at_ms[window.first]! <= at_ms - window.length_ms; window.first++) window.sum_fg -= this.dose_fg[window.first]!;
      if (at_ms >= window.judged_until_ms || this.told || window.sum_fg <= window.cap_pg * 1000) continue;
      this.told = true;
      this.report("over", at_ms, `more than the rolling cap of ${window.name} although a bolus was accepted under it, in pg`, window.cap_pg, Math.ceil(window.sum_fg / 1000));
    }
    this.forget();
  }

  /** What no window reaches any more is dropped, now and then. */
  private forget(): void {
    // The longest window reaches back the farthest.
    const old = this.windows[1]!.first;
    if (old < 4096) return;
    this.at_ms.splice(0, old);
    this.dose_fg.splice(0, old);
    for (const window of this.windows) window.first -= old;
  }
}
