// Bolus accuracy: successive boluses, each against the volume requested.

import type { Bench } from "../bench";
import type { Deviation } from "./accuracy";

/** How many successive boluses IEC 60601-2-24 has measured. */
export const BOLUS_COUNT = 25;

export interface BolusAccuracy {
  readonly count: number;
  readonly requested_pL: number;
  /** The mean of all, its volume rounded to a pL. */
  readonly mean: Deviation;
  readonly max: Deviation;
  readonly min: Deviation;
}

/** Has the pump give one bolus, lets time pass until it is over, and tells what the plant delivered of it in pL, the basal taken off. */
export type DeliverBolus = (bench: Bench, dose_ng: number) => number;

/** Volumes of successive boluses, in pL. */
export function bolusVolumes(bench: Bench, deliverBolus: DeliverBolus, dose_ng: number, count = BOLUS_COUNT): readonly number[] {
  return Array.from({ length: count }, () => deliverBolus(bench, dose_ng));
}

/** `part` of `whole` in millionths, rounded to the nearest, a half away from 0. */
function ratio_ppm(part: number, whole: number): number {
  const doubled = 2n * BigInt(part) * 1_000_000n;
  return Number((doubled + (part < 0 ? -BigInt(whole) : BigInt(whole))) / (2n * BigInt(whole)));
}

/** Mean, greatest and least deviation of the boluses from the volume requested. */
export function bolusAccuracy(volumes_pL: readonly number[], requested_pL: number): BolusAccuracy {
  if (volumes_pL.length === 0 || !(requested_pL > 0)) throw new Error(`no boluses to weigh: ${volumes_pL.length} of ${requested_pL} pL`);
  const of = (delivered_pL: number): Deviation => ({ delivered_pL, deviation_ppm: ratio_ppm(delivered_pL - requested_pL, requested_pL) });
  const count = volumes_pL.length;
  const sum_pL = volumes_pL.reduce((sum, volume) => sum + volume, 0);
  return {
    count, requested_pL, max: of(Math.max(...volumes_pL)), min: of(Math.min(...volumes_pL)),
    // Of the sum, not of the rounded mean.
    mean: { delivered_pL: Math.round(sum_pL / count), deviation_ppm: ratio_ppm(sum_pL - count * requested_pL, count * requested_pL) },
  };
}
