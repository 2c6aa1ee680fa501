// Problems: what is wrong with a file that a person wrote, each with its place.

/** A place in a file; line and column count from 1. */
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

/** In the order of the file, files in the order in which they were met; each once. */
export function inOrder(problems: readonly Problem[]): readonly Problem[] {
  const once = [...new Map(problems.map((each) => [problemText(each), each])).values()];
  const files = [...new Set(once.map(({ file }) => file))];
  return once.sort((a, b) => {
    if (a.file !== b.file) return files.indexOf(a.file) - files.indexOf(b.file);
    return a.line === b.line ? a.column - b.column : a.line - b.line;
  });
}
