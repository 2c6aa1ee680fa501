// wand prime: armed, shown, confirmed, begun.

import { volumeText } from "../../text/amounts";
import { durationText } from "../../text/wall";
import { saysYes } from "../confirm";
import type { Context } from "../context";
import { UsageError } from "../context";

/** Arms in the same session as it begins: a token is good for one prime of one session. */
export async function prime(context: Context, volume_nL: number, yes: boolean): Promise<void> {
  await context.with(async (wand) => {
    const armed = await wand.armPrime(volume_nL);
    context.json("prime_armed", { volume_nL, duration_ms: armed.duration_ms });
    context.print(`${volumeText(volume_nL)} at the greatest flow, ${durationText(armed.duration_ms)}: fills pump tubing and catheter. It counts against the reservoir and not as dose;`);
    context.print("where the catheter is full already, all of it is a bolus at its tip.");
    if (!yes && !await saysYes(context, "Begin the prime?", "the prime was not begun. Give --yes to prime without being asked")) throw new UsageError("the prime was not confirmed; it was not begun");
    await wand.prime(armed);
    context.json("primed", { volume_nL, duration_ms: armed.duration_ms });
    context.print("The prime has begun; `wand cancel prime` ends it.");
  });
}
