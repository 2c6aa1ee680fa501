// A rate that a pump is set to: a dose or a volume a day, or the minimum rate.

import { fitsFields } from "../../protocol/wand/core/operations";
import { Op } from "../../protocol/operations";
import { constantRate, MINIMUM_RATE } from "../../protocol/wand/procedures/prescription";
import type { StagedPrescription } from "../../protocol/wand/procedures/prescription";
import { MEASURES } from "../../protocol/wand/text/quantity";
import { parseRate, RATE_EXPECTED } from "../../protocol/wand/text/rate";
import { nearest } from "../../protocol/wand/text/suggest";
import { decimalText } from "../../protocol/wand/text/wall";
import type { Flow } from "./flow";

export interface SetRate {
  /** "0.25 mL/day (500 ug/day)". */
  readonly text: string;
  readonly prescription: StagedPrescription;
  readonly flow: Flow;
}

/** From the pump's least flow to that of the greatest daily dose, at the strongest drug. */
export const DEFAULT_RATES: readonly string[] = ["0.048mL/day", "0.25mL/day", "0.5mL/day", "1mL/day"];

const MINIMUM = "minimum";
const MINIMUM_PL_PER_DAY = 6_000_000;

export const SET_RATE_EXPECTED = `${RATE_EXPECTED.replace(", or at the minimum rate", ", or")}, or ${MINIMUM}`;

/** What was meant by a unit that there is not. */
function suggestion(given: string): string {
  const unit = /[^\d.\s+-].*$/.exec(given)?.[0].trim() ?? "";
  const units = [...MEASURES.rate.units, ...MEASURES.flow.units].map(({ name }) => name);
  if (unit === "" || units.includes(unit)) return "";
  const near = nearest(unit, [...units, MINIMUM]);
  return near === undefined ? "" : `; did you mean "${given.slice(0, given.length - unit.length)}${near}"?`;
}

/** "0.25 mL/day", with up to six decimals: a flow that is no whole nL a day is rounded. */
export function flowText({ pL, days }: Flow): string {
  return `${decimalText(Math.round(pL / days / 1000), 6)} mL/day`;
}

/** Reads "500ug/day", "0.25mL/day" or "minimum" at a concentration in ng/uL; else what is wrong. */
export function parseSetRate(given: string, concentration: number): SetRate | { readonly wrong: string } {
  if (given.trim() === MINIMUM) return { text: "minimum rate, 0.006 mL/day", prescription: MINIMUM_RATE, flow: { pL: MINIMUM_PL_PER_DAY, days: 1 } };
  const parsed = parseRate(given);
  if ("wrong" in parsed) return { wrong: `"${given}" is no rate: expected ${SET_RATE_EXPECTED}${suggestion(given)}` };
  // nL/day of ng/uL: a thousandth of their product is ng/day.
  const ng = parsed.by_volume ? (parsed.value * concentration) / 1000 : parsed.value;
  if (!Number.isSafeInteger(ng)) return { wrong: `"${given}" of ${concentration} ug/mL is no whole number of ng/day, which is what the pump takes: give another flow, or a dose` };
  if (!fitsFields(Op.stage_steps, [0, 0, ng])) return { wrong: `"${given}" is more than the pump's protocol can say: give a lower rate` };
  const flow = { pL: ng * 1_000_000, days: concentration };
  return { text: `${flowText(flow)} (${decimalText(ng, 3)} ug/day)`, prescription: constantRate(ng), flow };
}
