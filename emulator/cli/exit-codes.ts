// Exit codes of itb-pump: stable, one for each way a run can end.

import type { Verdict } from "../scenario/run";

/** What the shell sees. */
export const EXIT = { pass: 0, usage: 1, expectation: 2, violation: 3, no_progress: 4, differed: 5, refused: 6 } as const;

/** How a run ended, its golden digest considered: only a run that passes can differ from it. */
export type Result = Verdict | "differs from golden";

const codes: Readonly<Record<Result, number>> = {
  pass: EXIT.pass,
  "differs from golden": EXIT.differed,
  "expectation failed": EXIT.expectation,
  refused: EXIT.refused,
  "no progress": EXIT.no_progress,
  violation: EXIT.violation,
  // The emulator or the target broke, so nothing can be said about the pump: the environment's code.
  crashed: EXIT.usage,
};

/** Least severe first. A run that says nothing about the pump hides what others found, so it is last. */
const severity: readonly Result[] = ["pass", "differs from golden", "expectation failed", "refused", "no progress", "violation", "crashed"];

export function exitCodeOf(result: Result): number {
  return codes[result];
}

/** The code for several runs: that of the most severe one. */
export function worstExitCode(results: readonly Result[]): number {
  let worst: Result = "pass";
  for (const result of results) if (severity.indexOf(result) > severity.indexOf(worst)) worst = result;
  return codes[worst];
}
