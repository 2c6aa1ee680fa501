// First half of the kill set: the scenario library, the oracle, the digests.

import type { GoldenEntry } from "../../emulator/cli/golden";
import { runScenario } from "../../emulator/scenario/run";
import type { Scenario } from "../../emulator/scenario/scenario";
import type { ControllerFactory } from "../../hal/controller";
import { library, readGolden } from "../golden/golden";

/** A scenario, and the digests that the unchanged firmware gives it. */
export interface Trial {
  /** Its name in the golden file. */
  readonly key: string;
  readonly scenario: Scenario;
  readonly golden: GoldenEntry | undefined;
}

/**
 * What is longer than a month, or has more pulses than a month of 500 ug/day at 2000 ug/mL, is left out: a third of the time in one scenario of fifteen. It repeats
 * a rule for longer than the rule needs, and what only it notices wants a shorter scenario or a test of its own.
 */
const LONGEST = { virtual_ms: 31 * 86_400_000, pulses: 30_000 };

/** Every scenario of the library. */
export function allTrials(): readonly Trial[] {
  const golden = readGolden();
  return [...library()].map(([key, scenario]) => ({ key, scenario, golden: golden[key] }));
}

/** Those that are not too long, by what golden says of them, quick ones first; and how many were left out. */
export function killSet(): { readonly trials: readonly Trial[]; readonly left_out: number } {
  const all = allTrials();
  const trials = all.filter(({ golden: known }) => known === undefined || (known.virtual_ms <= LONGEST.virtual_ms && known.pulses <= LONGEST.pulses));
  trials.sort((a, b) => (a.golden?.pulses ?? 0) - (b.golden?.pulses ?? 0));
  return { trials, left_out: all.length - trials.length };
}

/**
 * Who noticed a mutant, and how; undefined if nobody did. An expectation or the oracle comes first; a digest that is
 * not the golden one only when no scenario fails, and only where `digests` count.
 */
export function kill(controller: ControllerFactory, trials: readonly Trial[], digests: boolean): string | undefined {
  let other: string | undefined;
  for (const { scenario, golden } of trials) {
    const outcome = runScenario(scenario, { controller });
    if (outcome.verdict !== "pass") return `${scenario.title}: ${outcome.verdict}`;
    if (digests && (outcome.digest !== golden?.digest || outcome.full_digest !== golden.full_digest)) other ??= `${scenario.title}: another digest`;
  }
  return other;
}
