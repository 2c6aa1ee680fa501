// A set flow, exact: so many pL in so many days; and what is off from it.

import { Unit } from "../../hal/units";

/** A fraction, because 500 ug/day of 1500 ug/mL is no whole number of pL a day. Both are integers above 0. */
export interface Flow {
  readonly pL: number;
  readonly days: number;
}

export const US_PER_DAY = Unit.ms_per_day * 1000;

/** A part in a million: 10 000 of them are a percent. */
export const PPM_PER_PERCENT = 10_000;
const MILLION = 1_000_000n;

/** Rounded to the nearest, a half away from 0; `by` is above 0. */
function rounded(value: bigint, by: bigint): number {
  const half = value < 0n ? -by : by;
  return Number((2n * value + half) / (2n * by));
}

/** What `span_us` of the flow is, and `delivered_pL` against it, over one denominator. */
function compared(delivered_pL: number, { pL, days }: Flow, span_us: number): { readonly off: bigint; readonly requested: bigint } {
  if (!(pL > 0 && days > 0 && span_us > 0)) throw new Error(`no flow to compare with: ${pL} pL in ${days} days, over ${span_us} us`);
  const requested = BigInt(pL) * BigInt(span_us);
  return { off: BigInt(delivered_pL) * BigInt(days) * BigInt(US_PER_DAY) - requested, requested };
}

/** The volume that a span of the flow is, rounded to a pL. */
export function requested_pL({ pL, days }: Flow, span_us: number): number {
  return rounded(BigInt(pL) * BigInt(span_us), BigInt(days) * BigInt(US_PER_DAY));
}

/** By how much of itself the flow was missed in a span, rounded to a millionth: -1 000 000 is nothing delivered. */
export function deviation_ppm(delivered_pL: number, flow: Flow, span_us: number): number {
  const { off, requested } = compared(delivered_pL, flow, span_us);
  return rounded(off * MILLION, requested);
}

/** Whether it was missed by more than the limit, either way; not rounded. */
export function exceeds(delivered_pL: number, flow: Flow, span_us: number, limit_ppm: number): boolean {
  const { off, requested } = compared(delivered_pL, flow, span_us);
  return (off < 0n ? -off : off) * MILLION > BigInt(limit_ppm) * requested;
}

/** Pulses that a span of the flow is: whole ones, and whether there is a part of one more. */
export function pulsesOf({ pL, days }: Flow, pulse_pL: number, span_us: number): { readonly whole: number; readonly part: boolean } {
  const requested = BigInt(pL) * BigInt(span_us);
  const pulse = BigInt(pulse_pL) * BigInt(days) * BigInt(US_PER_DAY);
  return { whole: Number(requested / pulse), part: requested % pulse !== 0n };
}
