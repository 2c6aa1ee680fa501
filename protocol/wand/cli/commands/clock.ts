// wand clock: shows the pump's wall clock, and sets it.

import { Fault } from "../../../../hal/faults";
import type { OpenWand } from "../../library/wand";
import { Refused } from "../../procedures/procedure";
import { durationText, parseWall, WALL_EXPECTED, wallText } from "../../text/wall";
import { saysYes } from "../confirm";
import type { Context } from "../context";
import { UsageError } from "../context";

const seconds = (ms: number): number => Math.round(ms / 1000) * 1000;

export async function showClock(context: Context): Promise<void> {
  const { wall_ms, pump_ms } = await context.with((wand) => wand.status());
  const off_ms = wall_ms - context.terminal.wall_ms();
  context.json("clock", { wall_ms, wall: wallText(wall_ms), pump_ms, off_ms });
  const off = seconds(Math.abs(off_ms)) === 0 ? "as this computer" : `${durationText(seconds(Math.abs(off_ms)))} ${off_ms > 0 ? "ahead of" : "behind"} this computer`;
  context.print(`${wallText(Math.floor(wall_ms / 1000) * 1000)}, ${off}`);
}

/** Sets it; where the pump asks for a confirmation, so does the wand. */
async function setConfirmed(context: Context, wand: OpenWand, wall_ms: number, confirm: boolean): Promise<number> {
  try {
    return await wand.setClock(wall_ms, confirm ? wall_ms : 0);
  } catch (error) {
    if (!(error instanceof Refused) || error.fault !== Fault.confirmation_needed || confirm) throw error;
    context.chat("the pump asks: this gives a part of the day again, and with it timed boluses and steps; a rolling cap could be passed");
  }
  if (!await saysYes(context, `Set the clock to ${wallText(wall_ms)} all the same?`, "the clock was not set. Give --confirm")) throw new UsageError("it was not confirmed; the clock was not set");
  return wand.setClock(wall_ms, wall_ms);
}

/** `given` is "now", this computer's local time, or a date and time. The pump knows no time zones. `confirm` confirms a set that could break a rolling cap, without being asked. */
export async function setClock(context: Context, given: string, confirm: boolean): Promise<void> {
  const told = given === "now" ? undefined : parseWall(given);
  if (given !== "now" && told === undefined) throw new UsageError(`"${given}" is not a time: give now, or ${WALL_EXPECTED}`);
  await context.with(async (wand) => {
    // The session is opened before the time is taken, so that opening it does not make the time old.
    await wand.status();
    const wall_ms = told ?? context.terminal.wall_ms();
    const old_wall_ms = await setConfirmed(context, wand, wall_ms, confirm);
    context.json("clock_set", { old_wall_ms, old: wallText(old_wall_ms), wall_ms, wall: wallText(wall_ms) });
    context.print(`${wallText(wall_ms)}; it was ${wallText(old_wall_ms)}.`);
  });
}
