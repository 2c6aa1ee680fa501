// Problems: what is wrong with a scenario, each with its place in the file.

import { inOrder, problemText } from "../../protocol/wand/file/problem";
import type { Problem } from "../../protocol/wand/file/problem";

export { placeText } from "../../protocol/wand/file/problem";
export type { Place, Problem } from "../../protocol/wand/file/problem";

/** The scenario cannot be run as it is written; nothing of it has been run. */
export class ScenarioProblems extends Error {
  override readonly name = "ScenarioProblems";

  /** In the order of the file, included files apart; each once, at least one. */
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    // The same mistake is met again in each row of a table and each pass of a repetition: it is told once.
    const sorted = inOrder(problems);
    super(sorted.map(problemText).join("\n"));
    this.problems = sorted;
  }
}
