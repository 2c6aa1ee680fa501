// wand propose: the first prescription from a screening dose.

import { writeFileSync } from "node:fs";
import { doseText } from "../../text/amounts";
import { proposalFile, propose } from "../../text/screening";
import type { Context } from "../context";
import { UsageError } from "../context";

export interface ProposeOptions {
  readonly dose: number;
  readonly effectHours?: string;
  /** False after --no-effect. */
  readonly effect: boolean;
  readonly out?: string;
}

function hoursOf({ effectHours, effect }: ProposeOptions): number | undefined {
  if (!effect) {
    if (effectHours !== undefined) throw new UsageError("--no-effect and --effect-hours contradict one another");
    return undefined;
  }
  if (effectHours === undefined) throw new UsageError("was there an effect? Say how long it lasted, --effect-hours 6, or --no-effect");
  if (!/^\d{1,4}(\.\d{1,2})?$/.test(effectHours)) throw new UsageError(`--effect-hours: "${effectHours}" is no number of hours such as 6 or 8.5`);
  return Number(effectHours);
}

export function proposeFirst(context: Context, options: ProposeOptions): void {
  const screening = { dose_ng: options.dose, effect_h: hoursOf(options) };
  const proposal = propose(screening);
  if ("wrong" in proposal) throw new UsageError(proposal.wrong);
  const text = proposalFile(screening, proposal);
  if (options.out !== undefined) {
    try {
      writeFileSync(options.out, text, { flag: "wx" });
    } catch (error) {
      const exists = (error as NodeJS.ErrnoException).code === "EEXIST";
      throw new UsageError(`--out ${options.out}: ${exists ? "is there already, and is not overwritten" : `cannot be written: ${(error as Error).message}`}`);
    }
  }
  context.json("proposal", { ...screening, ...proposal, ...(options.out === undefined ? {} : { file: options.out }) });
  context.print(`${doseText(proposal.daily_ng)}/day: ${proposal.why}. No increase in the first 24 h.`);
  if (options.out === undefined) context.print(`\n${text.trimEnd()}`);
  else context.print(`Written to ${options.out}; look at it, then: wand program ${options.out}`);
}
