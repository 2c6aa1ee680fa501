// Quantities with units, read exactly: "0.1mL" is 100 000 nL.

/** A unit of a quantity: how many base units it is, always a whole number. */
interface UnitOf {
  readonly name: string;
  readonly factor: bigint;
}

/** What is measured, the unit it is kept in, and the units in which it may be written. */
export interface Measure {
  /** "duration". */
  readonly name: string;
  /** The unit of the integer that comes out. */
  readonly base: string;
  readonly units: readonly UnitOf[];
  /** One that is right, for messages. */
  readonly example: string;
  /** Several parts may be added up: "1d 2h". */
  readonly compound?: boolean;
  readonly negative?: boolean;
}

function measure(name: string, base: string, example: string, units: Readonly<Record<string, bigint>>, more: Partial<Measure> = {}): Measure {
  return { name, base, example, units: Object.entries(units).map(([unit, factor]) => ({ name: unit, factor })), ...more };
}

const times = { ms: 1n, s: 1000n, min: 60_000n, h: 3_600_000n, d: 86_400_000n };
const doses = { ng: 1n, ug: 1000n, mg: 1_000_000n };
const per_day = { "ng/day": 1n, "ug/day": 1000n, "mg/day": 1_000_000n };

/** Every measure that can be written, by name. */
export const MEASURES = {
  duration: measure("duration", "ms", "6h", times, { compound: true }),
  volume: measure("volume", "nL", "18mL", { nL: 1n, uL: 1000n, mL: 1_000_000n }),
  pulse: measure("pulse volume", "pL", "250nL", { pL: 1n, nL: 1000n, uL: 1_000_000n }),
  /** For comparing with the books, which are exact to the picolitre. */
  exact_volume: measure("volume", "pL", "10.5mL", { pL: 1n, nL: 1000n, uL: 1_000_000n, mL: 1_000_000_000n }),
  /** How far a clock is moved, either way; one part, so that "-1h 30min" cannot be misread. */
  shift: measure("shift", "ms", "-1h", times, { negative: true }),
  concentration: measure("concentration", "ng/uL", "2000ug/mL", { "ng/uL": 1n, "ug/mL": 1n, "mg/mL": 1000n }),
  rate: measure("dose rate", "ng/day", "500ug/day", per_day),
  dose: measure("dose", "ng", "500ug", doses),
  length: measure("length", "cm", "80cm", { cm: 1n, m: 100n }),
  latency: measure("latency", "us", "8ms", { us: 1n, ms: 1000n }),
  drift: measure("drift", "ppb", "-20ppm", { ppb: 1n, ppm: 1000n }, { negative: true }),
  permille: measure("share", "permille", "30%", { permille: 1n, "%": 10n }, { negative: true }),
  voltage: measure("voltage", "mV", "300mV", { mV: 1n, V: 1000n }, { negative: true }),
  resistance: measure("resistance", "mOhm", "500mOhm", { mOhm: 1n, Ohm: 1000n }),
  /** Kept in tenths of a degree Celsius. */
  temperature: measure("temperature", "0.1 C", "37C", { C: 10n }),
  /** The battery's: 1 mAh is 3.6 C. */
  charge: measure("charge", "nC", "2Ah", { nC: 1n, uC: 1000n, mC: 1_000_000n, C: 1_000_000_000n, mAh: 3_600_000_000n, Ah: 3_600_000_000_000n }),
  load: measure("load current", "mA", "100mA", { mA: 1n, A: 1000n }),
  /** At the minimum rate the pump counts volume and not dose. */
  flow: measure("flow", "nL/day", "6uL/day", { "nL/day": 1n, "uL/day": 1000n, "mL/day": 1_000_000n }),
  current: measure("current", "uA", "40uA", { uA: 1n, mA: 1000n }, { negative: true }),
} as const satisfies Record<string, Measure>;

/** Either the integer in base units or what is wrong with the text. */
export type Parsed = { readonly value: number } | { readonly wrong: string };

/** The units of a measure as people read them: "ms, s, min, h or d". */
export function unitList(of: Measure): string {
  const names = of.units.map((unit) => unit.name);
  return names.length === 1 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} or ${names.at(-1) ?? ""}`;
}

/** What a measure looks like: `a duration such as "6h" (ms, s, min, h or d)`. */
export function expectedOf(of: Measure): string {
  return `a ${of.name} such as "${of.example}" (${unitList(of)})`;
}

/** A measure as a regular expression for JSON Schema, without anchors; editors have no better. */
export function patternOf(of: Measure): string {
  const names = of.units.map(({ name }) => name.replace("u", "[u\u00b5\u03bc]")).join("|");
  const one = `${of.negative === true ? "[+-]?" : "\\+?"}\\d+(\\.\\d+)?\\s*(${names})`;
  return `\\s*${one}${of.compound === true ? `(\\s+${one})*` : ""}\\s*`;
}

const part = /^([+-]?)(\d{1,18})(?:\.(\d{1,18}))?\s*([^\d\s.+-][^\d\s.+-]*)?(?:\s+|$)/;

/** One part, "2h" of "1d 2h": base units and how much of the text it took, or what is wrong. */
function parsePart(text: string, of: Measure): { readonly amount: bigint; readonly length: number } | { readonly wrong: string } {
  const found = part.exec(text);
  if (found === null) return { wrong: `"${text}" is not ${expectedOf(of)}` };
  const [all, sign = "", whole = "", fraction = "", unit] = found;
  if (unit === undefined) return { wrong: `"${text.trim()}" has no unit: give ${expectedOf(of)}` };
  // Both micro signs of Unicode are taken for the u of the tables.
  const name = unit.replace(/[\u00b5\u03bc]/gu, "u");
  const known = of.units.find((each) => each.name === name);
  if (known === undefined) return { wrong: `unit "${unit}" is not a unit of ${of.name}: give ${expectedOf(of)}` };
  if (sign === "-" && of.negative !== true) return { wrong: `"${text.trim()}" is negative: give ${expectedOf(of)}` };
  const scale = 10n ** BigInt(fraction.length);
  const scaled = BigInt(whole + fraction) * known.factor;
  if (scaled % scale !== 0n) return { wrong: `"${all.trim()}" is finer than 1 ${of.base}, the least step of a ${of.name}` };
  const amount = scaled / scale;
  return { amount: sign === "-" ? -amount : amount, length: all.length };
}

/**
 * Reads a quantity as an exact integer in the measure's base unit. A missing or foreign unit, more
 * precision than the base unit has, or more than 2^53 - 1 of them is wrong and says so.
 */
export function parseQuantity(text: string, of: Measure): Parsed {
  let rest = text.trim();
  let sum = 0n;
  if (rest === "") return { wrong: `nothing given: expected ${expectedOf(of)}` };
  for (let parts = 0; rest !== ""; parts += 1) {
    if (parts > 0 && of.compound !== true) return { wrong: `"${text.trim()}" is not ${expectedOf(of)}` };
    const next = parsePart(rest, of);
    if ("wrong" in next) return next;
    sum += next.amount;
    rest = rest.slice(next.length);
  }
  if (sum > BigInt(Number.MAX_SAFE_INTEGER) || -sum > BigInt(Number.MAX_SAFE_INTEGER)) {
    return { wrong: `"${text.trim()}" is more than this program can count exactly` };
  }
  return { value: sum === 0n ? 0 : Number(sum) };
}
