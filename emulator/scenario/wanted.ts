// A number that is compared: how it is written, and shown when it misses.

import { nameOf } from "../../protocol/names";
import { countTarget, oneOf, target } from "./kinds";
import type { Kind, Target } from "./kinds";
import { MEASURES } from "../../protocol/wand/text/quantity";
import type { Measure } from "../../protocol/wand/text/quantity";
import { decimalText, durationText } from "../../protocol/wand/text/wall";

/** What was expected and seen, as text. */
export interface Difference {
  readonly expected: string;
  readonly seen: string;
}

/** A kind of value, and how a number that was seen is held against it. */
export interface Wanted<T> {
  readonly kind: Kind<T>;
  /** Undefined if it is as wanted. */
  readonly differs: (wanted: T, seen: number) => Difference | undefined;
}

/** With a tolerance; `text` shows a number, `unit` follows the whole. */
export function tolerated(kind: Kind<Target>, text: (value: number) => string, unit = "", textOfTolerance = text): Wanted<Target> {
  return {
    kind,
    differs({ value, within }, seen) {
      if (Math.abs(seen - value) <= within) return undefined;
      const tolerance = within === 0 ? "" : ` +/- ${textOfTolerance(within)}`;
      return { expected: `${text(value)}${tolerance}${unit}`, seen: `${text(seen)}${unit}` };
    },
  };
}

/** A quantity in its base unit. */
export function measured(of: Measure): Wanted<Target> {
  return tolerated(target(of), String, ` ${of.base}`);
}

/** A quantity shown in a greater unit, 10^digits base units. */
export function scaled(of: Measure, digits: number, unit: string): Wanted<Target> {
  return tolerated(target(of), (value) => decimalText(value, digits), ` ${unit}`);
}

export const counted = tolerated(countTarget, String);
export const lasting = tolerated(target(MEASURES.duration), durationText);
/** A volume in pL. */
export const exactVolume = scaled(MEASURES.exact_volume, 9, "mL");
/** A dose in ng. */
export const dosed = scaled(MEASURES.dose, 3, "ug");
/** One of a list of names. */
export function named(what: string, names: Partial<Record<number, string>>): Wanted<number> {
  const choices = new Map(Object.entries(names).map(([number, name]) => [name ?? number, Number(number)] as const));
  return {
    kind: oneOf(what, choices),
    differs: (wanted, seen) => (wanted === seen ? undefined : { expected: nameOf(names, wanted), seen: nameOf(names, seen) }),
  };
}
