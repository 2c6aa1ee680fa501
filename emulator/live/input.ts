// Inputs: all that reaches a live pump from outside, and how it is done again.

import { hexText, parseHex } from "../../protocol/wand/core/bytes";
import type { Bench } from "../bench";
import { Steps } from "./steps";

/** What was done to the pump, and when in true virtual time. With seed and unit, the inputs determine the run. */
export type Input =
  | { readonly us: number; readonly bytes: string }
  | { readonly us: number; readonly fault: string; readonly value?: number }
  | { readonly us: number; readonly heal: string };

export function bytesInput(us: number, bytes: Uint8Array): Input {
  return { us, bytes: hexText(bytes) };
}

/** Lets the pump come to `us`, everything that is due then done. */
export function runTo(bench: Bench, us: number): void {
  new Steps(bench).runTo(us);
  // The bench's own instant follows, by which it stamps faults.
  bench.advance_us(us - bench.now_us);
}

/** Does what the input says, at the pump's present, which must be its time. Throws for a fault that there is not. */
export function applyInput(bench: Bench, input: Input): void {
  if ("bytes" in input) bench.line.write(parseHex(input.bytes)!);
  else if ("fault" in input) bench.inject({ kind: input.fault, ...(input.value === undefined ? {} : { value: input.value }) });
  else bench.heal(input.heal);
}
