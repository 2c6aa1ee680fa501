// wand start, stop, refill, counts: one operation each.

import { nameOf, STATE_NAMES } from "../../../names";
import type { OpenWand } from "../../library/wand";
import type { Refill } from "../../procedures/prescription";
import { exactVolumeText, volumeText } from "../../text/amounts";
import { columns } from "../../text/table";
import type { Context } from "../context";

async function tellState(context: Context, wand: OpenWand): Promise<void> {
  const { state, wall_ms, pump_ms } = await wand.status();
  context.json("state", { state, state_name: nameOf(STATE_NAMES, state), pump_ms, wall_ms });
  context.print(`The pump is in the state ${nameOf(STATE_NAMES, state)}.`);
}

export async function start(context: Context, missed_hours: number): Promise<void> {
  await context.with(async (wand) => {
    await wand.start(missed_hours);
    await tellState(context, wand);
  });
}

export async function stop(context: Context, reason: number): Promise<void> {
  await context.with(async (wand) => {
    await wand.stop(reason);
    await tellState(context, wand);
  });
}

/** What is said of a refill beside what is put in. */
export type RefillDetails = Pick<Refill, "aspirated_nL" | "rinsed" | "lot">;

export async function refill(context: Context, volume_nL: number, concentration: number, details: RefillDetails): Promise<void> {
  await context.with(async (wand) => {
    const before = await wand.reservoir();
    context.chat(`the books have ${exactVolumeText(before.remaining_pL)} left, at least ${exactVolumeText(before.remaining_low_pL)}`);
    await wand.refill(volume_nL, concentration, details);
    const after = await wand.reservoir();
    context.json("refilled", { expected_residual_pL: before.remaining_pL, reservoir: after });
    context.print(`Filled with ${volumeText(after.fill_nL)} of baclofen ${after.concentration} ug/mL; ${exactVolumeText(after.remaining_pL)} in the books.`);
  });
}

export async function counts(context: Context): Promise<void> {
  const found = await context.with((wand) => wand.linkCounts());
  context.json("counts", found);
  for (const line of columns(Object.entries(found).map(([name, count]) => [name.replaceAll("_", " "), String(count)]))) context.print(line);
}
