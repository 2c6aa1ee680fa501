// Problems: what is wrong with a scenario, each with its place in the file.

/** A place in a scenario's file; line and column count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong. */
export interface Problem extends Place {
  readonly text: string;
}

/** "file.yaml:12:7". A problem of the whole file has line 0 and shows the name alone. */
export function placeText(place: Place): string {
  return place.line === 0 ? place.file : `${place.file}:${String(place.line)}:${String(place.column)}`;
}

/** "file.yaml:12:7: text". Control characters that a file or its name holds do not reach a terminal. */
export function problemText(problem: Problem): string {
  return `${placeText(problem)}: ${problem.text}`.replace(/\p{Cc}/gu, "\ufffd");
}

/** The scenario cannot be run as it is written; nothing of it has been run. */
export class ScenarioProblems extends Error {
  override readonly name = "ScenarioProblems";

  /** In the order of the file, included files apart; each once, at least one. */
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    // The same mistake is met again in each row of a table and each pass of a repetition: it is told once.
    const once = [...new Map(problems.map((each) => [problemText(each), each])).values()];
    const files = [...new Set(once.map(({ file }) => file))];
    const sorted = once.sort((a, b) => {
      if (a.file !== b.file) return files.indexOf(a.file) - files.indexOf(b.file);
      return a.line === b.line ? a.column - b.column : a.line - b.line;
    });
    super(sorted.map(problemText).join("\n"));
    this.problems = sorted;
  }
}
