// trace.vcd: the waves of one run, for GTKWave, Surfer and their kin.

import type { Bench } from "../bench";
import { Waves } from "../report/waves/waves";
import type { ReportFolder } from "./report-file";
import type { ReportWriter, RunHead } from "./report-writer";

/** Written as the run goes: seven years have five million pulses. */
export function wavesWriter({ scenario, target, seed, lag_ms, again }: RunHead, folder: ReportFolder): ReportWriter {
  const file = folder.open("trace.vcd");
  const lines = [scenario.title, scenario.file, `target ${target}, seed ${String(seed)}${lag_ms === 0 ? "" : `, each wake ${String(lag_ms)} ms late`}`, `again: ${again}`];
  const waves = new Waves({ lines }, file.write);
  let bench: Bench | undefined;
  return {
    begin(given) {
      bench = given;
      waves.listen(given);
    },
    end({ outcome, result, reasons }) {
      waves.end(bench?.pump_ms() ?? 0, { lines: [`${result}, digest ${outcome.digest} therapy, ${outcome.full_digest} full`, ...reasons] });
      file.end();
    },
  };
}
