// A basal rate: a dose a day, or at the minimum rate a volume a day.

import { expectedOf, MEASURES, parseQuantity } from "./quantity";

/** `by_volume`: in nL/day, else in ng/day. */
export interface Rate {
  readonly value: number;
  readonly by_volume: boolean;
}

/** What a rate looks like, for messages. */
export const RATE_EXPECTED = `${expectedOf(MEASURES.rate)}, or at the minimum rate ${expectedOf(MEASURES.flow)}`;

/** Reads "500ug/day" or "6uL/day"; else what is wrong. */
export function parseRate(text: string): Rate | { readonly wrong: string } {
  const by_volume = /L\/day\s*$/.test(text);
  const parsed = parseQuantity(text, by_volume ? MEASURES.flow : MEASURES.rate);
  return "value" in parsed ? { value: parsed.value, by_volume } : parsed;
}

/** "500000 ng/day", "6000 nL/day". */
export function rateText({ value, by_volume }: Rate): string {
  return `${String(value)} ${by_volume ? "nL/day" : "ng/day"}`;
}
