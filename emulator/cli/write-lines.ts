// run.jsonl: the JSON lines of one run, from its begin to its summary.

import { jsonListener, writeOutcome } from "./json-lines";
import type { ReportFolder } from "./report-file";
import type { ReportWriter, RunHead } from "./report-writer";

/** The same lines as `--json` prints. */
export function jsonLinesWriter(head: RunHead, folder: ReportFolder): ReportWriter {
  const file = folder.open("run.jsonl");
  return {
    ...jsonListener(head, file.write),
    end(judged) {
      writeOutcome(judged, file.write);
      file.end();
    },
  };
}
