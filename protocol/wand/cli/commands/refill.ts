// wand refill: the books before it, what was taken out, what is in it now.

import { Fault } from "../../../../hal/faults";
import { Drug } from "../../../states";
import type { PumpReservoir } from "../../procedures/interrogate";
import { Refused } from "../../procedures/procedure";
import { exactVolumeText, volumeText } from "../../text/amounts";
import { decimalText } from "../../text/wall";
import type { Context } from "../context";

export interface RefillOptions {
  readonly concentration: number;
  readonly aspirated: number;
  readonly rinsed?: true;
  readonly lot?: number;
}

/** What was taken out against what the books expect (FILL-4). */
export interface Discrepancy {
  readonly expected_nL: number;
  readonly discrepancy_nL: number;
  /** Of what was delivered since the last fill; undefined if nothing was. */
  readonly permille: number | undefined;
  /** The pump raises its alarm. */
  readonly flagged: boolean;
}

/** Flagged above 2 mL, or above 14.5 % of what was delivered since the last fill: the figures of the devices in use. */
const DISCREPANCY_NL = 2_000_000;
const DISCREPANCY_PERMILLE = 145;

/** By the books as they are; undefined before the first fill, when there is nothing to compare with. */
export function discrepancyOf({ fill_nL, remaining_pL }: Pick<PumpReservoir, "fill_nL" | "remaining_pL">, aspirated_nL: number): Discrepancy | undefined {
  if (fill_nL === 0) return undefined;
  const expected_nL = Math.floor(remaining_pL / 1000);
  const delivered_nL = fill_nL - expected_nL;
  const discrepancy_nL = Math.abs(aspirated_nL - expected_nL);
  const flagged = discrepancy_nL > DISCREPANCY_NL || discrepancy_nL * 1000 > delivered_nL * DISCREPANCY_PERMILLE;
  return { expected_nL, discrepancy_nL, permille: delivered_nL === 0 ? undefined : Math.ceil((discrepancy_nL * 1000) / delivered_nL), flagged };
}

function sayDiscrepancy(context: Context, found: Discrepancy | undefined, aspirated_nL: number): void {
  if (found === undefined) return;
  const { expected_nL, discrepancy_nL, permille, flagged } = found;
  const share = permille === undefined ? "nothing was delivered since the last fill" : `${decimalText(permille, 1)} % of what was delivered since the last fill`;
  context.print(`The books expect ${volumeText(expected_nL)}, ${volumeText(aspirated_nL)} was taken out: ${volumeText(discrepancy_nL)} apart, ${share}.`);
  if (!flagged) return;
  const { paint } = context.terminal;
  context.print(paint("yellow", "That is more than 2 mL or 14.5 %: the pump raises a refill discrepancy alarm. It may have delivered more or less than its books say, or drug went elsewhere; look into it."));
}

export async function refill(context: Context, volume_nL: number, { concentration, aspirated, rinsed = undefined, lot = 0 }: RefillOptions): Promise<void> {
  await context.with(async (wand) => {
    const before = await wand.reservoir();
    context.chat(`the books have ${exactVolumeText(before.remaining_pL)} left, at least ${exactVolumeText(before.remaining_low_pL)}`);
    const discrepancy = discrepancyOf(before, aspirated);
    sayDiscrepancy(context, discrepancy, aspirated);
    try {
      await wand.refill(volume_nL, concentration, { drug: Drug.baclofen, aspirated_nL: aspirated, rinsed: rinsed === true, lot });
    } catch (error) {
      if (error instanceof Refused && error.fault === Fault.concentration_needs_bridge) {
        context.chat(`another concentration comes with a prescription: write refill: {volume: ..., concentration: ${concentration}ug/mL, bridge: yes} into its file and give that to \`wand program\`${rinsed === true ? "" : "; a reservoir that was not rinsed holds a mix"}`);
      }
      throw error;
    }
    const after = await wand.reservoir();
    context.json("refilled", { expected_residual_pL: before.remaining_pL, ...(discrepancy === undefined ? {} : { discrepancy }), reservoir: after });
    context.print(`Filled with ${volumeText(after.fill_nL)} of baclofen ${after.concentration} ug/mL; ${exactVolumeText(after.remaining_pL)} in the books.`);
  });
}
