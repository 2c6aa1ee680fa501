// Flow accuracy: the mean flow error and the trumpet curve of one rate.

import { deviation_ppm, exceeds, pulsesOf, requested_pL } from "./flow";
import type { SetRate } from "./set-rate";
import { extremes } from "./windows";
import type { Train } from "./windows";

/** A volume, and by how much it is off from what was set, in millionths. */
export interface Deviation {
  readonly delivered_pL: number;
  readonly deviation_ppm: number;
}

/** Two points of the trumpet curve, and what a pulse allows there. */
export interface WindowAccuracy {
  readonly window_us: number;
  readonly requested_pL: number;
  readonly max: Deviation;
  readonly min: Deviation;
  /**
   * The quantisation floor: a perfect pump, whose pulses of the calibrated volume come at exactly equal intervals. No pump of this pulse that keeps to
   * the rate shows less. At a window of a whole number of pulses it is 0.
   */
  readonly floor_max: Deviation;
  readonly floor_min: Deviation;
  /** One pulse as a share of the window: a pump whose pulses are never more than one off lies within it, above and below 0. */
  readonly one_pulse_ppm: number;
}

export interface RateAccuracy {
  readonly rate: SetRate;
  readonly analysis_us: number;
  readonly pulses: number;
  readonly requested_pL: number;
  /** The mean flow error over the analysis period. */
  readonly mean: Deviation;
  /** The trumpet curve, the shortest window first. */
  readonly windows: readonly WindowAccuracy[];
}

/** What a deviation is of: an observation window, or the analysis period. */
export interface OverLimit {
  readonly window_us: number;
  readonly which: "max" | "min" | "mean";
  readonly deviation_ppm: number;
  /** What a perfect pump shows there; 0 for the mean. */
  readonly floor_ppm: number;
}

function windowAccuracy({ flow }: SetRate, pulse_pL: number, train: Train, window_us: number): WindowAccuracy {
  const of = (delivered_pL: number): Deviation => ({ delivered_pL, deviation_ppm: deviation_ppm(delivered_pL, flow, window_us) });
  const { max_pL, min_pL } = extremes(train, window_us);
  const { whole, part } = pulsesOf(flow, pulse_pL, window_us);
  return {
    window_us, requested_pL: requested_pL(flow, window_us), max: of(max_pL), min: of(min_pL),
    floor_max: of((part ? whole + 1 : whole) * pulse_pL), floor_min: of(whole * pulse_pL),
    one_pulse_ppm: deviation_ppm(pulse_pL, flow, window_us) + 1_000_000,
  };
}

/** The figures of one rate. Windows longer than the analysis period are left out; `pulse_pL` is the calibrated pulse, of which the floor is made. */
export function accuracyOf(rate: SetRate, pulse_pL: number, train: Train, windows_us: readonly number[]): RateAccuracy {
  const delivered_pL = train.volume_pL.reduce((sum, volume) => sum + volume, 0);
  return {
    rate, analysis_us: train.length_us, pulses: train.at_us.length,
    requested_pL: requested_pL(rate.flow, train.length_us),
    mean: { delivered_pL, deviation_ppm: deviation_ppm(delivered_pL, rate.flow, train.length_us) },
    windows: windows_us.filter((window_us) => window_us <= train.length_us).map((window_us) => windowAccuracy(rate, pulse_pL, train, window_us)),
  };
}

/** Which deviations are more than the limit, either way: of the windows, and the mean. */
export function overLimit({ rate: { flow }, analysis_us, mean, windows }: RateAccuracy, limit_ppm: number): readonly OverLimit[] {
  const over = windows.flatMap(({ window_us, max, min, floor_max, floor_min }) =>
    ([["max", max, floor_max], ["min", min, floor_min]] as const).flatMap(([which, seen, floor]) =>
      (exceeds(seen.delivered_pL, flow, window_us, limit_ppm) ? [{ window_us, which, deviation_ppm: seen.deviation_ppm, floor_ppm: floor.deviation_ppm }] : [])));
  if (!exceeds(mean.delivered_pL, flow, analysis_us, limit_ppm)) return over;
  return [...over, { window_us: analysis_us, which: "mean", deviation_ppm: mean.deviation_ppm, floor_ppm: 0 }];
}
