// Golden files: the entries of many runs, read, compared and written anew.

import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { systemReason } from "../scenario/load";
import { differenceOf } from "./golden";
import type { GoldenEntry, GoldenWanted } from "./golden";
import type { Scenario } from "../scenario/scenario";
import type { Finished } from "./judged";
import type { Run } from "./select";
import { UsageError } from "./usage-error";

/** The golden file that stands beside scenarios. */
export const GOLDEN_NAME = "golden.json";

export type GoldenTable = Readonly<Record<string, GoldenEntry>>;

function isEntry(value: unknown): value is GoldenEntry {
  if (typeof value !== "object" || value === null) return false;
  const { digest, full_digest, trail, pulses, virtual_ms, tones, records } = value as Partial<Record<keyof GoldenEntry, unknown>>;
  return [digest, full_digest, trail].every((each) => typeof each === "string") && [pulses, virtual_ms].every(Number.isSafeInteger)
    && [tones, records].every((each) => typeof each === "object" && each !== null);
}

/** Reads a golden file. Throws `UsageError` where it is none. */
export function readGoldenFile(file: string): GoldenTable {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(`golden file ${file}: ${error instanceof SyntaxError ? `is not JSON: ${error.message}` : systemReason(error)}`);
  }
  if (typeof content !== "object" || content === null || !Object.values(content).every(isEntry)) {
    throw new UsageError(`golden file ${file}: is not a table of golden digests; delete it if it should be one, and make it anew with --update`);
  }
  return content as GoldenTable;
}

/** A run's name in the golden file: its scenario's path from there, and the row of its table if it has one. */
export function goldenKey(golden: string, { file, row }: Pick<Scenario, "file" | "row">): string {
  const path = relative(dirname(resolve(golden)), resolve(file)).split(sep).join("/");
  return row === undefined ? path : `${path} [${row}]`;
}

/** What is wanted of golden files. */
export interface GoldenWish {
  /** One file for all; else a golden.json beside each scenario. */
  readonly file?: string;
  readonly update: boolean;
  readonly lag_ms: number;
}

/** What is to be written into one golden file, and the words for it. */
interface Changes {
  readonly lines: string[];
  readonly table: Record<string, GoldenEntry>;
}

/** The golden files of a command: each is read when its first run asks. */
export class GoldenFiles {
  readonly #wish: GoldenWish;
  readonly #tables = new Map<string, GoldenTable | undefined>();
  readonly #changes = new Map<string, Changes>();

  /** Reads and checks the files of all runs, so that none is found broken after an hour. Throws `UsageError`. */
  constructor(wish: GoldenWish, runs: readonly Run[]) {
    this.#wish = wish;
    if (wish.file !== undefined && !wish.update && !existsSync(wish.file)) throw new UsageError(`--golden ${wish.file}: no such file; make it with --update`);
    for (const { scenario } of runs) this.#tableOf(this.#fileOf(scenario.file));
  }

  /** What the run is compared with; undefined for nothing. */
  wantedOf({ scenario }: Run): GoldenWanted | undefined {
    const file = this.#fileOf(scenario.file);
    const table = this.#wish.update ? undefined : this.#tableOf(file);
    return table === undefined ? undefined : { file, entry: table[goldenKey(file, scenario)], lag_ms: this.#wish.lag_ms };
  }

  /** Keeps what a run came to, if the files are to be written anew. */
  note(run: Run, finished: Finished): void {
    if (this.#wish.update) this.#note(this.#fileOf(run.scenario.file), run, finished);
  }

  /** Writes what was noted, each file whole or not at all. Gives what changed, in words. Throws `UsageError`. */
  write(): string[] {
    return [...this.#changes].flatMap(([file, { lines, table }]) => {
      for (const key of Object.keys(table)) {
        if (existsSync(join(dirname(file), key)) || existsSync(join(dirname(file), key.replace(/ \[.*$/s, "")))) continue;
        delete table[key];
        lines.push(`  ${key}: gone`);
      }
      const sorted = Object.fromEntries(Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1)));
      try {
        writeFileSync(`${file}.part`, `${JSON.stringify(sorted, null, 1)}\n`);
        renameSync(`${file}.part`, file);
      } catch (error) {
        throw new UsageError(`golden file ${file}: cannot be written: ${systemReason(error)}`);
      }
      return [`golden file ${file}: ${lines.length === 0 ? "nothing changed" : `${lines.length} changed`}`, ...lines];
    });
  }

  #fileOf(scenario: string): string {
    return this.#wish.file ?? join(dirname(scenario), GOLDEN_NAME);
  }

  #tableOf(file: string): GoldenTable | undefined {
    if (!this.#tables.has(file)) this.#tables.set(file, existsSync(file) ? readGoldenFile(file) : undefined);
    return this.#tables.get(file);
  }

  /** Takes a run into the new table. A wrong trace must not become golden: of a run that failed the old entry stays. */
  #note(file: string, { scenario, all }: Run, { outcome, golden }: Finished): void {
    const before = this.#tableOf(file);
    const changes = this.#changes.get(file) ?? { lines: [], table: { ...before } };
    this.#changes.set(file, changes);
    const key = goldenKey(file, scenario);
    dropRows(changes, goldenKey(file, { file: scenario.file }), all.map((each) => goldenKey(file, each)));
    if (outcome.verdict !== "pass") {
      changes.lines.push(`  ${key}: ${outcome.verdict}: not made golden`);
      return;
    }
    const difference = differenceOf(before?.[key], golden, scenario, 0);
    if (difference !== undefined) changes.lines.push(`  ${key}: ${difference.text}`);
    changes.table[key] = golden;
  }
}

/** Takes out what stands for the same file and is none of its runs any more. */
function dropRows({ lines, table }: Changes, path: string, there: readonly string[]): void {
  for (const key of Object.keys(table)) {
    if ((key !== path && !key.startsWith(`${path} [`)) || there.includes(key)) continue;
    delete table[key];
    lines.push(`  ${key}: gone`);
  }
}
