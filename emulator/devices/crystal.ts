// The crystal: pump time out of true time, exact in integers, with drift.

import type { FaultKind } from "../fault-kind";
import type { FaultSite } from "./host";

export const CRYSTAL_FAULTS: readonly FaultKind[] = [
  {
    kind: "crystal.drift",
    what: "The crystal runs fast (value above 0) or slow (below 0), until it is healed.",
    unknown_to_pump: "All its times come from this crystal, so dose per true day is off by as much and no book shows it.",
    value: { unit: "ppb", min: -200_000, max: 200_000, what: "parts in 10^9, either sign: +100 000 gains 8.64 s a day" },
  },
];

/** floor(span x ppb / 10^9) for |ppb| to 200 000: the product passes 2^53 after an hour, so it is never made whole. */
function drifted(span: number, ppb: number): number {
  const millions = Math.floor(span / 1_000_000);
  const rest = span - millions * 1_000_000;
  const whole = millions * ppb; // thousandths of what is wanted
  const thousands = Math.floor(whole / 1000);
  return thousands + Math.floor(((whole - thousands * 1000) * 1_000_000 + rest * ppb) / 1_000_000_000);
}

/**
 * Pump time is a piecewise linear function of true time: a new piece, anchored where the last one ended,
 * with each change of drift. It goes on through a power loss; a clock that dies with its power is not modelled.
 */
export class Crystal implements FaultSite {
  private anchor_true_us = 0;
  private anchor_pump_us = 0;
  private ppb: number;

  /** `moved` is called after each change of drift: whatever waits for a pump time must be armed again. */
  constructor(
    private readonly unit_ppb: number,
    private readonly now_us: () => number,
    private readonly moved: () => void,
  ) {
    this.ppb = unit_ppb;
  }

  /** True time of the last change of drift. */
  get since_us(): number {
    return this.anchor_true_us;
  }

  /** Pump time in us at a true time that is not before the last change of drift. */
  pump_us(true_us: number): number {
    const span = true_us - this.anchor_true_us;
    if (span < 0) throw new Error(`the crystal was asked for ${true_us} us, before its last change of drift`);
    return this.anchor_pump_us + span + (this.ppb === 0 ? 0 : drifted(span, this.ppb));
  }

  pump_ms(true_us: number): number {
    return Math.floor(this.pump_us(true_us) / 1000);
  }

  /** The first true us at which pump time is `pump_ms` or later; the anchor for a time that is past. */
  true_us(pump_ms: number): number {
    return this.trueAt_us(pump_ms * 1000);
  }

  /** The same for pump time in us. */
  trueAt_us(pump_us: number): number {
    const span = pump_us - this.anchor_pump_us;
    return this.anchor_true_us + (span <= 0 ? 0 : this.trueSpan_us(span));
  }

  /** What the crystal measures of a true duration: floor. From the duration alone, whenever it happens. */
  measured_us(duration_us: number): number {
    return duration_us + (this.ppb === 0 ? 0 : drifted(duration_us, this.ppb));
  }

  /** The shortest true duration that measures `span_us` or more. */
  trueSpan_us(span_us: number): number {
    if (this.ppb === 0) return span_us;
    let guess = span_us - Math.floor((span_us / (1_000_000_000 + this.ppb)) * this.ppb);
    while (this.measured_us(guess) >= span_us) guess--;
    while (this.measured_us(guess) < span_us) guess++;
    return guess;
  }

  faultBegins(_kind: string, value: number): void {
    const now = this.now_us();
    this.anchor_pump_us = this.pump_us(now);
    this.anchor_true_us = now;
    this.ppb = value;
    this.moved();
  }

  faultEnds(kind: string): void {
    this.faultBegins(kind, this.unit_ppb);
  }
}
