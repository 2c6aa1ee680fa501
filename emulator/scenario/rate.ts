// A basal rate: a dose a day, or at the minimum rate a volume a day.

import { orParameter } from "./kinds";
import type { Kind } from "./kinds";
import { expectedOf, MEASURES, parseQuantity, patternOf } from "./quantity";
import { scalarText } from "./reader";

/** `by_volume`: in nL/day, else in ng/day. */
export interface Rate {
  readonly value: number;
  readonly by_volume: boolean;
}

export const rateKind: Kind<Rate> = {
  name: "rate", expects: `${expectedOf(MEASURES.rate)}, or at the minimum rate ${expectedOf(MEASURES.flow)}`,
  schema: orParameter({ type: "string", pattern: `^(${patternOf(MEASURES.rate)}|${patternOf(MEASURES.flow)})$` }),
  read(reader, node) {
    const text = scalarText(node);
    const by_volume = /L\/day\s*$/.test(text);
    const parsed = parseQuantity(text, by_volume ? MEASURES.flow : MEASURES.rate);
    if ("value" in parsed) return { value: parsed.value, by_volume };
    reader.report(node, parsed.wrong);
    return undefined;
  },
};

/** "500000 ng/day", "6000 nL/day". */
export function rateText({ value, by_volume }: Rate): string {
  return `${String(value)} ${by_volume ? "nL/day" : "ng/day"}`;
}
