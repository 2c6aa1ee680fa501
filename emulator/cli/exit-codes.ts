// Exit codes of itb-pump: stable, one for each way a run can end.

import type { Verdict } from "../scenario/run";

/** What the shell sees. 5, two runs differed, belongs to commands that compare runs. */
export const EXIT = { pass: 0, usage: 1, expectation: 2, violation: 3, no_progress: 4, differed: 5, refused: 6 } as const;

const codes: Readonly<Record<Verdict, number>> = {
  pass: EXIT.pass,
  "expectation failed": EXIT.expectation,
  refused: EXIT.refused,
  "no progress": EXIT.no_progress,
  violation: EXIT.violation,
  // The emulator or the target broke, so nothing can be said about the pump: the environment's code.
  crashed: EXIT.usage,
};

/** Least severe first. A run that says nothing about the pump hides what others found, so it is last. */
const severity: readonly Verdict[] = ["pass", "expectation failed", "refused", "no progress", "violation", "crashed"];

export function exitCodeOf(verdict: Verdict): number {
  return codes[verdict];
}

/** The code for several runs: that of the most severe one. */
export function worstExitCode(verdicts: readonly Verdict[]): number {
  let worst: Verdict = "pass";
  for (const verdict of verdicts) if (severity.indexOf(verdict) > severity.indexOf(worst)) worst = verdict;
  return codes[worst];
}
