// wand start, stop, tone, counts: one operation each.

import { Alarm } from "../../../alarms";
import { nameOf, STATE_NAMES } from "../../../names";
import { State } from "../../../states";
import type { OpenWand } from "../../library/wand";
import { columns } from "../../text/table";
import type { Context } from "../context";
import { UsageError } from "../context";

async function tellState(context: Context, wand: OpenWand): Promise<void> {
  const { state, wall_ms, pump_ms } = await wand.status();
  context.json("state", { state, state_name: nameOf(STATE_NAMES, state), pump_ms, wall_ms });
  context.print(`The pump is in the state ${nameOf(STATE_NAMES, state)}.`);
}

/** The full rate after a long absence is confirmed by the hours missed, as the pump tells them (DOSE-9). */
async function hoursMissed(context: Context, wand: OpenWand): Promise<number> {
  const { state, alarms } = await wand.status();
  const { missed_hours } = await wand.delivery();
  if (missed_hours === 0 || state !== State.safe_minimum || !alarms.includes(Alarm.not_delivering)) return 0;
  context.print(`Nothing was delivered for ${missed_hours} h: tolerance may be lost, and the full rate may be an overdose now. The pump gives the minimum rate until the full rate is confirmed.`);
  const answer = await context.terminal.ask("Type the hours missed, for the full rate: ");
  if (answer === undefined) throw new UsageError(`the full rate after ${missed_hours} h without delivery must be confirmed, and nobody is at a terminal; give --missed-hours ${missed_hours}; nothing was changed`);
  if (answer.trim() !== String(missed_hours)) throw new UsageError(`"${answer.trim()}" is not the hours missed, ${missed_hours}; the minimum rate goes on`);
  return missed_hours;
}

export async function start(context: Context, missed_hours: number | undefined): Promise<void> {
  await context.with(async (wand) => {
    await wand.start(missed_hours ?? await hoursMissed(context, wand));
    await tellState(context, wand);
    const { state } = await wand.status();
    if (state !== State.safe_minimum) return;
    const now = await wand.delivery();
    context.chat(`after ${now.missed_hours} h without delivery therapy begins at the minimum rate; \`wand start --missed-hours ${now.missed_hours}\` confirms the full rate`);
  });
}

export async function stop(context: Context, reason: number): Promise<void> {
  await context.with(async (wand) => {
    await wand.stop(reason);
    await tellState(context, wand);
  });
}

/** Sounds the tone of a critical alarm, or of another. */
export async function tone(context: Context, critical: boolean): Promise<void> {
  await context.with((wand) => wand.testTone(critical));
  context.json("tone", { critical });
  context.print(`The tone of ${critical ? "a critical" : "another"} alarm sounds once.`);
}

export async function counts(context: Context): Promise<void> {
  const found = await context.with((wand) => wand.linkCounts());
  context.json("counts", found);
  for (const line of columns(Object.entries(found).map(([name, count]) => [name.replaceAll("_", " "), String(count)]))) context.print(line);
}
