// doses.csv and timeline.html of one run: from its recording.

import { writeDoses } from "../report/recording/doses";
import { Recorder } from "../report/recording/recorder";
import { factsOf } from "../report/timeline/facts";
import { timelineHtml } from "../report/timeline/html";
import type { Bench } from "../bench";
import type { ReportFolder } from "./report-file";
import type { ReportWriter, RunHead } from "./report-writer";

/** Both are written when the run is over, from what was kept of it. */
export function recordingWriter({ target, again }: RunHead, folder: ReportFolder): ReportWriter {
  const recorder = new Recorder();
  let bench: Bench | undefined;
  return {
    begin(given) {
      bench = given;
      recorder.listen(given);
    },
    step(step) { recorder.step(step.text, step.line); },
    end({ outcome, result, difference }) {
      const end_ms = bench?.pump_ms() ?? 0;
      recorder.end(end_ms);
      const doses = folder.open("doses.csv");
      writeDoses(recorder.rows.blocks, end_ms, doses.write);
      doses.end();
      const page = folder.open("timeline.html");
      for (const part of timelineHtml(recorder, factsOf({ outcome, result, target, again, end_ms, ...(difference === undefined ? {} : { more: [`golden digest: ${difference.text}`] }) }))) page.write(part);
      page.end();
    },
  };
}
