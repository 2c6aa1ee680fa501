// Selecting: which runs a command line asks for, all of them validated.

import { loadScenarios } from "../scenario/load";
import { ScenarioProblems } from "../scenario/problem";
import type { Scenario } from "../scenario/scenario";
import { didYouMean } from "../../protocol/wand/text/suggest";
import { findFiles } from "./find-files";
import { UsageError } from "./usage-error";

/** What is wanted of all that is there. */
export interface Selection {
  /** Files and folders. */
  readonly paths: readonly string[];
  /** Any of these tags; none given is all. */
  readonly tags: readonly string[];
  /** In the title or the file's name, whatever the case of its letters. */
  readonly filter?: string;
}

/** One run: a scenario of a file, or one row of its table. */
export interface Run {
  readonly scenario: Scenario;
  /** All runs of the same file, this one too. */
  readonly all: readonly Scenario[];
}

/** The file's name, with the row of its table if it has one. */
export function runLabel({ scenario: { file, row } }: Run): string {
  return row === undefined ? file : `${file} [${row}]`;
}

/** Loads all files, so that every problem of every file is told before anything runs. */
function loadAll(paths: readonly string[], report: (text: string) => void): Run[] | undefined {
  const { files, problems } = findFiles(paths);
  const runs: Run[] = [];
  const bad = [...problems];
  for (const file of files) {
    try {
      const all = loadScenarios(file);
      runs.push(...all.map((scenario) => ({ scenario, all })));
    } catch (error) {
      if (!(error instanceof ScenarioProblems)) throw error;
      bad.push(error);
    }
  }
  for (const { message } of bad) report(`${message}\n`);
  return bad.length === 0 ? runs : undefined;
}

/** Every tag there is, in the order of the alphabet. */
function tagsOf(runs: readonly Run[]): string[] {
  return [...new Set(runs.flatMap(({ scenario }) => scenario.tags))].sort();
}

function checkTags(runs: readonly Run[], wanted: readonly string[]): void {
  const known = tagsOf(runs);
  for (const tag of wanted) {
    if (known.includes(tag)) continue;
    throw new UsageError(`--tag ${tag}: no scenario has this tag${known.length === 0 ? ", nor any other" : didYouMean(tag, known)}`);
  }
}

/**
 * The runs in the order of the paths, or undefined once a file has a problem, all of which were reported.
 * Throws `UsageError` for a selection that leaves nothing.
 */
export function select(selection: Selection, report: (text: string) => void): Run[] | undefined {
  const all = loadAll(selection.paths, report);
  if (all === undefined) return undefined;
  const { tags, filter } = selection;
  checkTags(all, tags);
  const tagged = tags.length === 0 ? all : all.filter(({ scenario }) => scenario.tags.some((tag) => tags.includes(tag)));
  if (filter === undefined) return tagged;
  const text = filter.toLowerCase();
  const left = tagged.filter((run) => [run.scenario.title, run.scenario.file].some((each) => each.toLowerCase().includes(text)));
  if (left.length === 0) throw new UsageError(`--filter ${filter}: none of ${tagged.length} ${tagged.length === 1 ? "title or file holds" : "titles and files hold"} this text`);
  return left;
}
