// Quantities: every unit exact, and every way to get one wrong.

import { describe, expect, it } from "vitest";
import { MEASURES, parseQuantity } from "../../protocol/wand/text/quantity";
import type { Measure } from "../../protocol/wand/text/quantity";

const right: readonly (readonly [Measure, string, number])[] = [
  [MEASURES.duration, "6h", 21_600_000],
  [MEASURES.duration, "30d", 2_592_000_000],
  [MEASURES.duration, "1d 2h 3min 4s 5ms", 93_784_005],
  [MEASURES.duration, "1.5s", 1500],
  [MEASURES.duration, "0.001s", 1],
  [MEASURES.duration, "0s", 0],
  [MEASURES.volume, "0.1mL", 100_000],
  [MEASURES.volume, "0.316 mL", 316_000],
  [MEASURES.volume, "18mL", 18_000_000],
  [MEASURES.volume, "2.2uL", 2200],
  [MEASURES.volume, "2.2\u00b5L", 2200],
  [MEASURES.volume, "2.2\u03bcL", 2200],
  [MEASURES.pulse, "250nL", 250_000],
  [MEASURES.pulse, "0.2505uL", 250_500],
  [MEASURES.exact_volume, "10.5mL", 10_500_000_000],
  [MEASURES.concentration, "2000ug/mL", 2000],
  [MEASURES.concentration, "2mg/mL", 2000],
  [MEASURES.rate, "500ug/day", 500_000],
  [MEASURES.rate, "0.1mg/day", 100_000],
  [MEASURES.rate, "333.333ug/day", 333_333],
  [MEASURES.dose, "0.5ug", 500],
  [MEASURES.length, "80cm", 80],
  [MEASURES.length, "0.8m", 80],
  [MEASURES.latency, "0.25ms", 250],
  [MEASURES.drift, "-20ppm", -20_000],
  [MEASURES.drift, "+1ppb", 1],
  [MEASURES.shift, "-1h", -3_600_000],
  [MEASURES.permille, "30%", 300],
  [MEASURES.voltage, "0.3V", 300],
  [MEASURES.current, "40uA", 40],
  // No floating point: 9007199.254740991 x 1e9 is not exact as a double product.
  [MEASURES.exact_volume, "9007199.254740991mL", 9_007_199_254_740_991],
];

const wrong: readonly (readonly [Measure, string, string])[] = [
  [MEASURES.duration, "6", '"6" has no unit: give a duration such as "6h" (ms, s, min, h or d)'],
  [MEASURES.duration, "6mL", 'unit "mL" is not a unit of duration: give a duration such as "6h" (ms, s, min, h or d)'],
  [MEASURES.duration, "0.5ms", '"0.5ms" is finer than 1 ms, the least step of a duration'],
  [MEASURES.duration, "-6h", '"-6h" is negative: give a duration such as "6h" (ms, s, min, h or d)'],
  [MEASURES.duration, "", 'nothing given: expected a duration such as "6h" (ms, s, min, h or d)'],
  [MEASURES.duration, "1e3s", '"1e3s" is not a duration such as "6h" (ms, s, min, h or d)'],
  [MEASURES.duration, "six hours", '"six hours" is not a duration such as "6h" (ms, s, min, h or d)'],
  [MEASURES.volume, "1mL 2nL", '"1mL 2nL" is not a volume such as "18mL" (nL, uL or mL)'],
  [MEASURES.volume, "0.0000001mL", '"0.0000001mL" is finer than 1 nL, the least step of a volume'],
  [MEASURES.volume, "1.mL", '"1.mL" is not a volume such as "18mL" (nL, uL or mL)'],
  [MEASURES.volume, "1,5mL", '"1,5mL" is not a volume such as "18mL" (nL, uL or mL)'],
  [MEASURES.volume, "999999999999999999mL", '"999999999999999999mL" is more than this program can count exactly'],
  [MEASURES.rate, "500ug", 'unit "ug" is not a unit of dose rate: give a dose rate such as "500ug/day" (ng/day, ug/day or mg/day)'],
  [MEASURES.rate, "500 mcg/day", 'unit "mcg/day" is not a unit of dose rate: give a dose rate such as "500ug/day" (ng/day, ug/day or mg/day)'],
];

describe("quantities", () => {
  it.each(right.map(([measure, text, value]) => [text, value, measure.base, measure] as const))("%s is %d %s", (text, value, _base, measure) => {
    expect(parseQuantity(text, measure)).toEqual({ value });
  });

  it.each(wrong.map(([measure, text, message]) => [measure.name, text, message, measure] as const))("as a %s, %s is refused", (_name, text, message, measure) => {
    expect(parseQuantity(text, measure)).toEqual({ wrong: message });
  });

  it("has an example of each measure that is right", () => {
    for (const measure of Object.values(MEASURES)) expect(parseQuantity(measure.example, measure)).toHaveProperty("value");
  });
});
