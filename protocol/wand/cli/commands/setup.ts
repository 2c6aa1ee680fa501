// wand setup: what a new pump is told of itself and of its predecessor.

import { doseText, volumeText } from "../../text/amounts";
import { MEASURES } from "../../text/quantity";
import { sayAgain } from "../confirm";
import type { Context } from "../context";

export interface SetupOptions {
  readonly reservoir: number;
  readonly catheter: number;
  readonly pulse: number;
  readonly replaces: number;
  readonly confirmReplaces?: number;
}

export async function setup(context: Context, { reservoir, catheter, pulse, replaces, confirmReplaces }: SetupOptions): Promise<void> {
  if (replaces > 0) {
    const text = `${doseText(replaces).replace(" ", "")}/day`;
    await sayAgain(context, { what: "the daily dose of the replaced pump", text, value: replaces, of: MEASURES.rate, given: confirmReplaces, option: "--confirm-replaces" });
  }
  await context.with((wand) => wand.setUp(pulse, reservoir, catheter, replaces));
  context.json("set_up", { pulse_pL: pulse, capacity_nL: reservoir, catheter_cm: catheter, previous_ng: replaces });
  context.print(`A pulse is ${volumeText(pulse / 1000)}, the reservoir ${volumeText(reservoir)}, the catheter ${catheter} cm; ${replaces === 0 ? "no pump is replaced" : `the replaced pump gave ${doseText(replaces)}/day`}.`);
}
