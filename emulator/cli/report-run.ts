// The report of one run: its writers, fed as it goes and told how it ended.

import { mkdirSync } from "node:fs";
import type { Bench } from "../bench";
import type { RunListener } from "../scenario/run";
import type { Announced } from "../scenario/runner";
import type { Judged } from "./judged";
import { HOST_DISK, ReportFolder } from "./report-file";
import type { Disk } from "./report-file";
import type { OpenWriter, ReportWriter, RunHead } from "./report-writer";
import { jsonLinesWriter } from "./write-lines";
import { recordingWriter } from "./write-recording";
import { wavesWriter } from "./write-waves";

/** Everything that writes files of a run. A new one is added here, its files to `REPORT_FILES`. */
const WRITERS: readonly OpenWriter[] = [jsonLinesWriter, wavesWriter, recordingWriter];

/** Listens to one run and leaves its files behind. */
export class RunReport implements RunListener {
  readonly #folder: ReportFolder;
  readonly #writers: readonly ReportWriter[];

  /** Makes the folder, in one that must be there: a report that went away meanwhile is not begun anew. */
  constructor(head: RunHead, folder: string, disk: Disk = HOST_DISK, writers = WRITERS) {
    try {
      mkdirSync(folder);
    } catch { /* it is there, or opening a file in it says why it cannot be */ }
    this.#folder = new ReportFolder(folder, disk);
    this.#writers = writers.map((open) => open(head, this.#folder));
  }

  begin = (bench: Bench): void => { for (const each of this.#writers) each.begin?.(bench); };
  step = (step: Announced, bench: Bench): void => { for (const each of this.#writers) each.step?.(step, bench); };

  /** Gives what could not be written, a line each. */
  end(judged: Judged): readonly string[] {
    for (const each of this.#writers) each.end(judged);
    return this.#folder.unwritten;
  }
}
