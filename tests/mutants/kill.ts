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

/** Every scenario of the library. */
export function killSet(): readonly Trial[] {
  const golden = readGolden();
  return [...library()].map(([key, scenario]) => ({ key, scenario, golden: golden[key] }));
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
